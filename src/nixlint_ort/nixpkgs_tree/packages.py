"""The attributes of a tree's nixpkgs: names from its files, each value looked at only when it is asked for.

pkgs/top-level/stage.nix puts nixpkgs together in layers, of which a later one wins: what every package gets, the
packages of pkgs/by-name, all-packages.nix, aliases.nix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from nixlint_ort.nix.parse import parse
from nixlint_ort.nix.stuck import Stuck, unknown
from nixlint_ort.nix.values import (
    Environment,
    Function,
    NixAttrs,
    NixPath,
    Origin,
    Package,
    Thunk,
    Unknown,
    Value,
    done,
    later,
)
from nixlint_ort.nixpkgs_tree.symbols import NOWHERE, OLD_NAMES, TreeMachine, names_of, platform, symbol
from nixlint_ort.nixpkgs_tree.trees import MAX_BYTES, Tree
from nixlint_ort.source import Span

BY_NAME = "pkgs/by-name"
LAYERS = (
    "pkgs/build-support/trivial-builders/default.nix",
    "pkgs/top-level/all-packages.nix",
    "pkgs/top-level/aliases.nix",
)
PYTHON_LAYERS = ("pkgs/top-level/python-packages.nix", "pkgs/top-level/python-aliases.nix")
LIB = "lib/default.nix"
_PYTHON = "pkgs/development/interpreters/python"
BASE = (
    "pkgs/top-level/stage.nix",
    "pkgs/top-level/splice.nix",
    "pkgs/top-level/default.nix",
    "pkgs/top-level/variants.nix",
    "pkgs/stdenv/adapters.nix",
    "pkgs/stdenv/booter.nix",
    "pkgs/stdenv/generic/default.nix",
    "pkgs/stdenv/linux/default.nix",
)
PYTHON_BASE = tuple(
    f"{_PYTHON}/{name}.nix"
    for name in ("default", "python-packages-base", "passthrufun", "mk-python-derivation", "cpython/default")
)
"""Where sets get names besides those of the layers; of these it is only looked whether a name is in them."""

_NOT_YET = Unknown("nixpkgs needs this before it is defined", Origin(NOWHERE))
_NOT_PASSED = done(Unknown("nixlint-ort does not evaluate what nixpkgs passes here", Origin(NOWHERE)))


class TreeProblem(NamedTuple):
    """A file of the tree that could not be read, and why."""

    path: str
    reason: str


class Layer(NamedTuple):
    """Names that one file, or one folder, gives: `unread` says why there may be more."""

    path: str
    values: dict[str, Thunk]
    unread: str | None = None


class Packages:
    """The files of one tree, evaluated as far as they are asked about."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.problems: list[TreeProblem] = []
        self._files: dict[str, Value] = {}
        self.machine = TreeMachine(self.file)
        self.layers = self._top_level()
        self.python_layers = self._python_sets()

    def file(self, path: str) -> Value:
        """What a file evaluates to; `path` is absolute, from the tree's root. A folder stands for its default.nix."""
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]

    def _read(self, path: str) -> Value:
        name = path.lstrip("/")
        data = self.tree.read(name)
        if data is None and not name.endswith(".nix"):
            name = f"{name}/default.nix"
            data = self.tree.read(name)
        if data is None:
            return Unknown(f"{name} is not in the tree", Origin(NOWHERE))
        document = parse(data, f"/{name}".rpartition("/")[0] or "/", MAX_BYTES)
        if document.expression is None:
            reason = document.problems[0].message
            self.problems.append(TreeProblem(name, reason))
            return Unknown(f"{name} cannot be read: {reason}", Origin(NOWHERE))
        node = document.expression
        return self.machine.guard(lambda: self.machine.evaluate(node, Environment({}, None)))

    def _top_level(self) -> list[Layer]:
        whole = Thunk()
        layers = [Layer("pkgs/top-level/stage.nix", self._given(whole)), Layer(BY_NAME, self._by_name())]
        return self._stacked(whole, layers, LAYERS)

    def _python_sets(self) -> list[Layer]:
        whole = Thunk()
        given = {**self._given(whole), "pkgs": done(together(self.layers))}
        return self._stacked(whole, [Layer(_PYTHON, given)], PYTHON_LAYERS)

    def _stacked(self, whole: Thunk, layers: list[Layer], paths: Iterable[str]) -> list[Layer]:
        """The layers with those of further files, each of which sees those before it, and through `whole` all."""
        for path in paths:
            if self.tree.read(path) is not None:
                # An alias asks whether a layer before it has its name already, and stops if so.
                before = together(layers, without=OLD_NAMES)
                whole.compute, whole.value = (lambda before=before: replace(before, rest=_NOT_YET)), None
                layers.append(self._layer(path, whole, done(before)))
        final = together(layers)
        whole.compute, whole.value = (lambda: final), None
        return layers

    def _given(self, whole: Thunk) -> dict[str, Thunk]:
        """What a set has before its files say anything: itself, its platform, and what calls packages."""
        return {
            **platform(self.machine),
            "pkgs": whole,
            "callPackage": done(self._caller("callPackage")),
            "callPackages": done(self._caller("callPackages")),
            "newScope": done(symbol("newScope")),
        }

    def _caller(self, name: str) -> Function:
        def call(what: Thunk, _: Span) -> Value:
            return Function(name, lambda more, at: self._called(what, more, at), Origin(NOWHERE))

        return Function(name, call, Origin(NOWHERE))

    def _called(self, what: Thunk, _: Thunk, span: Span) -> Value:
        value = self.machine.need(what)
        if isinstance(value, NixPath):
            return symbol(value.text)
        if isinstance(value, Package):
            return symbol(*names_of(value), "()")
        if isinstance(value, Function):
            return symbol(f"a function at {value.origin.span.start}")
        raise unknown("nixlint-ort does not evaluate this call", span)

    def _by_name(self) -> dict[str, Thunk]:
        found: dict[str, Thunk] = {}
        for shard in self.tree.folders(BY_NAME):
            for name in self.tree.folders(f"{BY_NAME}/{shard}"):
                found[name] = later(partial(symbol, f"/{BY_NAME}/{shard}/{name}/package.nix"))
        return found

    def _layer(self, path: str, whole: Thunk, before: Thunk) -> Layer:
        """The names that a file gives once it is passed what nixpkgs passes, in the forms of all years."""
        value = self.machine.guard(lambda: self._applied(self.file(f"/{path}"), whole, before))
        self.machine.renew()
        if not isinstance(value, NixAttrs):
            reason = value.reason if isinstance(value, Unknown) else "it is no set"
            return Layer(path, {}, reason)
        return Layer(path, value.attributes, value.rest.reason if value.rest else None)

    def _applied(self, value: Value, whole: Thunk, before: Thunk) -> Value:
        passed = {**self._given(whole), "self": whole, "super": before}
        roles = {**dict.fromkeys(("self", "pkgs", "final", "res"), whole), **dict.fromkeys(("super", "prev"), before)}
        roles["lib"] = done(self.machine.lib)
        for _ in range(6):
            if not isinstance(value, Function):
                break
            if value.formals is not None:
                wanted = [name for name, optional in value.formals.items() if name in passed or not optional]
                given = done(NixAttrs({name: passed.get(name, _NOT_PASSED) for name in wanted}, Origin(NOWHERE)))
            else:
                parameter = value.closure[0].parameter if value.closure else None
                given = roles.get(parameter.name, _NOT_PASSED) if parameter else _NOT_PASSED
            value = self.machine.call(value, given, NOWHERE)
        if isinstance(value, Unknown):
            raise Stuck(value)
        return value


def together(layers: Iterable[Layer], without: frozenset[str] = frozenset()) -> NixAttrs:
    """The set that layers make, of which a later one wins; `without` these names."""
    values: dict[str, Thunk] = {}
    for layer in layers:
        values.update(layer.values)
    return NixAttrs({name: value for name, value in values.items() if name not in without}, Origin(NOWHERE))
