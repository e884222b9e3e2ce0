"""What code of nixpkgs names: packages that are called, the platform, and `lib` as far as names go.

A package that is called, and anything taken from it, is a Package: its first name is the file of its function.
"""

from __future__ import annotations

from collections.abc import Callable

from nixlint_ort.nix.budget import Budget
from nixlint_ort.nix.expressions import STEPS
from nixlint_ort.nix.library import global_names, library
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import Primitive, function, string
from nixlint_ort.nix.stuck import Stuck, gave_up, unknown
from nixlint_ort.nix.values import (
    Fetched,
    Function,
    Library,
    NixAttrs,
    NixBool,
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

NOWHERE = Span(0, 0)
SYSTEM = "x86_64-linux"
_PACKAGES = PackageSet(Fetched("argument", None, None, Origin(NOWHERE)), None, Origin(NOWHERE))
MARKS = frozenset({"recurseForDerivations"})
"""Attributes that decide only how Hydra walks a set: aliases ask for them, and lib puts them there."""
MAX_TREE_STEPS = 2_000_000
"""Of all attributes of a tree that are asked for; in the trees of the tests each takes fewer than 200."""
_LATE_STEPS = 500
"""Of an attribute that is asked for after those: most need no more."""


def text(value: str) -> NixString:
    """A string that stands nowhere."""
    return string(value, NOWHERE)


def symbol(*names: str) -> Package:
    """Something that is known by its names alone."""
    return Package(_PACKAGES, tuple(map(text, names)), Origin(NOWHERE))


def open_set(attributes: dict[str, Thunk], reason: str) -> NixAttrs:
    """A set that has these attributes, and perhaps others."""
    return NixAttrs(attributes, Origin(NOWHERE), Unknown(reason, Origin(NOWHERE)))


def names_of(package: Package) -> tuple[str, ...]:
    """The file of a package's function, and the names that were taken from it."""
    return tuple(name.text for name in package.path)


class Symbols:
    """What evaluation asks of what is known by its names alone."""

    def __init__(self, imported: Callable[[str], Value]) -> None:
        self._imported = imported

    def select(self, value: Value, name: NixString, span: Span, optional: bool = False) -> Value | None:
        """An attribute: its names are one longer. What may not be there is unknown."""
        if not isinstance(value, Package):
            raise unknown("nixlint-ort does not evaluate this", span)
        if name.text in MARKS:
            return None
        if optional:
            raise unknown(f"nixlint-ort does not evaluate whether {name.text} exists", span)
        return Package(value.root, (*value.path, name), Origin(span))

    def call(self, value: Value, argument: Thunk, span: Span) -> Value:
        """What is called is known as what it was, since overriding leaves a package what it is."""
        del argument
        if not isinstance(value, Package):
            raise unknown("nixlint-ort does not evaluate this", span)
        return Package(value.root, (*value.path, text("()")), Origin(span))

    def imported(self, source: Fetched, span: Span) -> Function:
        """Nothing outside the tree is read."""
        del source
        raise unknown("nixlint-ort reads nothing outside the tree", span)

    def read_path(self, path: NixPath, span: Span) -> Value:
        """The value of a file of the tree."""
        del span
        return self._imported(path.text)


class TreeMachine(Machine):
    """Evaluates the files of one tree; notes what is thrown."""

    def __init__(self, imported: Callable[[str], Value]) -> None:
        super().__init__(b"", STEPS)
        self.spent = 0
        """Steps that were taken before they were counted anew."""
        self._given = self.left
        self.symbols = Symbols(imported)
        self.thrown: set[str] = set()
        self._names = global_names(self)
        self._own = {
            name: function(self, name, entry, Origin(NOWHERE))
            for name, entry in {
                "throw": Primitive(1, self._throw),
                "abort": Primitive(1, self._throw),
                "import": Primitive(1, lambda machine, span, path: self._import(machine, imported, path, span)),
            }.items()
        }
        self.globals = self._global
        self.lib = self._library()

    def renew(self) -> None:
        """Start counting steps again: each attribute has its own budget, until those of the tree are used up."""
        self.spent += self._given - max(self.left, 0)
        Budget.__init__(self)
        if self.spent > MAX_TREE_STEPS:
            self.left, self.next_look = _LATE_STEPS, 0
        self._given = self.left
        self._environments.clear()  # what is still needed is kept by what needs it

    def look(self, span: Span) -> None:
        """Raises Stuck if the steps or the seconds are used up."""
        if self.left < 0 and self.spent > MAX_TREE_STEPS:
            self.next_look = 0
            raise gave_up(f"other attributes of this tree take more than {MAX_TREE_STEPS:,} steps to evaluate", span)
        super().look(span)

    def _global(self, name: str, span: Span) -> Value | None:
        return self._own.get(name) or self._names(name, span)

    def _throw(self, machine: Machine, span: Span, words: Thunk) -> Value:
        """Whatever its words are, it throws."""
        value = machine.force(words)
        said = value.text if isinstance(value, NixString) else "words that are computed"
        self.thrown.add(said)
        raise Stuck(Unknown(said, Origin(span), fails=True))

    @staticmethod
    def _import(machine: Machine, imported: Callable[[str], Value], path: Thunk, span: Span) -> Value:
        value = machine.need(path)
        if not isinstance(value, NixPath) or not value.text.startswith("/"):
            raise unknown("nixlint-ort does not evaluate this import", span)
        return imported(value.text)

    def _library(self) -> Library:
        base = library(self)
        own: dict[str, Value] = {}

        def member(name: str) -> Value | None:
            if name not in own:
                entry = _LIBRARY.get(name)
                found = function(self, name, entry, Origin(NOWHERE)) if entry else base.member(name)
                own[name] = (
                    found
                    if found is not None
                    else Unknown(f"nixlint-ort does not evaluate lib.{name}", Origin(NOWHERE))
                )
            return own[name]

        return Library("lib", member, Origin(NOWHERE))


def _itself(machine: Machine, _: Span, value: Thunk) -> Value:
    return machine.need(value)


def _second(machine: Machine, _: Span, __: Thunk, value: Thunk) -> Value:
    return machine.need(value)


def _third(machine: Machine, _: Span, __: Thunk, ___: Thunk, value: Thunk) -> Value:
    return machine.need(value)


def _is_derivation(machine: Machine, span: Span, value: Thunk) -> Value:
    return NixBool(isinstance(machine.need(value), Package), Origin(span))


def _optional_attrs(machine: Machine, span: Span, condition: Thunk, given: Thunk) -> Value:
    """Where the condition is not known, the names are, and their values are not."""
    value = machine.force(condition)
    if isinstance(value, Unknown) and value.is_value:
        reason = Unknown("it depends on a condition that nixlint-ort does not evaluate", Origin(span))
        names = machine.attributes(given, span).attributes
        return NixAttrs(dict.fromkeys(names, done(reason)), Origin(span))
    return machine.attributes(given, span) if machine.boolean(condition, span) else NixAttrs({}, Origin(span))


def _extensible(machine: Machine, span: Span, function_: Thunk) -> Value:
    """`makeExtensible f` is the set that `f` makes of itself."""
    made: list[Value] = []
    itself = later(lambda: made[0] if made else open_set({}, "lib is not whole yet"))
    made.append(machine.call(machine.need(function_), itself, span))
    return made[0]


_LIBRARY: dict[str, Primitive] = {
    **dict.fromkeys(
        (
            "recurseIntoAttrs",
            "dontRecurseIntoAttrs",
            "dontDistribute",
            "hiPrio",
            "lowPrio",
            "hiPrioSet",
            "lowPrioSet",
            "setPrio",
            "lazyDerivation",
        ),
        Primitive(1, _itself),
    ),
    **dict.fromkeys(("warn", "warnOnInstantiate", "info", "addMetaAttrs", "appendToName"), Primitive(2, _second)),
    **dict.fromkeys(("warnIf", "warnIfNot"), Primitive(3, _third)),
    "isDerivation": Primitive(1, _is_derivation),
    "optionalAttrs": Primitive(2, _optional_attrs),
    "makeExtensible": Primitive(1, _extensible),
}
"""Functions of nixpkgs' lib as far as names go: what only marks or warns gives back what it was given."""


PLATFORMS = ("hostPlatform", "buildPlatform", "targetPlatform")
OLD_NAMES = frozenset({*PLATFORMS, "system"})
"""Names that stage.nix gives in older trees, and aliases.nix in those since 2023."""


def platform(machine: TreeMachine) -> dict[str, Thunk]:
    """What says which platform packages are for: that of the variants, x86_64-linux."""
    yes = ("isLinux", "isx86_64", "isx86", "is64bit", "isGnu", "isUnix", "isElf", "isLittleEndian")
    no = ("isDarwin", "isAarch64", "isAarch32", "isMusl", "isStatic", "is32bit", "isWindows", "isCygwin", "isi686")
    further = ("isFreeBSD", "isOpenBSD", "isBSD", "isRiscV", "isPower", "isMips", "isS390x", "isBigEndian", "isMinGW")
    flags = {name: done(NixBool(name in yes, Origin(NOWHERE))) for name in yes + no + further}
    marks = dict.fromkeys(MARKS, done(NixBool(False, Origin(NOWHERE))))
    host = done(open_set({**marks, **flags, "system": done(text(SYSTEM))}, "the platform is not known in full"))
    platforms = dict.fromkeys(PLATFORMS, host)
    stdenv = open_set({**platforms, **flags, "system": done(text(SYSTEM))}, "stdenv is not followed")
    return {
        **platforms,
        "stdenv": done(stdenv),
        "system": done(text(SYSTEM)),
        "lib": done(machine.lib),
        "config": done(
            open_set(
                {
                    "allowAliases": done(NixBool(True, Origin(NOWHERE))),
                    "cudaSupport": done(NixBool(False, Origin(NOWHERE))),
                    "rocmSupport": done(NixBool(False, Origin(NOWHERE))),
                },
                "the configuration is not known in full",
            )
        ),
    }
