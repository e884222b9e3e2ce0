"""The command line: commands and options, and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from nixlint_ort import __version__

if TYPE_CHECKING:
    from nixlint_ort.check.release import Release
    from nixlint_ort.check.result import Result
    from nixlint_ort.convention import Convention, Rule
    from nixlint_ort.variant.repository import Repository

EXAMPLES = """\b
Examples:
  nixlint-ort                         check the repository around this folder
  nixlint-ort .flox/pkgs/x.nix        report on one file (peers are still compared)
  nixlint-ort --diff                  show what --fix would change
  nixlint-ort --fix                   mend headers and descriptions
  nixlint-ort --output-format json    for programs
  nixlint-ort explain header-driver   what a rule wants, and why
"""


class Stop(click.ClickException):
    """Ends the run with exit code 2 and one line."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the line."""
        click.echo(f"nixlint-ort: {_harmless(self.message)}", err=True, file=file)


def _harmless(text: str) -> str:
    from nixlint_ort.report.escape import visible

    return visible(text)


class CheckByDefault(click.Group):
    """A group in which everything that does not begin with a command's name goes to `check`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `check` before the arguments unless they name a command or ask for help or the version."""
        own = {"--help", "-h", "--version"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the options of `check` with those of the group, as they work without its name."""
        check_command = self.commands["check"]
        options = [one for one in (*check_command.params, *self.get_params(ctx)) if isinstance(one, click.Option)]
        rows = [row for option in options if (row := option.get_help_record(ctx)) is not None]
        with formatter.section("Options"):
            formatter.write_dl(rows)
        self.format_commands(ctx, formatter)


@click.group(
    cls=CheckByDefault,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    options_metavar="[OPTIONS]",
    subcommand_metavar="[PATHS]...",
    epilog=EXAMPLES,
)
@click.version_option(__version__, prog_name="nixlint-ort", message="%(prog)s %(version)s")
def cli() -> None:
    """Check that every ONNX Runtime variant says the same thing in its name, header, code and description."""


def convention_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that reads a convention."""
    rules = click.option(
        "--rules", "rules_folder", type=click.Path(path_type=Path), metavar="DIR", help="Judge by this convention."
    )
    branch = click.option("--branch", metavar="NAME", help="Judge by the release of this branch.")
    return rules(branch(command))


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Apply safe fixes: headers and descriptions.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also fixes that change what is built.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option("--output-format", "output_format", default="full", metavar="FORMAT", help="How to show findings.")
@click.option("--select", metavar="RULES", help="Only these rules or families, separated by commas.")
@click.option("--ignore", metavar="RULES", help="All but these rules or families, separated by commas.")
@click.option("--strict", is_flag=True, help="Warnings fail the run too.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colour.")
@click.option("-q", "--quiet", is_flag=True, help="Only findings: no summary and no notes.")
@convention_options
def check(paths: tuple[Path, ...], **options: Any) -> None:
    """Check variants; this is what runs without a command."""
    from nixlint_ort.report import FORMATS

    if options["output_format"] not in FORMATS:
        raise Stop(f"--output-format is one of {', '.join(FORMATS)}, not {options['output_format']!r}")
    repository = _open(paths, options["rules_folder"])
    rules = _choose_rules(repository.convention.rules, options["select"], options["ignore"])
    release = _release(repository, options["branch"])
    if options["fix"] or options["diff"]:
        result = _fix(repository, release, rules, options)
    else:
        result = _lint(repository, release, rules)
    _show(result, options)
    sys.exit(1 if result.failed(strict=options["strict"]) else 0)


def _lint(repository: Repository, release: Release, rules: Mapping[str, Rule]) -> Result:
    from nixlint_ort.check.run import check as run
    from nixlint_ort.fix.suggest import suggest

    return suggest(run(repository, release, rules))


def _fix(repository: Repository, release: Release, rules: Mapping[str, Rule], options: Mapping[str, Any]) -> Result:
    from nixlint_ort.fix.apply import fix_all
    from nixlint_ort.fix.diff import unified
    from nixlint_ort.fix.write import WriteError, write_file

    before = {variant.path: variant.source.data for variant in repository.variants}
    fixed = fix_all(repository, lambda one: _lint(one, release, rules), unsafe=options["unsafe_fixes"])
    if options["diff"]:
        _write("".join(unified(before, fixed.contents)))
        sys.exit(1 if fixed.contents else 0)
    for path, data in fixed.contents.items():
        try:
            write_file(repository.root / path, before[path], data)
        except WriteError as error:
            raise Stop(str(error)) from None
        click.echo(f"fixed {_harmless(path)}", err=True)
    assert fixed.remaining is not None  # noqa: S101  # for the type checker: fix_all sets it
    return fixed.remaining


def _show(result: Result, options: Mapping[str, Any]) -> None:
    from nixlint_ort.report import render

    color = options["color"] == "always" or (
        options["color"] == "auto" and "NO_COLOR" not in os.environ and sys.stdout.isatty()
    )
    if not options["quiet"]:
        for note in result.notes:
            click.echo(f"nixlint-ort: {_harmless(note)}", err=True)
    _write(render(options["output_format"], result, color=color))


def _write(text: str) -> None:
    """Write to stdout in UTF-8, whatever the locale says."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


@cli.command()
@click.argument("rule")
@convention_options
def explain(rule: str, rules_folder: Path | None, branch: str | None) -> None:  # noqa: ARG001
    """Say what a rule wants, why, and show a bad and a good example."""
    rules = _load(rules_folder, Path.cwd()).rules
    if rule not in rules:
        _unknown_rule(rule, rules)
    from nixlint_ort.report.rules import explanation

    _write(explanation(rules[rule]))


@cli.command("rules")
@convention_options
def list_rules(rules_folder: Path | None, branch: str | None) -> None:  # noqa: ARG001
    """List all rules with severity and fix."""
    from nixlint_ort.report.rules import table

    _write(table(_load(rules_folder, Path.cwd()).rules.values()))


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--list", "list_only", is_flag=True, help="List the facts there are.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to show the facts.")
@convention_options
def facts(
    paths: tuple[Path, ...], list_only: bool, output_format: str, rules_folder: Path | None, branch: str | None
) -> None:
    """Show what each variant evaluates to, and where each fact comes from."""
    from nixlint_ort.report import facts as report

    if list_only:
        _write(report.vocabulary())
        return
    repository = _open(paths, rules_folder)
    release = _release(repository, branch)
    chosen = [variant for variant in repository.variants if variant.path in repository.chosen]
    _write(report.as_json(chosen, release.branch) if output_format == "json" else report.as_text(chosen))


def _open(paths: tuple[Path, ...], rules_folder: Path | None) -> Repository:
    from nixlint_ort.variant.repository import Repository, RepositoryError, find_root

    root = find_root(paths[0] if paths else Path.cwd())
    convention = _load(rules_folder, root)
    try:
        return Repository(root, convention, paths)
    except RepositoryError as error:
        raise Stop(str(error)) from None


def _load(rules_folder: Path | None, start: Path) -> Convention:
    from nixlint_ort.convention import ConventionError, find_rules, load
    from nixlint_ort.variant.repository import find_root

    own = find_root(start) / "rules"
    folder = rules_folder or (own if (own / "convention.yaml").is_file() else find_rules())
    try:
        return load(folder.absolute())
    except ConventionError as error:
        raise Stop(str(error)) from None


def _release(repository: Repository, branch: str | None) -> Release:
    from nixlint_ort.check.release import find_release
    from nixlint_ort.convention import ConventionError

    try:
        return find_release(repository, branch)
    except ConventionError as error:
        raise Stop(str(error)) from None


def _choose_rules(rules: Mapping[str, Rule], select: str | None, ignore: str | None) -> dict[str, Rule]:
    selected = _rule_ids(rules, select) if select is not None else set(rules)
    ignored = _rule_ids(rules, ignore) if ignore is not None else set()
    return {name: rule for name, rule in rules.items() if name in selected - ignored}


def _rule_ids(rules: Mapping[str, Rule], words: str) -> set[str]:
    chosen: set[str] = set()
    for word in filter(None, (word.strip() for word in words.split(","))):
        found = {name for name, rule in rules.items() if word in (name, rule.family)}
        if not found:
            _unknown_rule(word, rules)
        chosen |= found
    return chosen


def _unknown_rule(word: str, rules: Mapping[str, Rule]) -> NoReturn:
    from nixlint_ort.convention.errors import did_you_mean

    families = {rule.family for rule in rules.values()}
    raise Stop(f"there is no rule or family {word!r}{did_you_mean(word, [*rules, *families])}")


def main() -> None:
    """The console script. Exit codes: 0 nothing at error level, 1 findings, 2 anything else."""
    cli()
