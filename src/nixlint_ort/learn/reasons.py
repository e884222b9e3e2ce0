"""Reasons that odd variants may have: a value in their names, or two of them, that none of the others has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from nixlint_ort.learn.dependence import FEWEST, Dependence, Odd
from nixlint_ort.learn.finding import Finding
from nixlint_ort.learn.names import NamePart
from nixlint_ort.learn.study import Study


def in_common(study: Study, found: Dependence, group: Sequence[Odd], present: Iterable[int]) -> str:
    """What all odd variants have in common and none of those that are like them; nothing for one alone."""
    odd = {one.number for one in group}
    if len(odd) < 2:
        return ""
    parts = [study.frame.parts[name] for name in found.parts if name in study.frame.parts]
    keys = {tuple(values[number] for values in parts) for number in odd}
    likes = [one for one in present if one not in odd and tuple(values[one] for values in parts) in keys]
    for reason in _reasons(study, len(odd)):
        own = _keys(reason, odd)
        key = next(iter(own))
        if len(own) == 1 and None not in key and own.isdisjoint(_keys(reason, likes)):
            return ", ".join(f"{part.name} {value}" for part, value in zip(reason, key, strict=True))
    return ""


def is_odd(study: Study, extra: Finding) -> bool:
    """Whether a line that only some variants have is odd: no remark, and nothing in their names is a reason.

    What several of them share is a reason if no other one of their kind has it, else if no other one at all has it.
    """
    odd = {where.number for where in extra.places}
    others = [number for number in range(len(study.variants)) if number not in odd]
    kinds = {study.names.kind_of(number) for number in odd}
    likes = [number for kind in kinds for number in kind.members if number not in odd]
    for reason in _reasons(study, len(odd)):
        own = _keys(reason, odd)
        is_told = all(None not in key for key in own) and (len(reason) == 1 or len(own) == 1)
        is_shared = len(own) < len(odd)
        if is_told and own.isdisjoint(_keys(reason, likes if is_shared else others)):
            return False
    return not extra.is_remark or _is_twice(study, extra)


def _is_twice(study: Study, extra: Finding) -> bool:
    """Whether a line stands right below or above the same line."""
    number, line = extra.places[0]
    source = study.variants[number].source
    beside = [source.line_text(at).strip() for at in (line - 1, line + 1) if 1 <= at <= source.line_count]
    return source.line_text(line).strip() in beside


def _reasons(study: Study, odd: int) -> Iterator[tuple[NamePart, ...]]:
    """Each part of the names; two of them where so many variants are odd that it is not a chance."""
    for count in (1, 2) if odd >= FEWEST else (1,):
        yield from combinations(study.names.parts, count)


def _keys(reason: Sequence[NamePart], numbers: Iterable[int]) -> set[tuple[str | None, ...]]:
    return {tuple(part.values[number] for part in reason) for number in numbers}
