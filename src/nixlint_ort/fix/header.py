"""Fixes the header: writes a line again, moves lines to the top, and takes out what is doubled or not wanted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nixlint_ort.convention import Operator
from nixlint_ort.convention.vocabulary import HEADER_LINES
from nixlint_ort.finding import Edit
from nixlint_ort.fix.literals import written
from nixlint_ort.nix.values import Form
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.check.violation import Violation
    from nixlint_ort.source import Source
    from nixlint_ort.variant.variant import Variant


def header_edits(violation: Violation) -> list[Edit] | None:
    """The edits that fix a header line as a whole; None where nothing says what should be there."""
    fact, source = violation.fact, violation.variant.source
    if violation.case == "spaced":
        return [Edit(source.path, *violation.at[0], "# ")]
    if violation.rule.operator is Operator.PRESENT and not violation.missing:
        return _without(source, [fact.span])
    if violation.rewrite is None:
        return _moved(violation.variant) if fact.reason is not None else _without(source, fact.further)
    lines = [written(line, Form.COMMENT) for line in violation.rewrite.split("\n")]
    if None in lines:
        return None
    joined = source.newline.join(line for line in lines if line)
    return [Edit(source.path, *fact.span, joined + (source.newline if fact.absent else ""))]


def _moved(variant: Variant) -> list[Edit] | None:
    """The header lines that are further down, moved to the top, below a `#!`; None where there are none."""
    source = variant.source
    facts = [variant.fact(name) for name in HEADER_LINES]
    strays = [fact.span for fact in facts if fact.items and fact.reason is not None]
    above = [] if facts[0].span in strays or not facts[0].items else [facts[0].span]
    if not strays:
        return None
    taken = source.position(above[0].start).line if above else int(source.data.startswith(b"#!"))
    at = source.line_span(taken + 1).start
    lines = [source.line_text(source.position(span.start).line) for span in strays]
    runs = _runs(source, [_line(source, span) for span in strays])
    end = runs.pop(0).end if runs[0].start <= at else at
    put = Edit(source.path, at, end, "".join(f"{line}{source.newline}" for line in lines))
    return [put, *(Edit(source.path, *run, "") for run in runs)]


def _without(source: Source, spans: Iterable[Span]) -> list[Edit] | None:
    """Without some lines; what speaks to this tool at the end of one stays."""
    edits: list[Edit] = []
    whole: list[Span] = []
    for span in spans:
        end = source.line_span(source.position(span.start).line).end
        rest = source.data[span.end : end]
        if rest.strip():
            edits.append(Edit(source.path, span.start, end - len(rest.lstrip()), ""))
        else:
            whole.append(_line(source, span))
    return [*edits, *(Edit(source.path, *run, "") for run in _runs(source, whole))] or None


def _line(source: Source, span: Span) -> Span:
    """The line in which something stands, with its line end."""
    line = source.position(span.start).line
    end = source.line_span(line + 1).start if line < source.line_count else len(source.data)
    return Span(source.line_span(line).start, end)


def _runs(source: Source, lines: Iterable[Span]) -> list[Span]:
    """Lines that are to go, those that touch each other as one, with one of two empty lines that would be left."""
    runs: list[Span] = []
    for line in sorted(lines):
        if runs and runs[-1].end == line.start:
            runs[-1] = Span(runs[-1].start, line.end)
        else:
            runs.append(line)
    return [_with_empty_line(source, run) for run in runs]


def _with_empty_line(source: Source, run: Span) -> Span:
    """Some lines, and the empty ones above them at the top, or the one below them where one is above too."""
    before, behind = source.data[: run.start], source.data[run.end :]
    if not before.strip():
        return Span(0, run.end)
    after = run.end + behind.find(b"\n") + 1
    is_between = before.endswith((b"\n\n", b"\n\r\n")) and after > run.end and not source.data[run.end : after].strip()
    return Span(run.start, after if is_between else run.end)
