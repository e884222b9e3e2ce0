"""What a package's scripts and flags come to, however they are written: the flags, and what the scripts do besides."""

from __future__ import annotations

from typing import NamedTuple

from nixlint_ort.nix.values import NixAttrs, NixString
from nixlint_ort.variant.build import ARRAY, PHASES, Build

_FLAGS = ("CXXFLAGS", "CFLAGS", "NIX_CFLAGS_COMPILE")
COVERED = frozenset({*PHASES, *_FLAGS, "env"})
"""The attributes that scripts and flags are set by."""
_HERE_DOCUMENT = "<<"


class BuildForm(NamedTuple):
    """One package's build: equal where stdenv does the same."""

    statements: tuple[NixString, ...]
    """What the scripts do besides setting flags, and where nixpkgs' own scripts run among it."""
    flags: tuple[tuple[NixString, ...], ...]
    """What the compilers for C++ and C are given, and what is added to CMake's flags."""
    others: NixAttrs
    """The attributes that are neither scripts nor flags."""


def build_form(build: Build, attributes: NixAttrs) -> BuildForm | None:
    """The form of a build; None where no script or flag is set, or where one of them cannot be followed."""
    if COVERED.isdisjoint(attributes.attributes):
        return None
    scripts = [script.text for phase in PHASES if isinstance(script := build.attribute(phase), NixString)]
    variables = build.configured.variables
    compilers = [build.compiler_flags(language)[0] for language in ("CXX", "C")]
    added = [variables[name] for name in ("cmakeFlags", ARRAY)]
    lost = any(one.unknown is not None for one in (*compilers, *added, *(variables[name] for name in _FLAGS)))
    others = _without_flags(build, attributes)
    if lost or others is None or any(_HERE_DOCUMENT in script for script in scripts):
        return None
    return BuildForm(build.configured.others, tuple(one.words for one in (*compilers, *added)), others)


def _without_flags(build: Build, attributes: NixAttrs) -> NixAttrs | None:
    """The attributes without scripts and flags, also those of `env`; None where that is not known."""
    kept = {name: value for name, value in attributes.attributes.items() if name not in COVERED}
    env = build.attribute("env") if "env" in attributes.attributes else None
    if env is not None and not isinstance(env, NixAttrs):
        return None
    if env is not None and (env.rest is None or env.rest.own is None or set(env.attributes) - set(_FLAGS)):
        kept["env"] = attributes.attributes["env"]
    return NixAttrs(kept, attributes.origin, attributes.rest)
