"""Where the code of two variants differs, word by word, except for what are facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.cache.digest import blake2b
from nixlint_ort.check.code_quoted import at_least_one, first_line, is_part, line_of, masked, narrowed
from nixlint_ort.check.violation import Violation
from nixlint_ort.finding import Place, Related
from nixlint_ort.nix.constructs import Path, binding_paths
from nixlint_ort.source import Source, Span
from nixlint_ort.variant.fact import Fact
from nixlint_ort.variant.normal_form import OWN, meaning, own_spans
from nixlint_ort.variant.unlike import Unlike, unlike_parts
from nixlint_ort.variant.variant import Variant

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule

NEAR = 2
"""Differences with so few words between them are one, such as a pair of parentheses that is not there."""
MAX_PAIRS = 100_000
"""So many times a word of one file may be in the other; with more, what differs is one difference."""
MAX_TRIED = 12
"""So many differences of two files are tried one by one; of more, each is reported."""


class CodeWord(NamedTuple):
    """A token as it is compared: OWN where it is a fact; its place is that of all tokens which it stands for."""

    text: str
    span: Span


def bindings(variant: Variant) -> dict[Path, list[CodeWord]]:
    """The words of each binding, without those of bindings in it, by its path; words outside any binding by `()`."""
    spans = sorted((span, path) for path, span in binding_paths(variant.document).items())
    found: dict[Path, list[CodeWord]] = {(): [], **{path: [] for _, path in spans}}
    around: list[tuple[Span, Path]] = []
    begun = 0
    for word in words(variant):
        while begun < len(spans) and spans[begun][0].start <= word.span.start:
            around.append(spans[begun])
            begun += 1
        while around and around[-1][0].end <= word.span.start:
            around.pop()
        found[around[-1][1] if around else ()].append(word)
    return found


def digest(every: Sequence[CodeWord]) -> bytes:
    """What is the same for the same words, and takes no room to speak of; empty for none."""
    return blake2b("\0".join(word.text for word in every).encode(), digest_size=16).digest() if every else b""


def words(variant: Variant) -> list[CodeWord]:
    """The file's tokens, with one word for each run of facts."""
    own = sorted(own_spans(variant))
    words: list[CodeWord] = []
    for token in variant.document.tokens:
        text = masked(token.text, token.span, own)
        if text == '"' and len(words) > 1 and words[-1].text == OWN and words[-2].text == '"':
            start = words[-2].span.start
            del words[-2:]
            if words and words[-1].text == OWN:
                start = words.pop().span.start
            words.append(CodeWord(OWN, Span(start, token.span.end)))
        else:
            words.append(CodeWord(text, token.span))
    return words


class Difference(NamedTuple):
    """A run of words of one file, and what stands for it in another one; either may be empty."""

    here: tuple[int, int]
    there: tuple[int, int]


Words = tuple[Variant, list[CodeWord]]
"""A variant and the words of it that are compared."""
About = Mapping[str, str]
"""How many of how many variants agree, as the messages name it."""


def differences(rule: Rule, context: Context, one: Words, other: Words, about: About) -> Iterator[Violation]:
    """One weak violation for each place at which the words of one variant are not those of another one."""
    for difference in _that_matter(context, one, other, _in_order(one, other)):
        yield violation(rule, context, difference.at, difference.one, difference.other, about)


def differences_of_files(
    rule: Rule, context: Context, variant: Variant, model: Variant, about: About
) -> list[Violation]:
    """One weak violation for each place at which a file is not like another one.

    The order of bindings means nothing. So their words are compared one after the other or each binding by itself,
    whichever tells of fewer places; and of several places, those count that state what is not alike.
    """
    one, other = (variant, words(variant)), (model, words(model))
    found = _that_matter(context, one, other, _in_order(one, other))
    if len(found) > 1:
        bound = _by_binding(variant, model)
        matter = _that_matter(context, one, other, bound)
        of_parts = _of_parts(bound, unlike_parts(variant, model)) if len(matter) > 1 else []
        found = of_parts or (matter if 0 < len(matter) <= len(found) else found)
    return [violation(rule, context, at, here, there, about) for at, here, there in found]


def _of_parts(found: list[_Place], parts: list[Unlike]) -> list[_Place]:
    """Of some places, the first in each binding of this file that states what is not alike, or else of the other's."""
    kept: list[_Place] = []
    for part in parts:
        own = [first for around in part.here if (first := next(_within(found, around, 0), None)) is not None]
        theirs = (first for around in part.there if (first := next(_within(found, around, 1), None)) is not None)
        kept += [one for one in own or [*theirs][:1] if one not in kept]
    return sorted(kept, key=lambda one: _span(one.one[1], *one.at.here))


def _within(found: list[_Place], around: Span, side: int) -> Iterator[_Place]:
    """The places within some bytes of the file itself (side 0) or of the other one (1)."""
    for place in found:
        at = _span((place.one, place.other)[side][1], *place.at[side])
        if around.start <= at.start < around.end:
            yield place


def violation(rule: Rule, context: Context, at: Difference, one: Words, other: Words, about: About) -> Violation:  # noqa: PLR0913, PLR0917
    """That a variant differs from another one at a place."""
    (variant, own), (model, theirs) = one, other
    (start, end), (first, last) = at
    here = (start, end) if first < last else _slid(own, start, end)
    there = (first, last) if start < end else _slid(theirs, first, last)
    span, peers = _span(own, *here), _span(theirs, *there)
    has, lacks = start < end, first < last
    if has and lacks:
        span, peers = narrowed(variant, span, model, peers)
        has, lacks = span.start < span.end, peers.start < peers.end
    actual: str | None = line_of(variant, span)
    expected: str | None = line_of(model, peers)
    is_within = (has and lacks) or (is_part(variant, span) if has else is_part(model, peers))
    if not is_within or actual == expected:
        actual = first_line(variant, span) if has else None
        expected = first_line(model, peers) if lacks else None
    span, peers = at_least_one(variant, span), at_least_one(model, peers)
    return Violation(
        rule,
        variant,
        Fact("file", span),
        actual,
        expected,
        context.expected(variant),
        about,
        "missing" if actual is None else "unwanted" if expected is None else None,
        at=(span,),
        notes=(Related(Place(model.source, peers), f"most peers have {'this' if expected else 'nothing here'}"),),
        weak=True,
    )


class _Place(NamedTuple):
    """A difference among some words of two variants."""

    at: Difference
    one: Words
    other: Words


def _in_order(one: Words, other: Words) -> list[_Place]:
    """Where the words of two variants differ, one after the other."""
    (_, own), (_, theirs) = one, other
    found: list[Difference] = []
    for (start, end), (first, last) in _all_differences([word.text for word in own], [word.text for word in theirs]):
        if [OWN] in ([word.text for word in own[start:end]], [word.text for word in theirs[first:last]]):
            continue
        if found and start - found[-1].here[1] <= NEAR:
            (start, _), (first, _) = found.pop()  # noqa: PLW2901  # the two as one
        found.append(Difference((start, end), (first, last)))
    return [_Place(at, one, other) for at in found]


def _by_binding(variant: Variant, model: Variant) -> list[_Place]:
    """Where the bindings of two files differ: their words, and those that only one of the files has."""
    own, theirs = bindings(variant), bindings(model)
    found: list[_Place] = []
    for path in sorted({*own, *theirs}, key=lambda path: (len(path), path)):
        if path and not (path[:-1] in own and path[:-1] in theirs):
            continue
        here, there = own.get(path), theirs.get(path)
        if here is not None and there is not None:
            found += _in_order((variant, here), (model, there))
            continue
        at = Difference((0, len(here or ())), (0, len(there or ())))
        around, around_there = own[path[:-1]], theirs[path[:-1]]
        if here is None:
            at = Difference((len(around) - 1,) * 2, at.there)
        if there is None:
            at = Difference(at.here, (len(around_there) - 1,) * 2)
        found.append(_Place(at, (variant, here or around), (model, there or around_there)))
    return sorted(found, key=lambda one: _span(one.one[1], *one.at.here))


def _that_matter(context: Context, one: Words, other: Words, found: list[_Place]) -> list[_Place]:
    """The differences that change what the file means; all, where none of them does so by itself."""
    if not 1 < len(found) <= MAX_TRIED:
        return found
    mine, theirs = context.meaning(one[0]), context.meaning(other[0])
    matter = []
    for place in found:
        (start, end), (first, last) = place.at
        here = _Part(one[0], _span(place.one[1], start, end), start == end)
        there = _Part(other[0], _span(place.other[1], first, last), first == last)
        by_theirs = here.meaning_with(there)
        if by_theirs == theirs:
            return [place]
        if by_theirs not in (None, mine) or there.meaning_with(here) not in (None, theirs):
            matter.append(place)
    return matter or found


def _all_differences(own: list[str], theirs: list[str]) -> list[Difference]:
    """Where two files differ; as one difference where they have too many words in common to tell more of them."""
    from difflib import SequenceMatcher  # only where something is odd

    before = after = 0
    if _pairs(own, theirs) > MAX_PAIRS:
        before = _common(own, theirs)
        after = _common(own[before:][::-1], theirs[before:][::-1])
    one, other = own[before : len(own) - after], theirs[before : len(theirs) - after]
    if _pairs(one, other) > MAX_PAIRS:
        return [Difference((before, len(own) - after), (before, len(theirs) - after))]
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return [
        Difference((start + before, end + before), (first + before, last + before))
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _pairs(one: list[str], other: list[str]) -> int:
    counts = Counter(other)
    return sum(counts[word] for word in one)


def _common(one: list[str], other: list[str]) -> int:
    """With how many like words both begin."""
    shorter = min(len(one), len(other))
    return next((number for number in range(shorter) if one[number] != other[number]), shorter)


class _Part(NamedTuple):
    """Some bytes of a variant; if it is empty, the place before them."""

    variant: Variant
    span: Span
    is_empty: bool

    def meaning_with(self, other: _Part) -> object | None:
        """What the variant means with the other part in place of this; None if it is then broken."""
        data = self.variant.source.data
        text = b"" if other.is_empty else other.variant.source.data[other.span.start : other.span.end]
        behind = data[self.span.start :] if self.is_empty else data[self.span.end :]
        gap = b" " if self.is_empty else b""
        changed = data[: self.span.start] + text + gap + behind
        after = Variant(Source(self.variant.path, changed), self.variant.convention)
        return meaning(after) if after.judgeable and after.derivation.wrapper is not None else None


def _span(words: Sequence[CodeWord], start: int, end: int) -> Span:
    """From the first to the last of some words; the next word where there are none."""
    if start < end:
        return Span(words[start].span.start, words[end - 1].span.end)
    return words[min(start, len(words) - 1)].span


def _slid(words: Sequence[CodeWord], start: int, end: int) -> tuple[int, int]:
    """A run of words as somebody put it in: of `; a = 1` and `a = 1 ;`, which leave the same behind, the second."""
    while start < end < len(words) and words[start].text == words[end].text:
        start, end = start + 1, end + 1
    return start, end
