"""The one table of the facts that a rule can name: what each is, and all that there is to know of it.

The *layer* is the derivation that the file gives to the wrapper as its C++ package; where a file has only one
derivation, that one is wrapper and layer.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple


class Subject(Enum):
    """What a fact is a fact of."""

    NAME = auto()
    """The file's name."""
    HEADER = auto()
    """A comment at the top of the file."""
    BINDING = auto()
    """A binding of the file, whatever it is used for."""
    WRAPPER = auto()
    """The Python package that the file evaluates to, and the nixpkgs that it is taken from."""
    LAYER = auto()
    """The C++ package that the wrapper is built on."""


class Writing(Enum):
    """How a fix writes the value of an attribute that it puts in."""

    TEXT = auto()
    LIST = auto()
    SWITCH = auto()
    """`true` or `false`."""
    NAME = auto()
    """A reference to the binding with the variant's name where that says the same, else a text."""
    PACKAGE_SET = auto()
    """A package set of the nixpkgs that the wrapper is taken from."""


class FactKind(NamedTuple):
    """A row of the table: everything that holds for one fact of any variant."""

    about: str
    """What it is, in words for people."""
    subject: Subject
    is_list: bool = False
    """Whether Nix or nixpkgs wants a list for it; all others are texts."""
    is_worded: bool = False
    """Whether a kind of variant may have a template for it."""
    attribute: str | None = None
    """The attribute or argument that sets it, where there is exactly one."""
    in_meta: bool = False
    """Whether that is an attribute of `meta`."""
    writing: Writing | None = None
    """How a fix puts the attribute in; None where it does not."""
    before: tuple[str, ...] = ()
    """The attributes that the inserted one is before."""
    only_if_needed: bool = False
    """Whether a fix sets it only where nixpkgs' default is not right, and takes it out where it is."""
    part_of: str | None = None
    """The fact whose text it is a part of."""
    is_free: bool = False
    """Whether variants may differ in it as in any other code; else their comparison leaves it out."""


FACTS: dict[str, FactKind] = {
    "file.stem": FactKind("the file's name without `.nix`", Subject.NAME, is_worded=True),
    "header.line1": FactKind("the comment in the file's first line", Subject.HEADER, is_worded=True),
    "header.line2": FactKind("the comment in the file's second line", Subject.HEADER, is_worded=True),
    "nixpkgs_url": FactKind("the URL from which the wrapper's nixpkgs is fetched", Subject.WRAPPER),
    "nixpkgs_rev": FactKind(
        "the revision of the wrapper's nixpkgs: the commit in that URL, or the `rev` given to the fetcher",
        Subject.WRAPPER,
        part_of="nixpkgs_url",
    ),
    "config_cuda_support": FactKind(
        "`cudaSupport` in the `config` that nixpkgs is imported with",
        Subject.WRAPPER,
        attribute="cudaSupport",
        writing=Writing.SWITCH,
        only_if_needed=True,
    ),
    "cuda_packages": FactKind(
        "the CUDA line of the `cudaPackages` that the layer is built with, such as `12_9`", Subject.LAYER
    ),
    "python_packages": FactKind(
        "the package set that the wrapper is taken from, such as `python312Packages`", Subject.WRAPPER
    ),
    "cpp_layer": FactKind(
        "the overridden package that the wrapper uses as its C++ layer",
        Subject.WRAPPER,
        is_free=True,
    ),
    "variant_name": FactKind("the binding `variantName`", Subject.BINDING),
    "pname": FactKind(
        "the wrapper's `pname`", Subject.WRAPPER, attribute="pname", writing=Writing.NAME, before=("meta",)
    ),
    "cuda_support": FactKind(
        "the argument `cudaSupport` of the layer",
        Subject.LAYER,
        attribute="cudaSupport",
        writing=Writing.SWITCH,
        before=("pythonSupport", "python3Packages"),
    ),
    "python_support": FactKind(
        "the argument `pythonSupport` of the layer",
        Subject.LAYER,
        attribute="pythonSupport",
        writing=Writing.SWITCH,
        before=("python3Packages",),
    ),
    "layer_python_packages": FactKind(
        "the argument `python3Packages` of the layer",
        Subject.LAYER,
        attribute="python3Packages",
        writing=Writing.PACKAGE_SET,
        only_if_needed=True,
    ),
    "gpu_targets": FactKind(
        "the argument `gpuTargets` of the layer", Subject.LAYER, is_list=True, attribute="gpuTargets"
    ),
    "ort_version": FactKind("the layer's `version`, where the file sets it", Subject.LAYER, attribute="version"),
    "ort_src_tag": FactKind("the tag or revision of the layer's `src`, where the file sets it", Subject.LAYER),
    "cmake_cuda_architectures": FactKind("the layer's CMAKE_CUDA_ARCHITECTURES", Subject.LAYER),
    "cxx_flags": FactKind("the machine flags in the layer's CXXFLAGS", Subject.LAYER),
    "c_flags": FactKind("the machine flags in the layer's CFLAGS", Subject.LAYER),
    "system_features": FactKind(
        "the layer's `requiredSystemFeatures`",
        Subject.LAYER,
        is_list=True,
        attribute="requiredSystemFeatures",
        writing=Writing.LIST,
    ),
    "other_flags": FactKind(
        "the other flags of the layer's C++ compiler, such as `-Wno-error`", Subject.LAYER, is_list=True, is_free=True
    ),
    "other_c_flags": FactKind("the other flags of the layer's C compiler", Subject.LAYER, is_list=True, is_free=True),
    "patches": FactKind(
        "the patches that the file adds to those of nixpkgs",
        Subject.LAYER,
        is_list=True,
        is_free=True,
    ),
    "other_sources": FactKind(
        "the other sources that the file fetches by a tag, such as `cutlass v3.9.2`",
        Subject.LAYER,
        is_list=True,
        is_free=True,
    ),
    "wrapper_flags": FactKind(
        "the flags that the wrapper's own build adds, where it is a derivation of its own",
        Subject.WRAPPER,
        is_list=True,
        is_free=True,
    ),
    "wrapper_features": FactKind(
        "the wrapper's own `requiredSystemFeatures`, where it is a derivation of its own",
        Subject.WRAPPER,
        is_list=True,
        is_free=True,
    ),
    "description": FactKind(
        "the wrapper's `meta.description`",
        Subject.WRAPPER,
        is_worded=True,
        attribute="description",
        in_meta=True,
        writing=Writing.TEXT,
        before=("platforms",),
    ),
    "platforms": FactKind(
        "the wrapper's `meta.platforms`",
        Subject.WRAPPER,
        is_list=True,
        attribute="platforms",
        in_meta=True,
        writing=Writing.LIST,
    ),
}
"""By name, in the order in which causes come before effects."""

STEM = next(name for name, kind in FACTS.items() if kind.subject is Subject.NAME)
HEADER_LINES = tuple(name for name, kind in FACTS.items() if kind.subject is Subject.HEADER)
WORDED = tuple(name for name, kind in FACTS.items() if kind.is_worded)
NAME_FACT = next(name for name, kind in FACTS.items() if kind.subject is Subject.BINDING)
NAME_BINDING = "variantName"
"""The binding that NAME_FACT is about."""

TEXTS = TEXT, TEXT_IN_META = "text", "meta.text"
"""What a comment or a message says, and what a text of `meta` does: no facts that a rule could name."""

SUBJECTS = {"wrapper": Subject.WRAPPER, "layer": Subject.LAYER}
"""What an attribute can be an attribute of, as rules call it; the first where they do not say."""
_BINDING = "binding"


class OwnFact(NamedTuple):
    """A fact that a convention names itself: an attribute of the wrapper or the layer, or a binding of the file."""

    subject: Subject
    path: str
    """The attribute's path, with dots, or the binding's name."""


def attribute_fact(path: str, of: str) -> str:
    """The name of the fact that an attribute is, `of` being one of SUBJECTS."""
    return f"{of}.{path}"


def binding_fact(name: str) -> str:
    """The name of the fact that a binding of the file is."""
    return f"{_BINDING}.{name}"


def own_fact(name: str) -> OwnFact | None:
    """What such a fact is, by its name; None for one of the vocabulary."""
    of, _, path = name.partition(".")
    if name in FACTS or not path:
        return None
    if of == _BINDING:
        return OwnFact(Subject.BINDING, path)
    return OwnFact(SUBJECTS[of], path) if of in SUBJECTS else None


_RANKS = {name: rank for rank, name in enumerate(FACTS)}


def precedence(name: str) -> int:
    """The rank of a fact: causes come before effects, and what a convention names itself comes last."""
    return _RANKS.get(name, len(FACTS))


def about(name: str) -> str:
    """What a fact is, in words for people."""
    own = own_fact(name)
    if own is None:
        return FACTS[name].about
    if own.subject is Subject.BINDING:
        return f"the binding `{own.path}`"
    return f"the {'layer' if own.subject is Subject.LAYER else 'wrapper'}'s attribute `{own.path}`"
