"""What a tree has under an attribute path: something, a throw with its words, nothing, or what cannot be determined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from nixlint_ort.nix.selection import select
from nixlint_ort.nix.values import NixAttrs, Package, Thunk, Unknown, Value
from nixlint_ort.nixpkgs_tree.packages import BASE, LIB, PYTHON_BASE, Layer, Packages, together
from nixlint_ort.nixpkgs_tree.symbols import MARKS, NOWHERE, names_of, text
from nixlint_ort.nixpkgs_tree.trees import Tree


class State(StrEnum):
    """What becomes of asking nixpkgs for an attribute."""

    THERE = "there"
    THROWS = "throws"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Found(NamedTuple):
    """What a tree has under an attribute path; `words` are those of a throw, or why it cannot be determined."""

    state: State
    words: str = ""
    value: Value | None = None


class _Names:
    """The names of one set, and where it may have others."""

    def __init__(self, layers: Sequence[Layer], tree: Tree, base: Iterable[str]) -> None:
        self.given = layers[0].values
        self.values = together(layers[1:]).attributes
        self.unread = next((f"{one.path}: {one.unread}" for one in layers if one.unread), None)
        self._base = [(path, data) for path in base if (data := tree.read(path)) is not None]

    def base_with(self, name: str) -> str | None:
        """The file, of those that are not followed, in which the name stands as a word; None if it is in none."""
        word = re.compile(rb"(?<![\w'-])%s(?![\w'-])" % re.escape(name.encode()))
        return next((path for path, data in self._base if word.search(data)), None)


class Attributes:
    """The attributes of a tree of nixpkgs by their dotted paths, such as `python312Packages.onnxruntime`."""

    def __init__(self, tree: Tree) -> None:
        self.packages = Packages(tree)
        self.names = _Names(self.packages.layers, tree, BASE)
        self.python_names = _Names(self.packages.python_layers, tree, PYTHON_BASE)
        self._found: dict[str, Found] = {}

    def find(self, path: str) -> Found:
        """What there is under a dotted path."""
        if path not in self._found:
            self._found[path] = self._find(path)
        return self._found[path]

    def same(self, path: str, other: str) -> bool:
        """Whether two dotted paths are known to lead to the same, as python3Packages and python313Packages may."""
        one, two = self.find(path).value, self.find(other).value
        return isinstance(one, Package) and isinstance(two, Package) and names_of(one) == names_of(two)

    def _find(self, path: str) -> Found:
        first, *rest = path.split(".")
        if first == "lib":
            return self._in_lib(rest)
        found = self._in(self.names, first)
        for name in rest:
            value = found.value
            if value is None:
                return found
            found = self._in(self.python_names, name) if self._is_python_set(value) else self._below(value, name)
        return found

    def _in(self, names: _Names, name: str) -> Found:
        if name in names.values:
            return self._valued(names.values[name])
        if names.unread:
            return Found(State.UNKNOWN, names.unread)
        where = names.base_with(name)
        if name in MARKS:
            return Found(State.UNKNOWN, "what marks a set is not followed")
        if where is None:
            return Found(State.ABSENT)
        given = names.given.get(name)
        return self._valued(given) if given else Found(State.UNKNOWN, f"{where} has this name, and is not followed")

    def _valued(self, thunk: Thunk) -> Found:
        machine = self.packages.machine
        machine.renew()
        value = machine.force(thunk)
        if not isinstance(value, Unknown):
            return Found(State.THERE, value=value)
        if value.fails and value.reason in machine.thrown:
            return Found(State.THROWS, value.reason)
        return Found(State.UNKNOWN, value.reason)

    def _below(self, value: Value, name: str) -> Found:
        if isinstance(value, Package):
            machine = self.packages.machine
            inner = machine.guard(lambda: select(machine, value, text(name), NOWHERE) or value)
            return Found(State.UNKNOWN, "what a package itself has is not looked at", inner)
        if isinstance(value, NixAttrs):
            if name in value.attributes:
                return self._valued(value.attributes[name])
            return Found(State.UNKNOWN, value.rest.reason) if value.rest else Found(State.ABSENT)
        return Found(State.UNKNOWN, "this is no set")

    @cached_property
    def _interpreters(self) -> frozenset[str]:
        """The files of the functions that Python's package sets come from."""
        sets = [self.find(name).value for name in ("python3", "pythonInterpreters")]
        return frozenset(names_of(value)[0] for value in sets if isinstance(value, Package))

    def _is_python_set(self, value: Value) -> bool:
        if not isinstance(value, Package):
            return False
        names = names_of(value)
        return len(names) > 1 and names[-1] == "pkgs" and names[0] in self._interpreters

    def _in_lib(self, rest: list[str]) -> Found:
        value = self.packages.machine.guard(lambda: self.packages.file(f"/{LIB}"))
        found = Found(State.THERE, value=value)
        for name in rest:
            inner = found.value
            if inner is None:
                return found
            if isinstance(inner, Unknown):
                return Found(State.UNKNOWN, inner.reason)
            found = self._below(inner, name)
        return found
