"""What a variant is built from: the tag of its source, its patches, and the other sources that the file pins."""

from __future__ import annotations

import re

from nixlint_ort.nix.overriding import ARGUMENTS
from nixlint_ort.nix.values import (
    Fetched,
    Form,
    NixList,
    NixPath,
    NixString,
    Origin,
    Package,
    Piece,
    Rest,
    Unknown,
    Value,
)
from nixlint_ort.variant.derivation import Derivation
from nixlint_ort.variant.fact import Fact, cut
from nixlint_ort.variant.from_value import BY_NIXPKGS, PackageAttribute, as_text, fact_of, unknown_fact, why_unknown

_TAG_IN_URL = re.compile(r"/(?:archive|tarball|zipball)/(?:refs/tags/)?(?P<tag>[^/?]+?)(?:\.tar\.\w+|\.tgz|\.zip)?\Z")
_RELEASE_IN_URL = re.compile(r"/releases/download/(?P<tag>[^/]+)/")


def source_tag(derivation: Derivation, name: str, layer: Package) -> Fact:
    """The tag or revision that the layer's `src` is fetched at."""
    evaluation = derivation.evaluation
    source = evaluation.attribute(layer, "src")
    part, span = PackageAttribute(layer.path[-1].text, ("src",)), layer.origin.span
    if isinstance(source, Package) and source.state and PackageAttribute(*_named(part)).is_own(_untouched(source)):
        return _refetched(derivation, name, source)
    if not isinstance(source, Fetched):
        return fact_of(evaluation, name, source, span, part)
    if source.rev is None:
        return _tag_of_address(derivation, name, source)
    return fact_of(evaluation, name, source.rev, source.origin.span, part)


def _named(part: PackageAttribute) -> tuple[str, tuple[str, ...]]:
    return part.package, part.names


def _untouched(package: Package) -> Package:
    return Package(package.root, package.path, package.origin, None, package.doubt)


def _refetched(derivation: Derivation, name: str, source: Package) -> Fact:
    """nixpkgs' own source, whose fetcher is given something else by `.override`."""
    evaluation = derivation.evaluation
    for argument in ("tag", "rev"):
        value = evaluation.argument(source, argument)
        if value is not None:
            return fact_of(evaluation, name, value, source.origin.span, PackageAttribute("src", (ARGUMENTS, argument)))
    changed = evaluation.arguments(source).names.keys() - {"hash", "sha256", "fetchSubmodules"}
    if changed:
        why = f"nixlint-ort does not evaluate a source of nixpkgs with another {min(changed)}"
        return unknown_fact(name, Unknown(why, source.origin))
    return Fact(name, source.origin.span, reason=BY_NIXPKGS)


def _tag_of_address(derivation: Derivation, name: str, source: Fetched) -> Fact:
    url = fact_of(derivation.evaluation, name, source.url, source.origin.span, PackageAttribute("", ()))
    if url.items is None:
        why = Unknown("this source has neither a tag nor an address that nixlint-ort recognizes", source.origin)
        return url if url.unknown is not None else unknown_fact(name, why)
    address = url.items[0]
    for pattern in (_TAG_IN_URL, _RELEASE_IN_URL):
        match = pattern.search(address.text)
        if match is not None:
            return url._replace(items=(cut(address, *match.span("tag")),))
    return unknown_fact(name, Unknown("this address has no tag that nixlint-ort recognizes", address.origin))


def patches(derivation: Derivation, name: str, layer: Package) -> Fact:
    """What the file patches the layer's source with, by file or address; nixpkgs' own patches are not listed."""
    evaluation = derivation.evaluation
    value = evaluation.attribute(layer, "patches")
    part = PackageAttribute(layer.path[-1].text, ("patches",))
    if value is None or part.is_own(value):
        return Fact(name, layer.origin.span, reason=BY_NIXPKGS)
    items = evaluation.items(value)
    if isinstance(items, Unknown):
        return unknown_fact(name, items)
    texts: list[NixString] = []
    for item in items:
        if isinstance(item, Rest) and part.is_own(item.unknown):
            continue
        text = item.unknown if isinstance(item, Rest) else _patch(item)
        if isinstance(text, Unknown):
            return unknown_fact(name, text)
        texts.append(text)
    span = value.origin.span if isinstance(value, NixList) else layer.origin.span
    return Fact(name, span, tuple(texts), is_list=True)


def _patch(item: Value) -> NixString | Unknown:
    if isinstance(item, NixPath):
        return NixString((Piece(item.text, item.origin, Form.DERIVED),), item.origin)
    if isinstance(item, Fetched) and isinstance(item.url, NixString):
        return as_text(item.url)
    return as_text(item)


def other_sources(derivation: Derivation, name: str, layer: Package) -> Fact:
    """What else the file fetches by a tag, such as `cutlass v3.9.2`, in the order in which it is there."""
    evaluation = derivation.evaluation
    evaluation.force_deeply(layer)
    source = evaluation.attribute(layer, "src")
    found: dict[int, NixString] = {}
    for fetched in evaluation.fetched():
        if fetched is source or (isinstance(source, Fetched) and fetched.origin.span == source.origin.span):
            continue
        repository = evaluation.select(fetched.arguments, "repo") if fetched.arguments is not None else None
        if isinstance(repository, NixString) and fetched.rev is not None:
            text = _source(repository, fetched.rev)
            if isinstance(text, Unknown):
                return unknown_fact(name, text)
            found[fetched.origin.span.start] = text
    if not found:
        return Fact(name, layer.origin.span, reason="the file fetches no other source by a tag")
    return Fact(name, layer.origin.span, tuple(found[start] for start in sorted(found)), is_list=True)


def _source(repository: NixString, revision: Value) -> NixString | Unknown:
    texts = (as_text(repository), as_text(revision))
    first, second = texts
    if isinstance(first, Unknown) or isinstance(second, Unknown):
        return first if isinstance(first, Unknown) else why_unknown(second, "a tag", repository.origin.span)
    blank = Piece(" ", Origin(repository.origin.span), Form.DERIVED)
    return NixString((*first.pieces, blank, *second.pieces), repository.origin)
