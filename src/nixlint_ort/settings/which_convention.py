"""Which convention a repository is checked by: one that is named, its own, or the shipped one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

from nixlint_ort.cache.store import Cache
from nixlint_ort.convention import Convention, find_rules, load
from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.folder import DEFAULT, MAIN, is_meant, is_shipped
from nixlint_ort.convention.load import load_shipped, shipped_names
from nixlint_ort.convention.rule import Check
from nixlint_ort.files import GIT_FOLDER, is_below
from nixlint_ort.settings.settings import Settings


class NoConventionError(Exception):
    """The convention that is named, or that a folder should have, does not exist, or must not be read."""


class Loading(NamedTuple):
    """How conventions are loaded: the predicates that rules may name, the cache, and files that somebody edits."""

    checks: Callable[[], Mapping[str, Check]]
    cache: Cache
    unsaved: Mapping[Path, bytes]


def choose_convention(root: Path, settings: Settings, named: Path | None, loading: Loading) -> Convention:
    """The convention `named`; else the one that the repository at `root` has or its settings name; else the shipped.

    Raises NoConventionError where there is none of that name, and ConventionError for one that cannot be used.
    """
    checks, cache, unsaved = loading
    if named is not None:
        if is_shipped(str(named)):
            return _shipped(str(named), _no_such_convention, loading)
        return load(named.absolute(), checks, cache, unsaved)
    setting = settings.convention
    text = setting.scalar("convention") if setting else "rules"
    if setting is not None and is_shipped(text):
        return _shipped(text, setting.fail, loading)
    own = root / text
    if GIT_FOLDER in text.lower().split("/") and setting is not None:
        setting.fail(f"no folder {text} with a convention.yaml")
    if not os.path.isfile(own / MAIN) and own / MAIN not in unsaved:  # noqa: PTH113  # no error where it is too long
        if setting is not None:
            setting.fail(f"no folder {text} with a convention.yaml")
        if is_meant(own):
            raise NoConventionError(
                f"{own.name}/ has no convention.yaml; add one (with `extends` to build on a shipped convention)"
            )
        return load_shipped(checks=checks, cache=cache)
    if own != find_rules() and not is_below(own, root):
        raise NoConventionError(f"{own} is outside the repository {root}; use --convention for a folder outside it")
    return load(own.absolute(), checks, cache, unsaved)


def _shipped(text: str, fail: Callable[[str], NoReturn], loading: Loading) -> Convention:
    """A shipped convention as `shipped` or `shipped:NAME` names it; fails where there is none of that name."""
    name = text.partition(":")[2] or DEFAULT
    if name not in shipped_names():
        fail(f"unknown shipped convention {name!r}{did_you_mean(name, shipped_names())}")
    return load_shipped(name, loading.checks, loading.cache)


def _no_such_convention(message: str) -> NoReturn:
    raise NoConventionError(f"--convention: {message}")
