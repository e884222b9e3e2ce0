"""The facts that are read off the derivation which a file evaluates to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.convention.vocabulary import FACTS, Subject
from nixlint_ort.nix.values import (
    Fetched,
    NixAttrs,
    NixList,
    NixString,
    Origin,
    Package,
    Rest,
    Unknown,
    Value,
)
from nixlint_ort.source import Span
from nixlint_ort.variant.architectures import cmake_cuda_architectures
from nixlint_ort.variant.fact import Fact, as_text, cut
from nixlint_ort.variant.machine_flags import is_machine_flag
from nixlint_ort.variant.shell import Flags, carriage_return, follow

if TYPE_CHECKING:
    from nixlint_ort.nix.evaluation import Evaluation
    from nixlint_ort.template import Template

PHASES = ("postUnpack", "prePatch", "postPatch", "preConfigure")
"""What runs before CMake configures, in stdenv's order (nixpkgs manual, "Phases")."""


class Derivation:
    """A file's result as wrapper and layer; without a wrapper, every fact is unknown for one reason."""

    def __init__(self, evaluation: Evaluation, package: str, pin_urls: Iterable[Template], span: Span) -> None:
        self.evaluation = evaluation
        self.package = package
        self.pin_urls = tuple(pin_urls)
        self.span = span
        result = evaluation.result
        self.wrapper = result if isinstance(result, Package) else None
        self.layer = self.wrapper
        self.failure: Unknown | None = None
        if self.wrapper is None:
            self.failure = _not_a_package(result, span)
            return
        inner = evaluation.argument(self.wrapper, package)
        if isinstance(inner, Package):
            self.layer = inner
        elif isinstance(inner, Unknown):
            self.layer = None
            self.failure = inner

    def fact(self, name: str) -> Fact:
        """The fact of that name; a name that is not one of READERS raises KeyError."""
        reader = READERS[name]
        subject = self.layer if FACTS[name].subject is Subject.LAYER else self.wrapper
        if subject is None:
            failure = self.failure or Unknown("the file is no package", Origin(self.span))
            return Fact(name, failure.origin.span, unknown=failure)
        return reader(self, name, subject)

    @cached_property
    def exported(self) -> tuple[dict[str, Flags], Span]:
        """What the layer's phases export into the compilers' variables, and the last script that they run."""
        flags = {"CXXFLAGS": Flags(), "CFLAGS": Flags()}
        if self.layer is None:
            return flags, self.span
        span = self.layer.origin.span
        for phase in PHASES:
            script = self.evaluation.attribute(self.layer, phase)
            if isinstance(script, NixString):
                script = carriage_return(script) or script
            if isinstance(script, NixString):
                follow(script, flags)
                span = script.origin.span
            elif isinstance(script, Unknown) and not script.is_set_by_nixpkgs:
                return {name: Flags(unknown=script) for name in flags}, script.origin.span
        return flags, span

    def from_value(self, name: str, value: Value | None, span: Span, absent: str = "the file does not set it") -> Fact:
        """A fact from what the evaluator says, which is None where the file does not set the value."""
        if value is None:
            return Fact(name, span, reason=absent)
        if isinstance(value, Unknown):
            if value.is_set_by_nixpkgs:
                return Fact(name, span, reason="set by nixpkgs")
            return Fact(name, value.origin.span, unknown=value)
        if FACTS[name].is_list and isinstance(value, NixList):
            return self._from_list(name, value)
        text = as_text(value)
        if FACTS[name].is_list and isinstance(text, NixString):
            text = Unknown("it is a text, not a list", text.origin)
        if isinstance(text, Unknown):
            return Fact(name, text.origin.span, unknown=text)
        return Fact(name, text.origin.span, (text,))

    def _from_list(self, name: str, value: NixList) -> Fact:
        items = self.evaluation.items(value)
        if isinstance(items, Unknown):
            return Fact(name, items.origin.span, unknown=items)
        texts: list[NixString] = []
        for item in items:
            text = item.unknown if isinstance(item, Rest) else as_text(item)
            if isinstance(text, Unknown):
                return Fact(name, value.origin.span, unknown=text)
            texts.append(text)
        return Fact(name, value.origin.span, tuple(texts), is_list=True)


def _not_a_package(result: Value, span: Span) -> Unknown:
    if isinstance(result, Unknown):
        return result
    return Unknown("the file does not evaluate to a package of nixpkgs with overrides", Origin(span))


def _nixpkgs_url(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    source = wrapper.root.source
    return derivation.from_value(name, source.url, source.origin.span, "nixpkgs is not fetched from an address")


def _nixpkgs_rev(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    source = wrapper.root.source
    if source.rev is not None:
        return derivation.from_value(name, source.rev, source.origin.span)
    url = _nixpkgs_url(derivation, name, wrapper)
    if url.items is None:
        return url
    text = url.items[0]
    for template in derivation.pin_urls:
        for field in (template.parse(text.text) or {}).values():
            revision = cut(text, field.start, field.end)
            return url._replace(items=(revision,))
    return Fact(name, url.span, reason="the address does not name a revision in a known way")


def _config_cuda_support(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    root = wrapper.root
    config: Value | None = None
    if root.arguments is not None:
        config = derivation.evaluation.select(root.arguments, "config")
    if not isinstance(config, NixAttrs):
        return derivation.from_value(name, config, root.origin.span, "nixpkgs is imported without a config")
    value = derivation.evaluation.select(config, "cudaSupport")
    return _among(config.names, derivation.from_value(name, value, config.origin.span, "the config does not set it"))


def _cuda_packages(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    root = wrapper.root
    value = derivation.evaluation.select(root, "cudaPackages")
    if isinstance(value, Package) and value.path:
        attribute = value.path[-1]
        if attribute.text == "cudaPackages":
            return Fact(name, root.origin.span, reason="no overlay sets cudaPackages")
        prefix = "cudaPackages_"
        if attribute.text.startswith(prefix):
            line = cut(attribute, len(prefix), len(attribute.text))
            return Fact(name, attribute.origin.span, (line,))
        return Fact(name, attribute.origin.span, (attribute,))
    return derivation.from_value(name, value, root.origin.span)


def _python_packages(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    if len(wrapper.path) < 2:
        return Fact(name, wrapper.origin.span, reason="the package is not taken from a Python package set")
    attribute = wrapper.path[-2]
    return derivation.from_value(name, attribute, attribute.origin.span)


def _cpp_layer(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    value = derivation.evaluation.argument(wrapper, derivation.package)
    if isinstance(value, Package):
        path = value.path[-1]
        if not value.state:
            return Fact(name, value.origin.span, reason=f"it is given {path.text} as nixpkgs has it")
        return Fact(name, path.origin.span, (path,))
    return derivation.from_value(name, value, wrapper.origin.span, f"the override does not set {derivation.package}")


def _argument(argument: str) -> Reader:
    def read(derivation: Derivation, name: str, subject: Package) -> Fact:
        value = derivation.evaluation.argument(subject, argument)
        fact = derivation.from_value(name, value, subject.origin.span, "the override does not set it")
        return _among(derivation.evaluation.argument_names(subject), fact)

    return read


def _attribute(attribute: str) -> Reader:
    def read(derivation: Derivation, name: str, subject: Package) -> Fact:
        value = derivation.evaluation.attribute(subject, attribute)
        fact = derivation.from_value(name, value, subject.origin.span)
        return _among(derivation.evaluation.attribute_names(subject), fact)

    return read


def _meta(attribute: str) -> Reader:
    def read(derivation: Derivation, name: str, subject: Package) -> Fact:
        meta = derivation.evaluation.attribute(subject, "meta")
        if not isinstance(meta, NixAttrs):
            return derivation.from_value(name, meta, subject.origin.span)
        value = derivation.evaluation.select(meta, attribute)
        return _among(meta.names, derivation.from_value(name, value, meta.origin.span))

    return read


def _among(names: Mapping[str, Span], fact: Fact) -> Fact:
    """A fact that is not set, with the attributes of the set that lacks it."""
    return fact._replace(siblings=names) if fact.absent else fact


def _ort_src_tag(derivation: Derivation, name: str, layer: Package) -> Fact:
    source = derivation.evaluation.attribute(layer, "src")
    if not isinstance(source, Fetched):
        return derivation.from_value(name, source, layer.origin.span)
    return derivation.from_value(name, source.rev, source.origin.span, "the source is fetched without a tag")


def _flags(variable: str) -> Reader:
    def read(derivation: Derivation, name: str, _: Package) -> Fact:
        flags, span = derivation.exported
        known = flags[variable]
        if known.unknown is not None:
            return Fact(name, known.unknown.origin.span, unknown=known.unknown)
        words = tuple(word for word in known.words if is_machine_flag(word.text))
        if not words:
            return Fact(name, span, reason=f"no phase exports a machine flag into {variable}")
        return Fact(name, span, words, is_list=True)

    return read


Reader = Callable[[Derivation, str, Package], Fact]

READERS: dict[str, Reader] = {
    "nixpkgs_url": _nixpkgs_url,
    "nixpkgs_rev": _nixpkgs_rev,
    "config_cuda_support": _config_cuda_support,
    "cuda_packages": _cuda_packages,
    "python_packages": _python_packages,
    "cpp_layer": _cpp_layer,
    "pname": _attribute("pname"),
    "description": _meta("description"),
    "platforms": _meta("platforms"),
    "cuda_support": _argument("cudaSupport"),
    "python_support": _argument("pythonSupport"),
    "layer_python_packages": _argument("python3Packages"),
    "gpu_targets": _argument("gpuTargets"),
    "ort_version": _attribute("version"),
    "ort_src_tag": _ort_src_tag,
    "cmake_cuda_architectures": cmake_cuda_architectures,
    "cxx_flags": _flags("CXXFLAGS"),
    "c_flags": _flags("CFLAGS"),
    "system_features": _attribute("requiredSystemFeatures"),
}
