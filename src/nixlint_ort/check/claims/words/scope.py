"""Which mentions are not about what is here and now: the past, the future, what may be, negations and comparisons."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.foreign import is_below_stranger, is_of_stranger, names_foreign_variant
from nixlint_ort.check.claims.words.machines import mark_machines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.lexicon import Lexicon
    from nixlint_ort.check.claims.words.mention import Mention

_PARENTHESES = re.compile(r"[(\[][^()\[\]]*[)\]]")
_DATED = re.compile(r"\d\.\d.*\b(?:19|20)\d\d-\d\d-\d\d\b")
"""A version with the date of its release."""
_DATE = re.compile(r"\W*(?:19|20)\d\d(?:[-./]\d\d?){1,2}\b")
_VERSION_ALONE = re.compile(r"\W*(?:[a-z ]+)?v?\d+(?:\.\d+)+\W*")
_SIGNS = " +`*"
_QUESTION_ENDS = " *_\"'`)”’"
_NEAR = 24
"""Code points within which a comparison is of a value."""


_CLAUSE_END = re.compile(r"[;:,()—–]\s|\s[(—–]")
_ATTRIBUTE = re.compile(r"\.(?P<name>[a-z_][\w\-]*)")
_ARROW = re.compile(r"[\s\"'`)+]*(?:→|->|=>)[\s\"'`(]*v?(?P<next>\d+(?:\.\d+)*)")


def mark(unit: Unit, low: str, mentions: list[Mention], lexicon: Lexicon) -> None:
    """Mark the mentions of a unit that are outside what is claimed; `low` is its text in lower case."""
    is_foreign = is_of_stranger(unit, low, lexicon) or names_foreign_variant(low, mentions, lexicon)
    is_wrong = unit.is_shown_wrong or is_below_wrong(unit, lexicon) or asks_what_works(unit, lexicon)
    if is_wrong or is_foreign or is_in_section(unit, lexicon):
        for mention in mentions:
            mention.is_outside = True
        return
    for start, end in _excluded(unit, low, lexicon):
        for mention in mentions:
            mention.is_outside |= start <= mention.start < end
    if is_refused(unit, low, mentions, lexicon):
        for mention in mentions:
            mention.is_outside = True
    mark_machines(unit, low, mentions, lexicon)
    if unit.kind is UnitKind.EXAMPLE:
        _mark_used(low, mentions, lexicon)
    for mention in mentions:
        mention.is_outside |= is_below_stranger(unit, mention.start, lexicon)
        mention.is_outside |= is_below_past(unit, mention.start, lexicon)
    _mark_comparisons(low, mentions, lexicon)


def asks_what_works(unit: Unit, lexicon: Lexicon) -> bool:
    """Whether the head of a column asks what works, as `Works?`: what a row pairs need not belong together."""
    heads = (cell.head.chars.lower().rstrip(_QUESTION_ENDS) for cell in unit.cells if cell.head)
    return any(head.endswith("?") and lexicon.works.search(head) for head in heads)


def _mark_used(low: str, mentions: list[Mention], lexicon: Lexicon) -> None:
    """Mark the sets of an example that another package is taken from, as in `cudaPackages_12_6.cuda_nvcc`."""
    for mention in mentions:
        taken = _ATTRIBUTE.match(low, mention.end)
        mention.is_outside |= taken is not None and taken["name"] != lexicon.package.lower()


def is_below_wrong(unit: Unit, lexicon: Lexicon) -> bool:
    """Whether the head of a column says that mistakes are shown: what a row pairs need not belong together."""
    return any(cell.head and lexicon.excluding["wrong"].search(cell.head.chars.lower()) for cell in unit.cells)


def is_below_past(unit: Unit, at: int, lexicon: Lexicon) -> bool:
    """Whether the head of the column of a place is about other times, such as `Before`."""
    head = next((cell.head for cell in unit.cells if cell.start <= at < cell.end), None)
    if head is None:
        return False
    said, words = head.chars.lower().strip(_SIGNS), lexicon.excluding["sentence"]
    return (words.search(said) if at >= unit.cells[0].end else words.fullmatch(said)) is not None


def is_refused(unit: Unit, low: str, mentions: Sequence[Mention], lexicon: Lexicon) -> bool:
    """Whether a clause in which nothing else is, or a cell, says that what the unit is about was refused."""
    if unit.cells:
        ends = ((cell.start, cell.end) for cell in unit.cells)
        return any(lexicon.excluding["refusing"].match(low[start:end].strip(" *`_(")) for start, end in ends)
    for found in lexicon.excluding["refusing"].finditer(low):
        start = max((one.end() for one in _CLAUSE_END.finditer(low, 0, found.start())), default=0)
        behind = _CLAUSE_END.search(low, found.end())
        if not any(start <= one.start < (behind.start() if behind else len(low)) for one in mentions):
            return True
    return False


def is_in_section(unit: Unit, lexicon: Lexicon) -> bool:
    """Whether a unit is below a heading that says that what follows is about other times."""
    headings = [above for above in (unit, *unit.context) if above.kind == "heading"]
    return any(_is_of_other_times(above, lexicon, is_own=above is unit) for above in headings)


def _is_of_other_times(unit: Unit, lexicon: Lexicon, *, is_own: bool) -> bool:
    """Whether a heading is one of a history or of a plan: by its words, by a date, or by a version and another one.

    Not a title of several parts, of which one is the history; below such a title, what has a version alone is of it.
    """
    heading = unit.text.chars.lower()
    if _DATED.search(heading) or _DATE.match(heading) or lexicon.grammar.upgrade.search(heading):
        return True
    is_below_mixed = any(one.kind == "heading" and _has_parts(one, lexicon) for one in unit.context)
    if is_below_mixed and _VERSION_ALONE.fullmatch(heading):
        return True
    if is_own or _has_parts(unit, lexicon):
        return False
    words = lexicon.excluding["section"].findall(heading)
    is_of_place = all(lexicon.excluding["strangers"].fullmatch(one) for one in words)
    return bool(words) and not (is_of_place and lexicon.grammar.releases.search(heading))


def _has_parts(unit: Unit, lexicon: Lexicon) -> bool:
    """Whether a title lists several parts, of which one is a history or a plan and others are not."""
    if unit.depth != 1:
        return False
    parts = lexicon.grammar.joint.split(unit.text.chars.lower())
    of_others = [bool(lexicon.excluding["section"].search(one)) for one in parts]
    return any(of_others) and not all(of_others)


def is_excluded(unit: Unit, low: str, at: int, lexicon: Lexicon) -> bool:
    """Whether nothing is claimed at a code point of a unit."""
    if unit.is_shown_wrong or is_in_section(unit, lexicon):
        return True
    return any(start <= at < end for start, end in _excluded(unit, low, lexicon))


def _mark_comparisons(low: str, mentions: list[Mention], lexicon: Lexicon) -> None:
    """Mark the mentions that something is only compared with, and the ends of ranges."""
    patterns = lexicon.excluding
    for found in patterns["ahead"].finditer(low):
        following = next((one for one in mentions if one.start >= found.end()), None)
        if following and following.start - found.end() <= _NEAR:
            following.is_outside = True
    for found in patterns["behind"].finditer(low):
        before = next((one for one in reversed(mentions) if one.end <= found.start()), None)
        if before and found.start() - before.end <= 3:
            before.is_outside = True
    for one in mentions:
        after = _ARROW.match(low, one.end) if is_version(one, lexicon) else None
        one.is_outside |= after is not None and is_kin(one.value, after["next"])  # what was there before an upgrade
    for first, second in pairwise(mentions):
        if first.column == second.column:
            between = _without_form(low[first.end : second.start], lexicon)
            if between and patterns["ranges"].fullmatch(between):
                first.is_outside = second.is_outside = True


def is_version(mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a mention is a version, or the least that is needed, and no number by which something is called."""
    look = lexicon.looks.get(mention.column)
    is_numbered = look is not None and (max(look.parts) > 1 or mention.column in lexicon.speech.least)
    return is_numbered and not mention.is_formed


def is_kin(version: str, other: str) -> bool:
    """Whether two versions may be of one thing: with as many parts, and the first alike."""
    parts, others = version.split("."), other.split(".")
    alike = parts[0] == others[0] if len(parts) > 1 else parts[0][0] == others[0][0]
    return len(parts) == len(others) and len(parts[0]) == len(others[0]) and alike


def _without_form(between: str, lexicon: Lexicon) -> str:
    """What is between two values, without what a written form of the second begins with."""
    bare = between.strip(_SIGNS)
    prefix = next((one for one in lexicon.grammar.prefixes if bare.endswith(one)), "")
    return bare.removesuffix(prefix).rstrip(_SIGNS)


def _excluded(unit: Unit, low: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The runs of characters in which nothing is claimed."""
    for start, end in _segments(unit, low):
        if low[start:end].rstrip(_QUESTION_ENDS).endswith("?"):
            yield start, end
            continue
        for found in lexicon.excluding["following"].finditer(low, start, end):
            stop = lexicon.grammar.clause_end.search(low, found.end(), end)
            yield found.start(), stop.start() if stop else end
        yield from ((found.start(), end) for found in lexicon.excluding["rest"].finditer(low, start, end))
        yield from _shown_wrong(low, start, end, lexicon)
        inner = [(one.start(), one.end()) for one in _PARENTHESES.finditer(low, start, end)]
        for found in lexicon.excluding["sentence"].finditer(low, start, end):
            around = next(((first, last) for first, last in inner if first <= found.start() < last), None)
            yield around or (start, end)


def _shown_wrong(low: str, start: int, end: int, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """What a sign shows as wrong, up to what another one shows as right; all of it where a word says so."""
    last = start
    for found in lexicon.excluding["wrong"].finditer(low, start, end):
        if found[0][0].isalnum():
            yield start, end
            return
        if found.start() >= last:
            right = lexicon.excluding["right"].search(low, found.end(), end)
            last = right.start() if right else end
            yield found.start(), last


def _segments(unit: Unit, low: str) -> Iterator[tuple[int, int]]:
    """The parts of a unit that words speak of: the cells of a row, else what semicolons separate."""
    if unit.cells:
        yield from ((cell.start, cell.end) for cell in unit.cells)
        return
    start = 0
    ends = [(found.start(), found.end()) for found in re.finditer(r";\s", low)]
    for (end, following), (after, _) in zip(ends, [*ends, (len(low), 0)][1:], strict=True):
        if re.search(r"\d", low[following:after]):  # another statement, not a remark on the one before
            yield start, end
            start = following
    yield start, len(low)


def clause_cuts(low: str, lexicon: Lexicon) -> list[int]:
    """Where one clause ends and another with a verb of its own begins."""
    cuts = [found.start() for found in lexicon.grammar.clause_cut.finditer(low)]
    if not cuts:
        return []
    verbs = [found.start() for found in lexicon.verbs.finditer(low)]
    kept: list[int] = []
    start = 0
    for number, cut in enumerate(cuts):
        end = cuts[number + 1] if number + 1 < len(cuts) else len(low)
        if low[cut] == ";" or (any(start <= one < cut for one in verbs) and any(cut < one < end for one in verbs)):
            kept.append(cut)
            start = cut
    return kept
