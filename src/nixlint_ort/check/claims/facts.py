"""What is true of a repository, as far as documents speak of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.words.idle import Idle, idle_by
from nixlint_ort.check.claims.words.lexicon import Lexicon, Look, lexicon_of, pin_places
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.variant.identity import Identity, identify

if TYPE_CHECKING:
    from nixlint_ort.check.claims.words.entities import Entity, World
    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.claims import Speech


_known: list[Facts] = []
"""The last few that `facts_of_release` made: all variants of a run share one."""
_MAX_KNOWN = 4


@dataclass(eq=False)
class Facts:
    """The release that applies, the rows of the tables, and the variants that there are."""

    convention: Convention
    speech: Speech
    branch: str
    names: Mapping[str, str]
    """The variants that there are by their names, each with the right name where that is wrong."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """The versions of the sources that the variants fetch, by the repository's name."""
    planned: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of the convention."""
        return lexicon_of(self.convention, self.speech)

    @cached_property
    def idle(self) -> Idle:
        """What has to stand in a piece of a document so that it is read."""
        return idle_by(self.lexicon, self.sources)

    @property
    def looks(self) -> Mapping[str, Look]:
        """What the numbers of columns look like."""
        return self.lexicon.looks

    @property
    def world(self) -> World:
        """The rows of the tables."""
        return self.lexicon.world

    @cached_property
    def releases(self) -> str:
        """The table of releases."""
        return self.convention.releases.name

    @cached_property
    def release(self) -> Entity | None:
        """The release that applies."""
        return self.world.entity(self.releases, self.branch)

    @cached_property
    def identity_of(self) -> Callable[[str], Identity | None]:
        """What a name states, each worked out once; None for one that is of no variant."""
        return lru_cache(maxsize=1024)(lambda name: identify(name, self.convention))

    @cached_property
    def variants(self) -> tuple[Identity, ...]:
        """The variants that there are, by their right names."""
        found = map(self.identity_of, sorted(set(self.names.values())))
        return tuple(one for one in found if one is not None)

    @cached_property
    def fields(self) -> tuple[Mapping[str, str], ...]:
        """Of each variant the fields that one text stands for."""
        return tuple(self._texts(one, self.branch) for one in self.variants)

    def fields_of(self, stems: Iterable[str], branch: str) -> tuple[Mapping[str, str], ...]:
        """The same of variants with these names on another release."""
        return tuple(self._texts(one, branch) for one in map(self.identity_of, stems) if one is not None)

    def _texts(self, one: Identity, branch: str) -> Mapping[str, str]:
        texts = {name: value for name, value in one.expected(self.convention, branch).items() if isinstance(value, str)}
        return {"kind": one.kind.name, **texts}

    @cached_property
    def stems(self) -> frozenset[str]:
        """Every name that a document may use: those of the files as they are, and as they are to be."""
        return frozenset(self.names) | frozenset(self.names.values())

    def expected_keys(self, subject: str) -> list[str]:
        """The keys that a table of a subject should have on this release."""
        if subject == self.releases:
            return list(self.convention.releases.keys)
        key_field = self.world.keys.get(subject, "")
        listed = self.release.lists.get(key_field) if self.release else None
        if listed is not None:
            return list(listed)
        there = {fields[key_field] for fields in self.fields if key_field in fields}
        return [row.key for row in self.world.entities.get(subject, ()) if row.key in there]

    def stems_of(self, branch: str) -> frozenset[str]:
        """The names of the variants that another release should have."""
        if branch == self.branch:
            return self.stems
        if branch not in self.planned:
            alike = next((one for one in self.planned if self.plan(one) == self.plan(branch)), None)
            self.planned[branch] = self.planned[alike] if alike else frozenset(self.convention.stems(branch))
        return self.planned[branch]

    def plan(self, branch: str) -> object:
        """What the names of a release's variants depend on: releases that are alike in it have the same names."""
        table, release = self.convention.releases, self.convention.roles.release
        rows = [row for one in self.convention.tables.values() for row in one.rows]
        if any(release.key in row.only for row in rows):
            return branch
        used = {name for kind in self.convention.kinds for name in kind.texts[STEM].fields}
        used |= {
            name
            for kind in self.convention.kinds
            for cells in kind.matrix
            for templates in cells.values.values()
            for template in templates
            for name in template.fields
        }
        unused = {release.key, release.version, release.status} - used
        return [
            {name: value for name, value in row.fields.items() if name not in unused} for row in table.by_key[branch]
        ]

    @cached_property
    def all_planned(self) -> frozenset[str]:
        """The names of all variants of all releases."""
        return frozenset().union(*(self.stems_of(branch) for branch in self.convention.releases.keys))

    def entity_of(self, identity: Identity, subject: str) -> Entity | None:
        """The row of a table that the name of a variant states."""
        fields = identity.expected(self.convention, self.branch)
        key = fields.get(self.world.keys.get(subject, ""))
        return self.world.entity(subject, key) if isinstance(key, str) else None

    @property
    def pin_column(self) -> str:
        """The field of the pin; empty where the convention has none."""
        role = self.convention.roles.pin
        return role.key if role else ""

    @property
    def pin(self) -> str:
        """The whole hash of the pin; empty where the convention declares none."""
        return str(self.convention.fields.get(self.pin_column, ""))

    @cached_property
    def pin_places(self) -> frozenset[str]:
        """What all addresses of the pin have in common: two names with a slash between, such as owner and project."""
        return pin_places(self.convention)

    def is_of_pin(self, address: str) -> bool:
        """Whether an address up to a hash is one of what is pinned."""
        return any(place in address.lower() for place in self.pin_places)

    def called(self, column: str) -> str:
        """What a column is called in a message."""
        nouns = self.speech.called.get(column) or self.speech.called.get(f"{column.partition('.')[0]}.version")
        return nouns[0] if nouns else ""

    def nothing(self, column: str, verdict: object) -> str:
        """What is said in place of a row: the release that has not what a document speaks of, or the table."""
        table = self.convention.tables.get(column.partition(".")[0])
        return f"release {self.branch}" if verdict is None or table is None else table.where

    def naming(self, subject: str) -> frozenset[str]:
        """The columns that name a row of a table by themselves."""
        if subject == self.releases:
            return frozenset({self.lexicon.branch_column})
        return self.subject_keys.get(subject, frozenset())

    def title(self, entity: Entity) -> str:
        """What a row is called in a message: its first column that is called something, with what it is called."""
        if entity.subject == self.releases:
            return f"release {entity.key}"
        words = self.speech.words.get(self.world.keys[entity.subject], {}).get(entity.key)
        if words:
            return words[0]
        for column in self.speech.called:
            values = entity.values.get(column, ())
            if column in self.subject_keys.get(entity.subject, ()) and len(values) == 1:
                noun = self.speech.called[column][0]
                tight = f"{noun}{{}}" in self.speech.written.get(column, ())
                return f"{noun}{'' if tight else ' '}{values[0]}" if values[0][0].isdigit() else values[0]
        return entity.key

    def keys_of(self, subject: str) -> frozenset[str]:
        """The columns of a table of which every row has one value of its own, except for the least that is needed."""
        rows = self.world.entities[subject]
        columns = {name for name in rows[0].values if name.split(".")[0] == subject} if rows else set()
        spoken = {*self.speech.called, *self.speech.written}
        own: set[str] = set()
        for name in columns & spoken - set(self.speech.least):
            values = [one.values[name] for one in rows if name in one.values]
            if all(len(value) == 1 for value in values) and len(set(values)) == len(values):
                own.add(name)
        return frozenset(own)

    @cached_property
    def subject_keys(self) -> Mapping[str, frozenset[str]]:
        """The columns that name a row by themselves, by table."""
        return {subject: self.keys_of(subject) for subject in self.subjects}

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """The tables whose columns documents speak of, except for the releases."""
        spoken = {*self.speech.called, *self.speech.written}
        found = {self.world.subjects[name] for name in spoken if name in self.world.subjects}
        return tuple(one for one in self.world.entities if one in found)

    @cached_property
    def many(self) -> frozenset[str]:
        """The columns of which a row has several values."""
        return frozenset(
            name
            for rows in self.world.entities.values()
            for one in rows
            for name, value in one.values.items()
            if len(value) > 1
        )

    def preferred(self, subject: str) -> frozenset[str]:
        """The rows of a table that the release has."""
        if self.release is None:
            return frozenset()
        return frozenset(self.release.lists.get(self.world.keys[subject], ()))


def facts_of_release(convention: Convention, speech: Speech, branch: str) -> Facts:
    """What is true on a branch whatever variants there are."""
    for one in _known:
        if one.convention is convention and one.branch == branch:
            return one
    facts = Facts(convention, speech, branch, {})
    _known.insert(0, facts)
    del _known[_MAX_KNOWN:]
    return facts
