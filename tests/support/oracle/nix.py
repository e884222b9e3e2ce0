"""Runs real Nix without network, store or configuration: each expression in a batch gives its value or its error."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

# Far below what a command line may hold; each expression here is a path or two long.
BATCH = 500
SECONDS = 120


class NixError(Exception):
    """Nix refused an expression. The text is Nix's own, from `error:` on."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What became of one expression: its value as JSON, or why Nix refused it (then `value` is None)."""

    value: Json
    error: str | None = None


@functools.cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="oracle-")


def scratch() -> Path:
    """A folder that lasts as long as this process."""
    return Path(_scratch().name)


@functools.cache
def _environment() -> dict[str, str]:
    folders = ("HOME", "NIX_STORE_DIR", "NIX_STATE_DIR", "NIX_LOG_DIR", "NIX_DATA_DIR", "NIX_CONF_DIR")
    return {name: str(scratch() / name.lower()) for name in folders} | {"NIX_PATH": "", "NIX_REMOTE": ""}


def _nix_instantiate(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("nix-instantiate")
    if program is None:
        raise RuntimeError(
            "nix-instantiate is not on PATH, and this test needs it: install Debian's nix-bin, or Nix itself"
        )
    return subprocess.run(
        [program, "--option", "system", "x86_64-linux", *arguments],
        env=_environment(),
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=SECONDS,
        check=False,
    )


def parses(*paths: Path) -> bool:
    """Whether Nix can parse every one of the files (it also refuses undefined variables)."""
    return _nix_instantiate("--parse", *(str(path.resolve()) for path in paths)).returncode == 0


def parse_each(paths: Sequence[Path]) -> list[str | None]:
    """How Nix prints each file once it is parsed, in one line; None for a file that it refuses.

    One process for all files that Nix accepts: a refusal ends it, and the files after that go to a new one.
    """
    results: list[str | None] = []
    while len(results) < len(paths):
        pending = paths[len(results) : len(results) + BATCH]
        run = _nix_instantiate("--parse", *(str(path.resolve()) for path in pending))
        results += [line for line in run.stdout.split("\n") if line]
        if run.returncode != 0:
            results.append(None)
    return results


def evaluate_file(path: Path, seconds: int) -> Evaluated | None:
    """Evaluates one file that gives a plain value; None if Nix takes longer or 4 GB of memory."""
    program = ("prlimit", f"--cpu={seconds}", f"--as={4 << 30}", "nix-instantiate", "--eval", str(path.resolve()))
    run = subprocess.run(
        program, env=_environment() | {"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )
    if run.returncode == 0:
        return Evaluated(_read(run.stdout.strip()) if run.stdout.startswith('"{') else run.stdout.strip())
    return Evaluated(None, _error(run.stderr)) if run.returncode == 1 and "out of memory" not in run.stderr else None


def nix_string(text: str) -> str:
    """The text as a Nix string literal."""
    return '"' + re.sub(r'(["\\$])', r"\\\1", text) + '"'


def oracle_file(name: str) -> str:
    """One of the Nix files beside this module, as a Nix string literal."""
    return nix_string(str(Path(__file__).resolve().with_name(name)))


def describe(expression: str) -> str:
    """An expression for the JSON of another one's value, with functions and derivations described."""
    return f"builtins.toJSON (import {oracle_file('describe.nix')} ({expression}))"


_ESCAPE = re.compile(r"\\(.)")


def _read(line: str) -> Json:
    """A printed Nix string that holds JSON. JSON has no control characters: only `\\`, `"` and `$` are escaped."""
    value: Json = json.loads(_ESCAPE.sub(r"\1", line[1:-1]), object_hook=_plain)
    return value


def _plain(described: dict[str, Json]) -> Json:
    """A described float as a float: Nix writes 1.0 as `1`, and six digits at most."""
    if described.get("_type") == "float":
        return float(str(described["text"]))
    return described


def _error(stderr: str) -> str:
    return stderr[stderr.find("error:") :].strip()


def evaluate_json(expressions: Sequence[str]) -> list[Evaluated]:
    """Evaluates expressions that each give a string of JSON, one process for all that Nix accepts.

    A refusal that `tryEval` does not catch ends the process, so the rest goes to a new one. Nix flushes each
    line, so as many expressions are done as there are lines, even after a stack overflow.
    """
    results: list[Evaluated] = []
    while len(results) < len(expressions):
        pending = expressions[len(results) : len(results) + BATCH]
        run = _nix_instantiate("--eval", "-E", *(f"({expression})" for expression in pending))
        results += [Evaluated(_read(line)) for line in run.stdout.split("\n")[:-1]]
        if run.returncode != 0:
            results.append(Evaluated(None, _error(run.stderr)))
    return results


def evaluate_expressions(expressions: Sequence[str]) -> list[Evaluated]:
    """Evaluates independent Nix expressions deeply, in order, with nixpkgs stubbed as for variants.

    What is not data becomes an object with `_type`: `function` with its formals, `path`, `derivation`,
    `packages`, `nixpkgs`, `fetched`, and `text` for a set that has `__toString` or `outPath`.
    """
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        files = [Path(folder, f"{number}.nix") for number in range(len(expressions))]
        for file, expression in zip(files, expressions, strict=True):
            file.write_text(expression, encoding="utf-8", errors="surrogateescape", newline="")
        load = f"(import {oracle_file('scope.nix')}).load"
        return evaluate_json([describe(f"{load} {nix_string(str(file))}") for file in files])
