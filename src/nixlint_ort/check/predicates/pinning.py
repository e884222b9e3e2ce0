"""The predicate about where a derivation's parts come from: one pinned nixpkgs, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.registry import Scope, predicate
from nixlint_ort.check.violation import Violation
from nixlint_ort.finding import Place, Related
from nixlint_ort.source import Span
from nixlint_ort.variant.fact import Fact

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.convention import Rule
    from nixlint_ort.nix.values import Fetched, PackageSet
    from nixlint_ort.variant.variant import Variant


@predicate(
    "pinned", "everything is taken from the nixpkgs that the wrapper pins", Scope.VARIANT, ("name",), needs_fact=True
)
def pinned(rule: Rule, variant: Variant, context: Context) -> Iterator[Violation]:
    """One violation for each nixpkgs of which the variant takes a part, and which is not the pinned one."""
    if not variant.judgeable or variant.identity is None or variant.derivation.wrapper is None:
        return
    strangers: dict[int, tuple[PackageSet, Span]] = {}
    own = variant.derivation.wrapper.root.source
    for used, span in sorted(_taken_from(variant), key=lambda one: one[1]):
        if not _is_pinned(used.source) or (_is_pinned(own) and _address(used.source) != _address(own)):
            strangers.setdefault(id(used.source), (used, span))
    for used, span in strangers.values():
        yield _violation(rule, context, variant, used, span)


def _taken_from(variant: Variant) -> list[tuple[PackageSet, Span]]:
    """Every package set that the variant takes something from, once all its facts are worked out."""
    _ = variant.facts
    return variant.evaluation.reached()


def _is_pinned(source: Fetched) -> bool:
    named = source.url is not None or source.rev is not None
    return named and source.fetcher not in ("search path", "argument")


def _address(source: Fetched) -> tuple[str, ...]:
    from nixlint_ort.nix.values import NixString  # not where every variant is remembered

    return tuple(value.text for value in (source.url, source.rev) if isinstance(value, NixString))


def _is_argument(variant: Variant, source: Fetched) -> bool:
    """Whether a nixpkgs is an argument of the file's function, or the default of one."""
    from nixlint_ort.nix.syntax import Lambda

    function = variant.document.expression
    formals = function.formals if isinstance(function, Lambda) else None
    is_default = formals is not None and formals.start <= source.origin.span.start < formals.end
    return source.fetcher == "argument" or is_default


def _violation(rule: Rule, context: Context, variant: Variant, used: PackageSet, span: Span) -> Violation:
    source = used.source
    fields = context.expected(variant)
    is_argument = _is_argument(variant, source)
    case = "other" if _is_pinned(source) else "argument" if is_argument else None
    name = {"name": variant.source.text(span)} if case == "argument" else {}
    where = span if is_argument else source.origin.span
    taken = Related(Place(variant.source, span), "a package is taken from it here")
    related = () if where == span else (taken,)
    fact = Fact(rule.facts[0], where)
    return Violation(rule, variant, fact, None, None, fields, name, case, at=(where,), notes=related)
