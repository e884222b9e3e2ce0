"""Symbolic nixpkgs: package sets, packages by their path, overlays, and what overrides do to a package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from nixlint_ort.nix.library import library
from nixlint_ort.nix.machine import Machine, Thunk, done, later
from nixlint_ort.nix.stuck import Stuck, symbolic, unfit, unknown
from nixlint_ort.nix.values import (
    Fetched,
    Function,
    NixAttrs,
    NixList,
    NixString,
    Origin,
    Package,
    PackageSet,
    Rest,
    Unknown,
    Value,
)
from nixlint_ort.source import Span


@dataclass(slots=True, eq=False)
class _Layers:
    """A package set's overlays, first applied first; a view of it sees only the first `seen` of them."""

    results: list[Thunk]
    seen: int
    whole: PackageSet


@dataclass(frozen=True, slots=True)
class _Override:
    """One `.override` (of arguments) or `.overrideAttrs` (of attributes), with what it was given."""

    arguments: bool
    given: Thunk
    span: Span


Overrides = tuple[_Override, ...]
OWN_ARGUMENT = "this argument is nixpkgs' own"


class Symbols:
    """What can be done with a package set, a package or a fetched source, for one evaluation."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._library = library(machine)

    def select(self, value: Value, name: NixString, span: Span, optional: bool) -> Value | None:
        """An attribute of something of nixpkgs; `optional` as for `selection.select`. May raise Stuck."""
        if isinstance(value, PackageSet):
            return self._of_set(value, name, span, optional)
        if isinstance(value, Package):
            return self._of_package(value, name, span, optional)
        assert isinstance(value, Fetched)
        return self._of_source(value, name, span)

    def call(self, value: Value, argument: Thunk, span: Span) -> Value:
        """Applies something of nixpkgs as a function."""
        if isinstance(value, Fetched) and value.fetcher == "import":
            assert value.arguments is not None
        if isinstance(value, Package):
            name = value.path[-1].text
            if name == "callPackage" and not value.state:
                return Function(
                    "callPackage", lambda extra, at: self._call_package(value, argument, extra, at), value.origin
                )
            return Unknown(f"what the function {name} of nixpkgs returns is not followed", Origin(span))
        raise unfit(value, "a function", span)

    # Package sets

    def imported(self, source: Fetched, span: Span) -> Function:
        """What `import` makes of a source: the function that takes `config` and `overlays`."""

        def call(argument: Thunk, at: Span) -> Value:
            arguments = self._machine.force(argument)
            if isinstance(arguments, NixAttrs):
                return self.package_set(source, arguments, Origin(at))
            raise unfit(arguments, "a set", at)

        return Function("import", call, Origin(span))

    def package_set(self, source: Fetched, arguments: NixAttrs | None, origin: Origin) -> PackageSet:
        """A package set with the overlays that its arguments name."""
        result = PackageSet(source, arguments, origin)
        overlays = arguments.attributes.get("overlays") if arguments else None
        self._overlay(result, [] if overlays is None else [overlays], [])
        if arguments is not None and arguments.rest is not None and overlays is None:
            result.state.results.append(done(arguments.rest))
            result.state.seen += 1
        return result

    def _overlay(self, result: PackageSet, lists: list[Thunk], functions: list[Thunk]) -> None:
        layers = result.state = _Layers([], 0, result)
        for thunk in lists:
            value = self._machine.force(thunk)
            if isinstance(value, NixList):
                functions = [*functions, *(done(i.unknown) if isinstance(i, Rest) else i for i in value.items)]
            elif isinstance(value, Unknown):
                functions = [*functions, done(value)]
        for number, overlay in enumerate(functions):
            layers.results.append(later(self._layer(result, layers, overlay, number)))
        layers.seen = len(layers.results)

    def _layer(self, whole: PackageSet, layers: _Layers, overlay: Thunk, number: int) -> Callable[[], Value]:
        def compute() -> Value:
            machine = self._machine
            before = replace(whole, state=_Layers(layers.results, number, whole))
            function = machine.need(overlay)
            given = machine.call(function, done(whole), whole.origin.span)
            return machine.call(given, done(before), whole.origin.span)

        return compute

    def _of_set(self, value: PackageSet, name: NixString, span: Span, optional: bool) -> Value | None:
        layers: _Layers = value.state
        for thunk in reversed(layers.results[: layers.seen]):
            layer = self._machine.need(thunk)
            if not isinstance(layer, NixAttrs):
                raise unfit(layer, "a set", span)
            found = layer.attributes.get(name.text)
            if found is not None:
                return self._machine.force(found)
            if layer.rest is not None:
                raise Stuck(layer.rest)
        special = _OF_SET.get(name.text)
        if special is not None:
            return special(self, value, span)
        package = Package(layers.whole, (name,), Origin(span))
        if optional:
            raise Stuck(Unknown(f"whether nixpkgs has {name.text} is not looked at", Origin(span)))
        return package

    def _extend(self, value: PackageSet, span: Span) -> Value:
        def call(overlay: Thunk, at: Span) -> Value:
            layers: _Layers = value.state
            result = replace(value.state.whole, origin=Origin(at))
            self._overlay(result, self._lists(value), [*self._extra(value), overlay])
            del layers
            return result

        return Function("extend", call, Origin(span))

    def _lists(self, value: PackageSet) -> list[Thunk]:
        overlays = value.arguments.attributes.get("overlays") if value.arguments else None
        return [] if overlays is None else [overlays]

    def _extra(self, value: PackageSet) -> list[Thunk]:
        del value
        return []

    # Packages

    def _of_package(self, value: Package, name: NixString, span: Span, optional: bool) -> Value | None:
        override = _OVERRIDES.get(name.text)
        if override is not None:
            return self._overrider(value, name.text, override, span)
        if value.state and any(not layer.arguments for layer in value.state):
            attributes = self.attributes(value)
            found = attributes.attributes.get(name.text)
            if found is not None:
                return self._machine.force(found)
            assert attributes.rest is not None
            raise Stuck(attributes.rest)
        if value.state:
            raise Stuck(Unknown(f"{name.text} of an overridden package is set by nixpkgs", Origin(span)))
        if optional:
            raise Stuck(Unknown(f"{name.text} is set by nixpkgs", Origin(span)))
        return Package(value.root, (*value.path, name), Origin(span))

    def _overrider(self, value: Package, name: str, arguments: bool, span: Span) -> Function:
        def call(given: Thunk, at: Span) -> Value:
            layer = _Override(arguments, given, at)
            return Package(value.root, value.path, Origin(at), (*(value.state or ()), layer))

        return Function(name, call, Origin(span))

    def _call_package(self, package: Package, what: Thunk, extra: Thunk, span: Span) -> Value:
        function = self._machine.need(what)
        given = self._machine.need(extra)
        if not isinstance(function, Function) or function.formals is None or not isinstance(given, NixAttrs):
            return Unknown("what callPackage returns is not followed", Origin(span))
        if given.rest is not None:
            raise Stuck(given.rest)
        attributes = dict(given.attributes)
        for name, optional in function.formals.items():
            if name not in attributes and not optional:
                attributes[name] = later(self._formal(package, name, span))
        return self._machine.call(function, done(NixAttrs(attributes, Origin(span))), span)

    def _formal(self, package: Package, name: str, span: Span) -> Callable[[], Value]:
        from nixlint_ort.nix.primitives import string  # noqa: PLC0415

        def compute() -> Value:
            found = self._of_set(package.root, string(name, span), span, optional=False)
            assert found is not None
            return found

        return compute

    def arguments(self, package: Package) -> NixAttrs:
        """What `.override` has given a package, all layers together, open for nixpkgs' own arguments."""
        return self._fold(package, True, OWN_ARGUMENT)

    def attributes(self, package: Package) -> NixAttrs:
        """What `.overrideAttrs` has set on a package, all layers together, open for nixpkgs' own attributes."""
        return self._fold(package, False, "this attribute is set by nixpkgs")

    def _fold(self, package: Package, arguments: bool, reason: str) -> NixAttrs:
        result = NixAttrs({}, package.origin, Unknown(reason, package.origin))
        for layer in package.state or ():
            if layer.arguments is not arguments:
                continue
            before = result
            new = self._machine.guard(lambda layer=layer, before=before: self._given(package, layer, before))
            if isinstance(new, NixAttrs):
                known = before.attributes
                if new.rest is not None:
                    known = dict.fromkeys(known, done(new.rest))
                rest = new.rest or before.rest
                names = {**before.names, **new.names}
                result = NixAttrs({**known, **new.attributes}, package.origin, rest, names)
            else:
                why = new if isinstance(new, Unknown) else Unknown("this override is not followed", Origin(layer.span))
                result = NixAttrs({}, package.origin, why)
        return result

    def _given(self, package: Package, layer: _Override, before: NixAttrs) -> Value:
        machine = self._machine
        given = machine.need(layer.given)
        if not isinstance(given, Function):
            return given
        first = machine.call(given, done(before), layer.span)
        if isinstance(first, Function) and not layer.arguments:
            final = later(lambda: self.attributes(package))
            first = machine.call(machine.call(given, final, layer.span), done(before), layer.span)
        return first

    # Sources

    def _of_source(self, value: Fetched, name: NixString, span: Span) -> Value:
        if name.text == "lib":
            return self._library
        if name.text in ("legacyPackages", "outputs"):
            return replace(value, origin=Origin(span))
        if "-" in name.text:
            return self.package_set(value, None, Origin(span))
        raise Stuck(symbolic(value))


_OVERRIDES = {"override": True, "overrideAttrs": False, "overridePythonAttrs": False}
_OF_SET: dict[str, Callable[[Symbols, PackageSet, Span], Value]] = {
    "lib": lambda symbols, _, __: symbols._library,
    "pkgs": lambda _, value, __: value.state.whole,
    "extend": lambda symbols, value, span: symbols._extend(value, span),
}
