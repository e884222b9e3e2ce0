"""The command `new`, which makes variants."""

from __future__ import annotations

import sys
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import click

from nixlint_ort.cli.output import columns_for, wants_color, write
from nixlint_ort.cli.parameters import VARIANT, convention_options
from nixlint_ort.cli.stop import Stop, note
from nixlint_ort.report import render
from nixlint_ort.report.escape import visible
from nixlint_ort.report.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nixlint_ort.check.result import Result
    from nixlint_ort.fix.apply import Fixed
    from nixlint_ort.lint import Session
    from nixlint_ort.repository.repository import Repository


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option(
    "--stack", "--cuda", "stack", metavar="VERSION", help="Create every variant of this stack that the release lacks."
)
@click.option(
    "--replace",
    metavar="VERSION",
    help="With --cuda NEW: rename the variants of this stack to NEW, and update them and the documents.",
)
@click.option(
    "--from", "source", type=VARIANT, metavar="NAME", help="Copy this variant instead of the most similar one."
)
@click.option("--dry-run", is_flag=True, help="Show what would be created, without creating it.")
@convention_options
def new(names: tuple[str, ...], stack: str | None, replace: str | None, dry_run: bool, **options: Any) -> None:
    """Create variants: copy the most similar one, and set every fact to what the new name says.

    Exits with 1 where an error remains, in the new files or in what documents say of them; the files are there then.
    """
    from nixlint_ort.files import WriteError
    from nixlint_ort.fix.stacks import NewError
    from nixlint_ort.lint import Options, Session

    if not names and stack is None:
        raise Stop("name the variants to create, or a CUDA line with --cuda")
    if replace is not None and (stack is None or names or options["source"] is not None):
        raise Stop("--replace needs --cuda, and cannot be combined with names or --from")
    session = Session.open((), Options(options["convention_folder"], options["branch"]))
    if session.release.note:
        note(session.release.note)
    try:
        if stack is not None and replace is not None:
            remaining = _replace(session, replace, stack, dry_run=dry_run)
        else:
            remaining = _make(session, names, stack, options["source"], dry_run=dry_run)
    except (NewError, WriteError) as error:
        raise Stop(str(error)) from None
    remaining = remaining.without(session.ignores)
    if remaining.findings:
        write(
            render("full", remaining, color=wants_color("auto"), layout=Layout(columns=columns_for(None, sys.stdout)))
        )
    _say_out_of_date(remaining, dry_run=dry_run)
    sys.exit(1 if remaining.failed(strict=False) else 0)


def _lint(session: Session) -> Callable[[Repository], Result]:
    """By every rule: what is made is right also by those that the settings ignore."""
    return session.with_rules(session.convention.rules).lint


def _make(session: Session, names: tuple[str, ...], stack: str | None, source: str | None, *, dry_run: bool) -> Result:
    """Make variants by their names and those that a stack lacks; returns what remains to be found."""
    from nixlint_ort.files import create_file
    from nixlint_ort.fix.new import make, stem_of
    from nixlint_ort.fix.stacks import missing_of_stack

    repository, branch = session.repository, session.release.branch
    stems = [stem_of(name) for name in names]
    if stack is not None:
        stems += missing_of_stack(repository, stack, branch)
    made, fixed = make(repository, list(dict.fromkeys(stems)), branch, _lint(session), source)
    for one in made:
        if not dry_run:
            create_file(repository.root, one.path, one.data)
        write(visible(f"{'would create' if dry_run else 'created'} {one.path} from {one.source}") + "\n")
        _say_left(one.path, one.left, one.source)
    if not made or not dry_run:
        what = "run `git add` on the new files: `flox build` sees only files that git tracks"
        note(what if made else "nothing to create")
    _say_not_at_pin(session, (one.path for one in made))
    _say_dropped(fixed)
    return _with_documents(session, fixed.remaining, {one.path: one.data for one in made})


def _replace(session: Session, old: str, new: str, *, dry_run: bool) -> Result:
    """Rename the variants of a stack to another one; returns what remains to be found."""
    from nixlint_ort.fix.apply_to_disk import carry_out
    from nixlint_ort.fix.replace import replace_stack
    from nixlint_ort.fix.stacks import missing_of_stack

    repository, branch = session.repository, session.release.branch
    replaced = replace_stack(repository, old, new, branch, _lint(session))
    would = "would have " if dry_run else ""
    outcome = None if dry_run else carry_out(repository, replaced.fixed)
    for path, file in sorted(replaced.fixed.files.items()):
        done = f"renamed {file.path} to {path}" if file.renamed else f"changed {path}"
        write(visible(f"{would}{done}") + "\n")
        _say_left(path, replaced.left.get(path, ()), file.path)
    for path in replaced.unplanned:
        note(f"{path} was not renamed: release {branch} has no such variant of {new}")
    have = {one.path for one in repository.variants} | set(replaced.fixed.files)
    lacking = [one for one in missing_of_stack(repository, new, branch) if session.convention.path_of(one) not in have]
    if lacking:
        note(f"the matrix has {len(lacking)} more variants of {new}; run: nixlint-ort new --cuda {new}")
    _say_not_at_pin(session, (path for path, file in replaced.fixed.files.items() if file.renamed))
    _say_dropped(replaced.fixed)
    if outcome is not None and outcome.failed:
        raise Stop("; ".join(outcome.failed))
    files = replaced.fixed.files.values()
    contents: dict[str, bytes | None] = dict.fromkeys(file.path for file in files)
    return _with_documents(session, replaced.fixed.remaining, {**contents, **replaced.fixed.contents})


def _with_documents(session: Session, remaining: Result, contents: Mapping[str, bytes | None]) -> Result:
    """What remains, with what documents say that is not so, or lack, once these files are there."""
    found = session.lint(session.repository.with_files(contents)).findings
    lacking = tuple(one for one in found if not one.place.path.endswith(".nix"))
    return remaining._replace(findings=(*remaining.findings, *lacking))


def _say_not_at_pin(session: Session, paths: Iterable[str]) -> None:
    """Warn of package sets that new variants use and that the row of the pin does not list."""
    from nixlint_ort.check.wording import in_words
    from nixlint_ort.convention.pins import pin_of, table_of_pins
    from nixlint_ort.convention.roles import rendered
    from nixlint_ort.variant.identity import identify

    convention = session.convention
    pins, stack, table = convention.roles.pin, convention.roles.stack, table_of_pins(convention)
    said: set[str] = set()
    for path in paths:
        identity = identify(PurePosixPath(path).stem, convention)
        if identity is None or pins is None or pins.cuda_set is None or stack is None or table is None:
            continue
        if stack.key not in identity.fields:
            continue
        fields = identity.expected(convention, session.release.branch)
        revision, name = fields.get(pins.of or pins.key), rendered(pins.cuda_set, fields)
        pin = pin_of(convention, revision) if isinstance(revision, str) else None
        listed = pin.listed_beside(name) if pin is not None and name is not None else ()
        if name is not None and listed and name not in said:
            said.add(name)
            note(f"nixpkgs may have no {name} at the pin: {table.where} lists {in_words(listed)}")


def _say_out_of_date(remaining: Result, *, dry_run: bool) -> None:
    """Say which documents a safe fix brings along."""
    from nixlint_ort.check.wording import in_words
    from nixlint_ort.finding import Safety

    fixable = (one for one in remaining.findings if one.fix is not None and one.fix.safety is Safety.SAFE)
    paths = tuple(sorted({one.place.path for one in fixable if not one.place.path.endswith(".nix")}))
    if paths:
        are = "would be" if dry_run else "is" if len(paths) == 1 else "are"
        note(visible(f"{in_words(paths)} {are} out of date; {'then ' if dry_run else ''}run: nixlint-ort --fix"))


def _say_left(path: str, lines: Sequence[int], source: str) -> None:
    if lines:
        listed = ", ".join(map(str, lines))
        note(visible(f"{path}: check line {listed}, which may still be about {PurePosixPath(source).stem}"))


def _say_dropped(fixed: Fixed) -> None:
    for dropped in fixed.dropped:
        note(f"the fix for {dropped.finding.rule} was not applied: {dropped.reason}")
