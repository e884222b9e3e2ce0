"""A variant's two packages: the Python wrapper that the file evaluates to, and the C++ layer that it is built on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.nix.values import Origin, Package, Unknown, Value
from nixlint_ort.source import Span
from nixlint_ort.variant.build import Build

if TYPE_CHECKING:
    from nixlint_ort.nix.evaluation import Evaluation
    from nixlint_ort.template import Template


class Derivation:
    """A file's result as wrapper and layer; without a wrapper, every fact is unknown for one reason."""

    def __init__(self, evaluation: Evaluation, package: str, pin_urls: Iterable[Template], span: Span) -> None:
        self.evaluation = evaluation
        self.package = package
        self.pin_urls = tuple(pin_urls)
        self.span = span
        result = evaluation.result
        self.wrapper = result if isinstance(result, Package) else None
        self.failure: Unknown | None = None if self.wrapper else _not_a_package(result, span)
        self.layer = self.wrapper
        """The wrapper itself where the file has only one derivation."""
        if self.wrapper is not None:
            self._find_layer(self.wrapper)

    def _find_layer(self, wrapper: Package) -> None:
        given = self.evaluation.argument(wrapper, self.package)
        if isinstance(given, Package):
            self.layer = given
        elif isinstance(given, Unknown) and given is not wrapper.doubt:
            self.layer, self.failure = None, given
        elif given is None and len(wrapper.path) > 1 and wrapper.path[-1].text == self.package:
            # nixpkgs gives the wrapper the package of its top level, which an overlay may have overridden.
            top = self.evaluation.select(wrapper.root, self.package)
            if isinstance(top, Package) and (top.state or top.doubt is not None):
                self.layer = top

    @property
    def is_two(self) -> bool:
        """Whether wrapper and layer are two derivations."""
        return self.layer is not None and self.layer is not self.wrapper

    @cached_property
    def layer_build(self) -> Build:
        """What the layer's build gives its compilers; raises ValueError where there is no layer."""
        if self.layer is None:
            raise ValueError("there is no layer")
        return Build(self.evaluation, self.layer)

    @cached_property
    def wrapper_build(self) -> Build:
        """The same for the wrapper."""
        if self.wrapper is None:
            raise ValueError("there is no wrapper")
        return Build(self.evaluation, self.wrapper)


def _not_a_package(result: Value, span: Span) -> Unknown:
    if isinstance(result, Unknown):
        return result
    return Unknown("the file does not evaluate to a package of nixpkgs with overrides", Origin(span))
