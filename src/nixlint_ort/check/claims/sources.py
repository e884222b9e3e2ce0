"""The versions of the sources that variants fetch besides their own, as documents may state them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SOURCE = re.compile(r'\{([^{}]*\brepo\s*=\s*"[^"]*"[^{}]*)\}')
_REPO = re.compile(r'\brepo\s*=\s*"([\w.\-]+)"')
_TAG = re.compile(r'\b(?:rev|tag)\s*=\s*"v?(\d+(?:\.\d+)+)"')


def sources_in(text: str) -> frozenset[tuple[str, str]]:
    """The sources that a text of Nix fetches: names of repositories in lower case, and versions."""
    if "repo" not in text:
        return frozenset()
    found: set[tuple[str, str]] = set()
    for one in _SOURCE.finditer(text):
        repo, tag = _REPO.search(one[1]), _TAG.search(one[1])
        if repo and tag:
            found.add((repo[1].lower(), tag[1]))
    return frozenset(found)


def versions_fetched(sources: Iterable[tuple[str, str]], package: str) -> Mapping[str, str]:
    """The versions by the repository's name, where all variants agree; not of the package itself."""
    found: dict[str, set[str]] = {}
    for name, version in sources:
        found.setdefault(name, set()).add(version)
    return {
        name: next(iter(versions)) for name, versions in found.items() if len(versions) == 1 and name != package.lower()
    }
