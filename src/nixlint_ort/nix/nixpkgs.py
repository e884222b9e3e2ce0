"""Symbolic nixpkgs: sources that are imported, package sets with their overlays, and packages by their path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from nixlint_ort.nix import overriding
from nixlint_ort.nix.library import library
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import fetch, string
from nixlint_ort.nix.selection import select
from nixlint_ort.nix.stuck import Stuck, symbolic, type_error, unknown
from nixlint_ort.nix.values import (
    SET_BY_NIXPKGS,
    Fetched,
    Function,
    Library,
    NixAttrs,
    NixList,
    NixString,
    Origin,
    Package,
    PackageSet,
    Rest,
    Thunk,
    Unknown,
    Value,
    done,
    later,
)
from nixlint_ort.source import Span


@dataclass(slots=True, eq=False)
class Overlays:
    """A package set's overlays, first applied first, and what each sets. A view of the set sees the first `seen`."""

    functions: list[Thunk]
    results: list[Thunk]
    seen: int
    whole: PackageSet


class Symbols:
    """What can be done with a package set, a package or a fetched source, for one evaluation."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._library: Library | None = None

    @property
    def library(self) -> Library:
        """nixpkgs' `lib`, the same for every package set."""
        if self._library is None:
            self._library = library(self._machine)
        return self._library

    def select(self, value: Value, name: NixString, span: Span, optional: bool = False) -> Value | None:
        """An attribute of something of nixpkgs; `optional` as for `selection.select`. May raise Stuck."""
        if isinstance(value, PackageSet):
            return self._of_set(value, name, span, optional)
        if isinstance(value, Package):
            return self._of_package(value, name, span, optional)
        if isinstance(value, Fetched):
            return self._of_source(value, name, span)
        raise type_error(value, "a set", span)

    def call(self, value: Value, argument: Thunk, span: Span) -> Value:
        """Applies something of nixpkgs as a function. May raise Stuck."""
        if not isinstance(value, Package):
            raise type_error(value, "a function", span)
        name = value.path[-1].text
        if not value.state:
            if name == "callPackage":
                return Function(name, lambda more, at: self._call_package(value, argument, more, at), value.origin)
            if name.startswith("fetch"):
                return fetch(self._machine, name, argument, span)
        return Unknown(f"nixlint-ort does not evaluate nixpkgs' function {name}", Origin(span))

    def imported(self, source: Fetched, span: Span) -> Function:
        """What `import` makes of a source: the function that takes `config` and `overlays`."""

        def call(argument: Thunk, at: Span) -> Value:
            arguments = self._machine.need(argument)
            if not isinstance(arguments, NixAttrs):
                raise type_error(arguments, "a set", at)
            return PackageSet(source, arguments, Origin(at))

        return Function("import", call, Origin(span))

    def extended(self, value: PackageSet, more: Thunk, span: Span) -> PackageSet:
        """A package set with further overlays, given as a list."""
        functions = [*self.overlays(value).functions, *self._listed(more)]
        return self._overlaid(replace(value, origin=Origin(span)), functions)

    def config(self, value: PackageSet, span: Span) -> Value:
        """nixpkgs' configuration: what the file passes, open for nixpkgs' own settings."""
        unset = Unknown(SET_BY_NIXPKGS, Origin(span))
        given = value.arguments.attributes.get("config") if value.arguments else None
        if given is None:
            return unset
        config = self._machine.need(given)
        if not isinstance(config, NixAttrs):
            raise unknown("nixlint-ort does not evaluate a computed configuration of nixpkgs", span)
        return replace(config, rest=config.rest or unset)

    def overlays(self, value: PackageSet) -> Overlays:
        """The overlays of a package set."""
        if value.state is None:
            given = value.arguments
            thunk = given.attributes.get("overlays") if given else None
            if thunk is None and given is not None and given.rest is not None:
                thunk = done(given.rest)
            self._overlaid(value, self._listed(thunk) if thunk else [])
        overlays: Overlays = value.state
        return overlays

    def _listed(self, thunk: Thunk) -> list[Thunk]:
        value = self._machine.force(thunk)
        if isinstance(value, NixList):
            return [done(item.unknown) if isinstance(item, Rest) else item for item in value.items]
        return [done(type_error(value, "a list of overlays", Span(0, 0)).unknown)]

    def _overlaid(self, whole: PackageSet, functions: list[Thunk]) -> PackageSet:
        overlays = Overlays(functions, [], len(functions), whole)
        whole.state = overlays
        overlays.results = [later(self._result(overlays, number)) for number in range(len(functions))]
        return whole

    def _result(self, overlays: Overlays, number: int) -> Callable[[], Value]:
        def compute() -> Value:
            whole = overlays.whole
            before = replace(whole, state=replace(overlays, seen=number))
            function = self._machine.need(overlays.functions[number])
            waiting = self._machine.call(function, done(whole), whole.origin.span)
            return self._machine.call(waiting, done(before), whole.origin.span)

        return compute

    def _of_set(self, value: PackageSet, name: NixString, span: Span, optional: bool) -> Value:
        overlays = self.overlays(value)
        for thunk in reversed(overlays.results[: overlays.seen]):
            layer = self._machine.need(thunk)
            found = select(self._machine, layer, name, span, optional=True)
            if found is not None:
                return found
        special = _OF_SET.get(name.text)
        if special is not None:
            return special(self, value, span)
        if optional:
            raise unknown(f"nixlint-ort does not evaluate whether nixpkgs has {name.text}", span)
        base = _MADE_FROM.get(name.text)
        if base and any(self._sets(thunk, base) for thunk in overlays.results[: overlays.seen]):
            raise unknown(f"{name.text} is made from {base}, which an overlay sets", span)
        return Package(overlays.whole, (name,), Origin(span))

    def _sets(self, layer: Thunk, name: str) -> bool:
        value = self._machine.force(layer)
        return not isinstance(value, NixAttrs) or name in value.attributes or value.rest is not None

    def _of_package(self, value: Package, name: NixString, span: Span, optional: bool) -> Value:
        if name.text in overriding.OVERRIDES:
            return overriding.overrider(value, name.text, span)
        if value.state:
            found = overriding.attributes(self._machine, value).attributes.get(name.text)
            if found is not None:
                return self._machine.force(found)
        if value.state or optional:
            raise Stuck(Unknown(SET_BY_NIXPKGS, Origin(span)))
        return Package(value.root, (*value.path, name), Origin(span))

    def _call_package(self, package: Package, what: Thunk, more: Thunk, span: Span) -> Value:
        function, given = self._machine.need(what), self._machine.need(more)
        if not isinstance(function, Function) or function.formals is None or not isinstance(given, NixAttrs):
            raise unknown("nixlint-ort does not evaluate this call of callPackage", span)
        attributes = {
            name: later(self._formal(package, name, optional, span)) for name, optional in function.formals.items()
        }
        passed = NixAttrs({**attributes, **given.attributes}, Origin(span), given.rest)
        return self._machine.call(function, done(passed), span)

    def _formal(self, package: Package, name: str, optional: bool, span: Span) -> Callable[[], Value]:
        return lambda: self._of_set(package.root, string(name, span), span, optional)

    def _of_source(self, value: Fetched, name: NixString, span: Span) -> Value:
        if name.text == "lib":
            return self.library
        if name.text == "legacyPackages":
            return replace(value, origin=Origin(span))
        if value.fetcher in ("getFlake", "flake") and "-" in name.text:
            return PackageSet(value, None, Origin(span))
        raise Stuck(symbolic(value))


_OF_SET: dict[str, Callable[[Symbols, PackageSet, Span], Value]] = {
    "lib": lambda symbols, _, __: symbols.library,
    "pkgs": lambda _, value, __: value.state.whole,
    "config": lambda symbols, value, span: symbols.config(value, span),
    "extend": lambda symbols, value, span: Function(
        "extend",
        lambda overlay, at: symbols.extended(value, done(NixList((overlay,), Origin(at))), at),
        Origin(span),
    ),
    "appendOverlays": lambda symbols, value, span: Function(
        "appendOverlays", lambda more, at: symbols.extended(value, more, at), Origin(span)
    ),
}
_MADE_FROM = {
    "python3Packages": "python3",
    "pythonPackages": "python",
    **{f"python3{minor}Packages": f"python3{minor}" for minor in range(9, 16)},
}
"""nixpkgs' package sets that are an attribute of another package, so that they change with it."""
