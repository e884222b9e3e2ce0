"""Writes fixed files to disk, renames them, and describes what was done: by file, and by rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nixlint_ort.files import WriteError, replace_file
from nixlint_ort.fix.leftovers import clear_leftovers
from nixlint_ort.fix.rename import rename_file
from nixlint_ort.fix.stale_hash import keeps_old_hash
from nixlint_ort.variant.path import package_of

if TYPE_CHECKING:
    from nixlint_ort.fix.apply import Fixed, FixedFile
    from nixlint_ort.repository.repository import Repository


@dataclass(slots=True)
class Outcome:
    """What was done, a line for each file; what was passed over, and what failed, a line for each reason."""

    leftovers: list[str] = field(default_factory=list)
    """The files of an interrupted run that were removed, a line for each."""
    done: list[str] = field(default_factory=list)
    mended: dict[str, list[str]] = field(default_factory=dict)
    """The paths in which findings of each rule were fixed, once for each finding."""
    passed_over: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    """What is left to do by hand after what was done."""

    @property
    def by_rule(self) -> list[str]:
        """What was done, a line for each rule."""
        return [
            f"fixed {rule}: {_counted(len(paths), 'finding')} in {_counted(len(set(paths)), 'file')}"
            for rule, paths in sorted(self.mended.items())
        ]


def carry_out(repository: Repository, fixed: Fixed) -> Outcome:
    """Bring the fixed files to the disk; one that cannot be written is left as it is, and the others are written."""
    outcome, stale = Outcome(), 0
    root = repository.root
    sources = [variant.source for variant in repository.variants]
    documents = frozenset(document.source.path for document in repository.documents)
    for name in clear_leftovers(root, [*(source.path for source in sources), *sorted(documents)]):
        outcome.leftovers.append(f"removed {name}, left by an interrupted run")
    for _, file in sorted(fixed.files.items()):
        try:
            outcome.done.append(_one_file(root, file, links=file.path not in documents))
        except WriteError as error:
            outcome.failed.append(str(error))
        else:
            stale += file.path not in documents and keeps_old_hash(repository.convention, file)
            for finding in file.mended:
                outcome.mended.setdefault(finding.rule, []).append(file.path)
    if stale:
        files = _counted(stale, "file")
        outcome.advice.append(
            f'replace the hash of the source in {files} whose tag has changed: set it to "" and build once;'
            " with the old hash, Nix may take the old source from its store"
        )
    for one in fixed.dropped:
        place = one.finding.place
        line = f"the fix for {one.finding.rule} in {place.path}:{place.start.line} was not applied: {one.reason}"
        if one.is_fault:
            outcome.failed.append(f"internal error: {line}")
        else:
            outcome.passed_over.append(line)
    return outcome


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _one_file(root: Path, file: FixedFile, *, links: bool) -> str:
    rules = ", ".join(dict.fromkeys(one.rule for one in file.mended))
    if file.renamed:
        rename_file(root, package_of(file.path), package_of(file.new_path))
    if file.after != file.before:
        try:
            replace_file(root, file.new_path, file.before, file.after, links=links)
        except WriteError as error:
            before = f"{file.path} was renamed, but " if file.renamed else ""
            raise WriteError(f"{before}{error}") from None
    if file.renamed:
        return f"renamed {package_of(file.path)} to {Path(package_of(file.new_path)).name} ({rules})"
    return f"fixed {file.path} ({rules})"
