"""The command `check`, which is what runs without a command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nixlint_ort.cli.check_options import CheckOptions
from nixlint_ort.cli.cpu import limited_cpu
from nixlint_ort.cli.output import wants_color, write_text
from nixlint_ort.cli.parameters import (
    ALL_FORMATS,
    RULES,
    OneOf,
    Report,
    Seconds,
    color_option,
    convention_options,
    width_option,
)
from nixlint_ort.cli.reports import show, write_file
from nixlint_ort.cli.stop import Stop, note
from nixlint_ort.report import FOR_PEOPLE

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.lint import Session

STDIN = Path("-")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--fix", is_flag=True, help="Apply safe fixes: headers, descriptions and documents.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also apply fixes that change what is built.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, without writing it.")
@click.option("--output-format", type=OneOf(ALL_FORMATS), metavar="FORMAT", help=f"One of {', '.join(ALL_FORMATS)}.")
@click.option("--output-file", type=click.Path(path_type=Path), metavar="FILE", help="Write the report to a file.")
@click.option(
    "--report",
    type=Report(),
    multiple=True,
    metavar="FORMAT=FILE",
    help="Also write the report to this file in this format; may be given more than once.",
)
@click.option("--select", type=RULES, metavar="RULES", help="Check only these rules or families (comma-separated).")
@click.option("--ignore", type=RULES, metavar="RULES", help="Skip these rules or families (comma-separated).")
@click.option(
    "--extend-select", type=RULES, metavar="RULES", help="Check these rules or families too (comma-separated)."
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="With --fix: exit with 1 if a file was changed.")
@click.option("--statistics", is_flag=True, help="Show the number of findings of each rule instead of the findings.")
@click.option("--all", "every", is_flag=True, help="List every place of a finding, not only the first one and a count.")
@click.option("--show-suppressed", is_flag=True, help="Show suppressed findings too; json and sarif always show them.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Count the findings listed in this file, but do not show them or fail on them.",
)
@click.option("--write-baseline", is_flag=True, help="Write the current findings to the baseline file.")
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="With `-` as the path: check stdin as this file; --fix prints the fixed text.",
)
@click.option("--no-cache", is_flag=True, help="Do not read or write the cache.")
@click.option("--cache-dir", type=click.Path(path_type=Path), metavar="DIR", help="Keep the cache in this folder.")
@click.option(
    "--cpu-seconds",
    type=Seconds(),
    metavar="SECONDS",
    help="Stop after this much processor time (default 60; 0: no limit).",
)
@click.option("--watch", is_flag=True, help="Check again each time a file changes.")
@color_option
@width_option
@click.option("-q", "--quiet", is_flag=True, help="Show only findings, without summary and notes.")
@click.option("-v", "--verbose", is_flag=True, help="With --fix: list each file that was fixed or renamed.")
@convention_options
def check(paths: tuple[Path, ...], **options: Any) -> None:
    """Check variants. This is the default command."""
    chosen = CheckOptions(**options)
    if chosen.unsafe_fixes and not (chosen.fix or chosen.diff):
        raise Stop("--unsafe-fixes needs --fix or --diff")
    if chosen.statistics and chosen.output_format not in (None, *FOR_PEOPLE):
        raise Stop(f"--statistics cannot be combined with --output-format {chosen.output_format}")
    if (STDIN in paths) != (chosen.stdin_filename is not None) or (STDIN in paths and len(paths) > 1):
        raise Stop("`-` reads one file from stdin; give its name with --stdin-filename")
    if chosen.stdin_filename is not None and chosen.stdin_filename.is_dir():
        raise Stop(f"--stdin-filename must be a file, but {chosen.stdin_filename} is a folder")
    if chosen.write_baseline and (chosen.fix or chosen.diff):
        raise Stop("--write-baseline cannot be combined with --fix or --diff")
    if chosen.no_cache and chosen.cache_dir is not None:
        raise Stop("--no-cache cannot be combined with --cache-dir")
    if not chosen.watch:
        sys.exit(_limited_check(paths, chosen))
    from nixlint_ort.cli.watch import run_on_change
    from nixlint_ort.repository.root import find_root

    if chosen.stdin_filename is not None:
        raise Stop("--watch cannot be combined with stdin")
    sys.exit(run_on_change(find_root(paths[0] if paths else Path.cwd()), lambda: _limited_check(paths, chosen)))


def _limited_check(paths: tuple[Path, ...], options: CheckOptions) -> int:
    with limited_cpu(options.cpu_seconds):
        return _check(paths, options)


def _check(paths: tuple[Path, ...], options: CheckOptions) -> int:
    """One run; returns the exit code."""
    session = _session(paths, options)
    repository = session.repository
    if not options.quiet:
        for path in repository.passed_over:
            note(f"{path} is not a variant and was not checked")
    if options.write_baseline:
        return _write_baseline(session, options)
    if options.diff:
        failed = _diff(session, options)
    else:
        result = _fix(session, options) if options.fix else session.lint()
        show(session, result, options)
        failed = result.failed(strict=options.strict)
    return 1 if failed and not options.exit_zero else 0


def _session(paths: tuple[Path, ...], options: CheckOptions) -> Session:
    from nixlint_ort import lint
    from nixlint_ort.report.progress import tracked

    given: bytes | None = None
    if options.stdin_filename is not None:
        paths, given = (options.stdin_filename,), sys.stdin.buffer.read()
    session = lint.Session.open(
        paths,
        lint.Options(
            convention=options.convention_folder,
            branch=options.branch,
            select=options.select,
            ignore=options.ignore,
            extend_select=options.extend_select,
            given=given,
            baseline=options.baseline,
            uses_baseline=not options.write_baseline,
            remember=not options.no_cache,
            cached=not options.no_cache,
            cache_folder=options.cache_dir,
        ),
    )
    session.progress = lambda variants: tracked(variants, "Reading variants")
    session.in_two_processes = True
    return session


def _write_baseline(session: Session, options: CheckOptions) -> int:
    from nixlint_ort.files import NotPlainError, read_plain, relative
    from nixlint_ort.finding import Severity
    from nixlint_ort.settings.baseline import MAX_BYTES, is_baseline, text_of

    named = session.settings.baseline
    path = options.baseline or (session.root / named if named is not None else None)
    if path is None:
        raise Stop("--write-baseline needs --baseline FILE, or the key `baseline` in nixlint-ort.yaml")
    if options.baseline is None:
        try:
            relative(path, session.root)
        except NotPlainError:
            raise Stop(f"{named} could not be written: it is outside the repository") from None
    try:
        before = read_plain(path, MAX_BYTES)
    except OSError:  # there is none yet, or what writes it says why it cannot be
        before = b""
    if before.strip() and not is_baseline(before):
        raise Stop(f"{options.baseline or named} is not a baseline, so it is not replaced; name another file")
    findings = [one for one in session.lint().findings if one.severity is not Severity.INFO]  # which fail nothing
    write_file(path, [text_of(findings)], within=session.root)
    note(f"wrote {options.baseline or named}: {len(findings)} {'finding' if len(findings) == 1 else 'findings'}")
    return 0


def _diff(session: Session, options: CheckOptions) -> bool:
    """Show what fixing would change; returns whether it would."""
    from nixlint_ort.fix.apply import fix_all
    from nixlint_ort.fix.diff import unified
    from nixlint_ort.report.patch import colored

    fixed = fix_all(session.repository, session.lint, unsafe=options.unsafe_fixes, whole=session.lint_whole)
    lines = unified(fixed.files.values())
    color = wants_color(options.color)
    write_text(colored(lines) if color else "".join(lines), color=color)
    return bool(fixed.files)


def _fix(session: Session, options: CheckOptions) -> Result:
    """Fix what can be fixed, in the files or from stdin to stdout; returns what remains."""
    from nixlint_ort.fix.apply import fix_all
    from nixlint_ort.fix.apply_to_disk import carry_out
    from nixlint_ort.repository.repository import relative_path

    fixed = fix_all(session.repository, session.lint, unsafe=options.unsafe_fixes, whole=session.lint_whole)
    repository = session.repository
    if options.stdin_filename is not None:
        path = relative_path(session.root, options.stdin_filename)
        texts = {file.path: file.after for file in fixed.files.values()}
        sys.stdout.buffer.write(texts.get(path, session.options.given or b""))
        sys.stdout.buffer.flush()
        return fixed.remaining
    outcome = carry_out(repository, fixed)
    done = (*outcome.leftovers, *(outcome.done if options.verbose else outcome.by_rule))
    for line in (*(() if options.quiet else done), *outcome.passed_over, *outcome.advice, *outcome.failed):
        note(line)
    if outcome.failed:
        sys.exit(2)
    if fixed.files and options.exit_non_zero_on_fix:
        show(session, fixed.remaining, options)
        sys.exit(1)
    return fixed.remaining
