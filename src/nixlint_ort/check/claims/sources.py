"""The versions of the sources that variants fetch besides their own, as documents may state them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SOURCE = re.compile(r'\{([^{}]*\brepo\s*=\s*"[^"]*"[^{}]*)\}')
_REPO = re.compile(r'\brepo\s*=\s*"([\w.\-]+)"')
_TAG = re.compile(r'\b(?:rev|tag)\s*=\s*"v?(\d+(?:\.\d+)+)"')


def versions_fetched(texts: Iterable[str], package: str) -> Mapping[str, str]:
    """The versions by the repository's name in lower case, where all variants agree; not of the package itself."""
    found: dict[str, set[str]] = {}
    for text in texts:
        for one in _SOURCE.finditer(text):
            repo, tag = _REPO.search(one[1]), _TAG.search(one[1])
            if repo and tag:
                found.setdefault(repo[1].lower(), set()).add(tag[1])
    return {name: next(iter(tags)) for name, tags in found.items() if len(tags) == 1 and name != package.lower()}
