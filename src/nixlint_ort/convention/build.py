"""Builds a convention from the trees of its files, and checks it before use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from nixlint_ort.convention import keys
from nixlint_ort.convention.built import digest_of
from nixlint_ort.convention.claims import read_speech
from nixlint_ort.convention.convention import DOCUMENTS, Convention, Kind
from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.folder import DEFAULT, MAIN, SHIPPED, SPEECH, TABLES, WORDS, extended
from nixlint_ort.convention.language import FORMAT, Language, read_template
from nixlint_ort.convention.matrix import check_rows, read_cells
from nixlint_ort.convention.roles import read_roles
from nixlint_ort.convention.rule import FAMILIES, Check, Rule
from nixlint_ort.convention.rule_file import Vocabulary, read_rule
from nixlint_ort.convention.slips import (
    check_names,
    check_pin,
    check_pins,
    check_tables,
    read_document,
    read_glob,
    read_helper,
)
from nixlint_ort.convention.tables import Fields, Table, filled, read_table
from nixlint_ort.convention.vocabulary import FACTS, STEM, WORDED
from nixlint_ort.convention.wordings import read_wordings
from nixlint_ort.convention.yaml_tree import Budget, YamlEntry, YamlNode, read_yaml
from nixlint_ort.glob import problem_of
from nixlint_ort.template import FieldShape, Known, Shape

KNOWN = "known"
"""The shape of a field that is one of its column's values."""


def build(  # noqa: PLR0913
    folder: Path,
    own: Mapping[str, bytes],
    prefix: str,
    below: Mapping[str, bytes],
    checks: Mapping[str, Check] | None,
    *,
    is_shipped: bool,
) -> Convention:
    """A convention from the bytes of its files, whose names begin with `prefix`, and of those that it may extend.

    Raises ConventionError as `convention_of` does.
    """
    trees = read_trees(own, prefix)
    name = _extends(trees[MAIN], below)
    if name is None:
        return convention_of(folder, trees, digest_of(own), checks, is_shipped=is_shipped)
    base = {path: data for path, data in below.items() if path.startswith(f"{name}/")}
    trees = extended(read_trees(base, name), trees)
    return convention_of(folder, trees, digest_of({**base, **own}), checks, is_shipped=is_shipped)


def read_trees(files: Mapping[str, bytes], prefix: str) -> dict[str, YamlNode]:
    """The tree of each file by its path in the folder; raises ConventionError as `read_yaml` does."""
    budget = Budget()
    return {name.removeprefix(f"{prefix}/"): read_yaml(name, data, budget) for name, data in files.items()}


def _extends(root: YamlNode, below: Iterable[str]) -> str | None:
    """What the names of the files begin with that a convention extends; None where it extends none."""
    node = root.mapping(MAIN, optional=None).get("extends")
    if node is None:
        return None
    names = dict.fromkeys(path.partition("/")[0] for path in below)
    word = node.word("extends", [SHIPPED, *names])
    return f"{SHIPPED}:{DEFAULT}" if word == SHIPPED else word


def convention_of(
    folder: Path,
    trees: Mapping[str, YamlNode],
    digest: str,
    checks: Mapping[str, Check] | None = None,
    *,
    is_shipped: bool = False,
) -> Convention:
    """A convention from its files, by their paths in its folder; raises ConventionError at the line that is wrong.

    `checks` are the predicates that rules can name, each with the arguments that it gives their messages; None lets
    them name any. Where it `is_shipped`, all its rules have pages in the manual.
    """
    root = trees[MAIN]
    known_keys = {name for name in keys.MAIN if name not in ("extends", "off")}
    nodes = root.mapping(MAIN, required=keys.needed(keys.MAIN), optional=known_keys)
    version = _read_format(nodes.get("format"))
    fields = {name: node.scalar(name) for name, node in nodes["fields"].mapping("fields", optional=None).items()}
    if "package" not in fields:
        nodes["fields"].fail("`fields` needs `package`: the text that every variant name begins with")
    tables = _read_tables((tree for path, tree in trees.items() if path.startswith(f"{TABLES}/")), version)
    kind_nodes = nodes["kinds"].mapping("kinds", optional=None)
    columns = {column for table in tables.values() for column in table.columns}
    kind_fields = {name for kind in kind_nodes.values() for name in _own_fields(kind)}
    known = frozenset({*fields, *kind_fields, *columns, STEM})
    language = Language(version, _read_shapes(nodes["shapes"], tables, known), known)
    check_tables(tables, known, trees.values())
    kinds = tuple(_read_kinds(nodes["kinds"], language))
    check_names(nodes, fields, kinds, tables)
    for kind in kinds:
        for cells in kind.matrix:
            check_rows(cells, tables)
    roles = nodes["roles"] if "roles" in nodes else _old_roles(root, nodes.get("release_table"), tables)
    read = read_roles(roles, tables, fields, language)
    check_pin(nodes["fields"], read.pin.key if read.pin else "", fields)
    check_pins(tables, read.pin.of if read.pin else None)
    worded = {
        fact: frozenset({name for kind in kinds if fact in kind.texts for name in kind.texts[fact].fields})
        for fact in FACTS
    }
    vocabulary = Vocabulary(language, worded, tuple(kind.name for kind in kinds), checks)
    rules = _read_rules(trees, vocabulary, all_shipped=is_shipped)
    return Convention(
        folder=folder,
        variants=read_glob(nodes["variants"], "variants"),
        fields=_with_rows(fields, tables.values()),
        pin_urls=tuple(read_template(item, language) for item in nodes["pin_urls"].sequence("pin_urls")),
        kinds=kinds,
        tables=tables,
        rules=rules,
        own_facts=tuple(dict.fromkeys(name for rule in rules.values() for name in rule.facts if name not in FACTS)),
        roles=read,
        digest=digest,
        known={},
        every_stem=[],
        documents=_read_patterns(nodes, "documents", read_document) or DOCUMENTS,
        speech=read_speech(trees[SPEECH], trees[WORDS], known) if SPEECH in trees else None,
        layer=nodes["layer"].scalar("layer") if "layer" in nodes else fields["package"],
        helpers=_read_patterns(nodes, "helpers", read_helper),
    )


def _items(nodes: Mapping[str, YamlNode], key: str) -> tuple[YamlNode, ...]:
    """The items of the list under a key; none where the key is left out."""
    return nodes[key].sequence(key) if key in nodes else ()


def _read_patterns(nodes: Mapping[str, YamlNode], key: str, read: Callable[[YamlNode], str]) -> tuple[str, ...]:
    patterns = tuple(map(read, _items(nodes, key)))
    if problem := problem_of(patterns):
        nodes[key].fail(problem)
    return patterns


def _read_format(node: YamlNode | None) -> int:
    if node is None:
        return 1
    text = node.scalar("format")
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        node.fail(f"`format` must be a number, such as {FORMAT}, not {text!r}")
    if int(text) > FORMAT:
        node.fail(f"this convention has format {text}, but this version reads formats 1 to {FORMAT}; use a newer one")
    return int(text)


def _old_roles(root: YamlNode, table: YamlNode | None, tables: Mapping[str, Table]) -> YamlNode:
    """The roles of a convention in the first format, which names only the table of releases."""
    if table is None:
        root.fail(f"{MAIN} needs the key 'roles'")
    name = table.word("release_table", tables)
    parts = {"key": tables[name].key_field, "version": f"{name}.version", "status": f"{name}.status"}
    given = {part: field for part, field in parts.items() if field in tables[name].columns}
    entries = {part: _entry(table, part, table._replace(text=field)) for part, field in given.items()}
    release = table._replace(text=None, entries=entries)
    return table._replace(text=None, entries={"release": _entry(table, "release", release)})


def _entry(place: YamlNode, key: str, value: YamlNode) -> YamlEntry:
    return YamlEntry(place._replace(text=key), value)


def _read_shapes(node: YamlNode, tables: Mapping[str, Table], known: frozenset[str]) -> dict[str, FieldShape]:
    shapes: dict[str, FieldShape] = {}
    for name, one in node.mapping("shapes", optional=None).items():
        if name not in known:
            (node.entries or {})[name].key.fail(f"unknown field {name!r}{did_you_mean(name, known)}")
        word = one.word("a shape", [*(shape.value for shape in Shape), KNOWN])
        if word != KNOWN:
            shapes[name] = Shape(word)
            continue
        cells = [row.fields[name] for table in tables.values() for row in table.rows if name in row.fields]
        if not cells:
            one.fail(f"`known` needs a table with a column {name!r}")
        texts = {text for cell in cells for text in ((cell,) if isinstance(cell, str) else cell)}
        shapes[name] = Known(tuple(sorted(texts)))
    return shapes


def _with_rows(fields: Mapping[str, str], tables: Iterable[Table]) -> Fields:
    """The fields that a convention states, with those of each row that they choose, such as the pin's."""
    found = [
        table.row(fields[table.key_field], fields) for table in tables if table.owns_key and table.key_field in fields
    ]
    rows = [row for row in found if row is not None]
    return filled({**fields, **{name: cell for row in rows for name, cell in row.fields.items()}}, rows)


def _read_tables(nodes: Iterable[YamlNode], version: int) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for node in nodes:
        table = read_table(node, templates=version > 1)
        if table.name in tables:
            node.fail(f"duplicate table {table.name!r}; it is also in {tables[table.name].path}")
        tables[table.name] = table
    guarded_last = sorted(tables.values(), key=lambda table: any(row.only for row in table.rows))
    return {table.name: table for table in guarded_last}


def _own_fields(kind: YamlNode) -> dict[str, str]:
    """The fields that a kind gives to all its variants."""
    node = kind.mapping("a kind", required=keys.needed(keys.KIND), optional=keys.KIND).get("fields")
    return {name: value.scalar(name) for name, value in node.mapping("fields", optional=None).items()} if node else {}


def _read_kinds(node: YamlNode, language: Language) -> Iterator[Kind]:
    nodes = node.mapping("kinds", optional=None)
    if not nodes:
        node.fail("`kinds` must have at least one kind of variant")
    for name, kind in nodes.items():
        parts = kind.mapping("a kind", required=keys.needed(keys.KIND), optional=keys.KIND)
        texts = parts["texts"].mapping("texts", required=(STEM,), optional=WORDED)
        yield Kind(
            name,
            _own_fields(kind),
            {fact: read_wordings(text, language, guarded=fact != STEM) for fact, text in texts.items()},
            tuple(read_cells(item, language) for item in _items(parts, "matrix")),
            parts["title"].scalar("title") if "title" in parts else None,
        )


def _read_rules(trees: Mapping[str, YamlNode], vocabulary: Vocabulary, *, all_shipped: bool) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    named: list[tuple[str, YamlNode]] = []
    for family in FAMILIES:
        for path, node in trees.items():
            folder, _, file = path.partition("/")
            if folder != family:
                continue
            rule = read_rule(node, family, file.removesuffix(".yaml"), vocabulary)
            if rule.id in rules:
                node.fail(f"duplicate id {rule.id!r}; {rules[rule.id].path} has it too")
            rules[rule.id] = rule._replace(is_shipped=all_shipped or node.path.startswith(f"{SHIPPED}:"))
            given = node.mapping("a rule", optional=None)
            named.extend((key, item) for key in keys.NAMES_RULES if key in given for item in given[key].sequence(key))
    for key, item in named:
        item.word(f"a rule in `{key}`", rules)
    return rules
