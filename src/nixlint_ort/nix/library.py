"""nixpkgs' `lib` and Nix's `builtins`, put together from their tables when a member is first asked for."""

from __future__ import annotations

from collections.abc import Callable

from nixlint_ort.nix.builtin import BUILTINS
from nixlint_ort.nix.lib_attrs import ATTRSETS
from nixlint_ort.nix.lib_lists import ASSERTS, LISTS, TRIVIAL
from nixlint_ort.nix.lib_strings import STRINGS, VERSIONS
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.names import is_global
from nixlint_ort.nix.primitives import Table, function
from nixlint_ort.nix.values import Library, NixBool, NixNull, Origin, Unknown, Value
from nixlint_ort.source import Span

_NOWHERE = Origin(Span(0, 0))


def _member(machine: Machine, title: str, table: Table, cache: dict[str, Value], name: str) -> Value:
    found = cache.get(name)
    if found is None:
        entry = table.get(name)
        if entry is None:
            found = Unknown(f"nixlint-ort does not evaluate {title}.{name}", _NOWHERE)
        else:
            found = function(machine, name, entry, _NOWHERE)
        cache[name] = found
    return found


def _of_table(machine: Machine, title: str, table: Table, cache: dict[str, Value]) -> Library:
    return Library(title, lambda name: _member(machine, title, table, cache, name), _NOWHERE)


def builtins(machine: Machine) -> Library:
    """The set `builtins`."""
    cache: dict[str, Value] = {
        "true": NixBool(True, _NOWHERE),
        "false": NixBool(False, _NOWHERE),
        "null": NixNull(_NOWHERE),
    }

    def member(name: str) -> Value:
        return builtins(machine) if name == "builtins" else _member(machine, "builtins", BUILTINS, cache, name)

    return Library("builtins", member, _NOWHERE)


def global_names(machine: Machine) -> Callable[[str, Span], Value | None]:
    """What a name means where nothing in the file binds it: a constant or a builtin, None if it is neither."""
    everything = builtins(machine)

    def look_up(name: str, span: Span) -> Value | None:
        constant = _CONSTANTS.get(name)
        if constant is not None:
            return constant(span)
        if name == "builtins":
            return everything
        if not is_global(name):
            return None
        return everything.member(name.removeprefix("__"))

    return look_up


_CONSTANTS: dict[str, Callable[[Span], Value]] = {
    "true": lambda span: NixBool(True, Origin(span)),
    "false": lambda span: NixBool(False, Origin(span)),
    "null": lambda span: NixNull(Origin(span)),
}


def library(machine: Machine) -> Library:
    """nixpkgs' `lib`: flat, and by the files that its functions also go by (`lib.strings`, `lib.lists`, …)."""
    cache: dict[str, Value] = {}
    result = _of_table(machine, "lib", LIB, cache)
    for name, table in _FILES.items():
        cache[name] = _of_table(machine, f"lib.{name}", table, {})
    return result


_FILES = {
    "asserts": ASSERTS,
    "attrsets": ATTRSETS,
    "lists": LISTS,
    "strings": STRINGS,
    "trivial": TRIVIAL,
    "versions": VERSIONS,
}
_NOT_IN_LIB = {"abort", "toString", "div", "sub", "mul", "fetchTarball", "fetchGit", "fetchTree", "getFlake", "import"}
_ALL = {**TRIVIAL, **ASSERTS, **LISTS, **STRINGS, **ATTRSETS}
LIB = {name: entry for name, entry in _ALL.items() if name not in _NOT_IN_LIB}
