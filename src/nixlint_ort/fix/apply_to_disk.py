"""Carries out what fixes come to: renames and writes files, and says for each what was done."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nixlint_ort.fix.rename import rename_file
from nixlint_ort.fix.write import WriteError, clear_leftovers, replace_file

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
    for path in clear_leftovers(_folders(repository)):
        outcome.done.append(f"removed {path.name}, which a run that was killed had left")
    for _, file in sorted(fixed.files.items()):
        try:
            outcome.done.append(_one_file(root, file))
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


def _folders(repository: Repository) -> set[Path]:
    """The folders that hold the variants and documents, and those that hold what one of them is a link to."""
    variants = (variant.source for variant in repository.variants)
    documents = (document.source for document in repository.documents)
    paths = {repository.root / source.path for source in (*variants, *documents)}
    real = {Path(os.path.realpath(path)) for path in paths if path.is_symlink()}
    return {path.parent for path in (*paths, *real)}


def _one_file(root: Path, file: FixedFile) -> str:
    rules = ", ".join(dict.fromkeys(one.rule for one in file.mended))
    if file.renamed:
        rename_file(root, file.path, file.new_path)
    if file.after != file.before:
        try:
            replace_file(root, file.new_path, file.before, file.after)
        except WriteError as error:
            before = f"{file.path} was renamed, but " if file.renamed else ""
            raise WriteError(f"{before}{error}") from None
    if file.renamed:
        return f"renamed {file.path} to {Path(file.new_path).name} ({rules})"
    return f"fixed {file.path} ({rules})"
