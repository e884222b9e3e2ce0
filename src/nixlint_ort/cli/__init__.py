"""The command line: commands and options, and nothing else."""

from __future__ import annotations

import click

from nixlint_ort import __version__
from nixlint_ort.cli.check import check
from nixlint_ort.cli.compare import diff
from nixlint_ort.cli.facts import facts
from nixlint_ort.cli.rules import explain, list_rules

EXAMPLES = """\b
Examples:
  nixlint-ort                         check the repository around this folder
  nixlint-ort .flox/pkgs/x.nix        report on one file (peers are still compared)
  nixlint-ort --diff                  show what --fix would change
  nixlint-ort --fix                   mend headers and descriptions
  nixlint-ort --output-format json    for programs
  nixlint-ort explain header-driver   what a rule wants, and why
"""


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


for _command in (check, explain, list_rules, facts, diff):
    cli.add_command(_command)


def main() -> None:
    """The console script. Exit codes: 0 nothing at error level, 1 findings, 2 anything else."""
    cli()
