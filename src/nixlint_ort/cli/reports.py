"""Writes what a run found: to stdout or a file in one format, and in others to further files."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nixlint_ort.cli.output import columns_for, encoded, wants_color, write
from nixlint_ort.cli.parameters import MARKDOWN
from nixlint_ort.cli.stop import Stop, note
from nixlint_ort.report import KEEP_SUPPRESSED, parts
from nixlint_ort.report.layout import WHOLE, Layout
from nixlint_ort.report.terminal import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nixlint_ort.check.result import Result
    from nixlint_ort.cli.check_options import CheckOptions
    from nixlint_ort.lint import Session


def show(session: Session, result: Result, options: CheckOptions) -> None:
    """Report to the file, to stdout, or to stderr where stdout has the fixed text; then the further reports."""
    name = options.output_format or "full"
    stream = sys.stderr if options.fix and options.stdin_filename else sys.stdout
    color = wants_color(options.color, stream) and (options.output_file is None or options.color == "always")
    if options.statistics:
        from nixlint_ort.report import statistics

        text: Iterable[str] = [statistics.render(_seen(name, result, options), color=color, summary=not options.quiet)]
    else:
        columns = columns_for(options.width, stream if options.output_file is None else None)
        layout = Layout(summary=not options.quiet, every=options.every, columns=columns)
        text = _text(name, session, _seen(name, result, options), color=color, layout=layout)
    if not options.quiet:
        for one in result.notes:
            note(one)
        for line in _gone(result):
            note(line)
    if options.output_file is None:
        write(text, stream)
    else:
        write_file(options.output_file, text)
    for further in options.report:
        write_file(further.path, _text(further.name, session, _seen(further.name, result, options)))
    if options.output_format is None and os.environ.get("GITHUB_ACTIONS") == "true":
        write(parts("github", result), stream)


def _gone(result: Result) -> Iterator[str]:
    """What is said of entries of the baseline that are no longer found, a line for each rule."""
    by_rule: dict[str, list[str]] = {}
    for entry in result.gone:
        by_rule.setdefault(entry.rule, []).append(entry.path)
    for rule, paths in by_rule.items():
        more = f" and in {counted(len(paths) - 1, 'more place')}" if len(paths) > 1 else ""
        yield f"{paths[0]}{more}: {rule} is in the baseline but no longer found; run again with --write-baseline"


def _text(name: str, session: Session, result: Result, *, color: bool = False, layout: Layout = WHOLE) -> Iterable[str]:
    if name != MARKDOWN:
        return parts(name, result, color=color, layout=layout)
    from nixlint_ort.views import summary

    return [summary.render(session, result)]


def _seen(name: str, result: Result, options: CheckOptions) -> Result:
    """What is shown in a format: what is suppressed only where it has a place of its own, or where it is asked for."""
    keeps = options.show_suppressed or name in KEEP_SUPPRESSED
    return result if keeps else result._replace(suppressed=())


def write_file(path: Path, text: Iterable[str], within: Path | None = None) -> None:
    """Write the parts of a text to a file of the user's choice.

    Raises Stop where that cannot be done, or where a stranger chose the place.
    `within` is a folder that a stranger may have written; None for the repository around the working directory. Another
    one is the repository that the path leads into, under whatever name.
    """
    from nixlint_ort.files import write_report
    from nixlint_ort.repository.root import outermost_root, tree_around

    named = Path(os.path.abspath(path))  # noqa: PTH100  # links are not followed
    places = [one for one in (within or outermost_root(Path.cwd()), tree_around(named)) if one is not None]
    top = min(
        (one for one in places if named.is_relative_to(one)), key=lambda one: len(one.parts), default=named.parent
    )
    try:
        write_report(path, encoded(text), within=top)
    except OSError as error:
        raise Stop(f"{path} could not be written: {error.strerror}") from None
