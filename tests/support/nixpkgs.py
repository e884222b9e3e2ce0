"""The miniature nixpkgs of tests/fixtures/nixpkgs in its three states, as whole trees and as Nix sees them."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from nixlint_ort.nixpkgs_tree.attributes import Attributes
from nixlint_ort.nixpkgs_tree.trees import open_tree
from tests.support.linting import FIXTURES
from tests.support.oracle.nix import Json, evaluate_json, scratch

STATES = ("before", "after", "next")
"""Before CUDA 12.0 to 12.5 were dropped, after that, and with the next ONNX Runtime. Each has what differs."""


@cache
def tree(state: str) -> Path:
    """The folder of a whole tree: that of the first state, with the files of those up to this one in their places."""
    folder = scratch() / f"nixpkgs-{state}"
    for one in STATES[: STATES.index(state) + 1]:
        shutil.copytree(FIXTURES / "nixpkgs" / one, folder, dirs_exist_ok=True)
    return folder


@cache
def attributes(state: str) -> Attributes:
    """What this tool reads from the tree of a state."""
    return Attributes(open_tree(tree(state), None))


def nix(state: str, expression: str) -> Json:
    """What Nix makes of an expression, in which `pkgs` is the nixpkgs of a state."""
    (answer,) = evaluate_json([f"let pkgs = import {tree(state)} {{ }}; in builtins.toJSON ({expression})"])
    assert answer.error is None, answer.error
    return answer.value
