"""Carries out what fixes come to: renames and writes files, and says for each what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nixlint_ort.files import WriteError, clear_leftovers, replace_file
from nixlint_ort.fix.rename import rename_file

if TYPE_CHECKING:
    from nixlint_ort.fix.apply import Fixed, FixedFile
    from nixlint_ort.repository.repository import Repository


@dataclass(slots=True)
class Outcome:
    """What was done, a line for each file; what was passed over, and what failed, a line for each reason."""

    done: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def carry_out(repository: Repository, fixed: Fixed) -> Outcome:
    """Bring the fixed files to the disk; one that cannot be written is left as it is, and the others are written."""
    outcome = Outcome()
    root = repository.root
    sources = [variant.source for variant in repository.variants]
    documents = frozenset(document.source.path for document in repository.documents)
    for name in clear_leftovers(root, [*(source.path for source in sources), *sorted(documents)]):
        outcome.done.append(f"removed {name}, which a run that was killed had left")
    for _, file in sorted(fixed.files.items()):
        try:
            outcome.done.append(_one_file(root, file, links=file.path not in documents))
        except WriteError as error:
            outcome.failed.append(str(error))
    for one in fixed.dropped:
        place = one.finding.place
        line = f"the fix of {one.finding.rule} in {place.path}:{place.start.line} was not applied: {one.reason}"
        if one.is_fault:
            outcome.failed.append(f"error in this tool: {line}")
        else:
            outcome.passed_over.append(line)
    return outcome


def _one_file(root: Path, file: FixedFile, *, links: bool) -> str:
    rules = ", ".join(dict.fromkeys(one.rule for one in file.mended))
    if file.renamed:
        rename_file(root, file.path, file.new_path)
    if file.after != file.before:
        try:
            replace_file(root, file.new_path, file.before, file.after, links=links)
        except WriteError as error:
            before = f"{file.path} was renamed, but " if file.renamed else ""
            raise WriteError(f"{before}{error}") from None
    if file.renamed:
        return f"renamed {file.path} to {Path(file.new_path).name} ({rules})"
    return f"fixed {file.path} ({rules})"
