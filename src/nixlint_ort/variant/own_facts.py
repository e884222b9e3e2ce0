"""Facts that a convention names itself: any attribute of the wrapper or the layer, and any binding of the file."""

from __future__ import annotations

from nixlint_ort.convention.vocabulary import OwnFact, Subject
from nixlint_ort.nix.values import Origin, Package, Unknown, Value
from nixlint_ort.source import Span
from nixlint_ort.variant.derivation import Derivation
from nixlint_ort.variant.fact import Fact
from nixlint_ort.variant.from_value import PackageAttribute, fact_of, unknown_fact


def read_own_fact(derivation: Derivation, name: str, own: OwnFact) -> Fact:
    """The fact of that name: a text, or a list where the value is one."""
    if own.subject is Subject.BINDING:
        return _binding(derivation, name, own.path)
    subject = derivation.layer if own.subject is Subject.LAYER else derivation.wrapper
    if subject is None:
        failure = derivation.failure or Unknown("the file does not evaluate to a package", Origin(derivation.span))
        return unknown_fact(name, failure)
    return _attribute(derivation, subject, name, tuple(own.path.split(".")))


def _binding(derivation: Derivation, name: str, binding: str) -> Fact:
    evaluation = derivation.evaluation
    value, span = evaluation.binding(binding), evaluation.binding_span(binding)
    part = PackageAttribute("", (), f"the file has no binding {binding}")
    return fact_of(evaluation, name, value, span or Span(0, 0), part)


def _attribute(derivation: Derivation, package: Package, name: str, path: tuple[str, ...]) -> Fact:
    evaluation = derivation.evaluation
    part = PackageAttribute(package.path[-1].text, path)
    value: Value | None = evaluation.attribute(package, path[0])
    for one in path[1:]:
        if value is None or part.is_own(value):
            break
        if isinstance(value, Unknown):
            return unknown_fact(name, value)
        value = evaluation.select(value, one)
    return fact_of(evaluation, name, value, package.origin.span, part)
