"""Keeps the trees of a convention's YAML files between runs, since reading YAML costs more than all else of a run.

The cache is one JSON file for each content of a convention, in the user's cache folder. It is safe to delete, is
written whole or not at all, and is ignored when it is damaged: a run never depends on it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from nixlint_ort import __version__
from nixlint_ort.convention.yaml_tree import Entry, Node, read_yaml

SWITCH = "NIXLINT_ORT_CACHE"
"""The environment variable that names another folder for the cache; empty for no cache at all."""


def read_trees(files: Mapping[str, bytes]) -> dict[str, Node]:
    """The tree of each file by its name; raises ConventionError as `read_yaml` does."""
    folder = cache_folder()
    path = folder / f"convention-{_key(files)}.json" if folder else None
    trees = _recall(path) if path else None
    if trees is None:
        trees = {name: read_yaml(name, data) for name, data in files.items()}
        if path:
            _remember(path, trees)
    return trees


def cache_folder() -> Path | None:
    """Where the cache is: `$NIXLINT_ORT_CACHE`, else `$XDG_CACHE_HOME` or `~/.cache`; None where there is none."""
    named = os.environ.get(SWITCH)
    if named is not None:
        return Path(named) if named else None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  # Path.home() raises
    return Path(base) / "nixlint-ort" if os.path.isabs(base) else None  # noqa: PTH117


def _key(files: Mapping[str, bytes]) -> str:
    digest = blake2b(__version__.encode(), digest_size=16)
    for name, data in sorted(files.items()):
        digest.update(b"%d %s %d " % (len(name), name.encode("utf-8", "surrogateescape"), len(data)))
        digest.update(data)
    return digest.hexdigest()


def _recall(path: Path) -> dict[str, Node] | None:
    import json

    try:
        checksum, _, payload = path.read_bytes().partition(b"\n")
        if checksum != _checksum(payload):
            return None
        stored = json.loads(payload)
        return {name: _to_node(name, tree) for name, tree in stored.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None


def _remember(path: Path, trees: Mapping[str, Node]) -> None:
    import json
    import tempfile

    payload = json.dumps({name: _to_json(tree) for name, tree in trees.items()}).encode()
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".convention-")
        with os.fdopen(handle, "wb") as file:
            file.write(_checksum(payload) + b"\n" + payload)
        Path(temporary).replace(path)
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _checksum(payload: bytes) -> bytes:
    return blake2b(payload, digest_size=16).hexdigest().encode()


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
