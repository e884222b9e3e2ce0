"""The JSON Schema of a convention's files, and the examples in its manual: each key has one that runs."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft7Validator

from nixlint_ort.convention import Convention, find_rules, keys, load
from nixlint_ort.convention.roles import ROLES, parts_of_role
from nixlint_ort.convention.schema import schema, schema_text
from nixlint_ort.convention.yaml_tree import YamlNode, read_yaml
from tests.support.linting import FIXTURES, ROOT

MANUAL = (ROOT / "docs/conventions.md").read_text("utf-8")
FILES = [
    *find_rules().rglob("*.yaml"),
    *(ROOT / "conventions").rglob("*.yaml"),
    *(FIXTURES / "pytorch/rules").rglob("*.yaml"),
]


def plain(node: YamlNode) -> Any:
    """A tree as JSON Schema knows it, in which every text is one."""
    if node.entries is not None:
        return {name: plain(entry.value) for name, entry in node.entries.items()}
    if node.items is not None:
        return [plain(item) for item in node.items]
    return int(node.text) if node.text == "2" else node.text


def sort_of(path: str) -> str:
    """Which sort of file a path is in a convention's folder."""
    names = {"convention.yaml": "convention", "claims.yaml": "claims", "words.yaml": "words"}
    return names.get(path.rpartition("/")[2]) or ("table" if "tables/" in path else "rule")


@cache
def validator(sort: str) -> Draft7Validator:
    whole = schema()
    return Draft7Validator({**whole["definitions"][sort], "definitions": whole["definitions"]})


def test_the_schema_in_the_repository_is_current() -> None:
    file = ROOT / "nixlint-ort-convention.schema.json"
    assert file.read_text("utf-8") == schema_text(), "`make schema` writes it anew"
    Draft7Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_admits_every_file_of_the_shipped_conventions(path: Path) -> None:
    tree = plain(read_yaml(path.name, path.read_bytes()))
    problems = [f"{error.json_path}: {error.message}" for error in validator(sort_of(str(path))).iter_errors(tree)]
    assert not problems
    assert not list(Draft7Validator(schema()).iter_errors(tree))


@pytest.mark.parametrize(
    ("sort", "document"),
    [
        ("rule", {"id": "x"}),
        ("rule", {"fact": "header.line3"}),
        ("rule", {"fact": {"atribute": "x"}}),
        ("convention", {"kind": {}}),
        ("convention", {"extends": "shipped", "roles": {"stak": {"key": "a.b"}}}),
        ("convention", {"extends": "shipped", "shapes": {"a.b": "words"}}),
        ("table", {"name": "x"}),
        ("table", {"rows": [{"a": {"b": "c"}}]}),
    ],
)
def test_what_it_refuses(sort: str, document: object) -> None:
    assert not validator(sort).is_valid(document)


class Block(NamedTuple):
    """An example of the manual: the file that it is, and its text."""

    path: str
    text: str
    before: Block | None = None
    """The example that it needs besides."""


def blocks() -> list[Block]:
    found: list[Block] = []
    for one in re.finditer(r"<!-- runs: (\S+)( with the one before)? -->\n+```yaml\n(.*?)```", MANUAL, re.DOTALL):
        found.append(Block(one[1], one[3], found[-1] if one[2] else None))
    return found


BLOCKS = blocks()


def laid_over(folder: Path, block: Block) -> Convention:
    """The shipped convention with an example over it."""
    main = folder / "rules/convention.yaml"
    main.parent.mkdir()
    main.write_text("format: 2\nextends: shipped\n")
    if block.before is not None:
        (folder / block.before.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / block.before.path).write_text(block.before.text, "utf-8")
    path = folder / block.path
    path.parent.mkdir(parents=True, exist_ok=True)
    text = block.text
    if path == main and "extends:" not in text:
        text = "extends: shipped\n" + text
    path.write_text(text if "format:" in text or path != main else "format: 2\n" + text, "utf-8")
    return load(main.parent)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.path} {block.text[:30]!r}")
def test_an_example_of_the_manual_runs(block: Block, tmp_path: Path) -> None:
    assert laid_over(tmp_path, block).rules
    tree = plain(read_yaml(block.path, block.text.encode()))
    if sort_of(block.path) == "convention":
        tree = {"extends": "shipped", **tree}
    assert validator(sort_of(block.path)).is_valid(tree)


def used_keys(node: YamlNode) -> set[str]:
    """Every key of a tree and of what is below it."""
    below = [*(entry.value for entry in (node.entries or {}).values()), *(node.items or ())]
    return {*(node.entries or {}), *(name for one in below for name in used_keys(one))}


def test_every_key_has_an_example_that_runs() -> None:
    used = {name for block in BLOCKS for name in used_keys(read_yaml(block.path, block.text.encode()))}
    tables = (keys.MAIN, keys.KIND, keys.WORDING, keys.CELLS, keys.TABLE, keys.RULE, keys.OPERATORS, keys.EXAMPLE)
    known = {name for table in (*tables, keys.OWN_FACT) for name in table}
    known |= {part for role in ROLES for part in parts_of_role(role)}
    assert known - used == {"release_table"}
    assert not [name for name in known if f"`{name}" not in MANUAL]
