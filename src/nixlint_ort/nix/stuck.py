"""How evaluation stops: at something that is not known, or at an error of Nix's own."""

from __future__ import annotations

from nixlint_ort.nix.values import (
    Fetched,
    Function,
    NixAttrs,
    NixBool,
    NixFloat,
    NixInt,
    NixList,
    NixNull,
    NixPath,
    NixString,
    Origin,
    Package,
    PackageSet,
    Unknown,
    Value,
)
from nixlint_ort.source import Span


def derived(unknown: Unknown) -> Unknown:
    """What is known of something that is made from a value which is not known: it is nixpkgs' own no longer."""
    if unknown.own is None:
        return unknown
    return Unknown(f"this depends on {unknown.own.name}, which nixpkgs sets", unknown.origin)


class Stuck(Exception):  # noqa: N818  it is not an error: the value is unknown, and says why
    """Evaluation cannot go on: `unknown` is what it comes to."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__()
        self.unknown = derived(unknown)


class PerhapsMissing(Stuck):
    """Whether nixpkgs has an attribute is not known; `package` is the attribute as it has it if it does."""

    def __init__(self, package: Package) -> None:
        super().__init__(Unknown(f"nixlint-ort does not evaluate whether nixpkgs has {package.name}", package.origin))
        self.package = package


def unknown(reason: str, span: Span) -> Stuck:
    """What to raise where Nix may know the value and this tool does not."""
    return Stuck(Unknown(reason, Origin(span)))


def gave_up(reason: str, span: Span) -> Stuck:
    """What to raise where evaluation would take more than its budget."""
    return Stuck(Unknown(reason, Origin(span), gave_up=True))


def failure(reason: str, span: Span) -> Stuck:
    """What to raise where Nix stops with an error."""
    return Stuck(Unknown(reason, Origin(span), fails=True))


KINDS: dict[type, str] = {
    NixString: "a string",
    NixInt: "an integer",
    NixFloat: "a float",
    NixBool: "a Boolean",
    NixNull: "null",
    NixPath: "a path",
    NixList: "a list",
    NixAttrs: "a set",
    Function: "a function",
}
SYMBOLIC = (Package, PackageSet, Fetched)


def type_error(value: Value, wanted: str, span: Span) -> Stuck:
    """What to raise for a value that is not of the wanted kind: unknown, symbolic, or a type error."""
    if isinstance(value, Unknown):
        return Stuck(value)
    if isinstance(value, SYMBOLIC):
        return Stuck(symbolic(value))
    kind = KINDS.get(type(value))
    if kind is None:
        return unknown(f"nixlint-ort does not evaluate this where Nix expects {wanted}", span)
    return failure(f"Nix expects {wanted} here, but this is {kind}", span)


def symbolic(value: Package | PackageSet | Fetched) -> Unknown:
    """What is known of something of nixpkgs when it is looked at as a plain value."""
    if isinstance(value, Package):
        if value.doubt is not None:
            return value.doubt
        own = None if value.state else value
        return Unknown(f"{value.name} is set by nixpkgs", value.origin, own=own, path=value.name)
    if isinstance(value, Fetched):
        return Unknown("nixlint-ort does not evaluate what is fetched", value.origin, path=value.fetcher)
    return Unknown("nixlint-ort does not evaluate the contents of nixpkgs", value.origin)
