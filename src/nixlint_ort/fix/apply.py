"""Applies fixes to the files' bytes, round by round, until nothing changes; nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nixlint_ort.finding import Edit, Finding, Safety
from nixlint_ort.nix import parse

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.variant.repository import Repository

MAX_ROUNDS = 10


@dataclass(slots=True)
class Fixed:
    """What the fixes come to: the new bytes by path, the findings that they mended, and what remains."""

    contents: dict[str, bytes] = field(default_factory=dict)
    mended: list[Finding] = field(default_factory=list)
    remaining: Result | None = None
    refused: list[Finding] = field(default_factory=list)


def fix_all(repository: Repository, lint: Callable[[Repository], Result], *, unsafe: bool = False) -> Fixed:
    """Apply every applicable fix in memory; a fix that would break the syntax of its file is refused."""
    fixed = Fixed(remaining=lint(repository))
    for _ in range(MAX_ROUNDS):
        assert fixed.remaining is not None  # noqa: S101  # for the type checker: it was just set
        changed = _one_round(repository, fixed, unsafe=unsafe)
        if not changed:
            break
        fixed.contents.update(changed)
        repository = repository.with_files(changed)
        fixed.remaining = lint(repository)
    return fixed


def _one_round(repository: Repository, fixed: Fixed, *, unsafe: bool) -> dict[str, bytes]:
    findings = fixed.remaining.findings if fixed.remaining else ()
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding not in fixed.refused and _applicable(finding, unsafe=unsafe):
            by_path.setdefault(finding.place.path, []).append(finding)
    sources = {variant.path: variant.source.data for variant in repository.variants}
    changed: dict[str, bytes] = {}
    for path, fixable in by_path.items():
        chosen = without_overlaps(fixable)
        data = apply_edits(sources[path], [edit for one in chosen for edit in (one.fix.edits if one.fix else ())])
        if parse(data).problems:
            fixed.refused.extend(chosen)
        elif data != sources[path]:
            changed[path] = data
            fixed.mended.extend(chosen)
    return changed


def _applicable(finding: Finding, *, unsafe: bool) -> bool:
    fix = finding.fix
    return fix is not None and bool(fix.edits) and (unsafe or fix.safety is Safety.SAFE)


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, in order, whose edits do not touch those of one before; the others wait for the next round."""
    chosen: list[Finding] = []
    taken: list[Edit] = []
    for finding in findings:
        edits = finding.fix.edits if finding.fix else ()
        if not any(_overlap(edit, other) for edit in edits for other in taken):
            chosen.append(finding)
            taken.extend(edits)
    return chosen


def _overlap(one: Edit, other: Edit) -> bool:
    return one.path == other.path and one.start <= other.end and other.start <= one.end


def apply_edits(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The bytes with all edits made at once; their offsets are those before any of them. They must not overlap."""
    for edit in sorted(edits, reverse=True):
        data = data[: edit.start] + edit.text.encode("utf-8") + data[edit.end :]
    return data
