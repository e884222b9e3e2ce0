"""Remembers between runs which files break no rule by themselves, so that a run judges only those that changed.

One file of the cache for each convention, release and choice of rules. A file of the repository is known by a digest
of its path and its bytes, so nothing that it holds can make it pass for another.
"""

from __future__ import annotations

import marshal
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from nixlint_ort.cache.program import program_digest
from nixlint_ort.variant.variant import Kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nixlint_ort.cache.store import Cache
    from nixlint_ort.convention import Convention, Rule
    from nixlint_ort.repository.document import Document
    from nixlint_ort.source import Source
    from nixlint_ort.variant.variant import Variant


class Memory:
    """What earlier runs found nothing in, and what this one does; `save` hands it on."""

    def __init__(self, cache: Cache, convention: Convention, branch: str | None, rules: Iterable[Rule]) -> None:
        self._cache = cache
        self._entry = ""
        self._known: dict[bytes, Any] = {}
        if cache:
            judged_by = repr((program_digest(), convention.digest, branch, [rule.id for rule in rules]))
            self._entry = f"sound-{blake2b(judged_by.encode(), digest_size=16).hexdigest()}"
            self._known = _read(cache, self._entry)
        self._seen: dict[bytes, Any] = {}

    def recall(self, variant: Variant) -> Kept | None:
        """What was kept of a file with this path and these bytes when it broke nothing; None if that is not known."""
        known = self._known.get(_digest(variant.source)) if self._known else None
        return Kept(*known) if known is not None else None

    def note(self, variant: Variant, kept: Kept) -> None:
        """That a file breaks nothing by itself."""
        if self._cache:
            self._seen[_digest(variant.source)] = tuple(kept)

    def is_true(self, document: Document, names: Iterable[str]) -> bool:
        """Whether all was true that a document of these bytes said beside variants of these names."""
        return bool(self._known) and _digest(document.source, names) in self._known

    def note_true(self, document: Document, names: Iterable[str]) -> None:
        """That all is true that a document says beside variants of these names."""
        if self._cache:
            self._seen[_digest(document.source, names)] = ()

    def save(self) -> None:
        """Keep what this run saw, if that is not what was known before. A cache that cannot be written is no error."""
        if self._cache and self._seen.keys() != self._known.keys():
            self._cache.write(self._entry, marshal.dumps(self._seen))


def _read(cache: Cache, entry: str) -> dict[bytes, Any]:
    kept = cache.read(entry)
    try:
        known = marshal.loads(kept) if kept is not None else {}  # noqa: S302  # data only, and the user's own
    except (EOFError, ValueError, TypeError):
        return {}
    return known if isinstance(known, dict) else {}


def _digest(source: Source, names: Iterable[str] = ()) -> bytes:
    digest = blake2b(ascii((source.path, *sorted(names))).encode(), digest_size=16)  # it says itself where it ends
    digest.update(source.data)
    return digest.digest()
