"""The man page, from what `--help` says of every command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from nixlint_ort import __version__
from nixlint_ort.cli import EXAMPLES, cli

ENVIRONMENT = {
    "NIXLINT_ORT_CACHE": (
        "The folder of the cache, in place of nixlint-ort in $XDG_CACHE_HOME or ~/.cache; empty for no cache."
    ),
    "NO_COLOR, FORCE_COLOR": "Whether to use colour, where --color does not say so.",
    "GITHUB_BASE_REF, GITHUB_REF_NAME, CI_MERGE_REQUEST_TARGET_BRANCH_NAME, CI_COMMIT_REF_NAME": (
        "The branch whose release applies, where --branch does not name one."
    ),
    "NIXLINT_ORT_TRACEBACK": "Where it is set, an internal error shows where it came from.",
}
FILES = {
    "nixlint-ort.yaml": "The settings, at the repository's root; nixlint-ort init writes one with every key explained.",
    "rules/": "The convention, where the repository has its own; without it, the shipped one applies.",
}
EXIT = {
    "0": "Nothing at error level; with --strict, nothing at warning level either.",
    "1": "Findings; with --diff, something to change.",
    "2": "Wrong usage, an invalid convention or an internal error, reported in one line.",
}


def man_page() -> str:
    """The page nixlint-ort(1), in the macros of man(7)."""
    check = cli.command_named("check")
    lines = [
        f'.TH NIXLINT\\-ORT 1 "" "nixlint\\-ort {_escaped(__version__)}" "User Commands"',
        ".SH NAME",
        f"nixlint\\-ort \\- {_escaped(_sentence(cli).rstrip('.')[0].lower() + _sentence(cli).rstrip('.')[1:])}",
        ".SH SYNOPSIS",
        ".B nixlint\\-ort",
        ".RI [ OPTIONS ]\\ [ PATHS ]...",
        ".br",
        ".B nixlint\\-ort",
        ".IR COMMAND \\ [ OPTIONS ]\\ [ ARGUMENTS ]...",
        ".SH DESCRIPTION",
        _escaped(
            "Without a command, the repository around the working directory is checked, or only some paths of it are"
            " reported on. Each file is evaluated as Nix would evaluate it, without Nix, the network or a build."
            " Findings go to stdout, all else to stderr."
        ),
        ".SH OPTIONS",
        *_options((*check.params, *cli.params)),
        ".SH COMMANDS",
    ]
    for name in cli.list_commands(click.Context(cli)):
        command = cli.command_named(name)
        lines += [f".SS {_escaped(_usage(name, command))}", _escaped(command.help or "")]
        lines += _options(command.params) if name != "check" else [".P", "Its options are those above."]
    for title, entries in (("EXIT STATUS", EXIT), ("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        lines.append(f".SH {title}")
        for term, text in entries.items():
            lines += [".TP", f".B {_escaped(term)}", _escaped(text)]
    examples = [line.strip() for line in EXAMPLES.splitlines() if line.startswith("  ")]
    lines += [".SH EXAMPLES", ".nf", *map(_escaped, examples), ".fi"]
    return "\n".join(lines) + "\n"


def _options(params: Iterable[click.Parameter]) -> Iterator[str]:
    for option in params:
        record = option.get_help_record(click.Context(cli)) if isinstance(option, click.Option) else None
        if record is not None:
            yield from (".TP", f".B {_escaped(record[0])}", _escaped(" ".join(record[1].split())))


def _usage(name: str, command: click.Command) -> str:
    return " ".join([name, *command.collect_usage_pieces(click.Context(command, info_name=name))])


def _sentence(command: click.Command) -> str:
    return (command.help or "").partition("\n")[0]


def _escaped(text: str) -> str:
    """A text that roff shows as it is, on one line."""
    line = " ".join(text.split()) if "  " not in text.strip() else text.rstrip()
    line = line.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{line}" if line.startswith((".", "'")) else line
