"""The claims of documents: those that the convention names, or any others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.document import read_claims
from nixlint_ort.check.claims.reading import Claims, Mark, Marked
from nixlint_ort.check.context import Context
from nixlint_ort.check.documents import facts_of
from nixlint_ort.finding import Edit
from nixlint_ort.fix.apply import FixedFile
from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.repository.document import Document
from nixlint_ort.repository.repository import relative_path
from nixlint_ort.source import Source

if TYPE_CHECKING:
    from nixlint_ort.lint import Session


class NoClaimsError(Exception):
    """Why documents cannot be read, in one line."""


class Segment(NamedTuple):
    """A run of a document's text, and the mention that it is, if it is one."""

    text: str
    marked: Marked | None = None


def claims_of(session: Session, paths: Sequence[Path]) -> list[Claims]:
    """The claims of the documents at some paths, else of all that the convention names.

    Raises NoClaimsError where a document cannot be read, or nothing is known that it could be held against.
    """
    repository = session.repository
    facts = facts_of(Context(repository, session.release.branch, tuple(session.rules.values()), session.verdicts), {})
    if facts is None:
        raise NoClaimsError("this command needs a release and a convention with claims.yaml")
    documents = list(repository.documents)
    if paths:
        names = [relative_path(repository.root, path) for path in paths]
        documents = [
            Document(Source(name, data), problem) for name in names for data, problem in [repository.tree.read(name)]
        ]
    for one in documents:
        if one.problem:
            raise NoClaimsError(f"{one.source.path}: {one.problem.message}")
    return [read_claims(one.source, facts) for one in documents]


def with_proposals(claims: Claims) -> FixedFile:
    """A document with the lines that its tables and lists of items lack."""
    path, before = claims.source.path, claims.source.data
    found = [fault.proposal for fault in claims.faults if fault.proposal is not None]
    edits = [Edit(path, *one.span, one.text) for one in dict.fromkeys(found)]
    return FixedFile(path, path, before, apply_edits(before, edits))


def counts(claims: Claims) -> Counter[Mark]:
    """How many mentions are right, wrong and not understood."""
    return Counter(one.mark for one in claims.marked)


def lines_of(claims: Claims) -> Iterator[tuple[int, list[Segment]]]:
    """Each line with mentions by its number, from 1, cut at them."""
    source = claims.source
    by_line: dict[int, list[Marked]] = {}
    for one in claims.marked:
        by_line.setdefault(source.position(one.span.start).line, []).append(one)
    for number, marked in sorted(by_line.items()):
        span = source.line_span(number)
        pieces: list[Segment] = []
        at = span.start
        for one in sorted(marked, key=lambda mention: mention.span):
            if one.span.start < at or one.span.end > span.end:
                continue
            pieces += [
                Segment(source.text(span._replace(start=at, end=one.span.start))),
                Segment(source.text(one.span), one),
            ]
            at = one.span.end
        pieces.append(Segment(source.text(span._replace(start=at))))
        yield number, pieces
