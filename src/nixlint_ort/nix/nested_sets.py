"""Package sets inside nixpkgs: those of Python and of CUDA, how they are extended, and what they are made from."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

from nixlint_ort.nix import overriding
from nixlint_ort.nix.layers import Layers, find, lay, sets
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import string
from nixlint_ort.nix.selection import select
from nixlint_ort.nix.stuck import derived, type_error
from nixlint_ort.nix.values import (
    Form,
    Function,
    NixAttrs,
    NixList,
    NixString,
    Origin,
    Package,
    PackageSet,
    Piece,
    Rest,
    Thunk,
    Unknown,
    Value,
    done,
)
from nixlint_ort.source import Span

_PYTHON_SET = re.compile(r"python\d*Packages")
_INTERPRETER = re.compile(r"python\d*")
_OF_ONE_PYTHON = re.compile(r"python3\d+(?:Packages)?")
CUDA_SET = re.compile(r"cudaPackages(?:_\d+)*")
_EXTENSIONS = "pythonPackagesExtensions"


class Nixpkgs(Protocol):
    """What is asked of nixpkgs as a whole."""

    @property
    def machine(self) -> Machine:
        """The evaluator."""

    def overlays(self, value: PackageSet) -> Layers:
        """The overlays of a package set."""

    def extended(self, value: PackageSet, more: Thunk, span: Span) -> PackageSet:
        """A package set with further overlays, given as a list."""


def of_interpreter(nixpkgs: Nixpkgs, value: PackageSet, name: NixString, span: Span) -> Value | None:
    """A Python package set whose interpreter an overlay sets; None for anything else. May raise Stuck."""
    if not _PYTHON_SET.fullmatch(name.text):
        return None
    machine, layers = nixpkgs.machine, nixpkgs.overlays(value)
    interpreter = name.text.removesuffix("Packages")
    if sets(machine, layers, interpreter):
        python = machine.need(done(select(machine, value, string(interpreter, span), span) or value))
        return select(machine, python, string("pkgs", span), span)
    if name.text == "python3Packages":
        for thunk in layers.results[: layers.seen]:
            layer = machine.force(thunk)
            known = layer.attributes if isinstance(layer, NixAttrs) else {}
            changed = next((one for one in known if _OF_ONE_PYTHON.fullmatch(one)), None)
            if changed is not None:
                why = f"an overlay sets {changed}, and nixlint-ort does not evaluate whether {name.text} depends on it"
                return Package(layers.whole, (name,), Origin(span), None, Unknown(why, Origin(span)))  # type: ignore[arg-type]
    return None


@lru_cache(maxsize=256)
def _is_set(name: str) -> tuple[bool, bool]:
    """Whether a name is that of a package set of a Python, and of CUDA."""
    return _PYTHON_SET.fullmatch(name) is not None, CUDA_SET.fullmatch(name) is not None


def attribute(nixpkgs: Nixpkgs, value: Package, name: NixString, span: Span) -> Value | None:
    """What a package set inside nixpkgs, or an interpreter, has for a name; None for any other package."""
    last = value.path[-1].text
    if name.text == "pkgs" and _INTERPRETER.fullmatch(last):
        return _of_python(nixpkgs, value, name)
    is_python, is_cuda = _is_set(last)
    if not (is_python or is_cuda or value.layers is not None):
        return _scope(nixpkgs, value, [], span) if name.text == "overrideScope" and not value.state else None
    if value.layers is None:
        lay(nixpkgs.machine, value, _extensions(nixpkgs, value) if is_python else [])
    layers: Layers = value.layers
    if name.text == "overrideScope":
        return _scope(nixpkgs, value, layers.functions, span)
    if is_cuda and name.text == "pkgs":
        return nixpkgs.extended(value.root, _as_cuda_packages(value), span)
    found = find(nixpkgs.machine, layers, name, span)
    if found.value is not None:
        return found.value
    doubt = found.doubt or value.doubt
    return Package(value.root, (*value.path, name), name.origin, None, doubt)


def _scope(nixpkgs: Nixpkgs, value: Package, functions: list[Thunk], span: Span) -> Function:
    """The function that extends a package set by one more function."""

    def call(function: Thunk, at: Span) -> Value:
        whole = replace(value, origin=Origin(at), layers=None)
        lay(nixpkgs.machine, whole, [*functions, function])
        return whole

    return Function("overrideScope", call, Origin(span))


def _of_python(nixpkgs: Nixpkgs, python: Package, name: NixString) -> Package:
    """An interpreter's own package set, `python312.pkgs`, which also goes by the name `python312Packages`."""
    *around, last = python.path
    origin = Origin(Span(last.origin.span.start, max(last.origin.span.end, name.origin.span.end)), last.origin.through)
    title = NixString((Piece(f"{last.text}Packages", origin, Form.DERIVED),), origin)
    whole = Package(python.root, (*around, title), name.origin, None, python.doubt)
    given = overriding.arguments(nixpkgs.machine, python) if python.state else None
    own = _argument(given, "packageOverrides") if given else []
    lay(nixpkgs.machine, whole, [*_root_extensions(nixpkgs, whole), *own])
    return whole


def _extensions(nixpkgs: Nixpkgs, value: Package) -> list[Thunk]:
    given = overriding.arguments(nixpkgs.machine, value) if value.state else None
    return [*_root_extensions(nixpkgs, value), *(_argument(given, "overrides") if given else [])]


def _argument(given: NixAttrs, name: str) -> list[Thunk]:
    if name in given.attributes:
        return [given.attributes[name]]
    if given.rest is not None and given.rest.own is None:
        return [done(given.rest)]
    return []


def _root_extensions(nixpkgs: Nixpkgs, value: Package) -> list[Thunk]:
    """What overlays add to `pythonPackagesExtensions`, which every Python package set is extended by."""
    machine, span = nixpkgs.machine, value.origin.span
    if not sets(machine, nixpkgs.overlays(value.root), _EXTENSIONS):
        return []
    listed = machine.guard(lambda: select(machine, value.root, string(_EXTENSIONS, span), span) or value)
    if not isinstance(listed, NixList):
        return [done(type_error(listed, "a list of extensions", span).unknown)]
    functions: list[Thunk] = []
    for item in listed.items:
        if not isinstance(item, Rest):
            functions.append(item)
        elif item.unknown.own is None or item.filters:
            functions.append(done(derived(item.unknown)))
    return functions


def _as_cuda_packages(value: Package) -> Thunk:
    """The overlays by which nixpkgs builds with a set of CUDA packages."""
    made = done(NixAttrs({"cudaPackages": done(value)}, value.origin))
    overlay = Function(
        "final", lambda _, __: Function("prev", lambda ___, ____: made.value or value, value.origin), value.origin
    )
    return done(NixList((done(overlay),), value.origin))
