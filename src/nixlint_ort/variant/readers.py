"""How each fact is read off the derivation that a file evaluates to, from all the ways in which a file can set it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from nixlint_ort.convention.vocabulary import FACTS, Subject
from nixlint_ort.nix.nested_sets import CUDA_SET
from nixlint_ort.nix.nixpkgs import BUILDERS
from nixlint_ort.nix.overriding import ARGUMENTS
from nixlint_ort.nix.values import NixAttrs, NixString, Origin, Package, Unknown, Value
from nixlint_ort.variant.architectures import cuda_architectures
from nixlint_ort.variant.derivation import Derivation
from nixlint_ort.variant.fact import Fact, cut
from nixlint_ort.variant.from_value import BY_NIXPKGS, PackageAttribute, fact_of, unknown_fact, why_unknown
from nixlint_ort.variant.machine_flags import is_machine_flag
from nixlint_ort.variant.sources import other_sources, patches, source_tag

Reader = Callable[[Derivation, str, Package], Fact]


def read_fact(derivation: Derivation, name: str) -> Fact:
    """The fact of that name; a name that is not one of READERS raises KeyError."""
    reader = READERS[name]
    subject = derivation.layer if FACTS[name].subject is Subject.LAYER else derivation.wrapper
    if subject is None:
        failure = derivation.failure or Unknown("the file does not evaluate to a package", Origin(derivation.span))
        return unknown_fact(name, failure)
    return reader(derivation, name, subject)


def _nixpkgs_url(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    source = wrapper.root.source
    absent = "nixpkgs is not fetched from an address"
    return fact_of(derivation.evaluation, name, source.url, source.origin.span, PackageAttribute("", (), absent))


def _nixpkgs_rev(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    source = wrapper.root.source
    if source.rev is not None:
        return fact_of(derivation.evaluation, name, source.rev, source.origin.span, PackageAttribute("", ()))
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
    """One value, or two where the wrapper is from a nixpkgs with another configuration than the layer's."""
    own = _configured(derivation, name, wrapper)
    layer = derivation.layer
    if layer is None or layer.root is wrapper.root or layer.root.arguments is wrapper.root.arguments:
        return own
    other = _configured(derivation, name, layer)
    if other.unknown is not None or (other.value or "false") == (own.value or "false"):
        return own if other.unknown is None else other
    if own.items is None:
        return other
    return own if other.items is None else own._replace(items=(*other.items, *own.items), is_list=True)


def _configured(derivation: Derivation, name: str, package: Package) -> Fact:
    root, absent = package.root, "the config does not set it"
    config = derivation.evaluation.config(root)
    if isinstance(config, Package):
        return Fact(name, root.origin.span, reason="nixpkgs is imported without a config")
    if not isinstance(config, NixAttrs):
        return unknown_fact(name, why_unknown(config, "a set", root.origin.span))
    span = config.origin.span
    if "cudaSupport" not in config.attributes:
        if config.rest is None or config.rest.own is not None:
            return _among(config, Fact(name, span, reason=absent))
        return unknown_fact(name, config.rest)
    value = derivation.evaluation.select(config, "cudaSupport")
    return fact_of(derivation.evaluation, name, value, span, PackageAttribute("config", ("cudaSupport",), absent))


def _cuda_packages(derivation: Derivation, name: str, layer: Package) -> Fact:
    evaluation, root = derivation.evaluation, layer.root
    value = evaluation.argument(layer, "cudaPackages")
    if (
        value is None
        or value is layer.doubt
        or PackageAttribute(layer.path[-1].text, (ARGUMENTS, "cudaPackages")).is_own(value)
    ):
        value = evaluation.select(root, "cudaPackages")
    if isinstance(value, NixAttrs) and value.rest is not None and not _names_of_cuda(value.attributes):
        value = value.rest.own or value
    line = _cuda_set(derivation, value)
    if isinstance(line, Unknown):
        return unknown_fact(name, line)
    if line.text == "cudaPackages":
        return Fact(name, root.origin.span, reason="no overlay sets cudaPackages")
    return Fact(name, line.origin.span, (cut(line, len("cudaPackages_"), len(line.text)),))


def _names_of_cuda(names: Mapping[str, object]) -> list[str]:
    """The names of a CUDA set that decide which toolkit it is; others, such as `cudnn`, are built on it."""
    return [one for one in names if one.startswith("cuda")]


def _cuda_set(derivation: Derivation, value: Value | None) -> NixString | Unknown:
    if not isinstance(value, Package) or value.doubt is not None or not CUDA_SET.fullmatch(value.path[-1].text):
        return why_unknown(value, "a set of CUDA packages", derivation.span)
    if value.state:
        return Unknown(f"nixlint-ort does not evaluate the override of {value.name}", value.origin)
    for layer in derivation.evaluation.extensions(value):
        if not isinstance(layer, NixAttrs) or layer.rest is not None or _names_of_cuda(layer.attributes):
            return Unknown(f"nixlint-ort does not evaluate this extension of {value.name}", value.origin)
    return value.path[-1]


def _python_packages(_: Derivation, name: str, wrapper: Package) -> Fact:
    if len(wrapper.path) < 2:
        return Fact(name, wrapper.origin.span, reason="the package is not taken from a Python package set")
    if wrapper.doubt is not None and wrapper.path[-1].text not in BUILDERS:
        return unknown_fact(name, wrapper.doubt)
    attribute = wrapper.path[-2]
    return Fact(name, attribute.origin.span, (attribute,))


def _cpp_layer(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    value = derivation.evaluation.argument(wrapper, derivation.package)
    if value is None and derivation.is_two:
        value = derivation.layer
    if isinstance(value, Package):
        path = value.path[-1]
        if value.doubt is not None and not value.state:
            return unknown_fact(name, value.doubt)
        if not value.state:
            return Fact(name, value.origin.span, reason=f"it is given {path.text} as nixpkgs has it")
        return Fact(name, path.origin.span, (path,))
    absent = f"the override does not set {derivation.package}"
    part = PackageAttribute(wrapper.path[-1].text, (ARGUMENTS, derivation.package), absent)
    return fact_of(derivation.evaluation, name, value, wrapper.origin.span, part)


def _argument(argument: str) -> Reader:
    def read(derivation: Derivation, name: str, subject: Package) -> Fact:
        value = derivation.evaluation.argument(subject, argument)
        part = PackageAttribute(subject.path[-1].text, (ARGUMENTS, argument), "the override does not set it")
        fact = fact_of(derivation.evaluation, name, value, subject.origin.span, part)
        return _among(derivation.evaluation.arguments(subject), fact)

    return read


def _layer_python_packages(derivation: Derivation, name: str, layer: Package) -> Fact:
    value = derivation.evaluation.argument(layer, "python3Packages")
    if PackageAttribute(layer.path[-1].text, (ARGUMENTS, "python3Packages")).is_own(value):
        value = derivation.evaluation.select(layer.root, "python3Packages")
        if not isinstance(value, Package) or value.doubt is not None:
            return unknown_fact(name, why_unknown(value, "a Python package set", layer.origin.span))
    if isinstance(value, Package) and value.doubt is None:
        attribute = value.path[-1]
        if re.fullmatch(r"python\d*Packages", attribute.text):
            return Fact(name, attribute.origin.span, (attribute,))
    return _argument("python3Packages")(derivation, name, layer)


def _attribute(attribute: str) -> Reader:
    def read(derivation: Derivation, name: str, subject: Package) -> Fact:
        value = derivation.evaluation.attribute(subject, attribute)
        part = PackageAttribute(subject.path[-1].text, (attribute,))
        fact = fact_of(derivation.evaluation, name, value, subject.origin.span, part)
        if attribute == "pname":
            fact = _taken_from_layer(derivation, fact, (attribute,))
        return _among(derivation.evaluation.attributes(subject), fact)

    return read


def _meta(attribute: str) -> Reader:
    def read(derivation: Derivation, name: str, subject: Package) -> Fact:
        evaluation, part = derivation.evaluation, PackageAttribute(subject.path[-1].text, ("meta", attribute))
        meta = evaluation.attribute(subject, "meta")
        value = evaluation.select(meta, attribute) if isinstance(meta, (NixAttrs, Package)) else meta
        span = meta.origin.span if isinstance(meta, NixAttrs) else subject.origin.span
        fact = _taken_from_layer(derivation, fact_of(evaluation, name, value, span, part), ("meta", attribute))
        return _among(meta, fact) if isinstance(meta, NixAttrs) else fact

    return read


def _taken_from_layer(derivation: Derivation, fact: Fact, path: tuple[str, ...]) -> Fact:
    """A fact of the wrapper that is nixpkgs' own, where the file sets it on the layer that nixpkgs takes it from."""
    layer, wrapper = derivation.layer, derivation.wrapper
    if fact.reason != BY_NIXPKGS or layer is None or layer is wrapper or FACTS[fact.name].subject is Subject.LAYER:
        return fact
    value: Value | None = layer
    for name in path:
        value = derivation.evaluation.select(value, name) if isinstance(value, (Package, NixAttrs)) else value
    if PackageAttribute(layer.path[-1].text, path).is_own(value):
        return fact
    why = f"nixlint-ort does not evaluate what nixpkgs' wrapper takes of the layer's {'.'.join(path)}"
    return unknown_fact(fact.name, Unknown(why, Origin(fact.span)))


def _among(lacking: NixAttrs, fact: Fact) -> Fact:
    """A fact that is not set, with the attributes of the set that lacks it, or that has nixpkgs' own value for it."""
    return fact._replace(siblings=lacking.names, empty=lacking.empty) if fact.absent else fact


def _flags(language: str, *, machine: bool) -> Reader:
    def read(derivation: Derivation, name: str, _: Package) -> Fact:
        known, span = derivation.layer_build.compiler_flags(language)
        if known.unknown is not None:
            return unknown_fact(name, known.unknown)
        words = tuple(word for word in known.words if is_machine_flag(word.text) is machine)
        what = "a machine flag" if machine else "any other flag"
        return Fact(name, span, words, is_list=True) if words else Fact(name, span, reason=f"nothing adds {what}")

    return read


def _wrapper_flags(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    if not derivation.is_two:
        return Fact(name, wrapper.origin.span, reason="the file has one derivation")
    known, span = derivation.wrapper_build.compiler_flags("CXX")
    if known.unknown is not None:
        return unknown_fact(name, known.unknown)
    return Fact(name, span, known.words, is_list=True) if known.words else Fact(name, span, reason="it adds no flag")


def _wrapper_features(derivation: Derivation, name: str, wrapper: Package) -> Fact:
    if not derivation.is_two:
        return Fact(name, wrapper.origin.span, reason="the file has one derivation")
    return _attribute("requiredSystemFeatures")(derivation, name, wrapper)


def _architectures(derivation: Derivation, name: str, layer: Package) -> Fact:
    return cuda_architectures(derivation.evaluation, name, derivation.layer_build, layer)


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
    "layer_python_packages": _layer_python_packages,
    "gpu_targets": _argument("gpuTargets"),
    "ort_version": _attribute("version"),
    "ort_src_tag": source_tag,
    "cmake_cuda_architectures": _architectures,
    "cxx_flags": _flags("CXX", machine=True),
    "c_flags": _flags("C", machine=True),
    "system_features": _attribute("requiredSystemFeatures"),
    "other_flags": _flags("CXX", machine=False),
    "other_c_flags": _flags("C", machine=False),
    "patches": patches,
    "other_sources": other_sources,
    "wrapper_flags": _wrapper_flags,
    "wrapper_features": _wrapper_features,
}
