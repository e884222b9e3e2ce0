"""What reading a file imports: the grammar itself, and nothing for queries or temporary files."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import PathFinder

import pytest
import tree_sitter
import tree_sitter_nix

from nixlint_ort.nix import parse

UNWANTED = ("importlib.resources", "tempfile", "tree_sitter_nix", "subprocess", "hashlib")


def test_reading_a_file_imports_little() -> None:
    program = f"import sys; import nixlint_ort.nix.skeleton; print([one for one in {UNWANTED} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_grammar_is_that_of_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = tree_sitter.Language(tree_sitter_nix.language())
    assert parse._language() == wanted
    monkeypatch.setattr(PathFinder, "find_spec", lambda *_: None)  # as where it is in no file of its own
    assert parse._language() == wanted
