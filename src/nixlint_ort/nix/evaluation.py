"""What others ask of an evaluated file: its value, a binding of it, a package's arguments and attributes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nixlint_ort.nix import overriding
from nixlint_ort.nix.environments import scope
from nixlint_ort.nix.expressions import STEPS
from nixlint_ort.nix.imported_files import ImportedFiles, Read
from nixlint_ort.nix.library import global_names
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.nixpkgs import Symbols
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.parse import Document
from nixlint_ort.nix.primitives import string
from nixlint_ort.nix.selection import select
from nixlint_ort.nix.stuck import Stuck, type_error
from nixlint_ort.nix.syntax import Assert, Binding, Formal, Lambda, Let, With
from nixlint_ort.nix.values import (
    Environment,
    Fetched,
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

_NOWHERE = Span(0, 0)
_OUTSIDE = Environment({}, None)


def _read_nothing(_: str) -> str:
    return "there is no repository"


class Evaluation:
    """One file, evaluated as far as it is asked about. No method raises: what cannot be determined is Unknown."""

    def __init__(self, document: Document, path: str = "", read: Read = _read_nothing) -> None:
        self._machine = Machine(document.data, STEPS)
        self._machine.globals = global_names(self._machine)
        self._files = ImportedFiles(self._machine, path, read)
        self._symbols = self._machine.symbols = Symbols(self._machine, self._files.value)
        self._is_function = False
        self._bindings: dict[str, tuple[Binding, Thunk]] = {}
        self._expression = node = document.expression
        if node is None:
            why = document.problems[0].message if document.problems else "the file holds no expression"
            self.result: Value = Unknown(why, Origin(_NOWHERE), fails=True)
        else:
            with self._machine:
                self.result = self._known(self._machine.guard(lambda: self._run(node)))

    @property
    def value(self) -> Value:
        """What Nix itself makes of the file: a function if it is one, where `result` is what the function gives."""
        node = self._expression
        if node is None or not self._is_function:
            return self.result
        with self._machine:
            return self._known(self._machine.guard(lambda: self._machine.evaluate(node, _OUTSIDE)))

    def _run(self, node: Node) -> Value:
        """Walks the spine of the file, noting what it binds, and evaluates what is at its end."""
        env = _OUTSIDE
        while isinstance(node, (Lambda, Let, With, Assert)):
            if isinstance(node, Lambda):
                self._is_function = True
                env = self._called(node, env)
            elif isinstance(node, Let):
                env = scope(self._machine, node.bindings, env)
                for name, binding in node.bindings.named.items():
                    self._bindings.setdefault(name, (binding, env.names[name]))
            else:
                following = STEPS[type(node)](self._machine, node, env)
                if isinstance(following, tuple):
                    env = following[1]
            node = node.body
        return self._machine.evaluate(node, env)

    def _called(self, node: Lambda, env: Environment) -> Environment:
        """The environment of the file's function when it is called with nothing but what its formals ask for."""
        where = node.parameter or node.formals or node
        packages = PackageSet(Fetched("argument", None, None, Origin(where.span)), None, Origin(where.span))
        names: dict[str, Thunk] = {}
        inner = self._machine.environment(names, env)
        if node.parameter is not None:
            names[node.parameter.name] = done(packages)
        for formal in node.formals.names if node.formals else ():
            if formal.default is not None:
                names[formal.name] = self._machine.thunk(formal.default, inner)
            else:
                names[formal.name] = self._formal(packages, formal)
        return inner

    def _formal(self, packages: PackageSet, formal: Formal) -> Thunk:
        name = string(formal.name, formal.span)
        return later(lambda: select(self._machine, packages, name, formal.span) or packages)

    @property
    def binding_names(self) -> tuple[str, ...]:
        """The names that the `let`s around the file's value bind, in their order."""
        return tuple(self._bindings)

    def binding(self, name: str) -> Value | None:
        """The value of `name` in the outermost `let` of the file that binds it, None if none does."""
        found = self._bindings.get(name)
        return None if found is None else self.force(found[1])

    def binding_span(self, name: str) -> Span | None:
        """The bytes of the whole `name = value;`, None if no `let` around the file's value binds it."""
        found = self._bindings.get(name)
        return None if found is None else found[0].span

    def force(self, thunk: Thunk) -> Value:
        """The value of a thunk."""
        with self._machine:
            return self._known(self._machine.force(thunk))

    def _known(self, value: Value) -> Value:
        """A value that leaves the evaluator, whose text is paid for, since whoever asked reads it."""
        if isinstance(value, NixString):
            try:
                self._machine.spend(len(value.pieces))
                self._machine.spend(len(value.text) // 64)
            except Stuck as stuck:
                return replace(stuck.unknown, origin=value.origin)
        return value

    def select(self, value: Value, name: str) -> Value | None:
        """The attribute of that name, None where it is known to be absent."""
        with self._machine:
            try:
                found = select(self._machine, value, string(name, _span(value)), _span(value))
            except Stuck as stuck:
                return stuck.unknown
            return found and self._known(found)

    def items(self, value: Value) -> list[Value] | Unknown:
        """The items of a list; a `Rest` stands for those that are not known."""
        if isinstance(value, NixList):
            with self._machine:
                return [
                    item if isinstance(item, Rest) else self._known(self._machine.force(item)) for item in value.items
                ]
        return type_error(value, "a list", _span(value)).unknown

    def argument(self, package: Package, name: str) -> Value | None:
        """What `.override` finally passes as that argument, None if it was never given."""
        arguments = self.arguments(package)
        found = arguments.attributes.get(name)
        if found is not None:
            return self.force(found)
        return None if arguments.rest is None or arguments.rest.own is not None else arguments.rest

    def attribute(self, package: Package, name: str) -> Value | None:
        """That attribute after all overrides of attributes; Unknown where none of them sets it."""
        return self.select(self.attributes(package), name)

    def overridden(self, package: Package) -> tuple[NixAttrs, NixAttrs]:
        """All arguments and all attributes that overrides have given a package, each open for nixpkgs' own."""
        return self.arguments(package), self.attributes(package)

    def arguments(self, package: Package) -> NixAttrs:
        """All arguments that `.override` has given a package, open for nixpkgs' own."""
        with self._machine:
            return overriding.arguments(self._machine, package)

    def attributes(self, package: Package) -> NixAttrs:
        """All attributes that overrides have set on a package, open for nixpkgs' own."""
        with self._machine:
            return overriding.attributes(self._machine, package)

    def overlaid(self, packages: PackageSet) -> list[Value]:
        """What each overlay of a package set sets, first applied first."""
        with self._machine:
            return [self._machine.force(thunk) for thunk in self._symbols.overlays(packages).results]

    def extensions(self, packages: Package) -> list[Value]:
        """What each extension of a package set inside nixpkgs sets, first applied first."""
        with self._machine:
            layers = packages.layers
            return [] if layers is None else [self._machine.force(one) for one in layers.results[: layers.seen]]

    def is_overlaid(self, packages: PackageSet, name: str) -> bool:
        """Whether an overlay that is known sets a name."""
        return any(isinstance(layer, NixAttrs) and name in layer.attributes for layer in self.overlaid(packages))

    def config(self, packages: PackageSet) -> Value:
        """The configuration of a package set: a set open for nixpkgs' own, a Package where the file gives none."""
        with self._machine:
            return self._machine.guard(lambda: self._symbols.config(packages, packages.origin.span))

    def fetched(self) -> list[Fetched]:
        """What was asked of fetchers so far, each time that it was evaluated."""
        return list(self._machine.fetched)

    def force_deeply(self, package: Package) -> None:
        """Evaluates all attributes that overrides have set on a package, and the items of those that are lists."""
        for thunk in self.attributes(package).attributes.values():
            value = self.force(thunk)
            if isinstance(value, NixList):
                self.items(value)
            elif isinstance(value, NixAttrs):
                for inner in value.attributes.values():
                    self.force(inner)

    @property
    def imports(self) -> tuple[str, ...]:
        """The files of the repository that were read, or looked for, so far, by their paths from its root."""
        return self._files.paths

    def home(self, origin: Origin) -> Origin:
        """The place in the file itself: where another file is imported, for a place in that one."""
        if self.is_home(origin.span):
            return Origin(origin.span, tuple(dict.fromkeys(map(self._files.home, origin.through))))
        own = next((span for span in origin.through if self._files.is_home(span)), None)
        return Origin(own if own is not None else self._files.home(origin.span))

    def is_home(self, span: Span) -> bool:
        """Whether a place is in the file itself, and not in one that it imports."""
        return self._files.is_home(span)

    def let_go(self) -> None:
        """Part what refers to itself. Nothing may be asked after it."""
        self._machine.let_go()

    def part(self, node: Node, env: Environment) -> Value:
        """The value of a part of the file that is in an environment, such as one in a function's body."""
        records: tuple[list[Any], ...] = (self._machine.touched, self._machine.members, self._symbols.taken)
        before = [len(record) for record in records]
        with self._machine:
            found = self._known(self._machine.guard(lambda: self._machine.evaluate(node, env)))
        for record, length in zip(records, before, strict=True):
            del record[length:]  # nothing of the variant's own value has asked for it
        return found

    def apply(self, function: Value, argument: Value) -> Value:
        """The function's value for that argument."""
        with self._machine:
            return self._known(
                self._machine.guard(lambda: self._machine.call(function, done(argument), _span(function)))
            )

    def taken(self) -> list[tuple[NixString, ...]]:
        """Every attribute path that was taken from a package set so far, its names from the outermost on.

        A path of nixpkgs' `lib` begins with `lib`.
        """
        paths = [package.path for package in self._symbols.taken]
        for library, name in self._machine.members:
            outer = library.split(".")
            if outer[0] == "lib":
                paths.append((*(string(one, name.origin.span) for one in outer), name))
        return paths

    def reached(self) -> list[tuple[PackageSet, Span]]:
        """Every package set of which something was taken so far, with the reference to it."""
        touched = self._machine.touched
        return (
            [(packages, self.home(Origin(span)).span) for packages, span in touched] if self.imports else list(touched)
        )


def _span(value: Value) -> Span:
    origin = getattr(value, "origin", None)
    return origin.span if isinstance(origin, Origin) else _NOWHERE


def evaluate(document: Document, path: str = "", read: Read = _read_nothing) -> Evaluation:
    """Evaluates a document lazily; one with problems has an Unknown result.

    `path` is the file's own from the repository's root, and `read` gives the files there that it imports.
    """
    return Evaluation(document, path, read)
