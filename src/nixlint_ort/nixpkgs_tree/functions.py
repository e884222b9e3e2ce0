"""The function of a package as its file has it: the arguments that it takes, and the version that it sets."""

from __future__ import annotations

from typing import NamedTuple

from nixlint_ort.nix.environments import bind_arguments, scope
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.syntax import Apply, Assert, Lambda, Let, With
from nixlint_ort.nix.values import (
    Environment,
    Function,
    NixAttrs,
    NixString,
    Origin,
    Package,
    Thunk,
    Unknown,
    Value,
    done,
)
from nixlint_ort.nixpkgs_tree.attributes import Attributes
from nixlint_ort.nixpkgs_tree.packages import Packages
from nixlint_ort.nixpkgs_tree.symbols import NOWHERE, names_of, open_set

VERSION = "version"
_SAME = frozenset({"()", "override", "overrideAttrs", "overridePythonAttrs"})
"""What is done to a package that leaves its function what it is."""

_ARGUMENT = "an argument of a package is not followed"


class PackageFunction(NamedTuple):
    """A package's function: its file in the tree, the arguments in their order, and the version if it is a text."""

    path: str
    arguments: tuple[str, ...]
    version: str | None


def function_of(attributes: Attributes, path: str) -> PackageFunction | None:
    """The function behind a dotted attribute path; None where that is not a package that is called from a file."""
    value = attributes.find(path).value
    if not isinstance(value, Package):
        return None
    file, *further = names_of(value)
    if not _SAME.issuperset(further):
        return None
    function = attributes.packages.file(file)
    if not isinstance(function, Function) or function.formals is None or function.closure is None:
        return None
    written, around = function.closure
    version = _version(attributes.packages, written, around) if isinstance(written, Lambda) else None
    return PackageFunction(file.lstrip("/"), tuple(function.formals), version)


def _version(packages: Packages, function: Lambda, around: Environment) -> str | None:
    """The version among what the function's body gives to the builder, or else the one that a `let` around it binds."""
    machine = packages.machine
    machine.renew()
    names = function.formals.names if function.formals else ()
    given = NixAttrs({one.name: done(Unknown(_ARGUMENT, Origin(NOWHERE))) for one in names}, Origin(NOWHERE))
    env = bind_arguments(machine, function, around, done(given), NOWHERE)
    node: Node = function.body
    bound: Thunk | None = None
    while isinstance(node, (Let, With, Assert)):
        if isinstance(node, Let):
            env = scope(machine, node.bindings, env)
            bound = env.names.get(VERSION, bound)
        elif isinstance(node, With):
            env = Environment({}, env, machine.thunk(node.scope, env))
        node = node.body
    if isinstance(node, Apply):
        inner = _builder_argument(packages, machine.force(machine.thunk(node.argument, env)))
        bound = inner.get(VERSION, bound)
    value = machine.force(bound) if bound is not None else None
    return value.text if isinstance(value, NixString) and value.unknown is None else None


def _builder_argument(packages: Packages, value: Value) -> dict[str, Thunk]:
    """The attributes that a builder is given, as a set or as a function of the final ones."""
    if isinstance(value, Function):
        final = done(open_set({}, "the final attributes are not followed"))
        value = packages.machine.guard(lambda: packages.machine.call(value, final, NOWHERE))
    return value.attributes if isinstance(value, NixAttrs) else {}
