"""Loads a whole convention from its folder, and derives what it expects of one variant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from nixlint_ort.convention.errors import ConventionError
from nixlint_ort.convention.matrix import Cells, check_rows, listed, read_cells
from nixlint_ort.convention.roles import Roles, read_roles
from nixlint_ort.convention.rule import FAMILIES, KindName, Rule, Vocabulary, read_rule
from nixlint_ort.convention.tables import Fields, FieldValue, Row, Table, read_table
from nixlint_ort.convention.tree_cache import digest_of, read_trees
from nixlint_ort.convention.vocabulary import FACTS, STEM, WORDED
from nixlint_ort.convention.wordings import Text, read_template, read_text
from nixlint_ort.convention.yaml_tree import MAX_BYTES, Node
from nixlint_ort.files import read_plain
from nixlint_ort.template import Shape, Template

MAIN = "convention.yaml"
MOST_FILES = 500
MOST_BYTES = 2_000_000


class Kind(NamedTuple):
    """A kind of variant: the fields that all of its variants share, and its texts by fact."""

    name: KindName
    fields: Mapping[str, str]
    texts: Mapping[str, Text]
    matrix: tuple[Cells, ...] = ()
    title: str | None = None
    """What variants of this kind are called together, where that is not the title of their stack."""


class Convention(NamedTuple):
    """Everything under `rules/`, checked."""

    folder: Path
    variants: str
    fields: Mapping[str, FieldValue]
    """What holds for every variant: what the convention states, and the rows of tables that this chooses."""
    pin_urls: tuple[Template, ...]
    kinds: tuple[Kind, ...]
    tables: Mapping[str, Table]
    """By name; those with rows for some variants only come last, since others say which variants these are."""
    rules: Mapping[str, Rule]
    roles: Roles
    digest: str
    """Of all its files, so that what was worked out by the same convention can be told."""

    @property
    def package(self) -> str:
        """The package that all variants are variants of."""
        return str(self.fields["package"])

    @property
    def releases(self) -> Table:
        """The table that says, for each branch, what is released from it."""
        return self.table_of(self.roles.release.key)

    def table_of(self, key_field: str) -> Table:
        """The table whose key is a field, such as `cuda.tag`. Raises KeyError where there is none."""
        return self.tables[key_field.partition(".")[0]]

    def implied(self, field: str, fields: Mapping[str, FieldValue]) -> str | None:
        """The one value that the matrix gives a field where others have these values; None where it has no such."""
        templates = {one for kind in self.kinds for cells in kind.matrix for one in cells.values.get(field, ())}
        values = {value for one in templates if one.fields for value in listed(one, fields)}
        return values.pop() if len(values) == 1 else None

    def expected(self, kind: Kind, named: Mapping[str, str], branch: str | None) -> Fields:
        """The fields of a variant: what its name says (`named`), and what the tables make of it.

        A table whose key is not among the fields gives none. Where it has no row of that key, the key itself is no
        field either: nothing is judged, and nothing written, by a row that does not exist. Of a table whose key the
        convention itself states, the row is among `fields` already.
        """
        fields: Fields = {**self.fields, **kind.fields, **named}
        if branch is not None:
            fields[self.releases.key_field] = branch
        for table in self.tables.values():
            if table.key_field in self.fields:
                continue
            row = self.row_of(table, fields)
            if row is not None:
                fields.update(row.fields)
            else:
                fields.pop(table.key_field, None)
        return fields

    def stems(self, branch: str | None, fixed: Mapping[str, str] | None = None) -> Iterator[str]:
        """The file names, without `.nix`, of all variants that the release of a branch should have.

        A field in `fixed`, such as `cuda.tag`, has that value instead of those in the matrix; combinations without
        such a field are left out, and so are those whose name the tables leave open.
        """
        for kind in self.kinds:
            for cells in kind.matrix:
                if not (fixed or {}).keys() <= cells.values.keys():
                    continue
                expected = partial(self._expected_of_cell, kind, branch)
                for cell in cells.combine(expected, fixed or {}):
                    fields = expected(cell)
                    if fields.keys() >= set(kind.texts[STEM].full.fields):
                        yield kind.texts[STEM].render(fields)

    def _expected_of_cell(self, kind: Kind, branch: str | None, cell: Mapping[str, str]) -> Fields:
        return self.expected(kind, cell, branch)

    @staticmethod
    def row_of(table: Table, fields: Mapping[str, FieldValue]) -> Row | None:
        """The row of a table that the fields choose; None if they choose none."""
        key = fields.get(table.key_field)
        return table.row(key, fields) if isinstance(key, str) else None


def find_rules() -> Path:
    """The folder of the convention that is shipped: inside the package, or beside `src` in a checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "rules"
    return shipped if shipped.is_dir() else package.parent.parent / "rules"


def load(folder: Path) -> Convention:
    """Read and check a convention; raises ConventionError at the file and line that is wrong."""
    files = _read_files(folder)
    digest = digest_of(files)
    trees = read_trees(files, digest)
    root = trees[f"{folder.name}/{MAIN}"]
    keys = root.mapping(
        "convention.yaml",
        required=("variants", "fields", "shapes", "pin_urls", "roles", "kinds"),
    )
    shapes = {
        name: Shape(node.word("a shape", [shape.value for shape in Shape]))
        for name, node in keys["shapes"].mapping("shapes", optional=None).items()
    }
    fields = {name: node.scalar(name) for name, node in keys["fields"].mapping("fields", optional=None).items()}
    if "package" not in fields:
        keys["fields"].fail("fields needs `package`: the name that all variants begin with")
    tables = _read_tables(trees[name] for name in trees if name.startswith(f"{folder.name}/tables/"))
    columns = {column for table in tables.values() for column in table.columns}
    kind_fields = {name for kind in _kind_nodes(keys["kinds"]).values() for name in _own_fields(kind)}
    known = frozenset({*fields, *kind_fields, *columns, STEM})
    kinds = tuple(_read_kinds(keys["kinds"], shapes, known))
    _check_names(keys, fields, kinds, tables)
    for kind in kinds:
        for cells in kind.matrix:
            check_rows(cells, tables)
    vocabulary = Vocabulary(
        shapes,
        known,
        {
            fact: frozenset({name for kind in kinds if fact in kind.texts for name in kind.texts[fact].fields})
            for fact in FACTS
        },
        tuple(kind.name for kind in kinds),
    )
    return Convention(
        folder=folder,
        variants=_read_glob(keys["variants"]),
        fields=_with_rows(fields, tables.values()),
        pin_urls=tuple(read_template(item, shapes) for item in keys["pin_urls"].sequence("pin_urls")),
        kinds=kinds,
        tables=tables,
        rules=_read_rules(folder.name, trees, vocabulary),
        roles=read_roles(keys["roles"], tables, fields, shapes, known),
        digest=digest,
    )


def _with_rows(fields: Mapping[str, str], tables: Iterable[Table]) -> Fields:
    """The fields that a convention states, with those of each row that they choose, such as the pin's."""
    rows = [table.row(fields[table.key_field], fields) for table in tables if table.key_field in fields]
    return {**fields, **{name: cell for row in rows if row is not None for name, cell in row.fields.items()}}


def _check_names(
    keys: Mapping[str, Node], fields: Mapping[str, str], kinds: Iterable[Kind], tables: Mapping[str, Table]
) -> None:
    """Raise ConventionError where a file's name, as templates and tables make it, could be a path elsewhere."""
    message = "this becomes part of a file's name, which can hold no slash and no zero byte"
    for kind in kinds:
        name = kind.texts[STEM]
        texts = [name.full.text, *(one.text for one in name.accepted), *kind.fields.values()]
        texts += [text for field, text in fields.items() if field in name.fields]
        if any(_breaks_out(text) for text in texts):
            keys["kinds"].fail(message)
        for table in tables.values():
            for row in table.rows:
                if any(_breaks_out("".join(cell)) for field, cell in row.fields.items() if field in name.fields):
                    row.node.fail(message)


def _breaks_out(text: str) -> bool:
    return "/" in text or "\0" in text


def _read_files(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a convention, named from the folder's own name on; `convention.yaml` comes first."""
    paths = [folder / MAIN]
    for part in ("tables", *FAMILIES):
        paths += sorted((folder / part).glob("*.yaml"))
    files: dict[str, bytes] = {}
    for path in paths:
        name = path.relative_to(folder.parent).as_posix()
        try:
            files[name] = read_plain(path, MAX_BYTES, below=folder)
        except OSError as error:
            raise ConventionError(name, f"cannot be read: {error.strerror}") from None
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise ConventionError(folder.name, f"a convention has at most {MOST_FILES} files with {MOST_BYTES:,} bytes")
    return files


def _read_glob(node: Node) -> str:
    glob = node.scalar("variants")
    parts = glob.split("/")
    if "" in parts or {".", ".."}.intersection(parts) or "\0" in glob or not glob.endswith(".nix"):
        node.fail("variants is a pattern of `.nix` files below the repository, such as .flox/pkgs/*.nix")
    if parts.count("**") > 1 or any("**" in part and part != "**" for part in parts):
        node.fail("variants may have `**` once, between slashes, for any folders")
    return glob


def _read_tables(nodes: Iterable[Node]) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for node in nodes:
        table = read_table(node)
        if table.name in tables:
            node.fail(f"the table {table.name!r} is also in {tables[table.name].path}")
        tables[table.name] = table
    guarded_last = sorted(tables.values(), key=lambda table: any(row.only for row in table.rows))
    return {table.name: table for table in guarded_last}


def _kind_nodes(node: Node) -> dict[str, Node]:
    kinds = node.mapping("kinds", optional=None)
    if not kinds:
        node.fail("kinds has at least one kind of variant")
    return kinds


def _own_fields(kind: Node) -> dict[str, str]:
    """The fields that a kind gives to all its variants."""
    node = kind.mapping("a kind", required=("texts",), optional=("title", "fields", "matrix")).get("fields")
    return {name: value.scalar(name) for name, value in node.mapping("fields", optional=None).items()} if node else {}


def _read_kinds(node: Node, shapes: Mapping[str, Shape], known: frozenset[str]) -> Iterator[Kind]:
    for name, kind in _kind_nodes(node).items():
        keys = kind.mapping("a kind", required=("texts",), optional=("title", "fields", "matrix"))
        texts = keys["texts"].mapping("texts", required=(STEM,), optional=WORDED)
        yield Kind(
            name,
            _own_fields(kind),
            {fact: read_text(text, shapes, known) for fact, text in texts.items()},
            tuple(
                read_cells(item, shapes, known)
                for item in (keys["matrix"].sequence("matrix") if "matrix" in keys else ())
            ),
            keys["title"].scalar("title") if "title" in keys else None,
        )


def _read_rules(folder: str, trees: Mapping[str, Node], vocabulary: Vocabulary) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    causes: list[Node] = []
    for name, node in trees.items():
        family, _, file = name.removeprefix(f"{folder}/").partition("/")
        if family not in FAMILIES:
            continue
        rule = read_rule(node, family, file.removesuffix(".yaml"), vocabulary)
        if rule.id in rules:
            node.fail(f"the id {rule.id!r} is also that of {rules[rule.id].path}")
        rules[rule.id] = rule
        after = node.mapping("a rule", optional=None).get("after")
        causes.extend(after.sequence("after") if after else ())
    for cause in causes:
        cause.word("a rule in `after`", rules)
    return rules
