"""Which findings a comment silences: the same as one by one, and in time that grows with their number."""

import time
from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from nixlint_ort.check.comment_scope import CommentScope
from nixlint_ort.check.covered import covered
from nixlint_ort.nix.constructs import constructs
from nixlint_ort.source import Source, Span
from nixlint_ort.variant.variant import Variant
from tests.support.linting import GPU, convention, lint, original


class Comment(NamedTuple):
    """A comment of a test."""

    ids: dict[str, Span]
    covers: tuple[Span, ...] | None

    def is_for(self, rule: str, at: int) -> bool:
        return rule in self.ids and (self.covers is None or any(one.start <= at <= one.end for one in self.covers))


RULES = ("a", "b")
SPANS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda ends: Span(min(ends), max(ends)))
COMMENTS = st.builds(
    Comment,
    st.sets(st.sampled_from(RULES)).map(lambda names: dict.fromkeys(sorted(names), Span(0, 0))),
    st.none() | st.lists(SPANS, max_size=3).map(tuple),
)
PLACES = st.sets(st.tuples(st.sampled_from(RULES), st.integers(0, 30)))


@given(st.lists(COMMENTS, max_size=6), PLACES)
def test_the_first_comment_that_is_for_a_place_silences_it(
    comments: list[Comment], places: set[tuple[str, int]]
) -> None:
    first, used = covered(comments, places)
    wanted = {place: next((one for one in comments if one.is_for(*place)), None) for place in places}
    assert first == {place: one for place, one in wanted.items() if one is not None}
    assert all(one is wanted[place] for place, one in first.items())
    assert [(id(one), rule) for one, rule in used] == [
        (id(one), rule)
        for one in comments
        for rule in one.ids
        if any(name == rule and one.is_for(name, at) for name, at in places)
    ]


NOISE = st.sampled_from(["", "", "\n", "# c\n", "\n# c\n", "\n# c\n# c\n", "/* c */ ", "\n/* c */\n"])


def _bracketed(opening: str, inner: list[str], closing: str) -> str:
    return f"{opening}{''.join(inner)}{closing}"


EXPRESSIONS = st.recursive(
    st.sampled_from(["x ", "(f 1) "]),
    lambda inner: st.one_of(
        st.builds(
            _bracketed, st.just("[ "), st.lists(st.tuples(NOISE, inner, NOISE).map("".join), max_size=3), st.just("] ")
        ),
        st.builds(
            _bracketed,
            st.just("{ "),
            st.lists(st.tuples(st.just("a = "), NOISE, inner, NOISE, st.just("; "), NOISE).map("".join), max_size=1),
            st.just("inherit y; } "),
        ),
    ),
    max_leaves=8,
)


def _is_for(variant: Variant, comment: Span, at: int) -> bool:
    """Whether a comment is for a byte, by what is around each single one."""
    source, parts = variant.source, constructs(variant.document)
    first, last = source.position(comment.start).line, source.position(comment.end).line
    line = Span(source.line_span(first).start, source.line_span(last).end)
    here = [line]
    if (source.data[line.start : comment.start] + source.data[comment.end : line.end]).strip():
        here += [one for one in parts if line.start <= one.start < line.end or line.start < one.end <= line.end]
        return any(one.start <= at <= one.end for one in here)
    tokens = variant.document.tokens
    number = next((number for number, token in enumerate(tokens) if token.span.start > comment.end), None)
    if number is None:
        return line.start <= at <= line.end
    following = tokens[number].span
    line = Span(line.start, source.line_span(source.position(following.start).line).end)
    around = [one for one in parts if one.start < comment.start and comment.end < one.end]
    starting = [one for one in parts if one.start == following.start]
    if not starting:
        starting = [one for one in around if one.end <= line.end]
    elif number and tokens[number - 1].text == "[" and around:
        starting.append(min(around, key=lambda one: one.end - one.start))
    return any(one.start <= at <= one.end for one in (line, *starting))


@given(EXPRESSIONS)
@example("{ a = [ \n# c\nx \nx \n] ; } ")
@example("{ a = [ x [ \n# c\nx \nx ] \n] ; } ")
@example("[ { a = x ; } [ \n# c\nx \nx ] ] ")
@example("{ a = [ x \n# c\n] ; } ")
@example("{ a = x ; } [ \n# c\nx \nx ] ")
def test_a_comment_is_for_its_line_and_for_what_starts_or_ends_there(expression: str) -> None:
    variant = Variant(Source(GPU, f"x: y: f:\n{expression}".encode()), convention(), None, None)
    assert variant.judgeable
    scope = CommentScope(variant)
    for comment in variant.document.comments:
        covers = scope.of(comment.span)
        reached = [any(one.start <= at <= one.end for one in covers) for at in range(len(variant.source.data))]
        assert reached == [_is_for(variant, comment.span, at) for at in range(len(variant.source.data))]


def test_many_comments_that_silence_as_many_findings_take_time_that_grows_with_their_number() -> None:
    begun = time.process_time()
    pair = b"# nixlint-ort: ignore[text-claim] x\n# CUDA 12.4.\n\n"
    assert not lint({GPU: original(GPU).replace(b"let\n", b"let\n" + pair * 3_000, 1)}).findings
    assert time.process_time() - begun < 8  # it takes less than one; to try each comment for each finding took thirty
