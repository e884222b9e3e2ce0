"""The cache of convention trees: it changes nothing but the time a run takes."""

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from nixlint_ort.cache.store import SWITCH, Cache
from nixlint_ort.convention import find_rules, load, tree_cache
from nixlint_ort.convention.yaml_tree import Node

FILES = {"rules/a.yaml": b"x: 12.4\ny: [1.20, {on: off}]\n", "rules/b.yaml": b"z: >\n  two\n  lines\n"}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(SWITCH, str(folder))
    return folder


def only_file(cache: Path) -> Path:
    (path,) = cache.iterdir()
    return path


def trees_of(files: Mapping[str, bytes]) -> dict[str, Node]:
    return tree_cache.read_trees(files, tree_cache.digest_of(files), Cache.of_user())


def never(*_: object) -> None:
    raise AssertionError("the YAML was read although its tree is in the cache")


def test_the_second_reading_reads_no_yaml_and_gives_the_same_trees(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = trees_of(FILES)
    assert only_file(cache).name.startswith("convention-")
    monkeypatch.setattr(tree_cache, "read_yaml", never)
    assert trees_of(FILES) == first


def test_the_shipped_convention_is_the_same_from_the_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(find_rules(), cache=Cache.of_user())
    monkeypatch.setattr(tree_cache, "read_yaml", never)
    second = load(find_rules(), cache=Cache.of_user())
    assert repr(second.tables) == repr(first.tables)
    assert list(second.rules) == list(first.rules)


def test_other_content_is_another_entry(cache: Path) -> None:
    trees_of(FILES)
    changed = trees_of({**FILES, "rules/b.yaml": b"z: other\n"})
    assert len(list(cache.iterdir())) == 2
    assert changed["rules/b.yaml"].mapping("it", optional=None)["z"].text == "other"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data.replace(b"12.4", b"12.5"),
        lambda data: b"\xff" * 100,
        lambda data: zlib.crc32(b"[]").to_bytes(4, "big") + b"[]",
        lambda data: zlib.crc32(b"{}1").to_bytes(4, "big") + b"{}1",
    ],
    ids=["empty", "cut off", "another text", "not text", "a list", "not JSON"],
)
def test_a_damaged_entry_is_ignored_and_replaced(damage: Callable[[bytes], bytes], cache: Path) -> None:
    first = trees_of(FILES)
    path = only_file(cache)
    good = path.read_bytes()
    path.write_bytes(damage(good))
    assert trees_of(FILES) == first
    assert path.read_bytes() == good


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(SWITCH, str(tmp_path / "file/below"))
    assert set(trees_of(FILES)) == set(FILES)


def test_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "")
    assert set(trees_of(FILES)) == set(FILES)
