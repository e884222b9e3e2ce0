"""What is odd: the kinds of it, and one finding with both of its sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from nixlint_ort.learn.dependence import Dependence, Odd
from nixlint_ort.learn.study import NAME, Study


class Oddity(StrEnum):
    """In which way."""

    DIFFERS = "differs"
    LACKS = "lacks"
    EXTRA = "extra"
    LOOSE = "loose"
    """It varies, and nothing in the name tells how."""
    BROKEN = "broken"
    """It is not Nix, or cannot be read, so that it is compared with nothing."""


class Where(NamedTuple):
    """A variant and a line of it, from 1."""

    number: int
    line: int


class Finding(NamedTuple):
    """One cause: what is odd, where, and what the others have."""

    oddity: Oddity
    places: tuple[Where, ...]
    line: str
    """The line as most have it, with marks where it varies; of several that follow each other, the first."""
    actual: str
    expected: str
    agree: int
    """How many of the likes have what is expected."""
    total: int
    likes: str
    """What the likes have in common, such as `sm 90`; empty for all variants."""
    common: str = ""
    """What several odd variants have in common that none of their likes has, such as `isa avx`: a reason, perhaps."""
    is_remark: bool = False
    """Whether it is an extra line that says something to people, and may stand in few variants alone."""


def likes_of(study: Study, dependence: Dependence, number: int) -> str:
    """What a variant's likes have in common, in words."""
    parts = [name for name in dependence.parts if name != NAME]
    if dependence.notation:
        return ""
    values = [(name, study.frame.parts[name][number]) for name in parts]
    return ", ".join(
        f"{name.rpartition('.')[2]} {value}" if value is not None else f"no {name}" for name, value in values
    )


def grouped(odd: Iterable[Odd], small: frozenset[int]) -> Iterator[list[Odd]]:
    """Odd variants with the same two sides; those in `small` are left out."""
    groups: dict[tuple[str, str], list[Odd]] = {}
    for one in odd:
        if one.number not in small:
            groups.setdefault((one.expected, one.actual), []).append(one)
    yield from groups.values()
