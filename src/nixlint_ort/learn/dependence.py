"""What a value depends on: the fewest parts of the name (and of what follows from it) that tell it, and who disagrees.

Which parts are the fewest is decided by a length: each row of a table of expected values costs one, each variant that
has another value costs EXCEPTION. So one odd variant is an exception, and several that have a part in common are rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from nixlint_ort.learn.names import NamePart

ABSENT = ""
"""The value of what a variant does not have at all."""
EXCEPTION = 3.0
PER_PART = 0.5
"""What each further part costs besides its rows, so that of two explanations the simpler one wins."""
DERIVED = 0.25
"""What a part costs that is not part of the name but follows from one."""
FEWEST = 3
"""So many variants must agree before another one is odd."""
NEAR = 0.1
"""What a part costs less that the same line speaks of."""
MOST_PARTS = 3
FEW_VALUES = 6

Key = tuple[str | None, ...]


def _same(value: str) -> str:
    return value


def _dotted(value: str) -> str:
    return value.replace("_", ".")


def _last_after_dot(value: str) -> str:
    return f"{value[:-1]}.{value[-1]}" if value.isdigit() and len(value) > 1 else value


def _first_before_dot(value: str) -> str:
    return f"{value[0]}.{value[1:]}" if value.isdigit() and len(value) > 1 else value


NOTATIONS: Mapping[str, Callable[[str], str]] = {
    "as written": _same,
    "with dots": _dotted,
    "with a dot before the last digit": _last_after_dot,
    "with a dot after the first digit": _first_before_dot,
}
"""How a part of the name may be written in a text."""


def _written(write: Callable[[str], str], value: str | None) -> str:
    """A part of the name in a notation; what a name does not have is absent in the text as well."""
    return ABSENT if value is None else write(value)


class Odd(NamedTuple):
    """A variant whose value is not the one that its likes have."""

    number: int
    actual: str
    expected: str
    agree: int
    """How many of its likes have the expected value."""
    total: int
    """How many its likes are, with itself."""


class Dependence(NamedTuple):
    """What a value depends on, and how well."""

    parts: tuple[str, ...]
    """The parts that tell it; none where it is the same everywhere."""
    notation: str | None
    """How the value is that part itself, by NOTATIONS; None where a table says what it is."""
    rows: Mapping[Key, str]
    """The value that most have, by the values of the parts."""
    support: Mapping[Key, tuple[int, int]]
    """How many have it, of how many."""
    odd: tuple[Odd, ...]
    """Those that have another value while clearly most of their likes agree."""
    unclear: tuple[int, ...]
    """Those whose likes do not agree, or are too few to say."""

    @property
    def agree(self) -> int:
        """How many variants have the value that is expected of them."""
        return self.total - len(self.odd) - len(self.unclear)

    @property
    def total(self) -> int:
        """How many variants there are to agree."""
        return sum(total for _, total in self.support.values())

    @property
    def is_constant(self) -> bool:
        """Whether it is one value, whatever the name."""
        return not self.parts

    @property
    def is_reasonless(self) -> bool:
        """Whether it varies, and no part tells how: more than a quarter do not follow, or hardly two are alike."""
        confirmed = sum(total for _, total in self.support.values() if total > 1)
        is_each_its_own = len(self.parts) > 1 and 2 * confirmed < self.total
        return is_each_its_own or 4 * (len(self.odd) + len(self.unclear)) > self.total


class _Subset(NamedTuple):
    """A set of parts by which values may be explained."""

    names: tuple[str, ...]
    cost: float
    """What it costs besides its rows and exceptions."""
    keys: list[Key]
    """Each variant's values of these parts."""
    rows: int
    """How many different keys there are."""

    def least(self, different: int, absent: int) -> float:
        """What it costs at least to explain so many different values, where so many variants have none.

        Each row tells one value, so that each other value is an exception.
        """
        rows = min(max(different, self.rows - absent), self.rows)
        return self.cost + rows + EXCEPTION * max(0, different - rows)


class Frame:
    """The variants' parts, by which values are explained."""

    def __init__(self, name: NamePart, parts: Sequence[NamePart], derived: Sequence[NamePart] = ()) -> None:
        """`name` is what tells every variant from all others; `derived` are facts that follow from one part."""
        self._name = name
        self._own = tuple(parts)
        self.parts = {part.name: part.values for part in (*parts, *derived)}
        self._derived = frozenset(part.name for part in derived)
        self.size = len(name.values)
        self._explained: dict[tuple[tuple[str | None, ...], frozenset[str]], Dependence] = {}

    def with_derived(self, derived: Sequence[NamePart]) -> Frame:
        """The same with parts that follow from others."""
        return Frame(self._name, self._own, derived)

    def coarse(self) -> Iterator[list[frozenset[int]]]:
        """The variants by each part that has few values, and so makes large groups; parts that are not words first."""
        for part in reversed(self._own):
            groups: dict[str | None, set[int]] = {}
            for number, value in enumerate(part.values):
                groups.setdefault(value, set()).add(number)
            if len(groups) <= FEW_VALUES:
                yield [frozenset(group) for group in groups.values()]

    @cached_property
    def _notable(self) -> dict[str, tuple[str | None, ...]]:
        """What a value can be in some notation: the name, and its parts."""
        return {part.name: part.values for part in (*self._own, self._name)}

    @cached_property
    def _subsets(self) -> list[_Subset]:
        """The sets of parts that are tried; one for each partition."""
        found: list[_Subset] = []
        seen: set[tuple[int, ...]] = set()
        for count in range(MOST_PARTS + 1):
            for names in combinations(self.parts, count):
                derived = sum(name in self._derived for name in names)
                if derived > 1:
                    continue
                keys: list[Key] = [tuple(self.parts[name][one] for name in names) for one in range(self.size)]
                numbers: dict[Key, int] = {}
                shape = tuple(numbers.setdefault(key, len(numbers)) for key in keys)
                if shape not in seen:
                    seen.add(shape)
                    found.append(_Subset(names, PER_PART * count + DERIVED * derived, keys, len(numbers)))
        return found

    def explain(self, values: Sequence[str | None], near: Collection[str] = ()) -> Dependence:
        """What the values depend on; None stands for a variant that is left out.

        Of parts that tell them equally well, those that are `near` are taken. The same values have the same object.
        """
        key = (tuple(values), frozenset(near))
        if key not in self._explained:
            self._explained[key] = self._explain(values, near)
        return self._explained[key]

    def _explain(self, values: Sequence[str | None], near: Collection[str]) -> Dependence:
        present = [number for number, value in enumerate(values) if value is not None]
        first = values[present[0]] if present else None
        if all(values[number] == first for number in present):
            whole: Key = ()
            rows, support = ({whole: str(first)}, {whole: (len(present),) * 2}) if present else ({}, {})
            return Dependence((), None, rows, support, (), ())
        notated = min(self._notated(values, present), default=None)
        best: tuple[float, tuple[str, ...], list[Key], dict[Key, Counter[str]]] | None = None
        alone: dict[str, int] = {}
        absent, different = self.size - len(present), len({values[number] for number in present})
        for subset in self._subsets:
            names, extra, keys, _ = subset
            nearness = NEAR * sum(name in near for name in names)
            derived = next((name for name in names if name in self._derived), None)
            is_hopeless = best is not None and subset.least(different, absent) - nearness >= best[0]
            if is_hopeless and (derived is None or derived in alone):
                continue
            groups: dict[Key, Counter[str]] = {}
            for number in present:
                groups.setdefault(keys[number], Counter())[str(values[number])] += 1
            wrong = sum(sum(counts.values()) - max(counts.values()) for counts in groups.values())
            if derived is not None and wrong >= alone.setdefault(derived, wrong):
                continue  # what follows from a part tells nothing by itself, but cuts another part's rows down
            cost = extra + len(groups) + EXCEPTION * wrong - nearness
            if best is None or cost < best[0]:
                best = (cost, names, keys, groups)
        if best is None or (notated is not None and notated[0] < best[0]):
            return self._by_notation(values, present, *notated[2:]) if notated else Dependence((), None, {}, {}, (), ())
        return self._by_rows(values, present, *best[1:])

    def _notated(self, values: Sequence[str | None], present: list[int]) -> Iterator[tuple[float, int, str, str]]:
        for name, part in self._notable.items():
            for order, (notation, write) in enumerate(NOTATIONS.items()):
                wrong = sum(_written(write, part[one]) != values[one] for one in present)
                yield 1 + PER_PART + EXCEPTION * wrong, order, name, notation

    def _by_notation(self, values: Sequence[str | None], present: list[int], name: str, notation: str) -> Dependence:
        part, write = self._notable[name], NOTATIONS[notation]
        expected = {number: _written(write, part[number]) for number in present}
        right = sum(expected[number] == values[number] for number in present)
        rows: dict[Key, str] = {}
        totals: dict[Key, list[int]] = {}
        for number in present:
            rows[part[number],] = expected[number]
            counts = totals.setdefault((part[number],), [0, 0])
            counts[0] += expected[number] == values[number]
            counts[1] += 1
        odd = tuple(
            Odd(number, str(values[number]), expected[number], right, len(present))
            for number in present
            if expected[number] != values[number]
        )
        return Dependence((name,), notation, rows, {key: (a, b) for key, (a, b) in totals.items()}, odd, ())

    def _by_rows(
        self,
        values: Sequence[str | None],
        present: list[int],
        names: tuple[str, ...],
        keys: list[Key],
        groups: Mapping[Key, Counter[str]],
    ) -> Dependence:
        most = {key: counts.most_common(1)[0] for key, counts in groups.items()}
        totals = {key: sum(counts.values()) for key, counts in groups.items()}
        odd, unclear = [], []
        for number in present:
            expected, count = most[keys[number]]
            total = totals[keys[number]]
            if values[number] == expected:
                continue
            if count >= FEWEST and 3 * count >= 2 * total:
                odd.append(Odd(number, str(values[number]), expected, count, total))
            else:
                unclear.append(number)
        rows = {key: value for key, (value, _) in most.items()}
        support = {key: (count, totals[key]) for key, (_, count) in most.items()}
        return Dependence(names, None, rows, support, tuple(odd), tuple(unclear))
