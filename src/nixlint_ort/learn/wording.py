"""The wordings of a kind's texts: a template from what its texts have in common, with a field for each slot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nixlint_ort.learn.dependence import ABSENT, FEW_VALUES, FEWEST
from nixlint_ort.learn.names import NameKind
from nixlint_ort.learn.slots import Comparison, Slot, compare
from nixlint_ort.learn.study import NAME, Study
from nixlint_ort.learn.tables import LIST_SEPARATORS, RELEASE, Tables, separator_of
from nixlint_ort.learn.yaml_text import plain_wording
from nixlint_ort.template import MAX_FIELDS, MAX_TEXT

FREE = "{...}"
_MOST_FREE = 4
_VERSION = re.compile(r"(?<![\w.])\d+\.\d+(?:\.\d+)+(?![\w.])")
_WORD_BEFORE = re.compile(r"([A-Za-z]+)[ :(]*$")


class Wording(NamedTuple):
    """One wording of a text, and the field whose value chooses it; None where it is the only one, or the usual one."""

    template: str
    fields: tuple[str, ...]
    separators: tuple[str, ...]
    only: tuple[str, str] | None
    following: int
    """How many variants have exactly the text that it makes."""
    total: int


class Worded(NamedTuple):
    """How one text of a kind is worded: one way, or several, of which the last is the usual one."""

    wordings: tuple[Wording, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field of any wording."""
        return tuple(dict.fromkeys(name for one in self.wordings for name in one.fields))


def stem_template(kind: NameKind, package: str, tables: Tables, separator: str) -> str:
    """The template of a kind's names."""
    words = []
    for number, word in enumerate(kind.words):
        text = "{package}" if number == 0 and word.part is None and word.text == package else word.text
        words.append(f"{text}{{{tables.key_field(word.part)}}}" if word.part else text)
    return separator.join(words)


def versions(study: Study, texts: Sequence[Sequence[str | None]]) -> dict[str | None, str]:
    """The version that the texts of each branch state in most of their variants."""
    found: dict[str | None, Counter[str]] = {}
    for text in texts:
        for number, one in enumerate(text):
            if one is not None:
                found.setdefault(study.branches[number], Counter()).update(set(_VERSION.findall(one)))
    return {
        branch: counts.most_common(1)[0][0]
        for branch, counts in found.items()
        if counts and 2 * counts.most_common(1)[0][1] > sum(b == branch for b in study.branches)
    }


def word_kind(
    study: Study, texts: Sequence[str | None], kind: NameKind, tables: Tables, version_of: Mapping[str | None, str]
) -> Worded | None:
    """The wording of a text in a kind; None where its variants do not have it, or have nothing in common."""
    members = set(kind.members)
    marked = [
        _marked(text, version_of.get(study.branches[number])) if text is not None and number in members else None
        for number, text in enumerate(texts)
    ]
    if 2 * sum(text is not None for text in marked) <= len(members):
        return None
    whole = compare(marked, study.frame)
    parted = _parted(study, marked, kind, _following(whole))
    found: dict[str, Wording] = {}
    for only, comparison in parted or [(None, whole)]:
        guard = (tables.key_field(only[0]), only[1]) if only is not None else None
        wording = _wording(comparison, tables, guard)
        if wording is not None and wording.template not in found:
            found[wording.template] = wording
    if not found:
        return None
    *special, usual = sorted(found.values(), key=lambda one: one.total)
    return Worded((*special, usual._replace(only=None)))


def _parted(
    study: Study, texts: Sequence[str | None], kind: NameKind, following: int
) -> list[tuple[tuple[str, str] | None, Comparison]]:
    """The texts by the part of the name that they are worded by; empty where one wording does for nearly all."""
    having = sum(text is not None for text in texts)
    best: tuple[int, list[tuple[tuple[str, str] | None, Comparison]]] = (following + having // 10, [])
    for word in kind.words:
        values = study.frame.parts.get(word.part or "")
        known = sorted({values[number] or "" for number in kind.members}) if values is not None else []
        if word.part is None or values is None or not 1 < len(known) <= FEW_VALUES:
            continue
        groups = []
        for value in known:
            some = [text if values[number] == value else None for number, text in enumerate(texts)]
            if sum(text is not None for text in some) >= FEWEST:
                groups.append(((word.part, value), compare(some, study.frame)))
        score = sum(_following(comparison) for _, comparison in groups)
        if score > best[0]:
            best = (score, list(groups))
    return best[1]


def _following(comparison: Comparison) -> int:
    """How many texts are exactly what their wording makes of the name."""
    wrong = set(comparison.outliers)
    for slot in comparison.slots:
        found = slot.dependence
        if found.is_reasonless:
            return 0
        wrong |= {one.number for one in found.odd} | set(found.unclear)
        wrong |= {number for number, value in enumerate(slot.values) if value == ABSENT}
    return comparison.having - len(wrong)


def _wording(comparison: Comparison, tables: Tables, only: tuple[str, str] | None) -> Wording | None:
    parts = list(_parts(comparison, tables))
    marked = "".join(text for text, _, _ in parts)
    template = marked.replace(_MARK, f"{{{RELEASE}.version}}")
    count = sum(text == FREE or name is not None for text, name, _ in parts) + marked.count(_MARK)
    if len(template) > MAX_TEXT or count > MAX_FIELDS:
        return None
    if template.count(FREE) > _MOST_FREE or not re.search(r"\w", re.sub(r"\{[^}]*\}", "", template)):
        return None
    fields = [name for _, name, _ in parts if name]
    if _MARK in "".join(comparison.fixed):
        fields.append(f"{RELEASE}.version")
    separators = dict.fromkeys(separator for _, _, separator in parts if separator)
    unique = tuple(dict.fromkeys(fields))
    return Wording(template, unique, tuple(separators), only, _following(comparison), comparison.having)


_MARK = "\ue001"
"""Stands for the release's version while texts are compared."""


def _marked(text: str, version: str | None) -> str:
    return text.replace(version, _MARK) if version else text


def _parts(comparison: Comparison, tables: Tables) -> Iterator[tuple[str, str | None, str | None]]:
    """The pieces of a template, each with the field that it is and what is between the names of a list."""
    yield plain_wording(comparison.fixed[0]), None, None
    before = comparison.fixed[0]
    for slot, after in zip(comparison.slots, comparison.fixed[1:], strict=True):
        yield _piece(slot, before, tables)
        yield plain_wording(after), None, None
        before = after


def _piece(slot: Slot, before: str, tables: Tables) -> tuple[str, str | None, str | None]:
    found = slot.dependence
    if any(value == ABSENT for value in slot.values) and not found.is_constant:
        return FREE, None, None
    if found.is_constant and found.rows:
        text = next(iter(found.rows.values()))
        return plain_wording(text), None, None
    if found.is_reasonless:
        return FREE, None, None
    if found.notation == "as written":
        name = "file.stem" if found.parts == (NAME,) else tables.key_field(found.parts[0])
        return f"{{{name}}}", name, None
    word = _WORD_BEFORE.search(before)
    separator = separator_of(found.rows.values())
    wanted = "names" if separator else "version" if found.notation else word[1].lower() if word else "label"
    name_of = tables.field_for(found, wanted)
    if name_of is None:
        return FREE, None, None
    return f"{{{name_of}}}", name_of, separator if separator in LIST_SEPARATORS else None
