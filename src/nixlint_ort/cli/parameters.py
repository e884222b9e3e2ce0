"""Parameters that commands share: closed choices, names of rules with completion, colour, convention and branch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from nixlint_ort.cli.cpu import MAX_SECONDS
from nixlint_ort.report import FORMATS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from nixlint_ort.convention import Rule
    from nixlint_ort.lint import Session

    _Choice = click.Choice[str]
    _Kind = click.ParamType[str]
    _ReportKind = click.ParamType["FurtherReport"]
else:  # generic only since click 8.4
    _Choice = click.Choice
    _Kind = click.ParamType
    _ReportKind = click.ParamType


class OneOf(_Choice):
    """One of a closed set of words; for any other, the nearest one is named."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The word; raises BadParameter where it is not one of the set."""
        from nixlint_ort.convention.errors import did_you_mean

        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            words = list(map(str, self.choices))
            self.fail(f"must be one of {', '.join(words)}, not {value!r}{did_you_mean(str(value), words)}", param, ctx)


MARKDOWN = "markdown"
"""The format of causes and matrix together, which needs the whole run and not only what it found."""

ALL_FORMATS = (*FORMATS, MARKDOWN)


class Seconds(click.FloatRange):
    """A time from 0 on, of any length that a timer takes."""

    name = "seconds"

    def __init__(self) -> None:
        super().__init__(min=0, max=MAX_SECONDS)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The seconds; raises BadParameter for what is no number, or is not in the range."""
        seconds = super().convert(value, param, ctx)
        if seconds != seconds:  # not a number, which is in every range  # noqa: PLR0124
            self.fail(f"{value} is not a number of seconds.", param, ctx)
        return seconds


class FurtherReport(NamedTuple):
    """A report besides the one on stdout: its format, and the file that it goes to."""

    name: str
    path: Path


class Report(_ReportKind):
    """A format and a file, such as `sarif=out.sarif`."""

    name = "report"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> FurtherReport:
        """The two; raises BadParameter where the format is none, or where there is no file."""
        from nixlint_ort.convention.errors import did_you_mean

        if isinstance(value, FurtherReport):
            return value
        name, _, path = str(value).partition("=")
        if name not in ALL_FORMATS or not path:
            hint = did_you_mean(name, ALL_FORMATS) if name not in ALL_FORMATS else ""
            self.fail(f"it is a format and a file, such as sarif=out.sarif, not {value!r}{hint}", param, ctx)
        return FurtherReport(name, Path(path))


class Name(_Kind):
    """A name of a kind of things; the shell completes it from those that there are."""

    def __init__(self, kind: str, completions: Callable[[str], Mapping[str, str | None]]) -> None:
        """`completions` gives, for what is typed so far, each possible value and what is said about it."""
        self.name = kind
        self._completions = completions

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002  # as click calls it
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """The values that begin with what is typed so far."""
        from click.shell_completion import CompletionItem

        found = self._completions(incomplete)
        return [
            CompletionItem(value, help=words)
            for value, words in found.items()
            if value.startswith(incomplete) and value.isprintable()  # a shell reads one from each line
        ]


def _session() -> Session | None:
    from nixlint_ort.lint import LintError, Session

    try:
        return Session.open()
    except LintError:
        return None


def _rules() -> dict[str, Rule]:
    session = _session()
    return dict(session.convention.rules) if session is not None else {}


def _rules_and_families(incomplete: str) -> dict[str, str | None]:
    given, comma, _ = incomplete.rpartition(",")
    rules = _rules()
    names = sorted({*rules, *(rule.family for rule in rules.values())})
    return {given + comma + name: None for name in names}


def _rules_with_summaries(_: str) -> dict[str, str | None]:
    return {name: rule.summary for name, rule in _rules().items()}


def _branches(_: str) -> dict[str, str | None]:
    session = _session()
    return dict.fromkeys(session.convention.releases.keys if session is not None else ())


def _variants(_: str) -> dict[str, str | None]:
    from nixlint_ort.lint import LintError

    session = _session()
    try:
        return dict.fromkeys(one.stem for one in session.repository.variants) if session is not None else {}
    except LintError:
        return {}


RULES = Name("rules", _rules_and_families)
"""Names of rules and families, separated by commas; what they name is checked when a convention is there."""

RULE = Name("rule", _rules_with_summaries)
"""The name of one rule."""

BRANCH = Name("branch", _branches)
"""The name of a branch; the table of releases says which there are."""

VARIANT = Name("variant", _variants)
"""The name of a variant that is there."""


def color_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of every command that may show colour; `wants_color` says what it comes to."""
    choice = OneOf(["auto", "always", "never"])
    return click.option("--color", type=choice, default="auto", help="When to use colour (default auto).")(command)


def width_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of every command that breaks its lines; `columns_for` says what it comes to."""
    return click.option(
        "--width",
        type=click.IntRange(min=0),
        metavar="COLUMNS",
        help="Break lines at this width (default: that of the terminal; 0: never).",
    )(command)


def convention_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of every command that reads a convention."""
    return click.option(
        "--convention",
        "convention_folder",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Use the convention in this folder, or shipped:NAME.",
    )(command)


def convention_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that judges by a convention and a release."""
    branch = click.option("--branch", type=BRANCH, metavar="NAME", help="Check against the release of this branch.")
    return convention_option(branch(command))
