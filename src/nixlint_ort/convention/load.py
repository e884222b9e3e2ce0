"""Loads a whole convention from its folder, and checks it before use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from nixlint_ort.cache.store import NO_CACHE, Cache
from nixlint_ort.convention import keys
from nixlint_ort.convention.claims import read_speech
from nixlint_ort.convention.convention import DOCUMENTS, Convention, Kind
from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.folder import MAIN, SHIPPED, SPEECH, TABLES, extended, read_files
from nixlint_ort.convention.language import FORMAT, Language, read_template
from nixlint_ort.convention.matrix import check_rows, read_cells
from nixlint_ort.convention.roles import read_roles
from nixlint_ort.convention.rule import FAMILIES, Rule
from nixlint_ort.convention.rule_file import Vocabulary, read_rule
from nixlint_ort.convention.slips import check_names, check_pin, check_tables, read_document, read_glob, read_helper
from nixlint_ort.convention.tables import Fields, Table, filled, read_table
from nixlint_ort.convention.tree_cache import digest_of, read_trees
from nixlint_ort.convention.vocabulary import FACTS, STEM, WORDED
from nixlint_ort.convention.wordings import read_wordings
from nixlint_ort.convention.yaml_tree import Entry, Node
from nixlint_ort.template import FieldShape, Known, Shape

KNOWN = "known"
"""The shape of a field that is one of its column's values."""
DEFAULT = "onnxruntime"
"""The convention that is shipped in `rules/`, and that a repository without one is judged by."""


def find_rules() -> Path:
    """The folder of the convention that is shipped: inside the package, or beside `src` in a checkout."""
    return _shipped("rules")


def shipped_folder(name: str) -> Path:
    """The folder of a shipped convention by its name, which is that of a package. Raises KeyError for none."""
    if name == DEFAULT:
        return find_rules()
    folder = _shipped("conventions") / name
    if "/" in name or not (folder / MAIN).is_file():
        raise KeyError(name)
    return folder


def shipped_names() -> list[str]:
    """The names of all shipped conventions."""
    others = _shipped("conventions")
    return [DEFAULT, *(sorted(one.name for one in others.iterdir()) if others.is_dir() else ())]


def _shipped(name: str) -> Path:
    package = Path(__file__).resolve().parent.parent
    return package / name if (package / name).is_dir() else package.parent.parent / name


class _Files(NamedTuple):
    """The files of one folder: their bytes by name, and their trees by path in the folder."""

    data: Mapping[str, bytes]
    trees: Mapping[str, Node]


def load_shipped(
    name: str = DEFAULT, checks: Mapping[str, Collection[str]] | None = None, cache: Cache = NO_CACHE
) -> Convention:
    """A shipped convention, whose files are named after it. Raises KeyError where there is none of that name."""
    files = _read(shipped_folder(name), f"{SHIPPED}:{name}", cache)
    return convention_of(shipped_folder(name), files.trees, digest_of(files.data), checks)


def load(folder: Path, checks: Mapping[str, Collection[str]] | None = None, cache: Cache = NO_CACHE) -> Convention:
    """Read and check a convention; raises ConventionError at the file and line that is wrong.

    `checks` are the predicates that rules can name, each with the arguments that it gives their messages; None lets
    them name any.
    """
    own = _read(folder, folder.name, cache)
    name = _extends(own.trees[MAIN])
    if name is None:
        return convention_of(folder, own.trees, digest_of(own.data), checks)
    base = _read(shipped_folder(name), f"{SHIPPED}:{name}", cache)
    return convention_of(folder, extended(base.trees, own.trees), digest_of({**base.data, **own.data}), checks)


def _read(folder: Path, prefix: str, cache: Cache) -> _Files:
    data = read_files(folder, prefix)
    trees = read_trees(data, digest_of(data), cache)
    return _Files(data, {path.removeprefix(f"{prefix}/"): tree for path, tree in trees.items()})


def _extends(root: Node) -> str | None:
    node = root.mapping(MAIN, optional=None).get("extends")
    if node is None:
        return None
    words = [SHIPPED, *(f"{SHIPPED}:{name}" for name in shipped_names())]
    return node.word("extends", words).partition(":")[2] or DEFAULT


def convention_of(
    folder: Path, trees: Mapping[str, Node], digest: str, checks: Mapping[str, Collection[str]] | None = None
) -> Convention:
    """A convention from its files, by their paths in its folder; raises ConventionError as `load` does."""
    root = trees[MAIN]
    known_keys = {name for name in keys.MAIN if name not in ("extends", "off")}
    nodes = root.mapping(MAIN, required=keys.needed(keys.MAIN), optional=known_keys)
    version = _read_format(nodes.get("format"))
    fields = {name: node.scalar(name) for name, node in nodes["fields"].mapping("fields", optional=None).items()}
    if "package" not in fields:
        nodes["fields"].fail("fields needs `package`: the name that all variants begin with")
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
    worded = {
        fact: frozenset({name for kind in kinds if fact in kind.texts for name in kind.texts[fact].fields})
        for fact in FACTS
    }
    vocabulary = Vocabulary(language, worded, tuple(kind.name for kind in kinds), checks)
    rules = _read_rules(trees, vocabulary, all_shipped=folder == find_rules())
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
        documents=tuple(map(read_document, _items(nodes, "documents"))) or DOCUMENTS,
        speech=read_speech(trees[SPEECH], known) if SPEECH in trees else None,
        layer=nodes["layer"].scalar("layer") if "layer" in nodes else fields["package"],
        helpers=tuple(map(read_helper, _items(nodes, "helpers"))),
    )


def _items(nodes: Mapping[str, Node], key: str) -> tuple[Node, ...]:
    """The items of the list under a key; none where the key is left out."""
    return nodes[key].sequence(key) if key in nodes else ()


def _read_format(node: Node | None) -> int:
    if node is None:
        return 1
    text = node.scalar("format")
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        node.fail(f"format is the number of the convention's format, such as {FORMAT}, not {text!r}")
    if int(text) > FORMAT:
        node.fail(
            f"this convention has format {text}, and this nixlint-ort reads formats 1 to {FORMAT}: use a newer one"
        )
    return int(text)


def _old_roles(root: Node, table: Node | None, tables: Mapping[str, Table]) -> Node:
    """The roles of a convention in the first format, which names only the table of releases."""
    if table is None:
        root.fail(f"{MAIN} needs the key 'roles'")
    name = table.word("release_table", tables)
    parts = {"key": tables[name].key_field, "version": f"{name}.version", "status": f"{name}.status"}
    given = {part: field for part, field in parts.items() if field in tables[name].columns}
    entries = {part: _entry(table, part, table._replace(text=field)) for part, field in given.items()}
    release = table._replace(text=None, entries=entries)
    return table._replace(text=None, entries={"release": _entry(table, "release", release)})


def _entry(place: Node, key: str, value: Node) -> Entry:
    return Entry(place._replace(text=key), value)


def _read_shapes(node: Node, tables: Mapping[str, Table], known: frozenset[str]) -> dict[str, FieldShape]:
    shapes: dict[str, FieldShape] = {}
    for name, one in node.mapping("shapes", optional=None).items():
        if name not in known:
            (node.entries or {})[name].key.fail(f"there is no field {name!r}{did_you_mean(name, known)}")
        word = one.word("a shape", [*(shape.value for shape in Shape), KNOWN])
        if word != KNOWN:
            shapes[name] = Shape(word)
            continue
        cells = [row.fields[name] for table in tables.values() for row in table.rows if name in row.fields]
        if not cells:
            one.fail(f"no table has a column {name!r}, so there are no texts that {name} can be")
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


def _read_tables(nodes: Iterable[Node], version: int) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for node in nodes:
        table = read_table(node, templates=version > 1)
        if table.name in tables:
            node.fail(f"the table {table.name!r} is also in {tables[table.name].path}")
        tables[table.name] = table
    guarded_last = sorted(tables.values(), key=lambda table: any(row.only for row in table.rows))
    return {table.name: table for table in guarded_last}


def _own_fields(kind: Node) -> dict[str, str]:
    """The fields that a kind gives to all its variants."""
    node = kind.mapping("a kind", required=keys.needed(keys.KIND), optional=keys.KIND).get("fields")
    return {name: value.scalar(name) for name, value in node.mapping("fields", optional=None).items()} if node else {}


def _read_kinds(node: Node, language: Language) -> Iterator[Kind]:
    nodes = node.mapping("kinds", optional=None)
    if not nodes:
        node.fail("kinds has at least one kind of variant")
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


def _read_rules(trees: Mapping[str, Node], vocabulary: Vocabulary, *, all_shipped: bool) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    causes: list[Node] = []
    for family in FAMILIES:
        for path, node in trees.items():
            folder, _, file = path.partition("/")
            if folder != family:
                continue
            rule = read_rule(node, family, file.removesuffix(".yaml"), vocabulary)
            if rule.id in rules:
                node.fail(f"the id {rule.id!r} is also that of {rules[rule.id].path}")
            rules[rule.id] = rule._replace(is_shipped=all_shipped or node.path.startswith(f"{SHIPPED}:"))
            after = node.mapping("a rule", optional=None).get("after")
            causes.extend(after.sequence("after") if after else ())
    for cause in causes:
        cause.word("a rule in `after`", rules)
    return rules
