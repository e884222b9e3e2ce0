"""What can be asked of `check`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from nixlint_ort.cli.parameters import FurtherReport


class CheckOptions(NamedTuple):
    """The options of `check`."""

    fix: bool
    unsafe_fixes: bool
    diff: bool
    output_format: str | None
    output_file: Path | None
    report: tuple[FurtherReport, ...]
    select: str | None
    ignore: str | None
    extend_select: str | None
    strict: bool
    exit_zero: bool
    exit_non_zero_on_fix: bool
    statistics: bool
    every: bool
    show_suppressed: bool
    baseline: Path | None
    write_baseline: bool
    stdin_filename: Path | None
    no_cache: bool
    cache_dir: Path | None
    cpu_seconds: float | None
    watch: bool
    color: str
    width: int | None
    quiet: bool
    verbose: bool
    convention_folder: Path | None
    branch: str | None
