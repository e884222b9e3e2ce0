"""The group of all commands, in which `check` is what runs where no command is named."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from nixlint_ort.cli.cpu import limited_cpu
from nixlint_ort.cli.stop import Stop

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class CheckByDefault(click.Group):
    """A group in which everything that does not begin with a command's name goes to `check`.

    A command's module is imported when the command is asked for: `modules` says where each is.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click calls it
        """Their names, by the alphabet."""
        return sorted(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name; None if there is none."""
        return self.command_named(cmd_name) if cmd_name in self.modules else None

    def command_named(self, name: str) -> click.Command:
        """The command of that name. Raises KeyError for any other."""
        module, _, attribute = self.modules[name].partition(":")
        command: click.Command = getattr(import_module(f"nixlint_ort.cli.{module}"), attribute)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `check` before the arguments unless they name a command or ask for help or the version.

        An argument that looks like an option but is a file's name is that file: who lists files, as pre-commit does,
        puts no `--` before them. Where it is an option too, the user has to say which is meant: a stranger may have
        named the file so, and a shell puts it in the place of `*`.
        """
        args = [self._file_or_option(arg, args) if _is_file(arg) else arg for arg in args]
        named = bool(args) and args[0] in {*self.modules, "--help", "-h", "--version", "-V"}
        completing = ctx.resilient_parsing
        if args and not named and not completing and not args[0].startswith("-"):
            self._refuse_misspelt(args[0])
        if not named and (args or not completing):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command within the processor time that the environment allows it."""
        with limited_cpu():
            return super().invoke(ctx)

    def _file_or_option(self, argument: str, arguments: list[str]) -> str:
        """The path of a file that is named like an option. Raises Stop where there is such an option."""
        if "--" in arguments and arguments.index("--") < arguments.index(argument):
            return f"./{argument}"
        command = self.command_named(arguments[0] if arguments[0] in self.modules else "check")
        known = {name for one in (*command.params, *self.params) for name in (*one.opts, *one.secondary_opts)}
        is_long = argument.startswith("--")
        names = {argument.partition("=")[0]} if is_long else {f"-{letter}" for letter in argument[1:]}
        if names <= {*known, "--help", "-h"}:
            raise Stop(f"{argument} is an option, and the name of a file here; for the file, write ./{argument}")
        return f"./{argument}" if argument.endswith(".nix") else argument

    def _refuse_misspelt(self, word: str) -> None:
        """Stop at a word that is neither a command nor a file, where it is near a command."""
        from nixlint_ort.convention.errors import did_you_mean

        hint = did_you_mean(word, self.modules)
        if hint and not os.path.lexists(word):
            raise Stop(f"no such file, folder or command: {word}{hint}")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and options of `check`, or else files."""
        items = super().shell_complete(ctx, incomplete)
        check = self.command_named("check")
        with check.make_context("check", [], parent=ctx, resilient_parsing=True) as inner:
            items += check.shell_complete(inner, incomplete)
            if not items:
                paths = next(one for one in inner.command.params if isinstance(one, click.Argument))
                items += paths.shell_complete(inner, incomplete)
        return items

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the options of `check` with those of the group, as they work without its name."""
        check_command = self.command_named("check")
        options = [one for one in (*check_command.params, *self.get_params(ctx)) if isinstance(one, click.Option)]
        rows = [row for option in options if (row := option.get_help_record(ctx)) is not None]
        with formatter.section("Options"):
            formatter.write_dl(rows)
        self.format_commands(ctx, formatter)


def _is_file(argument: str) -> bool:
    return len(argument) > 1 and argument[0] == "-" and argument != "--" and os.path.lexists(argument)
