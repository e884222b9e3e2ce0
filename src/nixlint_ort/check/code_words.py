"""Where the code of two variants differs, word by word, except for what are facts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.violation import Violation
from nixlint_ort.finding import Place, Related
from nixlint_ort.nix.constructs import Path, binding_paths
from nixlint_ort.source import Source, Span
from nixlint_ort.variant.fact import Fact
from nixlint_ort.variant.normal_form import OWN, meaning, own_spans
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
_SHOWN = 90
"""Code points of a line of code that a message quotes."""


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


def words(variant: Variant) -> list[CodeWord]:
    """The file's tokens, with one word for each run of facts."""
    own = sorted(own_spans(variant))
    words: list[CodeWord] = []
    for token in variant.document.tokens:
        text = _masked(token.text, token.span, own)
        if text == '"' and len(words) > 1 and words[-1].text == OWN and words[-2].text == '"':
            start = words[-2].span.start
            del words[-2:]
            if words and words[-1].text == OWN:
                start = words.pop().span.start
            words.append(CodeWord(OWN, Span(start, token.span.end)))
        else:
            words.append(CodeWord(text, token.span))
    return words


def _masked(text: str, span: Span, own: Sequence[Span]) -> str:
    first = bisect_left(own, Span(span.start, 0))
    inside = [one for one in own[first : bisect_left(own, Span(span.end + 1, 0), first)] if one.end <= span.end]
    if not inside:
        return " ".join(text.split())
    data, parts, at = text.encode(), [], span.start
    for one in inside:
        parts.append(data[at - span.start : one.start - span.start].decode("utf-8", "replace"))
        at = one.end
    parts.append(data[at - span.start :].decode("utf-8", "replace"))
    return re.sub(rf"{OWN}(?:\s*{OWN})+", OWN, " ".join(OWN.join(parts).split()))


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
    for difference in _that_matter(context, one, other):
        yield violation(rule, context, difference, one, other, about)


def violation(rule: Rule, context: Context, at: Difference, one: Words, other: Words, about: About) -> Violation:  # noqa: PLR0913, PLR0917
    """That a variant differs from another one at a place."""
    (variant, own), (model, theirs) = one, other
    (start, end), (first, last) = at
    here = (start, end) if first < last else _slid(own, start, end)
    there = (first, last) if start < end else _slid(theirs, first, last)
    span, peers = _span(own, *here), _span(theirs, *there)
    if start < end and first < last:
        span, peers = _narrowed(variant, span, model, peers)
    shown = _line if start < end and first < last else _first_line
    actual = shown(variant, span) if start < end else None
    expected = shown(model, peers) if first < last else None
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


def _that_matter(context: Context, one: Words, other: Words) -> list[Difference]:
    """The differences that change what the file means; all, where none of them does so by itself."""
    (variant, own), (model, theirs) = one, other
    found: list[Difference] = []
    for (start, end), (first, last) in _all_differences([word.text for word in own], [word.text for word in theirs]):
        if [OWN] in ([word.text for word in own[start:end]], [word.text for word in theirs[first:last]]):
            continue
        if found and start - found[-1].here[1] <= NEAR:
            (start, _), (first, _) = found.pop()  # noqa: PLW2901  # the two as one
        found.append(Difference((start, end), (first, last)))
    if not 1 < len(found) <= MAX_TRIED:
        return found
    mine, model_means = context.meaning(variant), context.meaning(model)
    matter = []
    for at in found:
        here = _Part(variant, _span(own, *at.here), at.here[0] == at.here[1])
        there = _Part(model, _span(theirs, *at.there), at.there[0] == at.there[1])
        if here.means_other_than(mine, there) or there.means_other_than(model_means, here):
            matter.append(at)
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

    def means_other_than(self, before: object, other: _Part) -> bool:
        """Whether the variant means something else with the other part in place of this; not if it is then broken."""
        data = self.variant.source.data
        text = b"" if other.is_empty else other.variant.source.data[other.span.start : other.span.end]
        behind = data[self.span.start :] if self.is_empty else data[self.span.end :]
        gap = b" " if self.is_empty else b""
        changed = data[: self.span.start] + text + gap + behind
        after = Variant(Source(self.variant.path, changed), self.variant.convention)
        return after.judgeable and after.derivation.wrapper is not None and meaning(after) != before


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


def _narrowed(variant: Variant, span: Span, model: Variant, peers: Span) -> tuple[Span, Span]:
    """Two places without the lines at their beginning that are the same, such as those of a long string."""
    here = variant.source.data[span.start : span.end]
    there = model.source.data[peers.start : peers.end]
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(here, there, strict=False)))
    same = here.rfind(b"\n", 0, same) + 1
    while same < len(here) and here[same : same + 1] == b" ":
        same += 1
    return Span(min(span.start + same, span.end - 1), span.end), Span(min(peers.start + same, peers.end - 1), peers.end)


def _line(variant: Variant, span: Span) -> str:
    """The line of code around a place."""
    return _cut(variant.source.line_text(variant.source.position(span.start).line).strip())


def _first_line(variant: Variant, span: Span) -> str:
    """Some code, and no more than that: what is beside it in its line may be what all variants have."""
    first, _, rest = variant.source.text(span).strip().partition("\n")
    return _cut(f"{first.rstrip()}…" if rest else first)


def _cut(line: str) -> str:
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
