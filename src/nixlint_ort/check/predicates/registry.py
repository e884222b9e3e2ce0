"""The registry of predicates, which rules name with `check`: what one fact and one expectation cannot say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from nixlint_ort.check.violation import Violation

F = TypeVar("F", bound=Callable[..., Any])


class Scope(StrEnum):
    """What a predicate looks at, and so what it is called with."""

    VARIANT = "variant"
    """One variant, whatever others there are: `(rule, variant, context)`."""
    REPOSITORY = "repository"
    """All variants: `(rule, context)`. Of most it asks only for values of its facts, or for the outline of the code."""
    DOCUMENT = "document"
    COMMIT = "commit"
    COMMENT = "comment"


class Predicate(NamedTuple):
    """One predicate: what holds, in words, and what it looks at."""

    sentence: str
    scope: Scope
    function: Callable[..., Iterable[Violation]] | None = None
    """Yields a violation for each place at which it does not hold; None where its scope has one function for all."""
    arguments: tuple[str, ...] = ()
    """What it gives the messages of its rules by name, besides what is there and what is expected."""
    needs_fact: bool = False
    """Whether a rule must name the fact that it is about."""


PREDICATES: dict[str, Predicate] = {}
"""By the names that rules have for them; complete once `check.all_predicates` is imported."""
LIKE_ITS_PEERS = "code-of-peers"
OF_TEXTS = "texts"
"""What is about sentences in variants."""
READABLE = "readable"
"""What a rule names that is about variants and documents alike."""
BASIC = ("syntax", READABLE, "resolved")
"""What some rule has to name, or files that could not be judged are passed over."""
OF_NIXPKGS_USE = frozenset({"pin-has", "pin-takes"})
"""What asks for what a variant uses of nixpkgs."""


def declare(name: str, sentence: str, scope: Scope, arguments: tuple[str, ...] = ()) -> None:
    """Register a predicate whose scope has one function for all its predicates."""
    PREDICATES[name] = Predicate(sentence, scope, None, arguments)


def predicate(
    name: str, sentence: str, scope: Scope, arguments: tuple[str, ...] = (), *, needs_fact: bool = False
) -> Callable[[F], F]:
    """Register the decorated function as the predicate of that name."""

    def register(function: F) -> F:
        PREDICATES[name] = Predicate(sentence, scope, function, arguments, needs_fact)
        return function

    return register
