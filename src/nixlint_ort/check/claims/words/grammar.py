"""Patterns of words: phrases as wholes, and what joins, ends and leads the parts of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from nixlint_ort.convention.claims import Speech

_ANY = r"\{[^{}]*\}|<[^<>]*>|\$\{?\w+\}?|(?<=-)x{2,}|…|\.{3}"
_LETTER = re.compile(r"[a-zA-Z0-9][^|?*+{]*(?:[^|?*+{][?*+{][^|]*)?\Z")
_NEAR = r"(?=[\s\S]{0,60}\Z)"
"""Two things with more between them are apart: what follows tries each way to share a run of blanks."""
_AROUND = r"[\s`*→:=\-–—>(|\])]*"


class Grammar(NamedTuple):
    """The patterns of a language; all but the first few are for text in lower case."""

    abbreviated: re.Pattern[str]
    """What ends in a full stop that ends no sentence."""
    listed: re.Pattern[str]
    """What alone is between two items of a list."""
    going_on: re.Pattern[str]
    """What stands right before an item that is not the first."""
    before_noun: re.Pattern[str]
    """What is between a value and what it is called behind it."""
    behind_branch: re.Pattern[str]
    """What is between a branch and its version."""
    clause_end: re.Pattern[str]
    clause_cut: re.Pattern[str]
    """Where another clause may begin that has a verb of its own."""
    clause_start: re.Pattern[str]
    """What is before the first word of a clause."""
    further: re.Pattern[str]
    onward: re.Pattern[str]
    """What is behind a value and says that others are meant as well."""
    up_to: re.Pattern[str]
    """What is between the first and the last of a range of numbers."""
    upgrade: re.Pattern[str]
    """One version and the one that comes after it."""
    joint: re.Pattern[str]
    """A word between the items of a list, or a sign."""
    tasks: re.Pattern[str]
    branch_nouns: tuple[str, ...]
    releases: re.Pattern[str]
    """Words for several releases, such as `branches`."""
    open_part: re.Pattern[str]
    """What stands for any text in a name."""
    prefixes: tuple[str, ...]
    """The words with which written forms begin, such as `sm`."""
    common: frozenset[str]
    """Words that may stand before a version of what the tables hold."""


def grammar_of(speech: Speech, forms: Iterable[str], branch_nouns: Iterable[str], branch_column: str) -> Grammar:
    """The patterns of a convention's language; `forms` are written forms such as `sm_{}`."""
    joining, contrast = _words(speech.joining), _words(speech.contrast)
    nouns = tuple(branch_nouns)
    prefixes = tuple(sorted({form.partition("{}")[0] for form in forms} - {""}, key=len, reverse=True))
    behind = rf"(?:{alternatives(map(re.escape, nouns))})?"
    return Grammar(
        re.compile(rf"(?:\b(?:{alternatives(map(re.escape, speech.abbreviations))})\.)$", re.IGNORECASE),
        re.compile(
            rf"{_NEAR}[\s+\])\"'`]*(?:,|/|\||&|–|-|;|\+|{joining})?[\s,(\[\"'`]*(?:v|≥|>=|~)?(?:{_bare(speech.joining[:2])})?\s*"
            rf"(?:{_words(speech.articles)}\s+)?\Z"
        ),
        re.compile(rf"(?:[,;/+&]|{_words(speech.joining[:2])})[\s(]*\Z"),
        re.compile(rf"{_NEAR}[+\s\-]*(?:{alternatives(map(re.escape, speech.makers))})?[\s\-]*\Z"),
        re.compile(
            rf"{_NEAR}{_AROUND}{behind}{_AROUND}(?:(?:{alternatives(map(re.escape, speech.attached))})\s+)?v?\Z"
        ),
        re.compile(rf"[;:)\n]|,(?!\s+{_words(speech.joining[1:2])})|{contrast}|\s[—–]\s"),
        re.compile(rf";|,? {_words(speech.contrast)}|, {_words(speech.joining[:1])}|\s[—–]\s"),
        re.compile(rf"(?:\A|[.,;:(—–]\s*|\b{_bare(speech.attached)} [^,;:.]{{1,40}}?[\s,]+|{joining}\s+)\Z"),
        phrases_of(speech.further),
        re.compile(rf"\+|[\s,)]*(?:{phrases_of(one for one in speech.telling['onward'] if one[0].isalnum()).pattern})"),
        re.compile(rf"[\d.]*\s*(?:→|->|=>|{phrases_of(speech.excluding['ranges']).pattern})\s*v?(?=\d)"),
        re.compile(rf"\d\.\d+\S*\s*(?:→|->|=>|{phrases_of(speech.excluding['ranges']).pattern})\s*v?\d+\.\d"),
        re.compile(rf"\s*(?:,|/|&|{_bare(speech.joining[:2])})\s*"),
        phrases_of(speech.tasks),
        nouns,
        phrases_of(word for column, words in speech.counted.items() if column == branch_column for word in words),
        re.compile(rf"{_ANY}|{alternatives(rf'(?<={re.escape(one)})x+' for one in prefixes)}", re.IGNORECASE),
        prefixes,
        frozenset(
            {*speech.between, *speech.filler, *speech.attached, *speech.rough, *speech.tasks, *speech.makers}
            | {word.lower() for words in speech.counted.values() for word in words}
        ),
    )


def _bare(words: Iterable[str]) -> str:
    return f"(?:{alternatives(map(re.escape, words))})"


def _words(words: Iterable[str]) -> str:
    return rf"\b{_bare(words)}\b"


def alternatives(phrases: Iterable[str]) -> str:
    """A pattern for any of some patterns, longer ones first; one that matches nothing where there are none."""
    groups: dict[str, list[str]] = {}
    for one in sorted(set(phrases), key=lambda one: (-len(one), one)):
        groups.setdefault(one[0] if _LETTER.match(one) else one, []).append(one)
    # Those with one first letter together: a search tries them only where that letter is.
    return "|".join(found[0] if len(found) == 1 else _together(found) for found in groups.values()) or r"(?!)"


def _together(phrases: list[str]) -> str:
    return f"{phrases[0][0]}(?:{'|'.join(one[1:] for one in phrases)})"


def phrases_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of some words, each as a whole; a sign is none that is part of an arrow or of `>=`."""
    return _phrases(tuple(words))


@lru_cache(maxsize=256)
def _phrases(words: tuple[str, ...]) -> re.Pattern[str]:
    whole = [re.escape(word).replace(r"\ ", r"\s+") for word in words if word[0].isalnum()]
    signs = [re.escape(word) for word in words if not word[0].isalnum()]
    pattern = rf"(?<!\w)(?:{alternatives(whole)})(?!\w)"
    if signs:
        pattern += rf"|(?<![-=<>])(?:{alternatives(signs)})(?![-=<>])"
    return re.compile(pattern.replace("'", "['’]"))
