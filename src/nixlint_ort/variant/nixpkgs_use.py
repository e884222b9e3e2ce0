"""What a file uses of the nixpkgs that it pins: attribute paths, and functions with the arguments it gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.nix.origin import Origin

if TYPE_CHECKING:
    from nixlint_ort.nix.evaluation import Evaluation
    from nixlint_ort.nix.values import NixString, Package, Value

_MAX_DEPTH = 20
_MAX_VALUES = 5_000

Place = tuple[int, int]
"""Bytes of the file: offsets from 0, the end is exclusive."""


class NixpkgsUse(NamedTuple):
    """What a file asks nixpkgs for; plain data, so that it can be kept between runs."""

    taken: tuple[tuple[tuple[str, ...], tuple[Place, ...]], ...]
    """Attribute paths, each with where its names are written."""
    given: tuple[tuple[tuple[str, ...], str, Place], ...]
    """The path of a function that is overridden, an argument that it is given, and where that is named."""


def nixpkgs_use(evaluation: Evaluation) -> NixpkgsUse:
    """What evaluating the whole derivation asks nixpkgs for, each once for each place.

    What a package itself has, such as `onnxruntime.version`, is not among it. Where the file imports another one, the
    place is where it does.
    """
    given: dict[tuple[tuple[str, ...], str, Place], None] = {}
    packages = set()
    for package in _packages(evaluation):
        path = _names(package.path)
        if package.state or package is evaluation.result:
            packages.add(path)
        for name, span in evaluation.arguments(package).names.items() if package.state else ():
            given[path, name, _home(evaluation, Origin(span))] = None
    taken: dict[tuple[tuple[str, ...], tuple[Place, ...]], None] = {}
    for names in evaluation.taken():
        path = _names(names)
        if not any(path[:end] in packages for end in range(1, len(path))):
            taken[path, tuple(_home(evaluation, name.origin) for name in names)] = None
    return NixpkgsUse(tuple(taken), tuple(given))


def _names(path: tuple[NixString, ...]) -> tuple[str, ...]:
    return tuple(name.text for name in path)


def _home(evaluation: Evaluation, origin: Origin) -> Place:
    span = evaluation.home(origin).span
    return span.start, span.end


def _packages(evaluation: Evaluation) -> Iterator[Package]:
    """Every package that the derivation is or holds, found by evaluating all that overrides give."""
    from nixlint_ort.nix.values import Package

    waiting: list[tuple[Value, int]] = [(evaluation.result, 0)]
    seen: dict[int, Value] = {}
    while waiting and len(seen) < _MAX_VALUES:
        value, depth = waiting.pop()
        if id(value) in seen or depth > _MAX_DEPTH:
            continue
        seen[id(value)] = value
        if isinstance(value, Package):
            yield value
        waiting += [(one, depth + 1) for one in _inside(evaluation, value)]


def _inside(evaluation: Evaluation, value: Value) -> list[Value]:
    from nixlint_ort.nix.values import NixAttrs, NixList, Package  # not where every variant is remembered

    if isinstance(value, NixAttrs):
        return [evaluation.force(thunk) for thunk in value.attributes.values()]
    if isinstance(value, NixList):
        items = evaluation.items(value)
        return items if isinstance(items, list) else []
    if isinstance(value, Package) and value.state:
        return list(evaluation.overridden(value))
    return []
