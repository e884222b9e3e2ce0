"""One study of a repository: its names, the lines and facts of its variants, and what each value depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nixlint_ort.learn.alignment import align
from nixlint_ort.learn.dependence import ABSENT, Dependence, Frame
from nixlint_ort.learn.harvest import Harvest, harvest, is_of_layer
from nixlint_ort.learn.lines import Line, lines_of
from nixlint_ort.learn.names import NamePart, Names, read_names
from nixlint_ort.learn.slots import Comparison, compare

if TYPE_CHECKING:
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant

KIND = "kind"
BRANCH = "branch"
NAME = "name"
ROLE_FACTS = {
    "stack": ("cuda_packages",),
    "target": ("cmake_cuda_architectures", "gpu_targets"),
    "isa": ("cxx_flags", "c_flags"),
    "python": ("python_packages",),
}
"""The facts that follow from the part of the name that has a role."""
_MOST_DERIVED = 4


@dataclass(eq=False)
class CommonLine:
    """One line that files have in common: which have it, and what varies in it."""

    lines: Mapping[int, Line]
    """By the variant's number."""
    presence: Dependence
    comparison: Comparison
    shown: str
    """The line as most variants have it."""


@dataclass(eq=False)
class Site:
    """One fact of all variants, and what it depends on."""

    name: str
    facts: Mapping[int, Fact]
    values: tuple[str | None, ...]
    """As texts, the items of a list with line ends between; ABSENT where it is not set, None where not known."""
    dependence: Dependence
    comparison: Comparison | None
    """What varies in it, for a text of one line that no part of the name tells as a whole."""
    unknown: int
    """How many variants it is not known of."""


@dataclass(eq=False)
class Study:
    """Everything that was found out."""

    variants: Sequence[Variant]
    branches: Sequence[str | None]
    names: Names
    frame: Frame
    harvests: Sequence[Harvest]
    places: Sequence[CommonLine]
    sites: Sequence[Site]
    roles: Mapping[str, str]
    """The part of the names that each role of a convention is."""
    unreadable: Sequence[int] = field(default=())
    """Variants that could not be read."""

    @property
    def parts(self) -> tuple[NamePart, ...]:
        """The parts of the names."""
        return self.names.parts

    def label(self, number: int) -> str:
        """What a variant is called in reports."""
        branch = self.branches[number]
        stem = self.variants[number].stem
        return f"{branch}:{stem}" if branch is not None and len(set(self.branches)) > 1 else stem


def study(variants: Sequence[Variant], branches: Sequence[str | None]) -> Study:
    """Study variants, each of a branch; None where it is not known of which."""
    names = read_names([variant.stem for variant in variants])
    whole = NamePart(NAME, tuple(variant.stem for variant in variants))
    harvests = [harvest(variant) for variant in variants]
    roles = _roles(names, list(_sites(Frame(whole, _parts(names, branches)), harvests)))
    titles = {part: role for role, part in roles.items() if not names.is_labelled(part)}
    names = names.renamed(titles)
    roles = {role: titles.get(part, part) for role, part in roles.items()}
    frame = Frame(whole, _parts(names, branches))
    frame = frame.with_derived(list(_derived(frame, names, harvests)))
    sites = [*_sites(frame, harvests)]
    unreadable = [number for number, variant in enumerate(variants) if not variant.judgeable]
    places = [*_places(frame, lines_of(variants), set(unreadable))]
    return Study(variants, branches, names, frame, harvests, places, sites, roles, unreadable)


def _roles(names: Names, sites: Sequence[Site]) -> dict[str, str]:
    """The part of the names that has each role, by the facts that follow from it."""
    found: dict[str, str] = {}
    parts = {part.name for part in names.parts}
    for role, facts in ROLE_FACTS.items():
        for site in sites:
            told = site.dependence.parts
            if site.name in facts and len(told) == 1 and told[0] in parts and told[0] not in found.values():
                found.setdefault(role, told[0])
    return found


def _parts(names: Names, branches: Sequence[str | None]) -> list[NamePart]:
    parts = [*names.parts]
    if len(names.kinds) > 1:
        kinds = {number: kind.name for kind in names.kinds for number in kind.members}
        parts.append(NamePart(KIND, tuple(kinds[number] for number in range(len(branches)))))
    if len(set(branches)) > 1:
        parts.append(NamePart(BRANCH, tuple(branches)))
    return [part for part in parts if len(set(part.values)) > 1]


def _derived(frame: Frame, names: Names, harvests: Sequence[Harvest]) -> Iterator[NamePart]:
    """Facts that follow from one part of the name, with fewer values than it, such as a platform.

    Each variant has the value that most with its part of the name have, also one that cannot be read, or is odd.
    """
    own = {part.name: part.values for part in names.parts}
    seen: set[tuple[int, ...]] = set()
    for site in _sites(frame, harvests):
        found = site.dependence
        if site.name == "nixpkgs_url" or len(found.parts) != 1 or found.parts[0] not in own or found.notation:
            continue
        values = tuple(found.rows.get((value,)) for value in own[found.parts[0]])
        known = [value for value in values if value]
        if len(known) < len(values) or 10 * (found.total - found.agree) > found.total:
            continue
        numbers: dict[str, int] = {}
        shape = tuple(numbers.setdefault(value, len(numbers)) for value in known)
        if 1 < len(numbers) < len(found.rows) and shape not in seen and len(seen) < _MOST_DERIVED:
            seen.add(shape)
            yield NamePart(site.name, values)


def _sites(frame: Frame, harvests: Sequence[Harvest]) -> Iterator[Site]:
    names = dict.fromkeys(name for one in harvests for name in one.facts)
    for name in names:
        facts = {number: one.facts[name] for number, one in enumerate(harvests) if name in one.facts}
        values: list[str | None] = [ABSENT] * len(harvests)
        unknown = 0
        for number, one in enumerate(harvests):
            fact = facts.get(number)
            if not one.facts or (fact is not None and fact.unknown is not None):
                values[number] = None
                unknown += bool(one.facts)
            elif not one.is_two and is_of_layer(name):
                values[number] = None
            elif fact is not None and fact.value is not None:
                values[number] = fact.value if isinstance(fact.value, str) else "\n".join(fact.value)
        if any(values):
            found = frame.explain(values)
            yield Site(name, facts, tuple(values), found, _in_text(values, found, frame), unknown)


def _in_text(values: Sequence[str | None], found: Dependence, frame: Frame) -> Comparison | None:
    if not found.is_reasonless or any("\n" in value for value in values if value is not None):
        return None
    return compare([value or None for value in values], frame)


def _places(frame: Frame, files: Sequence[Sequence[Line]], unreadable: set[int]) -> Iterator[CommonLine]:
    for column in align([[line.text for line in lines] for lines in files]):
        lines = {number: files[number][at] for number, at in column.at.items()}
        texts = [lines[number].text if number in lines else None for number in range(len(files))]
        there = [
            None if number in unreadable else "there" if number in lines else ABSENT for number in range(len(files))
        ]
        comparison = compare(texts, frame)
        known = [text for text in texts if text is not None]
        shown = max(set(known), key=lambda text: (known.count(text), text))
        yield CommonLine(lines, frame.explain(there), comparison, shown)
