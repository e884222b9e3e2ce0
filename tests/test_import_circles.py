"""Imports go one way, also those that only type checkers follow and those inside functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.import_circles import SOURCE, circles, imports

TREES = [
    ({"a": "import b", "b": ""}, []),
    ({"a": "import b", "b": "import a"}, [["a", "b"]]),
    ({"a": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import b", "b": "import a"}, [["a", "b"]]),
    ({"a": "def f():\n    from b import c", "b": "import a"}, [["a", "b"]]),
    ({"p/__init__": "from . import m", "p/m": "from .n import x", "p/n": "from p import m"}, [["p.m", "p.n"]]),
    ({"a": "import b", "b": "import c", "c": "import a", "d": "import a"}, [["a", "b", "c"]]),
]


@pytest.mark.parametrize(("tree", "wanted"), TREES)
def test_circles_are_found(tmp_path: Path, tree: dict[str, str], wanted: list[list[str]]) -> None:
    for name, text in tree.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
    assert circles(imports(tmp_path)) == wanted


def test_there_are_none() -> None:
    assert circles(imports(SOURCE)) == []
