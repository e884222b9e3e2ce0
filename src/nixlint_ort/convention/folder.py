"""The files of a convention: which there are in its folder, and what `extends` makes of two folders."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from nixlint_ort.convention.errors import ConventionError, did_you_mean
from nixlint_ort.convention.rule import FAMILIES
from nixlint_ort.convention.yaml_tree import MAX_BYTES, YamlEntry, YamlNode
from nixlint_ort.files import read_plain

MAIN = "convention.yaml"
SPEECH = "claims.yaml"
WORDS = "words.yaml"
TABLES = "tables"
SHIPPED = "shipped"
DEFAULT = "onnxruntime"
"""The convention that is shipped in `rules/`, and that a repository without one is judged by."""
MAX_FILES = 500
MAX_ALL_BYTES = 2_000_000
NOTHING: Mapping[Path, bytes] = MappingProxyType({})
_FOLDERS = (TABLES, *FAMILIES)
_MERGED = ("fields", "shapes", "roles", "kinds")
"""Keys of `convention.yaml` whose entries replace those of the same name, and leave the others."""


def is_shipped(name: str) -> bool:
    """Whether the name of a convention is `shipped` or `shipped:NAME`, and no folder."""
    return name.partition(":")[0] == SHIPPED


def is_meant(folder: Path) -> bool:
    """Whether a folder is laid out like a convention, though it need not have a `convention.yaml`."""
    return any((folder / name).is_dir() for name in (TABLES, *FAMILIES))


def read_files(folder: Path, prefix: str, unsaved: Mapping[Path, bytes] = NOTHING) -> dict[str, bytes]:
    """The bytes of every file of a convention, named from `prefix` on; `convention.yaml` comes first.

    `unsaved` is what files hold in an editor, by their absolute paths, whatever is on disk.

    Raises ConventionError for what is in the folder and would not be read, and for more than can be.
    """
    files: dict[str, bytes] = {}
    size = 0
    typed = {path.relative_to(folder).as_posix() for path in unsaved if path.is_relative_to(folder)}
    added = (path for path in typed if path.partition("/")[0] in _FOLDERS and path.count("/") == 1)
    found = {*_paths(folder, prefix), *(path for path in added if path.endswith(".yaml"))}
    for path in (MAIN, *sorted(found, key=_place)):
        name = f"{prefix}/{path}"
        try:
            data = unsaved.get(folder / path)
            files[name] = read_plain(folder / path, MAX_BYTES, below=folder) if data is None else data
        except FileNotFoundError as error:
            missing = f"cannot be read: {error.strerror}; a folder of a convention has a {MAIN}"
            raise ConventionError(name, missing) from None
        except OSError as error:
            raise ConventionError(name, f"cannot be read: {error.strerror}") from None
        size += len(files[name])
        if len(files) > MAX_FILES or size > MAX_ALL_BYTES:
            message = f"a convention has at most {MAX_FILES} files with {MAX_ALL_BYTES:,} bytes"
            raise ConventionError(prefix, message)
    return files


def read_words(folder: Path, prefix: str) -> dict[str, bytes]:
    """The words of a folder's language, named as if they stood below `prefix`."""
    return {f"{prefix}/{WORDS}": read_plain(folder / WORDS, MAX_BYTES, below=folder)}


def _place(path: str) -> tuple[int, str]:
    """Where a file comes among those of a convention: tables before rules."""
    first, below, _ = path.partition("/")
    return (_FOLDERS.index(first) if below else -1), path


def _paths(folder: Path, prefix: str) -> Iterator[str]:
    """The paths of tables and rules, from the folder on."""
    folders: list[str] = []
    for name, is_folder in _entries(folder, prefix, ""):
        if is_folder:
            if name not in _FOLDERS:
                message = f"unknown folder{did_you_mean(name, _FOLDERS)}"
                raise ConventionError(f"{prefix}/{name}", f"{message}; a convention has {', '.join(_FOLDERS)}")
            folders.append(name)
        elif name in (SPEECH, WORDS):
            yield name
        elif name.endswith(".yaml") and name != MAIN:
            raise ConventionError(
                f"{prefix}/{name}",
                f"unexpected file; move a rule into the folder of its family, and a table into {TABLES}/",
            )
    for part in sorted(folders, key=_FOLDERS.index):
        for name, is_folder in _entries(folder / part, prefix, f"{part}/"):
            if is_folder and not name.endswith(".yaml"):
                raise ConventionError(
                    f"{prefix}/{part}/{name}", "unexpected folder; the folders of a convention have only files"
                )
            if name.endswith(".yaml"):
                yield f"{part}/{name}"


def _entries(folder: Path, prefix: str, below: str) -> list[tuple[str, bool]]:
    """What is in a folder, by name, and whether it is a folder; what begins with a dot is nobody's business."""
    try:
        with os.scandir(folder) as found:
            entries = sorted((one.name, _is_folder(one)) for one in found if not one.name.startswith("."))
    except OSError as error:
        raise ConventionError(f"{prefix}/{below}".rstrip("/"), f"cannot be read: {error.strerror}") from None
    for name, is_folder in entries:
        if not is_folder and name.endswith(".yml"):
            right = f"{name.removesuffix('.yml')}.yaml"
            raise ConventionError(f"{prefix}/{below}{name}", f"wrong file name; rename it to {right}")
    return entries


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle
        return False


def extended(base: Mapping[str, YamlNode], own: Mapping[str, YamlNode]) -> dict[str, YamlNode]:
    """The files of a convention that extends another one, both by their paths in their folders.

    A file replaces the file of its path; but of a table rows change those of the same key, unless the table says
    `replace: true`, and of `convention.yaml` keys replace keys.
    """
    files = dict(base)
    for path, node in own.items():
        if path == MAIN:
            files[path] = _merged_main(base[path], node)
        elif path.startswith(f"{TABLES}/") and path in base:
            files[path] = _merged_table(base[path], node)
        else:
            files[path] = node
    off = own[MAIN].mapping(MAIN, optional=None).get("off")
    rules = {path.rpartition("/")[2].removesuffix(".yaml"): path for path in base if path.partition("/")[0] in FAMILIES}
    for word in off.sequence("off") if off else ():
        files.pop(rules[word.word("a rule in `off`", rules)], None)
    return files


def _merged_main(base: YamlNode, own: YamlNode) -> YamlNode:
    entries = dict(base.entries or {})
    for name, entry in (own.entries or {}).items():
        if name in ("extends", "off"):
            continue
        if name in _MERGED and name in entries and entry.value.entries is not None:
            old = entries[name].value
            merged = {**(old.entries or {}), **entry.value.entries}
            entries[name] = YamlEntry(entry.key, entry.value._replace(entries=merged))
        else:
            entries[name] = entry
    return own._replace(entries=entries)


def _merged_table(base: YamlNode, own: YamlNode) -> YamlNode:
    """A table with the rows of another one laid over it, by the texts of their keys.

    A row has the columns that it gives, and the others of the only row of its key. Where a key has several rows, on
    either side, all rows of that key are replaced. `rows:` with nothing below, or with comments alone, changes none.
    """
    keys = own.mapping("a table", optional=None)
    replace = keys.pop("replace", None)
    if replace is not None and replace.word("replace", ("true", "false")) == "true":
        return own._replace(entries={name: one for name, one in (own.entries or {}).items() if name != "replace"})
    merged = {**(base.entries or {}), **(own.entries or {})}
    merged.pop("replace", None)
    rows = (base.entries or {}).get("rows")
    if rows is None or "rows" not in keys:
        return own._replace(entries=merged)
    names = [node.scalar("a key") for node in merged["key"].value.items or (merged["key"].value,)]
    own_rows = () if keys["rows"].text == "" else keys["rows"].sequence("rows")
    base_rows = rows.value.items or ()
    replaced = {key for row in own_rows if (key := _key(row, names)) is not None}
    left = [row for row in base_rows if _key(row, names) not in replaced]
    counts = Counter(_key(row, names) for row in own_rows)
    laid_over = [
        _merged_row([one for one in base_rows if _key(one, names) == key], row) if counts[key] == 1 else row
        for row in own_rows
        for key in (_key(row, names),)
    ]
    merged["rows"] = YamlEntry(rows.key, keys["rows"]._replace(text=None, items=(*left, *laid_over)))
    return own._replace(entries=merged)


def _merged_row(below: Sequence[YamlNode], row: YamlNode) -> YamlNode:
    if len(below) != 1:
        return row
    return row._replace(entries={**(below[0].entries or {}), **(row.entries or {})})


def _key(row: YamlNode, names: Iterable[str]) -> tuple[str | None, ...] | None:
    entries = row.entries or {}
    key = tuple(entries[name].value.text if name in entries else None for name in names)
    return key if any(part is not None for part in key) else None
