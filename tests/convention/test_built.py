"""Conventions that are built already: they change nothing but the time that a run takes."""

import pickle
import shutil
import zlib
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pytest

from nixlint_ort.cache.store import SWITCH, Cache
from nixlint_ort.check.all_predicates import CHECKS
from nixlint_ort.convention import Convention, build, built, find_rules, load
from nixlint_ort.convention.load import compile_shipped, load_shipped, shipped_names
from nixlint_ort.convention.yaml_tree import read_yaml

MAIN = "convention.yaml"


class Forgotten(dict[str, Convention]):
    """What a process has built last, as the next process knows it: nothing."""

    def __setitem__(self, key: str, value: Convention) -> None:
        pass


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(SWITCH, str(folder))
    monkeypatch.setattr(built, "COMPILED", tmp_path / "compiled")
    monkeypatch.setattr(import_module("nixlint_ort.convention.load"), "_LAST", Forgotten())
    return folder


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A convention that extends the shipped one."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / MAIN).write_text("format: 2\nextends: shipped\n")
    return folder


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the YAML files that are read."""
    names: list[str] = []

    def reading(name: str, data: bytes, budget: object = None) -> object:
        del budget
        names.append(name)
        return read_yaml(name, data)

    monkeypatch.setattr(build, "read_yaml", reading)
    return names


def kept(cache: Path) -> list[Path]:
    return sorted(cache.glob("convention-*"))


def in_words(convention: Convention) -> str:
    """All that a convention holds; templates show their texts, and sets have an order."""

    def plain(value: object) -> object:
        if isinstance(value, (set, frozenset)):
            return sorted(map(repr, value))
        if isinstance(value, dict):
            return [(key, plain(one)) for key, one in value.items()]
        if hasattr(value, "_fields"):
            return [type(value).__name__, *((name, plain(getattr(value, name))) for name in value._fields)]
        if isinstance(value, tuple):
            return [plain(one) for one in value]
        if hasattr(value, "__slots__") and not isinstance(value, (str, Path)):
            return [type(value).__name__, *(plain(getattr(value, name)) for name in value.__slots__)]
        return [repr(value), plain(vars(value)) if type(value).__name__ == "Template" else None]

    return repr(plain(convention._replace(known={})))


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_convention_is_the_same_from_the_cache(name: str, cache: Path, read: list[str]) -> None:
    first = load_shipped(name, lambda: CHECKS, Cache.of_user())
    assert read
    assert len(kept(cache)) == 1
    read.clear()
    assert in_words(load_shipped(name, lambda: CHECKS, Cache.of_user())) == in_words(first)
    assert not read


def test_a_folder_with_the_same_files_elsewhere_is_another_folder(cache: Path, rules: Path, read: list[str]) -> None:
    load(rules, cache=Cache.of_user())
    read.clear()
    moved = rules.parent / "elsewhere"
    moved.mkdir()
    moved = rules.rename(moved / "rules")
    assert load(moved, cache=Cache.of_user()).folder == moved
    assert not read


def other_text(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch
    (rules / MAIN).write_text("format: 2\nextends: shipped\nhelpers: [x.nix]\n")


def other_base(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch
    (rules / MAIN).write_text("format: 2\nextends: shipped:pytorch\n")


def escaped_base(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch
    (rules / MAIN).write_text('format: 2\n"ext\\x65nds": shipped:pytorch\n')


def more_files(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch
    (rules / "tables").mkdir()
    (rules / "tables/x.yaml").write_text("name: x\nkey: a\nrows:\n  - {a: b}\n")


def other_name(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files have other names, which findings show."""
    del monkeypatch
    rules.rename(rules.parent / "other")
    rules.symlink_to(rules.parent / "other")


def other_code(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del rules
    monkeypatch.setattr(built, "program_digest", lambda _: b"another")


CHANGES = (other_text, other_base, escaped_base, more_files, other_code)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_what_a_convention_is_made_of_is_never_passed_over(
    change: Callable[[Path, pytest.MonkeyPatch], None],
    cache: Path,
    rules: Path,
    read: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load(rules, cache=Cache.of_user())
    read.clear()
    change(rules, monkeypatch)
    second = load(rules, cache=Cache.of_user())
    assert read
    assert len(kept(cache)) == 2
    assert in_words(second) == in_words(load(rules))


def test_the_base_counts_too(
    cache: Path, rules: Path, read: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(rules, cache=Cache.of_user())
    read.clear()
    base = tmp_path / "package"
    base.mkdir()
    for path in sorted(find_rules().rglob("*.yaml")):
        (base / path.relative_to(find_rules())).parent.mkdir(exist_ok=True)
        (base / path.relative_to(find_rules())).write_bytes(path.read_bytes())
    main = (base / MAIN).read_text()
    (base / MAIN).write_text(main.replace("documents:", "documents: # files") + "# changed\n")
    monkeypatch.setattr(import_module("nixlint_ort.convention.load"), "find_rules", lambda: base)
    load(rules, cache=Cache.of_user())
    assert read
    assert len(kept(cache)) == 2


def framed(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "big") + data


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data.replace(b"12.4", b"12.5"),
        lambda data: framed(data[4:-100]),
        lambda data: framed(b"not a pickle"),
        lambda data: framed(pickle.dumps([1])),
        lambda data: framed(pickle.dumps(print)),
        lambda data: framed(pickle.dumps(find_rules)),
        lambda data: framed(b"cos\nsystem\n(S'touch forged'\ntR."),
    ],
    ids=["empty", "cut off", "another text", "cut off well", "text", "a list", "a function", "our function", "a call"],
)
def test_a_damaged_entry_is_ignored_and_replaced(
    damage: Callable[[bytes], bytes], cache: Path, rules: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rules)
    first = load(rules, cache=Cache.of_user())
    (path,) = kept(cache)
    path.write_bytes(damage(path.read_bytes()))
    read.clear()
    assert in_words(load(rules, cache=Cache.of_user())) == in_words(first)
    assert read
    assert not (rules / "forged").exists()
    read.clear()
    load(rules, cache=Cache.of_user())
    assert not read


def calling(module: str, name: str, *texts: str) -> bytes:
    """A pickle that calls what a module has by a name, in whose dots it may hide."""
    return b"\x80\x04" + _text(module) + _text(name) + b"\x93(" + b"".join(map(_text, texts)) + b"tR."


def _text(text: str) -> bytes:
    return b"\x8c" + bytes([len(text)]) + text.encode()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("pathlib", "io.FileIO"),
        ("nixlint_ort.convention.built", "Path.home"),
        ("nixlint_ort.convention.built", "BytesIO"),
        ("nixlint_ort.convention.built", "blake2b"),
        ("nixlint_ort.convention.built", "compile_to"),
        ("nixlint_ort.finding", "annotations"),
        ("io", "FileIO"),
    ],
)
def test_a_forged_entry_calls_nothing(module: str, name: str, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    entry = calling(module, name, str(victim), "w")
    with pytest.raises((pickle.PickleError, AttributeError)):
        built._Reader(BytesIO(entry)).load()
    assert victim.read_text() == "kept"


def test_a_cache_that_cannot_be_written_is_no_error(
    tmp_path: Path, cache: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del cache
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(SWITCH, str(tmp_path / "file/below"))
    assert load(rules, cache=Cache.of_user()).rules


def test_no_cache(cache: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "")
    assert load(rules, cache=Cache.of_user()).rules
    assert not cache.exists()


@pytest.fixture
def compiled(cache: Path) -> Path:
    """What the build of the package makes of the shipped conventions."""
    folder = cache.parent / "compiled"
    compile_shipped(folder, lambda: CHECKS)
    return folder


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_convention_is_the_same_as_it_is_shipped(name: str, compiled: Path, read: list[str]) -> None:
    read.clear()
    first = load_shipped(name, lambda: CHECKS)
    assert not read
    shutil.rmtree(compiled)
    assert in_words(load_shipped(name, lambda: CHECKS)) == in_words(first)
    assert read


@pytest.mark.usefixtures("compiled")
def test_the_shipped_rules_as_a_repository_has_them_are_the_same(tmp_path: Path, read: list[str]) -> None:
    shutil.copytree(find_rules(), tmp_path / "rules")
    read.clear()
    first = load(tmp_path / "rules", lambda: CHECKS)
    assert not read
    assert {rule.url for rule in first.rules.values()} == {None}
    shutil.rmtree(tmp_path / "compiled")
    assert in_words(load(tmp_path / "rules", lambda: CHECKS)) == in_words(first)


@pytest.mark.usefixtures("compiled")
def test_rules_that_differ_from_the_shipped_ones_are_read(tmp_path: Path, read: list[str]) -> None:
    shutil.copytree(find_rules(), tmp_path / "rules")
    with (tmp_path / "rules" / MAIN).open("a") as file:
        file.write("# ours\n")
    read.clear()
    load(tmp_path / "rules", lambda: CHECKS)
    assert read


@pytest.mark.usefixtures("compiled")
def test_what_other_code_built_is_not_used(read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    read.clear()
    monkeypatch.setattr(built, "package_digest", lambda: b"another")
    load_shipped(checks=lambda: CHECKS)
    assert read


@pytest.mark.parametrize("data", [b"", b"x", pickle.dumps(1)], ids=["empty", "text", "another value"])
def test_what_is_shipped_and_damaged_is_ignored(data: bytes, compiled: Path, read: list[str]) -> None:
    for path in compiled.iterdir():
        path.write_bytes(data)
    read.clear()
    assert load_shipped(checks=lambda: CHECKS).rules
    assert read
