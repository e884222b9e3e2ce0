"""The platform that a package set builds for, where the file says which."""

from __future__ import annotations

from collections.abc import Callable

from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import string
from nixlint_ort.nix.values import NixAttrs, NixBool, NixString, Origin, Package, PackageSet, Value
from nixlint_ort.source import Span

_OF_STDENV = frozenset({"stdenv", "hostPlatform", "buildPlatform", "targetPlatform"})
_TESTS: dict[str, Callable[[str], bool]] = {
    "isLinux": lambda system: system.endswith("-linux"),
    "isDarwin": lambda system: system.endswith("-darwin"),
    "isx86_64": lambda system: system.startswith("x86_64-"),
    "isAarch64": lambda system: system.startswith("aarch64-"),
}
"""lib/systems/inspect.nix."""


def attribute(machine: Machine, value: Package, name: str, span: Span) -> Value | None:
    """What a platform of nixpkgs is or says of itself; None for anything else, and where the file does not say it."""
    if name != "system" and name not in _TESTS:
        return None
    if any(step.text not in _OF_STDENV for step in value.path):
        return None
    system = _system(machine, value.root)
    if system is None or name == "system":
        return system
    return NixBool(_TESTS[name](system.text), Origin(span))


def of_set(machine: Machine, packages: PackageSet, span: Span) -> Value:
    """`system` of a package set: what the file imports it for, or what nixpkgs has there."""
    known = _system(machine, packages)
    return known if known is not None else Package(packages, (string("system", span),), Origin(span))


def _system(machine: Machine, packages: PackageSet) -> NixString | None:
    """The system that nixpkgs is imported for, by `system` or `localSystem`; None where something else may decide."""
    given = packages.arguments
    if given is None or given.rest is not None or "crossSystem" in given.attributes:
        return None
    found = given.attributes.get("localSystem") or given.attributes.get("system")
    value = machine.force(found) if found is not None else None
    if isinstance(value, NixAttrs) and "system" in value.attributes:
        value = machine.force(value.attributes["system"])
    return value if isinstance(value, NixString) and value.unknown is None else None
