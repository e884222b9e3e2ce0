"""Symbolic nixpkgs: sources that are imported, package sets with their overlays, and packages by their path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nixlint_ort.nix import nested_sets, overriding, platforms
from nixlint_ort.nix.layers import Layers, find, lay, listed, sets
from nixlint_ort.nix.library import library
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import boolean, fetch, string
from nixlint_ort.nix.selection import select
from nixlint_ort.nix.stuck import PerhapsMissing, Stuck, derived, symbolic, type_error, unknown
from nixlint_ort.nix.values import (
    Fetched,
    Function,
    Library,
    NixAttrs,
    NixBool,
    NixList,
    NixPath,
    NixString,
    Origin,
    Package,
    PackageSet,
    Thunk,
    Unknown,
    Value,
    done,
    later,
)
from nixlint_ort.source import Span

BUILDERS = frozenset({"mkDerivation", "buildPythonPackage", "buildPythonApplication", "symlinkJoin", "buildEnv"})
"""nixpkgs' functions that make a package of a set of attributes."""
_CERTAIN = {
    "meta": frozenset({"description", "platforms", "license", "homepage"}),
    None: frozenset({"pname", "version", "name", "src", "meta", "passthru", "outPath", "drvPath", "type", "outputs"})
    | frozenset({"buildInputs", "nativeBuildInputs", "override", "overrideAttrs", "stdenv", "system", "out"}),
}
"""What every package has, and what its `meta` has: nixpkgs manual, "Meta-attributes", and make-derivation.nix."""
_CONFIG_DEFAULTS = {"cudaSupport": False, "allowUnfree": False, "rocmSupport": False}
"""pkgs/top-level/config.nix."""


class Symbols:
    """What can be done with a package set, a package or a fetched source, for one evaluation."""

    def __init__(self, machine: Machine, read_path: Callable[[NixPath, Span], Value]) -> None:
        self._machine = self.machine = machine
        self._library: Library | None = None
        self._read_path = read_path
        self.taken: list[Package] = []
        """Whatever was taken from a package set or from something in it, in the order of asking."""

    @property
    def library(self) -> Library:
        """nixpkgs' `lib`, the same for every package set."""
        if self._library is None:
            self._library = library(self._machine)
        return self._library

    def select(self, value: Value, name: NixString, span: Span, optional: bool = False) -> Value | None:
        """An attribute of something of nixpkgs; `optional` as for `selection.select`. May raise Stuck."""
        if isinstance(value, PackageSet):
            return self._noted(self._of_set(value, name, span, optional))
        if isinstance(value, Package):
            return self._noted(self._of_package(value, name, span, optional))
        if isinstance(value, Fetched):
            return self._of_source(value, name, span)
        raise type_error(value, "a set", span)

    def _noted(self, value: Value | None) -> Value | None:
        if isinstance(value, Package) and not value.state:
            self.taken.append(value)
        return value

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
            if name in BUILDERS:
                why = value.doubt or Unknown(f"nixlint-ort does not evaluate nixpkgs' function {name}", Origin(span))
                layer = overriding.Override(overriding.Changed.ATTRIBUTES, argument, span)
                return overriding.overridden(replace(value, origin=Origin(span), doubt=why), layer)
        return Unknown(f"nixlint-ort does not evaluate nixpkgs' function {name}", Origin(span))

    def imported(self, source: Fetched, span: Span) -> Function:
        """What `import` makes of a source: the function that takes `config` and `overlays`."""

        def call(argument: Thunk, at: Span) -> Value:
            arguments = self._machine.need(argument)
            if not isinstance(arguments, NixAttrs):
                raise type_error(arguments, "a set", at)
            return PackageSet(source, arguments, Origin(at))

        return Function("import", call, Origin(span))

    def read_path(self, path: NixPath, span: Span) -> Value:
        """The value of a file of the repository. May raise Stuck."""
        return self._read_path(path, span)

    def extended(self, value: PackageSet, more: Thunk, span: Span) -> PackageSet:
        """A package set with further overlays, given as a list."""
        whole = replace(value, origin=Origin(span))
        lay(self._machine, whole, [*self.overlays(value).functions, *listed(self._machine, more)])
        return whole

    def config(self, value: PackageSet, span: Span) -> Value:
        """nixpkgs' configuration: what the file passes, open for nixpkgs' own settings. May raise Stuck."""
        own = Package(value, (string("config", span),), Origin(span))
        given = value.arguments.attributes.get("config") if value.arguments else None
        if given is None:
            return own if value.arguments is None or value.arguments.rest is None else value.arguments.rest
        config = self._machine.need(given)
        if isinstance(config, Function):
            parts = {"pkgs": done(value), "lib": done(self.library)}
            config = self._machine.need(done(self._machine.call(config, done(NixAttrs(parts, Origin(span))), span)))
        if not isinstance(config, NixAttrs):
            raise type_error(config, "a set", span)
        return replace(config, rest=config.rest or Unknown(f"{own.name} is set by nixpkgs", Origin(span), own=own))

    def overlays(self, value: PackageSet) -> Layers:
        """The overlays of a package set, of which `config.packageOverrides` is the first."""
        if value.state is None:
            given = value.arguments
            thunk = given.attributes.get("overlays") if given else None
            if thunk is None and given is not None and given.rest is not None:
                thunk = done(given.rest)
            functions = listed(self._machine, thunk) if thunk else []
            lay(self._machine, value, [*self._package_overrides(value), *functions])
        layers: Layers = value.state
        return layers

    def _package_overrides(self, value: PackageSet) -> list[Thunk]:
        given = value.arguments.attributes.get("config") if value.arguments else None
        if given is None:
            return []
        config = self._machine.force(given)
        if isinstance(config, NixAttrs):
            found = config.attributes.get("packageOverrides")
            if found is None and config.rest is None:
                return []
            changed = found or done(derived(config.rest or Unknown("", config.origin)))
        elif isinstance(config, Unknown):
            changed = done(derived(config))
        else:
            name = string("packageOverrides", value.origin.span)
            changed = later(lambda: self._computed(value, name))

        def overlay(_: Thunk, at: Span) -> Value:
            return Function("packageOverrides", lambda prev, __: self._overridden(changed, prev, at), Origin(at))

        return [done(Function("packageOverrides", overlay, value.origin))]

    def _computed(self, value: PackageSet, name: NixString) -> Value:
        """What a configuration that is a function has for a name; nothing where it has none."""
        found = select(self._machine, self.config(value, value.origin.span), name, value.origin.span)
        return NixAttrs({}, value.origin) if found is None or isinstance(found, Package) else found

    def _overridden(self, changed: Thunk, before: Thunk, span: Span) -> Value:
        value = self._machine.need(changed)
        return value if isinstance(value, NixAttrs) else self._machine.call(value, before, span)

    def sets(self, value: PackageSet, name: str) -> bool:
        """Whether an overlay sets a name, or may do so."""
        return sets(self._machine, self.overlays(value), name)

    def _of_set(self, value: PackageSet, name: NixString, span: Span, optional: bool) -> Value:
        layers = self.overlays(value)
        special = _OF_SET.get(name.text)
        found = find(self._machine, layers, name, span)
        if found.value is not None:
            return found.value
        if special is not None:
            return special(self, value, span)
        if name.text.startswith("pkgs") and not optional:
            return self._other_nixpkgs(value, name.text, span)
        if found.doubt is not None and not name.text.startswith("fetch"):
            return Package(layers.whole, (name,), Origin(span), None, found.doubt)  # type: ignore[arg-type]
        if optional:
            raise unknown(f"nixlint-ort does not evaluate whether nixpkgs has {name.text}", span)
        return nested_sets.of_interpreter(self, value, name, span) or Package(
            layers.whole,  # type: ignore[arg-type]
            (name,),
            Origin(span),
        )

    def _other_nixpkgs(self, value: PackageSet, name: str, span: Span) -> PackageSet:
        """nixpkgs as `pkgsCuda` and its like have it: imported again, with another configuration or platform."""
        given = value.arguments or NixAttrs({}, value.origin)
        if name == "pkgsCuda":
            config = self._machine.guard(lambda: self.config(value, span))
            known = config.attributes if isinstance(config, NixAttrs) else {}
            rest = config.rest if isinstance(config, NixAttrs) else config if isinstance(config, Unknown) else None
            changed = NixAttrs({**known, "cudaSupport": done(boolean(True, span))}, Origin(span), rest)
            arguments = replace(given, attributes={**given.attributes, "config": done(changed)})
        else:
            why = Unknown(f"nixlint-ort does not evaluate nixpkgs' {name}, which is another nixpkgs", Origin(span))
            arguments = replace(given, attributes={}, rest=why)
        whole = PackageSet(value.source, arguments, Origin(span))
        lay(self._machine, whole, self.overlays(value).functions)
        return whole

    def _of_package(self, value: Package, name: NixString, span: Span, optional: bool) -> Value | None:
        if name.text in overriding.OVERRIDES:
            return overriding.overrider(self._machine, value, name.text, span)
        found = nested_sets.attribute(self, value, name, span)
        if found is None and not value.state:
            found = platforms.attribute(self._machine, value, name.text, span)
        if found is not None:
            return found
        if value.state:
            return self._of_overridden(value, name, span, optional)
        last = value.path[-1].text
        if last == "config" and len(value.path) == 1 and name.text in _CONFIG_DEFAULTS:
            return NixBool(_CONFIG_DEFAULTS[name.text], Origin(span))
        if optional and name.text not in _CERTAIN.get(last, _CERTAIN[None]):
            raise PerhapsMissing(value.inner(name))
        return value.inner(name)

    def _of_overridden(self, value: Package, name: NixString, span: Span, optional: bool) -> Value | None:
        attributes = overriding.attributes(self._machine, value)
        if name.text not in attributes.attributes:
            passthru = attributes.attributes.get("passthru")
            extra = self._machine.force(passthru) if passthru else None
            if isinstance(extra, NixAttrs) and name.text in extra.attributes:
                return self._machine.force(extra.attributes[name.text])
            if name.text == "name" and attributes.attributes.keys() & {"pname", "version"}:
                raise unknown("nixlint-ort does not evaluate the name of a package that is overridden", span)
        return select(self._machine, attributes, name, span, optional)

    def _call_package(self, package: Package, what: Thunk, more: Thunk, span: Span) -> Value:
        function, given = self._machine.need(what), self._machine.need(more)
        if isinstance(function, NixPath):
            function = self._machine.need(done(self.read_path(function, span)))
        if not isinstance(function, Function) or function.formals is None or not isinstance(given, NixAttrs):
            raise unknown("nixlint-ort does not evaluate this call of callPackage", span)
        attributes = {
            name: later(self._formal(package, name, optional, span)) for name, optional in function.formals.items()
        }

        def call(arguments: NixAttrs, at: Span) -> Value:
            passed = NixAttrs({**attributes, **arguments.attributes}, Origin(at), arguments.rest)
            made = self._machine.call(function, done(passed), at)
            if not isinstance(made, Package):
                return made
            return replace(made, made=overriding.Made(again(passed), len(overriding.overrides(made))))

        def again(passed: NixAttrs) -> Callable[[Thunk, Span], Value]:
            def more_arguments(argument: Thunk, at: Span) -> Value:
                value = self._machine.need(argument)
                if isinstance(value, Function):
                    value = self._machine.need(done(self._machine.call(value, done(passed), at)))
                if not isinstance(value, NixAttrs) or value.rest is not None:
                    raise type_error(value, "a set that is known", at)
                return call(NixAttrs({**passed.attributes, **value.attributes}, Origin(at), passed.rest), at)

            return more_arguments

        return call(given, span)

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
    "system": lambda symbols, value, span: platforms.of_set(symbols.machine, value, span),
    "extend": lambda symbols, value, span: Function(
        "extend",
        lambda overlay, at: symbols.extended(value, done(NixList((overlay,), Origin(at))), at),
        Origin(span),
    ),
    "appendOverlays": lambda symbols, value, span: Function(
        "appendOverlays", lambda more, at: symbols.extended(value, more, at), Origin(span)
    ),
}
