"""Remembers which files break no rule by themselves, so that a run judges only those that changed.

Between runs that is one entry of the cache for each convention, release and choice of rules. A file is known there by a
digest of its path and its bytes, so nothing that it holds can make it pass for another.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any, NamedTuple

from nixlint_ort.cache.digest import blake2b
from nixlint_ort.cache.program import program_digest
from nixlint_ort.cache.store import NO_CACHE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nixlint_ort.cache.store import Cache
    from nixlint_ort.convention import Convention, Rule
    from nixlint_ort.repository.document import Document
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.source import Source
    from nixlint_ort.variant.variant import FactValue, Variant


MAX_FORGOTTEN = 30
"""Variants that may be remembered though they are no longer there."""


class Remembered(NamedTuple):
    """What is remembered of a variant that breaks nothing by itself: what the rules that compare variants ask for."""

    values: Mapping[str, FactValue]
    outline: bytes | None = None
    """The digest of its code; None where no rule asks for it."""
    use: tuple[Any, ...] | None = None
    """The parts of what it uses of nixpkgs; None where no rule asks for that."""


class VerdictCache:
    """What nothing was found in, in this run and in earlier ones; `save` hands it on to later ones."""

    def __init__(
        self, convention: Convention, branch: str | None, rules: Iterable[Rule], cache: Cache = NO_CACHE
    ) -> None:
        self._cache = cache
        self._entry = ""
        self._known: dict[bytes, Any] = {}
        if cache:
            judged_by = repr((program_digest(cache), convention.digest, branch, [rule.id for rule in rules]))
            self._entry = f"sound-{blake2b(judged_by.encode(), digest_size=16).hexdigest()}"
            self._known = _read(cache, self._entry)
        self._seen: dict[bytes, Any] = {}
        self.worked_out: dict[Variant, dict[str, Any]] = {}
        """What was worked out of each variant for rules that compare variants, by what it is."""
        self.said: dict[Source, tuple[Iterable[str], Any]] = {}
        """What was found in each document, with what decided that."""
        self._variants: dict[Variant, Remembered] = {}
        self._unsound: dict[Variant, Remembered] = {}

    def tidy(self, repository: Repository) -> None:
        """Forget what is no longer there, once there is much of it: in an editor, each edit makes a variant again."""
        variants, sources = set(repository.variants), {one.source for one in repository.documents}
        for known in (self.worked_out, self._variants, self._unsound):
            if len(known) > len(variants) + MAX_FORGOTTEN:
                for variant in known.keys() - variants:
                    del known[variant]
        if len(self.said) > len(sources) + MAX_FORGOTTEN:
            self.said = {source: one for source, one in self.said.items() if source in sources}

    def recall(self, variant: Variant) -> Remembered | None:
        """What is remembered of a file that broke nothing; None where that is not known of its path and bytes."""
        found = self._variants.get(variant)
        if found is None and self._known:
            digest = _digest(variant.source)
            if digest in self._known:
                self._seen[digest] = self._known[digest]
                found = self._variants[variant] = Remembered(*self._known[digest])
                variant.judged()  # what imports others is not remembered
        return found

    def remembered(self, variant: Variant) -> Remembered | None:
        """What is remembered of a file, also of one that breaks something."""
        return self.recall(variant) or self._unsound.get(variant)

    def is_judgeable(self, variant: Variant) -> bool:
        """Whether a variant could be read and parsed."""
        return self.remembered(variant) is not None or variant.judgeable

    def value(self, variant: Variant, fact: str) -> FactValue:
        """A fact's value; None where it is not known or not set. Raises KeyError for a name that no fact has."""
        remembered = self.remembered(variant)
        return remembered.values[fact] if remembered and fact in remembered.values else variant.value(fact)

    def note(self, variant: Variant, remembered: Remembered) -> None:
        """That a file breaks nothing by itself."""
        self._variants[variant] = remembered
        if self._cache and not variant.imports:  # what it imports may change though its own bytes do not
            self._seen[_digest(variant.source)] = tuple(remembered)

    def note_unsound(self, variant: Variant, remembered: Remembered) -> None:
        """What is to be remembered of a file that breaks something, in this run alone."""
        self._unsound[variant] = remembered

    def is_true(self, document: Document, names: Iterable[str]) -> bool:
        """Whether all was true that a document of these bytes said beside variants of these names."""
        if not self._known:
            return False
        digest = _digest(document.source, names)
        if digest in self._known:
            self._seen[digest] = ()
        return digest in self._known

    def note_true(self, document: Document, names: Iterable[str]) -> None:
        """That all is true that a document says beside variants of these names."""
        if self._cache:
            self._seen[_digest(document.source, names)] = ()

    def save(self) -> None:
        """Keep what this run saw, if it differs from what was known. A cache that cannot be written is not an error."""
        if self._cache and self._seen.keys() != self._known.keys():
            self._cache.write(self._entry, marshal.dumps(self._seen))


def _read(cache: Cache, entry: str) -> dict[bytes, Any]:
    data = cache.read(entry)
    try:
        known = marshal.loads(data) if data is not None else {}  # noqa: S302  # data only, and the user's own
    except (EOFError, ValueError, TypeError):
        return {}
    return known if isinstance(known, dict) else {}


def _digest(source: Source, names: Iterable[str] = ()) -> bytes:
    digest = blake2b(ascii((source.path, *sorted(names))).encode(), digest_size=16)  # it says itself where it ends
    digest.update(source.data)
    return digest.digest()
