"""Applies fixes to the files' bytes, round by round, until nothing changes; nothing is written here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.finding import Edit, Finding, Fix, Safety
from nixlint_ort.fix.comments import takes_comments
from nixlint_ort.fix.edits import apply_edits, are_apart, without_overlaps
from nixlint_ort.fix.laws import breaches
from nixlint_ort.fix.verify import harm

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.source import Source
    from nixlint_ort.variant.variant import Variant

MAX_ROUNDS = 10


@dataclass(slots=True)
class FixedFile:
    """A file that fixes change: its path, relative to the root, and its bytes, as they were and as they are to be."""

    path: str
    new_path: str
    before: bytes
    after: bytes
    mended: list[Finding] = field(default_factory=list)

    @property
    def renamed(self) -> bool:
        """Whether the file gets another name."""
        return self.path != self.new_path


class Dropped(NamedTuple):
    """A fix that was not applied, and why. `is_fault` where that is an error in this tool or in the rules."""

    finding: Finding
    reason: str
    is_fault: bool


@dataclass(slots=True)
class Fixed:
    """What the fixes come to: the files that change, what remains to be found, and what was not applied."""

    remaining: Result
    files: dict[str, FixedFile] = field(default_factory=dict)
    """By the path that the file is to have."""
    dropped: list[Dropped] = field(default_factory=list)

    @property
    def contents(self) -> dict[str, bytes]:
        """The new bytes by new path."""
        return {path: file.after for path, file in self.files.items()}


_Tried = tuple[FixedFile, Finding]
Lint = Callable[["Repository"], "Result"]


def fix_all(repository: Repository, lint: Lint, *, unsafe: bool = False, whole: Lint | None = None) -> Fixed:
    """Apply every applicable fix in memory, at most MAX_ROUNDS times over.

    A fix is dropped that breaks its file's syntax, changes a fact that it is not about, takes a comment away, makes
    a rule fail that held, or fixes what a comment silences; and so are all fixes of a file that does not come to rest.
    Where `lint` is by a selection of rules, `whole` is by all that the repository is held to.
    """
    fixed = Fixed(lint(repository))
    held = whole(repository) if whole else fixed.remaining
    barred: set[str] = set()
    for number in range(MAX_ROUNDS + 1):
        changes = _one_round(repository, fixed, barred, unsafe=unsafe)
        one = _Round(repository, fixed, held, whole or lint)
        if number == MAX_ROUNDS:
            barred.update(change.path for change in changes)
            changes = [_restless(fixed, change) for change in changes]
        else:
            changes = _lawful(one, changes)
        if not changes:
            break
        repository, held = one.after or one.checked(changes)
        fixed.remaining = lint(repository) if whole else held
        for change in changes:
            _record(fixed, change)
    return fixed


def _with(repository: Repository, changes: Sequence[FixedFile]) -> Repository:
    contents: dict[str, bytes | None] = {change.path: None for change in changes}
    contents.update({change.new_path: change.after for change in changes})
    return repository.with_files(contents)


@dataclass(slots=True)
class _Round:
    """A repository at the beginning of a round, what has come of it so far, and what holds in it."""

    repository: Repository
    fixed: Fixed
    held: Result
    lint: Lint
    after: tuple[Repository, Result] | None = None
    """The repository with the changes that are kept, and what holds there; None where none was tried."""

    def checked(self, changes: Sequence[FixedFile]) -> tuple[Repository, Result]:
        """The repository with some changes, and what holds there."""
        repository = _with(self.repository, changes)
        return repository, self.lint(repository)

    def breaches(self, changes: Sequence[FixedFile]) -> dict[str, str]:
        """Why some changes are not to be made, by the path in which that shows."""
        renamed = {path for change in changes if change.renamed for path in (change.path, change.new_path)}
        after = self.checked(changes)
        found = breaches(self.repository, self.held, after[1], renamed)
        if not found:
            self.after = after
        return found


def _lawful(one: _Round, changes: Sequence[FixedFile]) -> list[FixedFile]:
    """The changes of a round that are to be made, with those of their fixes that break no rule; the rest is noted."""
    kept: dict[str, FixedFile] = {}
    if changes:
        _add(one, kept, [(change, finding) for change in changes for finding in change.mended])
    return [kept[change.path] for change in changes if change.path in kept]


def _add(one: _Round, kept: dict[str, FixedFile], tried: Sequence[_Tried]) -> None:
    """Add some fixes to the changes that are kept, which break no rule, or note why a fix is left.

    Checking a repository takes long, so as many fixes as possible are tried at once. Where a rule breaks, the fixes of
    that file are tried after the others, and then half of them; where it breaks elsewhere, halves of all are tried.
    """
    changes = dict(kept)
    for change, findings in _by_file(tried):
        mended = [*(kept[change.path].mended if change.path in kept else ()), *findings]
        after = apply_edits(change.before, list(_edits(mended, change.path)))
        changes[change.path] = replace(change, after=after, mended=mended)
    found = one.breaches(list(changes.values()))
    if not found:
        kept.update(changes)
        return
    for part in _parts(tried, found):
        if len(part) < len(tried):
            _add(one, kept, part)
            continue
        for change, finding in part:
            reason = found.get(change.new_path) or next(iter(found.values()))
            one.fixed.dropped.append(Dropped(finding, f"{reason}; change it by hand", is_fault=False))


def _parts(tried: Sequence[_Tried], found: Mapping[str, str]) -> list[list[_Tried]]:
    """Fixes that break a rule together, apart; all as they are where a rule breaks in each file and each has one."""
    apart = [[pair for pair in tried if (pair[0].new_path in found) is blamed] for blamed in (False, True)]
    if not apart[1]:
        apart = [[*tried[: len(tried) // 2]], [*tried[len(tried) // 2 :]]]
    elif not apart[0]:
        halves = [(change, findings, (len(findings) + 1) // 2) for change, findings in _by_file(tried)]
        apart = [[(change, finding) for change, findings, half in halves for finding in findings[:half]]]
        apart.append([(change, finding) for change, findings, half in halves for finding in findings[half:]])
    return [part for part in apart if part]


def _by_file(tried: Iterable[_Tried]) -> list[tuple[FixedFile, list[Finding]]]:
    by_path: dict[str, tuple[FixedFile, list[Finding]]] = {}
    for change, finding in tried:
        by_path.setdefault(change.path, (change, []))[1].append(finding)
    return list(by_path.values())


def _record(fixed: Fixed, change: FixedFile) -> None:
    """Add what one round makes of a file to what the rounds before it made of it."""
    known = fixed.files.pop(change.path, None)
    if known is not None:
        known.new_path, known.after = change.new_path, change.after
        known.mended += change.mended
        change = known
    if change.renamed or change.after != change.before:
        fixed.files[change.new_path] = change


def _restless(fixed: Fixed, change: FixedFile) -> FixedFile:
    """The change that takes a file back to what it was, because its fixes undo each other."""
    reason = f"the fixes of its file still change it after {MAX_ROUNDS} rounds, so the file was left unchanged"
    fixed.dropped.extend(Dropped(one, reason, is_fault=True) for one in change.mended)
    known = fixed.files.get(change.path)
    path, data = (known.path, known.before) if known else (change.path, change.before)
    return FixedFile(change.path, path, change.before, data)


def _one_round(repository: Repository, fixed: Fixed, barred: set[str], *, unsafe: bool) -> list[FixedFile]:
    by_path: dict[str, list[Finding]] = {}
    known = {(_key(one.finding)) for one in fixed.dropped}
    for finding in fixed.remaining.findings:
        path = finding.place.path
        if path not in barred and _key(finding) not in known and _applicable(finding, unsafe=unsafe):
            by_path.setdefault(path, []).append(finding)
    taken = {variant.path for variant in repository.variants}
    changes: list[FixedFile] = []
    for variant in repository.variants:
        change = _change(repository, variant, by_path.get(variant.path, []), taken, fixed)
        if change is not None:
            changes.append(change)
            taken.add(change.new_path)
    renaming = [finding for change in changes if change.renamed for finding in change.mended]
    for document in repository.documents:
        path = document.source.path
        findings = [*(one for one in renaming if any(_edits([one], path))), *by_path.get(path, [])]
        if findings and path not in barred:
            changes.append(_change_document(document.source, findings))
    return changes


def _key(finding: Finding) -> tuple[str, str, Fix | None]:
    return (finding.rule, finding.place.path, finding.fix)


def _applicable(finding: Finding, *, unsafe: bool) -> bool:
    fix = finding.fix
    return fix is not None and (unsafe or fix.safety is Safety.SAFE)


def _change(
    repository: Repository, variant: Variant, findings: Sequence[Finding], taken: set[str], fixed: Fixed
) -> FixedFile | None:
    """What one round does to a file: a new name, and only once it has that, edits towards what the name says."""
    before = variant.source.data
    for finding in findings:
        target = finding.fix.rename if finding.fix else None
        if target is None:
            continue
        if target in taken or os.path.lexists(repository.root / target):
            fixed.dropped.append(Dropped(finding, f"{target} already exists", is_fault=False))
            continue
        return FixedFile(variant.path, target, before, before, [finding])
    applied, after = _edited(variant, [one for one in findings if one.fix and one.fix.edits], fixed)
    return FixedFile(variant.path, variant.path, before, after, applied) if after != before else None


def _change_document(source: Source, findings: Sequence[Finding]) -> FixedFile:
    """What one round does to a document: each edit replaces only what is stated, so there is nothing to harm."""
    chosen = without_overlaps(findings)
    return FixedFile(
        source.path, source.path, source.data, apply_edits(source.data, list(_edits(chosen, source.path))), chosen
    )


def _edited(variant: Variant, findings: Sequence[Finding], fixed: Fixed) -> tuple[list[Finding], bytes]:
    """The findings whose fixes go together and do no harm, and the bytes with these fixes."""
    chosen = without_overlaps(findings)
    if chosen and _harm(variant, chosen) is None:
        return chosen, apply_edits(variant.source.data, list(_edits(chosen, variant.path)))
    applied: list[Finding] = []
    for finding in chosen:
        reason = _harm(variant, [finding])
        if reason is not None:
            fixed.dropped.append(Dropped(finding, reason, is_fault=True))
        elif _harm(variant, [*applied, finding]) is None:
            applied.append(finding)
    return applied, apply_edits(variant.source.data, list(_edits(applied, variant.path)))


def _harm(variant: Variant, findings: Sequence[Finding]) -> str | None:
    edits = list(_edits(findings, variant.path))
    if not are_apart(edits):
        return "its edits overlap"
    if takes_comments(variant, edits):
        return "it would remove a comment"
    meant = frozenset(name for one in findings if one.fix for name in one.fix.facts)
    return harm(variant, apply_edits(variant.source.data, edits), meant)


def _edits(findings: Iterable[Finding], path: str) -> Iterator[Edit]:
    """What the fixes of some findings change in one file."""
    return (edit for one in findings if one.fix for edit in one.fix.edits if edit.path == path)
