"""The command line: commands and options, and nothing else."""

from __future__ import annotations

import os
import sys

import click

from nixlint_ort import __version__
from nixlint_ort.cli.cpu import OutOfTime
from nixlint_ort.cli.group import CheckByDefault
from nixlint_ort.cli.output import not_written
from nixlint_ort.cli.stop import note

COMMANDS = {
    "check": "check:check",
    "new": "new:new",
    "explain": "rules:explain",
    "rules": "rules:list_rules",
    "facts": "facts:facts",
    "claims": "claims:claims",
    "compare": "compare:compare",
    "matrix": "matrix:matrix",
    "branches": "branches:branches",
    "init": "init:init",
    "schema": "init:schema",
    "completion": "init:completion",
    "commit-msg": "commits:commit_msg",
    "commits": "commits:commits",
    "audit": "audit:audit",
    "pin": "pin:pin",
    "learn": "learn:learn",
    "lsp": "lsp:lsp",
}
"""Where each command is: a module of this package, and its name there."""

EXAMPLES = """\b
Examples:
  nixlint-ort                         check the repository that this folder is in
  nixlint-ort .flox/pkgs/x.nix        report on one file, still compared with its peers
  nixlint-ort --diff                  show what --fix would change
  nixlint-ort --fix                   fix headers, descriptions and documents
  nixlint-ort new NAME                create a variant from the most similar one
  nixlint-ort matrix                  show which variants exist, are missing or are wrong
  nixlint-ort --output-format json    print findings for programs
  nixlint-ort explain header-driver   show what a rule requires, and why
"""


@click.group(
    cls=CheckByDefault,
    modules=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    options_metavar="[OPTIONS]",
    subcommand_metavar="[PATHS]...",
    epilog=EXAMPLES,
)
@click.version_option(__version__, "-V", "--version", prog_name="nixlint-ort", message="%(prog)s %(version)s")
def cli() -> None:
    """Check that the name, header, Nix code and description of every ONNX Runtime variant agree."""


def main() -> None:
    """Run the command line and exit: 0 nothing at error level, 1 findings, 2 anything else."""
    sys.exit(_run())


def _run() -> int:
    """Run the command line; whatever goes wrong is one line on stderr."""
    try:
        code = cli.main(prog_name="nixlint-ort", standalone_mode=False)
        sys.stdout.flush()
    except OutOfTime as error:
        note(str(error))
    except (click.Abort, KeyboardInterrupt):
        return 130  # as shells say of a program that was interrupted
    except click.ClickException as error:
        note(error.format_message())
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise
        if "NIXLINT_ORT_TRACEBACK" in os.environ and not _is_expected(error):
            raise
        note(_said_of(error))
    else:
        return code if isinstance(code, int) else 0
    return 2


def _is_expected(error: Exception) -> bool:
    from nixlint_ort.convention import ConventionError
    from nixlint_ort.lint import LintError

    return isinstance(error, (LintError, ConventionError)) or (isinstance(error, OSError) and error.filename is None)


def _said_of(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is None:  # of stdout, for texts that click writes, as help
        return not_written(error, sys.stdout).message
    if isinstance(error, OSError):  # of a folder that may not be searched, or a name that no file can have
        return f"{error.filename} cannot be read: {error.strerror}"
    if _is_expected(error):
        return str(error)
    return f"internal error: {type(error).__name__}: {error} (set NIXLINT_ORT_TRACEBACK=1 to see where)"
