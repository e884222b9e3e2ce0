"""Asks Nix itself what was read from a tree. This runs the tree, so it happens only where a user asks for it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nixlint_ort.nixpkgs_tree.attributes import Attributes, State
from nixlint_ort.nixpkgs_tree.functions import function_of
from nixlint_ort.nixpkgs_tree.trees import TreeError

SECONDS = 600
_Answer = Mapping[str, list[Any]]
_ASK = """
paths: functions:
let
  pkgs = import %s { system = "x86_64-linux"; config.allowUnfree = true; overlays = [ ]; };
  state = set: names:
    let name = builtins.head names; inner = builtins.tryEval set.${name}; in
    if names == [ ] then "there"
    else if !(builtins.isAttrs set && builtins.hasAttr name set) then "absent"
    else if !inner.success then "throws"
    else state inner.value (builtins.tail names);
in
{
  states = map (state pkgs) paths;
  functions = map (path: builtins.attrNames (builtins.functionArgs (import (%s + ("/" + path))))) functions;
}
"""


def verify(attributes: Attributes, folder: Path, paths: Iterable[str], functions: Iterable[str]) -> list[str]:
    """Where Nix says something else of an attribute or of a function's arguments, a line for each.

    What could not be determined from the tree is not a difference. Raises TreeError where Nix cannot be asked.
    """
    asked = sorted(paths)
    known = {path: found for path in sorted(functions) if (found := function_of(attributes, path)) is not None}
    answer = _ask(folder, asked, [found.path for found in known.values()])
    differences = []
    for path, truth in zip(asked, answer["states"], strict=True):
        ours = attributes.find(path).state
        if ours is not State.UNKNOWN and ours != truth:
            differences.append(f"{path}: read as {ours}, but Nix says {truth}")
    for (path, found), arguments in zip(known.items(), answer["functions"], strict=True):
        if sorted(found.arguments) != list(arguments):
            differences.append(
                f"{path}: read to take {', '.join(found.arguments)}, but Nix says {', '.join(arguments)}"
            )
    return differences


def _ask(folder: Path, paths: list[str], functions: list[str]) -> _Answer:
    root = _text(str(folder.resolve()))
    expression = (
        f"({_ASK % (f'(/. + {root})', f'(/. + {root})')}) {_list([_list(map(_text, one.split('.'))) for one in paths])}"
    )
    expression += f" {_list(map(_text, functions))}"
    command = ["nix-instantiate", "--eval", "--strict", "--json", "--option", "allow-import-from-derivation", "false"]
    try:
        done = subprocess.run(  # noqa: S603  # Nix by name, as everybody calls it
            [*command, "--expr", expression],
            env={**os.environ, "NIX_PATH": ""},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=SECONDS,
        )
    except OSError as error:
        raise TreeError(f"nix-instantiate cannot be run: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise TreeError(f"nix-instantiate took more than {SECONDS} seconds") from None
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if "error:" in line]
        raise TreeError(f"Nix cannot evaluate {folder}: {said[-1].strip() if said else 'it does not say why'}")
    answer: _Answer = json.loads(done.stdout)
    return answer


def _text(value: str) -> str:
    """A text as a Nix string."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("${", "\\${") + '"'


def _list(items: Iterable[str]) -> str:
    return "[ " + " ".join(items) + " ]"
