"""What a variant uses of the nixpkgs that it pins: attribute paths, and functions with the arguments it gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nixlint_ort.nix.values import NixAttrs, NixList, Package, Value
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.nix.evaluation import Evaluation
    from nixlint_ort.nix.values import NixString
    from nixlint_ort.variant.variant import Variant

_MAX_DEPTH = 20
_MAX_VALUES = 5_000


def taken(variant: Variant) -> list[tuple[NixString, ...]]:
    """The attribute paths that evaluating the whole derivation asks nixpkgs for, each once for each place.

    What a package itself has, such as `onnxruntime.version`, is not among them.
    """
    _ = variant.facts
    result = variant.evaluation.result
    packages = {_dotted(one.path) for one in _packages(variant) if one.state or one is result}
    paths: dict[object, tuple[NixString, ...]] = {}
    for path in variant.evaluation.taken():
        if not any(_dotted(path[:end]) in packages for end in range(1, len(path))):
            paths.setdefault((_dotted(path), path[-1].origin.span), path)
    return list(paths.values())


def _dotted(path: tuple[NixString, ...]) -> str:
    return ".".join(name.text for name in path)


def given(variant: Variant) -> list[tuple[tuple[str, ...], Mapping[str, Span]]]:
    """Each function of nixpkgs that the variant overrides, by its attribute path, with the names of its arguments."""
    found = []
    for package in _packages(variant):
        names = variant.evaluation.argument_names(package) if package.state else {}
        if names:
            found.append((tuple(name.text for name in package.path), names))
    return found


def _packages(variant: Variant) -> Iterator[Package]:
    """Every package that the derivation is or holds, found by evaluating all that overrides give."""
    evaluation = variant.evaluation
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
    if isinstance(value, NixAttrs):
        return [evaluation.force(thunk) for thunk in value.attributes.values()]
    if isinstance(value, NixList):
        items = evaluation.items(value)
        return items if isinstance(items, list) else []
    if isinstance(value, Package) and value.state:
        return list(evaluation.overridden(value))
    return []
