"""Runs again whenever a file of the repository changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nixlint_ort.cli.cpu import OutOfTime, limited_cpu
from nixlint_ort.cli.stop import Stop, note

if TYPE_CHECKING:
    from watchfiles import Change

SUFFIXES = (".nix", ".yaml", ".md")
"""Of the files that a run reads: variants, conventions, settings and documents."""


WAKE = 200
"""Milliseconds after which it looks whether it was interrupted."""


def run_on_change(root: Path, run: Callable[[], int]) -> int:
    """Run now and after each change below `root`, until interrupted; the exit code is that of the last whole run."""
    try:
        from watchfiles import watch
    except ImportError:
        raise Stop("--watch needs the package watchfiles; run: pip install 'nixlint-ort[watch]'") from None
    code = None
    # It watches before the first run, so that a change made during a run is seen after it.
    waiting = watch(root, watch_filter=_is_read, raise_interrupt=False, rust_timeout=WAKE, yield_on_timeout=True)
    try:
        with limited_cpu(0):  # each run has a limit of its own
            for changes in waiting:
                if code is None:
                    code = _guarded(run)
                    note(f"watching {root}; press Ctrl-C to stop")
                elif changes:
                    code = _guarded(run)
    except KeyboardInterrupt:  # between two waits, or during a run
        if code is None:
            raise
    return code or 0


def _guarded(run: Callable[[], int]) -> int:
    """A file that cannot be used now may be fixed with the next change."""
    from nixlint_ort.lint import LintError

    try:
        return run()
    except OutOfTime as error:
        note(str(error))
    except Stop as stop:
        stop.show()
    except LintError as error:
        note(str(error))
    return 2


def _is_read(_: Change, path: str) -> bool:
    return path.endswith(SUFFIXES) and "/.git/" not in path
