"""Keeps the trees of a convention's YAML files between runs, since reading YAML costs more than all else of a run.

The cache is one JSON file for each content of a convention, in the user's cache folder. It is safe to delete, is
written whole or not at all, and is ignored when it is damaged: a run never depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from nixlint_ort.cache.program import program_digest
from nixlint_ort.cache.store import Cache
from nixlint_ort.convention.yaml_tree import Budget, Entry, Node, read_yaml


def read_trees(files: Mapping[str, bytes], digest: str, cache: Cache) -> dict[str, Node]:
    """The tree of each file by its name, `digest` being theirs; raises ConventionError as `read_yaml` does."""
    if not cache:
        return _read(files)
    entry = f"convention-{blake2b(program_digest() + digest.encode(), digest_size=16).hexdigest()}.json"
    trees = _recall(cache, entry)
    if trees is None:
        trees = _read(files)
        _remember(cache, entry, trees)
    return trees


def _read(files: Mapping[str, bytes]) -> dict[str, Node]:
    budget = Budget()
    return {name: read_yaml(name, data, budget) for name, data in files.items()}


def digest_of(files: Mapping[str, bytes]) -> str:
    """A digest, in hex, of files by their names."""
    digest = blake2b(digest_size=16)
    for name, data in sorted(files.items()):
        digest.update(b"%d %s %d " % (len(name), name.encode("utf-8", "surrogateescape"), len(data)))
        digest.update(data)
    return digest.hexdigest()


def _recall(cache: Cache, entry: str) -> dict[str, Node] | None:
    import json

    kept = cache.read(entry)
    try:
        stored = json.loads(kept) if kept is not None else None
        return {name: _to_node(name, tree) for name, tree in stored.items()} if stored is not None else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _remember(cache: Cache, entry: str, trees: Mapping[str, Node]) -> None:
    import json

    cache.write(entry, json.dumps({name: _to_json(tree) for name, tree in trees.items()}).encode())


def _to_json(node: Node) -> list[Any]:
    content: Any = node.text
    if node.items is not None:
        content = [_to_json(item) for item in node.items]
    elif node.entries is not None:
        content = {name: [*_place(entry.key), _to_json(entry.value)] for name, entry in node.entries.items()}
    return [*_place(node), content]


def _place(node: Node) -> tuple[int, int]:
    return node.line, node.column


def _to_node(path: str, tree: list[Any]) -> Node:
    line, column, content = tree
    if isinstance(content, str):
        return Node(path, line, column, content)
    if isinstance(content, list):
        return Node(path, line, column, None, tuple([_to_node(path, item) for item in content]))
    entries = {
        name: Entry(Node(path, key_line, key_column, name), _to_node(path, value))
        for name, (key_line, key_column, value) in content.items()
    }
    return Node(path, line, column, None, None, entries)
