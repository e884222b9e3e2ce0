"""Trees of nixpkgs with very many attributes that never end: all of them together have one budget of work."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixlint_ort.nix.budget import MAX_STEPS
from nixlint_ort.nixpkgs_tree.attributes import Attributes, State
from nixlint_ort.nixpkgs_tree.symbols import MAX_TREE_STEPS
from nixlint_ort.nixpkgs_tree.trees import FolderTree
from tests.support.work import most_memory

ENDLESS = {
    "a call": "let f = x: f (x + 1); in f 0",
    "a list": "let f = x: [ x ] ++ f (x + 1); in f 0",
    "a set": "let f = x: { a = x; } // f (x + 1); in f 0",
    "a text": 'let f = x: "${f (x + 1)}"; in f 0',
    "many items": "builtins.length (builtins.genList (x: x) 100000000)",
}
COUNT = 60


def tree(root: Path, value: str) -> Attributes:
    names = "".join(f"  cudaPackages_{number} = {value};\n" for number in range(COUNT))
    (root / "lib").mkdir(parents=True)
    (root / "pkgs/top-level").mkdir(parents=True)
    (root / "lib/default.nix").write_text("{ }")
    text = "{ lib, ... }: res: pkgs: super: with pkgs; {\n  plain = 1;\n" + names + "}\n"
    (root / "pkgs/top-level/all-packages.nix").write_text(text)
    return Attributes(FolderTree(root))


@pytest.mark.parametrize("name", ENDLESS)
def test_all_attributes_together_have_one_budget(name: str, tmp_path: Path) -> None:
    found = tree(tmp_path, ENDLESS[name])
    states = [found.find(f"cudaPackages_{number}") for number in range(COUNT)]
    assert {one.state for one in states} == {State.UNKNOWN}
    assert found.find("plain").state is State.THERE
    assert found.packages.machine.spent < MAX_TREE_STEPS + MAX_STEPS + COUNT * 1000


def test_it_is_said_that_others_took_too_much(tmp_path: Path) -> None:
    found = tree(tmp_path, ENDLESS["a call"])
    words = [found.find(f"cudaPackages_{number}").words for number in range(COUNT)]
    assert words[0] == "this takes more than 200,000 steps to evaluate"
    assert words[-1] == "other attributes of this tree take more than 2,000,000 steps to evaluate"


def test_what_was_evaluated_is_not_kept(tmp_path: Path) -> None:
    """It took a gigabyte for a hundred attributes."""
    found = tree(tmp_path, ENDLESS["a call"])
    assert most_memory(lambda: [found.find(f"cudaPackages_{number}") for number in range(5)]) < 150_000_000
    found.packages.machine.renew()
    assert found.packages.machine._environments == []
