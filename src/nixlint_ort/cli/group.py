"""The group of all commands, in which `check` is what runs where no command is named."""

from __future__ import annotations

import os

import click
from click.shell_completion import CompletionItem

from nixlint_ort.cli.output import Stop


class CheckByDefault(click.Group):
    """A group in which everything that does not begin with a command's name goes to `check`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `check` before the arguments unless they name a command or ask for help or the version.

        An argument that looks like an option but is a file's name is that file: who lists files, as pre-commit does,
        puts no `--` before them.
        """
        args = [f"./{arg}" if _is_file(arg) else arg for arg in args]
        named = bool(args) and args[0] in {*self.commands, "--help", "-h", "--version"}
        completing = ctx.resilient_parsing
        if args and not named and not completing and not args[0].startswith("-"):
            self._refuse_misspelt(args[0])
        if not named and (args or not completing):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def _refuse_misspelt(self, word: str) -> None:
        """Stop at a word that is neither a command nor a file, where it is near a command."""
        from nixlint_ort.convention.errors import did_you_mean

        hint = did_you_mean(word, self.commands)
        if hint and not os.path.lexists(word):
            raise Stop(f"{word}: there is no such file, folder or command{hint}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and options of `check`, or else files."""
        items = super().shell_complete(ctx, incomplete)
        with self.commands["check"].make_context("check", [], parent=ctx, resilient_parsing=True) as inner:
            items += self.commands["check"].shell_complete(inner, incomplete)
            if not items:
                paths = next(one for one in inner.command.params if isinstance(one, click.Argument))
                items += paths.shell_complete(inner, incomplete)
        return items

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the options of `check` with those of the group, as they work without its name."""
        check_command = self.commands["check"]
        options = [one for one in (*check_command.params, *self.get_params(ctx)) if isinstance(one, click.Option)]
        rows = [row for option in options if (row := option.get_help_record(ctx)) is not None]
        with formatter.section("Options"):
            formatter.write_dl(rows)
        self.format_commands(ctx, formatter)


def _is_file(argument: str) -> bool:
    return argument.startswith("-") and argument.endswith(".nix") and os.path.lexists(argument)
