"""What may be in `nixlint-ort.yaml` and in a convention's files: their keys, and values that have names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from nixlint_ort.convention.convention import Convention
from nixlint_ort.convention.folder import MAIN, SPEECH, TABLES
from nixlint_ort.convention.keys import BY_FILE, EXAMPLE, KIND, NAMES_RULES, OWN_FACT, WORDING
from nixlint_ort.convention.load import shipped_names
from nixlint_ort.convention.roles import ROLES, parts_of_role
from nixlint_ort.convention.vocabulary import FACTS
from nixlint_ort.finding import Severity
from nixlint_ort.settings.keys import FILE_NAME, KEYS

if TYPE_CHECKING:
    from nixlint_ort.lsp.folder import Folder

_KEY = re.compile(r"(?P<blanks>\s*(?:- )?)(?P<key>[\w.\-]+|\"[^\"]*\"):(?:\s+(?P<value>.*))?")
_FIELD = re.compile(r"\{[\w.]*$")
_RULES = ("select", "ignore", "per-file-ignores", "off", *NAMES_RULES)
"""Keys under which rules are named."""
_PARTS = {"example": EXAMPLE, "fact": OWN_FACT}


def items_in_yaml(folder: Folder, path: str, above: Sequence[str], before: str) -> Iterator[types.CompletionItem]:
    """What may be in a YAML file after a part of a line; `above` are the lines before that one."""
    convention = folder.latest.convention if folder.latest else None
    parents = _parents(above, len(before) - len(before.lstrip(" -")))
    match = _KEY.fullmatch(before)
    key = match["key"] if match else parents[0] if parents else ""
    if _FIELD.search(before) and convention is not None:
        yield from _named(_fields(convention), types.CompletionItemKind.Field)
    elif match is None and not before.lstrip().startswith("-"):
        yield from _keys(folder, path, parents)
    if key in _RULES or "per-file-ignores" in parents:
        yield from items_of_rules(folder)
    elif key == "severity" or "severity" in parents:
        yield from _named({one.value: "" for one in Severity}, types.CompletionItemKind.EnumMember)
    elif convention is not None:
        yield from _named(_values(key, convention), types.CompletionItemKind.Value)


def items_of_rules(folder: Folder) -> Iterator[types.CompletionItem]:
    """The names of all rules, and of their families."""
    rules = folder.latest.convention.rules if folder.latest else {}
    families = dict.fromkeys((rule.family for rule in rules.values()), "a family of rules")
    yield from _named(families, types.CompletionItemKind.Module)
    yield from _named({rule.id: rule.summary for rule in rules.values()}, types.CompletionItemKind.Reference)


def _parents(above: Sequence[str], depth: int) -> list[str]:
    """The keys that a line of some depth is under, the nearest first."""
    found: list[str] = []
    for line in reversed(above):
        match = _KEY.match(line)
        if match is not None and len(match["blanks"]) < depth:
            depth = len(match["blanks"])
            found.append(match["key"])
    return found


def _keys(folder: Folder, path: str, parents: list[str]) -> Iterator[types.CompletionItem]:
    if path == FILE_NAME:
        abouts = {key.name: key.about for key in KEYS.values()} if not parents else {}
        if parents and parents[-1] == "severity":
            yield from items_of_rules(folder)
    elif not parents:
        abouts = {name: key.about for name, key in BY_FILE[_kind_of_file(path)].items()}
    elif parents[0] == "roles":
        abouts = dict.fromkeys(ROLES, "")
    elif len(parents) > 1 and parents[1] == "roles" and parents[0] in ROLES:
        abouts = dict.fromkeys(parts_of_role(parents[0]), "")
    elif len(parents) > 1 and parents[1] in ("kinds", "texts"):
        abouts = {name: key.about for name, key in (KIND if parents[1] == "kinds" else WORDING).items()}
    else:
        abouts = {name: key.about for name, key in _PARTS.get(parents[0], {}).items()}
        abouts |= dict.fromkeys(_columns(folder, path) if parents[0] == "rows" else (), "a column of this table")
    yield from _named(abouts, types.CompletionItemKind.Property)


def _kind_of_file(path: str) -> str:
    *_, folder, name = ["", *path.split("/")]
    return {MAIN: "convention", SPEECH: "claims"}.get(name, "table" if folder == TABLES else "rule")


def _columns(folder: Folder, path: str) -> list[str]:
    tables = folder.latest.convention.tables.values() if folder.latest else ()
    found = (column.partition(".")[2] for table in tables if table.path == path for column in table.columns)
    return sorted(found)


def _fields(convention: Convention) -> dict[str, str]:
    columns = {column: f"of {table.path}" for table in convention.tables.values() for column in sorted(table.columns)}
    return {**dict.fromkeys(convention.fields, ""), **columns}


def _values(key: str, convention: Convention) -> Mapping[str, str]:
    """The values that have names which may be under a key, each with what it is."""
    from nixlint_ort.check.all_predicates import PREDICATES  # not for what is not a rule

    known: dict[str, Mapping[str, str]] = {
        "fact": {name: kind.about for name, kind in FACTS.items()},
        "check": {name: one.sentence for name, one in PREDICATES.items()},
        "applies": dict.fromkeys((kind.name for kind in convention.kinds), "a kind of variant"),
        "fix": dict.fromkeys(("safe", "unsafe", "none"), ""),
        "branch": dict.fromkeys(convention.releases.keys, "a release"),
        "convention": dict.fromkeys((f"shipped:{name}" for name in shipped_names()), "shipped with nixlint-ort"),
        "extends": dict.fromkeys((f"shipped:{name}" for name in shipped_names()), "shipped with nixlint-ort"),
        "field": _fields(convention),
        "per": _fields(convention),
    }
    return known.get(key, {})


def _named(names: Mapping[str, str], kind: types.CompletionItemKind) -> Iterable[types.CompletionItem]:
    return [types.CompletionItem(name, kind=kind, documentation=about or None) for name, about in names.items()]
