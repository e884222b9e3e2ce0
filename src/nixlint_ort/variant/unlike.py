"""By which of their parts two variants mean something else: arguments and attributes, and where they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.nix.constructs import binding_paths
from nixlint_ort.nix.values import NixAttrs, Origin, Package, PackageSet, Value
from nixlint_ort.source import Span
from nixlint_ort.variant.build import Build
from nixlint_ort.variant.build_form import COVERED, build_form
from nixlint_ort.variant.normal_form import Meaning

if TYPE_CHECKING:
    from nixlint_ort.variant.variant import Variant


class Unlike(NamedTuple):
    """A part in which two variants differ: the bindings in each file that state it; none where it is not set there."""

    here: tuple[Span, ...]
    there: tuple[Span, ...]


def unlike_parts(variant: Variant, other: Variant) -> list[Unlike]:
    """The parts of two variants that mean something else; none where it cannot be told by parts."""
    one, two = variant.evaluation.result, other.evaluation.result
    if not isinstance(one, Package) or not isinstance(two, Package):
        return []
    sides = (_Side(variant), _Side(other))
    return [Unlike(*map(_Side.bindings, sides, spans)) for spans in _Comparison(*sides).packages(one, two)]


class _Side:
    """One of the two variants."""

    def __init__(self, variant: Variant) -> None:
        self.evaluation = variant.evaluation
        self.meaning = Meaning(variant)
        self._spans = sorted(binding_paths(variant.document).values())

    def bindings(self, places: tuple[Span, ...]) -> tuple[Span, ...]:
        """The innermost binding around each place."""
        around = ([one for one in self._spans if one.start <= at.start and at.end <= one.end] for at in places)
        return tuple(spans[-1] for spans in around if spans)

    def value(self, attributes: NixAttrs, name: str) -> Value | None:
        """An attribute's value; None where it is not set."""
        thunk = attributes.attributes.get(name)
        return self.evaluation.force(thunk) if thunk is not None else None

    def scripts(self, attributes: NixAttrs) -> tuple[Span, ...]:
        """Where scripts and flags are set."""
        names = COVERED.intersection(attributes.attributes)
        return tuple(span for name in sorted(names) for span in _place(attributes, name, self.value(attributes, name)))


Spans = tuple[tuple[Span, ...], tuple[Span, ...]]
"""Places in the two files."""


class _Comparison:
    def __init__(self, one: _Side, other: _Side) -> None:
        self.one = one
        self.other = other

    def _alike(self, here: Value | None, there: Value | None) -> bool:
        return self.one.meaning.of(here) == self.other.meaning.of(there)

    def packages(self, here: Package, there: Package) -> Iterator[Spans]:
        """Where two packages differ: what nixpkgs they are of, their arguments, and their attributes."""
        yield from self._roots(here.root, there.root)
        (arguments, own), (other_arguments, theirs) = (
            side.evaluation.overridden(package) for side, package in ((self.one, here), (self.other, there))
        )
        yield from self.attributes(arguments, other_arguments)
        forms = (
            build_form(Build(self.one.evaluation, here), own),
            build_form(Build(self.other.evaluation, there), theirs),
        )
        if forms[0] is None or forms[1] is None:
            yield from self.attributes(own, theirs)
            return
        if self.one.meaning.build(forms[0]) != self.other.meaning.build(forms[1]):
            yield self.one.scripts(own), self.other.scripts(theirs)
        yield from self.attributes(forms[0].others, forms[1].others)

    def _roots(self, here: PackageSet, there: PackageSet) -> Iterator[Spans]:
        if self._alike(here, there):
            return
        if not self._alike(here.source, there.source):
            yield (here.source.origin.span,), (there.source.origin.span,)
        if here.arguments is not None and there.arguments is not None:
            yield from self.attributes(here.arguments, there.arguments)

    def attributes(self, here: NixAttrs, there: NixAttrs, around: Spans = ((), ())) -> Iterator[Spans]:
        """Where two sets differ, in them or in sets and packages inside of them; they are written `around`."""
        if self.one.meaning.further(here) != self.other.meaning.further(there):
            yield around
        for name in sorted({*here.attributes, *there.attributes}):
            one, other = self.one.value(here, name), self.other.value(there, name)
            if (one is None) is (other is None) and self._alike(one, other):
                continue
            places = _place(here, name, one), _place(there, name, other)
            inner: list[Spans] = []
            if isinstance(one, NixAttrs) and isinstance(other, NixAttrs):
                inner = [*self.attributes(one, other, places)]
            elif isinstance(one, Package) and isinstance(other, Package):
                inner = [*self.packages(one, other)]
            yield from inner or [places]


def _place(attributes: NixAttrs, name: str, value: Value | None) -> tuple[Span, ...]:
    """Where an attribute is written: its name, or else its value."""
    if name in attributes.names:
        return (attributes.names[name],)
    origin = getattr(value, "origin", None)
    return (origin.span,) if isinstance(origin, Origin) else ()
