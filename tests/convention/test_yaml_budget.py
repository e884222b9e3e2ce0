"""YAML that is made to take all time and memory: each ends at once, with the place at which it was too much."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from nixlint_ort.convention import ConventionError
from nixlint_ort.convention.build import read_trees
from nixlint_ort.convention.yaml_tree import MAX_BYTES, read_yaml
from tests.support.representative import representative
from tests.support.running import run

TOO_MANY = "too many values; nixlint-ort reads at most 50,000"
SECONDS = 10.0
"""Of processor time; none takes more than one where nothing else runs."""

EXPENSIVE: dict[str, tuple[bytes, str | None]] = {
    "a list": (b"[" + b"a," * 499_000 + b"a]", f"x:1:100000: {TOO_MANY}"),
    "a mapping": (b"a: {" + b"".join(b"k%d: v, " % one for one in range(70_000)) + b"}", TOO_MANY),
    "keys": (b"".join(b"k%d: v\n" % one for one in range(90_000)), f"x:25000:9: {TOO_MANY}"),
    "lists in a list": (b"".join(b"- [a, b]\n" for _ in range(100_000)), TOO_MANY),
    "lists in lists": (b"- " * 400_000, "x:1:41: too deep; nixlint-ort reads at most 20 levels"),
    "keys in keys": (b"? " * 400_000, "x:1:41: too deep; nixlint-ort reads at most 20 levels"),
    "braces": (b"{" * 900_000, "x:1:21: too deep; nixlint-ort reads at most 20 levels"),
    "brackets": (b"[" * 900_000, "x:1:21: too deep; nixlint-ort reads at most 20 levels"),
    "colons": (b"a:" * 400_000, "mapping values are not allowed here"),
    "comments": (b"# x\n" * 240_000 + b"a: b\n", None),
    "line ends": (b"\n" * 999_999, "x:1:1: the file is empty"),
    "a text of many lines": (b"a: " + b"x\n  " * 240_000, None),
    "a text of many words": (b"a " * 499_999, None),
    "a text of many escapes": (b'"' + b"\\n" * 400_000 + b'"', None),
    "a text of many quotes": (b"'" + b"''" * 400_000 + b"'", None),
    "a block of many lines": (b"a: |\n" + b"  x\n" * 240_000, None),
    "a folded block": (b"a: >\n" + b"  x\n\n" * 190_000, None),
    "documents": (b"--- a\n" * 160_000, "x:2:1: invalid YAML: a second document begins here"),
    "aliases": (b"[" + b"*a, " * 200_000 + b"]", "x:1:2: an alias (*) is not allowed here"),
    "anchors": (b"[" + b"&a a, " * 150_000 + b"]", "x:1:2: an anchor (&) is not allowed here"),
    "tags": (b"[" + b"!!str a, " * 100_000 + b"]", "x:1:2: a tag (!) is not allowed here"),
    "too many bytes": (b"a" * (MAX_BYTES + 1), "the file has 1000001 bytes; nixlint-ort reads at most 1000000"),
}


OF_EACH_KIND = ("a list", "keys", "lists in lists", "comments", "a text of many words", "aliases", "too many bytes")
"""One for each of what is counted: values, levels, lines, characters and bytes."""


@pytest.mark.parametrize("name", representative(EXPENSIVE, OF_EACH_KIND))
def test_expensive_yaml_ends(name: str) -> None:
    data, error = EXPENSIVE[name]
    start = time.process_time()
    if error is None:
        read_yaml("x", data)
    else:
        with pytest.raises(ConventionError) as raised:
            read_yaml("x", data)
        assert error in str(raised.value)
    assert time.process_time() - start < SECONDS


def test_the_files_of_a_convention_share_one_budget() -> None:
    files = {f"rules/header/x{one}.yaml": b"[" + b"a," * 2000 + b"a]" for one in range(500)}
    with pytest.raises(ConventionError, match=r"rules/header/x24\.yaml:1:\d+: too many values"):
        read_trees(files, "rules")


@pytest.mark.parametrize("key", representative(["ignore", "select", "exclude", "per-file-ignores"], ["ignore"]))
def test_expensive_settings_end(key: str, tmp_path: Path) -> None:
    (tmp_path / ".flox/pkgs").mkdir(parents=True)
    (tmp_path / "nixlint-ort.yaml").write_text(f"{key}: [" + "a, " * 300_000 + "a]\n")
    ran = run(cwd=tmp_path)
    assert ran.returncode == 2
    assert TOO_MANY in ran.stderr
