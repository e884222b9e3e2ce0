"""Everything that a variant evaluates to, by name: the vocabulary's facts, and all other attributes and bindings.

A fact is read as a rule would read it, so that what is learned of it can be a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention.vocabulary import FACTS, Subject, attribute_fact, binding_fact, own_fact
from nixlint_ort.nix.values import NixAttrs, NixString, Package
from nixlint_ort.source import Span
from nixlint_ort.template import Template, TemplateError
from nixlint_ort.variant.derivation import Derivation
from nixlint_ort.variant.own_facts import read_own_fact
from nixlint_ort.variant.readers import READERS, read_fact

if TYPE_CHECKING:
    from nixlint_ort.nix.evaluation import Evaluation
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant

PIN = "pin.rev"
_COMMIT = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_SHALLOW = ("pname", "version", "src", "meta")
"""Attributes that the vocabulary's facts are about already, or that are looked into by their own."""
_DEEPEST = 3
_MOST_FACTS = 400
"""Of one variant."""


class Harvest(NamedTuple):
    """What one variant evaluates to."""

    facts: dict[str, Fact]
    layer: str | None
    """What nixpkgs calls the package that the wrapper is built on: itself where there is one derivation."""
    is_two: bool
    """Whether these are two derivations."""
    address: str | None
    """A template of the address that nixpkgs is fetched from, with the commit as a field."""


def harvest(variant: Variant) -> Harvest:
    """Evaluate a variant; one that cannot be parsed has no facts."""
    if not variant.judgeable:
        return Harvest({}, None, is_two=False, address=None)
    evaluation = variant.evaluation
    wrapper = evaluation.result if isinstance(evaluation.result, Package) else None
    layer = _layer(evaluation, wrapper) if wrapper is not None else None
    address = _address(wrapper) if wrapper is not None else None
    urls = [Template(address, {})] if address else []
    derivation = Derivation(evaluation, layer or "", urls, Span(0, len(variant.source.data)))
    facts = {name: read_fact(derivation, name) for name in FACTS if name in READERS}
    for name in _further(derivation):
        if len(facts) >= _MOST_FACTS:
            break
        own = own_fact(name)
        if own is not None and name not in facts:
            facts[name] = read_own_fact(derivation, name, own)
    return Harvest(facts, layer, derivation.is_two, address)


def is_of_layer(name: str) -> bool:
    """Whether a fact is an attribute that only a layer has which is a derivation of its own."""
    own = own_fact(name)
    return own is not None and own.subject is Subject.LAYER


def _layer(evaluation: Evaluation, wrapper: Package) -> str:
    """What the wrapper is built on: the first package that it is given and that the file has overridden."""
    for name in evaluation.arguments(wrapper).names:
        value = evaluation.argument(wrapper, name)
        if isinstance(value, Package) and value.state and value.path[-1].text == name:
            return name
    return wrapper.path[-1].text


def _address(wrapper: Package) -> str | None:
    url = wrapper.root.source.url
    if not isinstance(url, NixString) or url.unknown is not None:
        return None
    escaped = url.text.replace("{", "{{").replace("}", "}}")
    text, count = _COMMIT.subn(f"{{{PIN}}}", escaped, count=1)
    try:
        Template(text, {})
    except TemplateError:
        return None
    return text if count else None


def _further(derivation: Derivation) -> Iterator[str]:
    """The names of the facts that are attributes and bindings."""
    for name in derivation.evaluation.binding_names:
        yield binding_fact(name)
    known = {kind.attribute for kind in FACTS.values() if kind.attribute}
    subjects = [("wrapper", derivation.wrapper)]
    if derivation.is_two:
        subjects.append(("layer", derivation.layer))
    for of, package in subjects:
        if package is None:
            continue
        attributes = derivation.evaluation.overridden(package)[1]
        for path in _paths(derivation.evaluation, attributes, _DEEPEST):
            if path not in known and path.removeprefix("meta.") not in known and path not in _SHALLOW:
                yield attribute_fact(path, of)


def _paths(evaluation: Evaluation, attributes: NixAttrs, depth: int) -> Iterator[str]:
    """The paths of attributes that are set in this file, also of those in sets."""
    for name in attributes.attributes:
        if not re.fullmatch(r"[A-Za-z_][\w'-]*", name):
            continue
        value = evaluation.force(attributes.attributes[name])
        if isinstance(value, NixAttrs):
            if depth > 1:
                yield from (f"{name}.{path}" for path in _paths(evaluation, value, depth - 1))
        else:
            yield name
