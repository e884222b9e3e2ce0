"""The variables of a script as far as it has been followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from nixlint_ort.nix.values import NixString, Unknown
from nixlint_ort.source import Span

MAX_WORDS = 1000
"""Of one variable: a script that refers to it twice a line doubles it every time."""

MAX_WORK = 100_000
"""Pieces of words that are put together in one script: a variable that refers to itself grows with each statement."""


@dataclass(slots=True)
class Variable:
    """The words of one variable so far; `unknown` says why where they cannot be determined."""

    words: tuple[NixString, ...] = ()
    unknown: Unknown | None = None
    is_exported: bool = False
    """Whether programs see it."""
    is_array: bool = False


class Configured(NamedTuple):
    """What scripts have done: their variables, what they did besides, and where the last of them is written."""

    variables: dict[str, Variable]
    others: tuple[NixString, ...]
    span: Span


@dataclass(slots=True)
class Shell:
    """The variables that are followed, by name, and which unknown texts are nixpkgs' own, which sets none of them."""

    variables: dict[str, Variable]
    is_harmless: Callable[[Unknown], bool] = lambda _: False
    left: int = MAX_WORK
    others: list[tuple[NixString, frozenset[str]]] = field(default_factory=list)
    """What the scripts do besides setting those variables, in order: each statement with the variables that it sets if
    it could be carried out, and each text of nixpkgs' own."""
    touched: set[str] = field(default_factory=set)
    """What a statement that is being carried out has set so far."""
    read: set[str] = field(default_factory=set)
    """The variables that others were set from."""
    wanted: frozenset[str] = field(init=False)
    """The variables that somebody asked for; scripts have more of their own."""

    def __post_init__(self) -> None:
        self.wanted = frozenset(self.variables)

    def clear(self, name: str) -> None:
        """A variable is none any more."""
        if name in self.variables:
            self.variables[name] = Variable(is_array=self.variables[name].is_array)

    def lose(self, why: Unknown, script: str | None = None) -> None:
        """The words of no variable are known any more; where a script is given, of none that it mentions."""
        for name, variable in self.variables.items():
            if script is None or name in script:
                variable.words, variable.unknown = (), why

    def configured(self, span: Span) -> Configured:
        """What is left of it when the last script has run, which is written at `span`."""
        return Configured(
            self.variables, tuple(one for one, names in self.others if not self._is_only_read(names)), span
        )

    def _is_only_read(self, names: frozenset[str]) -> bool:
        """Whether some variables have been set for nothing but to set others from them."""
        return bool(names) and all(
            name in self.wanted or (name in self.read and not self.variables[name].is_exported) for name in names
        )
