"""`python benchmarks`: how long a check takes, as ratios to what runs beside it."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, product
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from measure import Contender, Measured, measure, peak_memory
from trees import DOCUMENT, ROOT, long_documents, make_tree

from nixlint_ort.check.all_predicates import CHECKS
from nixlint_ort.convention.built import COMPILED
from nixlint_ort.convention.load import compile_shipped
from tests.support.oracle.nix import nix_string, oracle_file

BIN = Path(sys.executable).parent
NIX_FOLDERS = ("HOME", "NIX_STORE_DIR", "NIX_STATE_DIR", "NIX_LOG_DIR", "NIX_DATA_DIR", "NIX_CONF_DIR")
AST_GREP = ROOT / "benchmarks/ast-grep/sgconfig.yml"


SIZES = "58,580,5800,20000"
LARGE = 1000
"""From so many files on, only what grows with them is measured."""
ONLY_MEMORY = 10_000
"""From so many on, nothing but memory."""


def main() -> None:
    """Measure trees of the sizes that are asked for, and print a table for each."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", default=SIZES, help="numbers of files, separated by commas")
    arguments.add_argument("--rounds", type=int, default=9, help="runs of each command at 58 files; fewer at more")
    options = arguments.parse_args()
    compile_shipped(COMPILED, lambda: CHECKS)  # as an installation does
    per_file: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, options.sizes.split(",")):
            tree, other = (make_tree(Path(folder) / f"{name}{size}", size) for name in ("", "other-"))
            every = list(contenders(tree, other, Path(folder)))
            if size < ONLY_MEMORY:
                rounds = max(1, options.rounds * 58 // size + 2) if size > 58 else options.rounds
                results = measure(every, rounds)
                report(size, results, rounds)
                per_file[size] = (results["check, in one process"].cpu - results["start-up"].cpu) / size
                profile(tree, size)
            memory(size, every)
            shutil.rmtree(tree)
            shutil.rmtree(other)
    growth(per_file)


def contenders(tree: Path, other: Path, folder: Path) -> Iterator[Contender]:
    """What is measured, all of it over the same tree but what changes one: that is over another of its kind."""
    files = [str(path) for path in sorted((tree / ".flox/pkgs").glob("*.nix"))]
    check = [str(BIN / "nixlint-ort"), "--branch", "main", "--cpu-seconds", "0"]
    cold, kept, edited, empty, lone = (folder / name for name in ("cold", "kept", "edited", "empty", "lone"))
    one = f".flox/pkgs/{Path(files[0]).name}"
    yield Contender("floor", [sys.executable, str(ROOT / "benchmarks/floor.py"), str(tree)], tree)
    yield Contender("start-up", [str(BIN / "nixlint-ort"), "--version"], tree)
    if len(files) == 58:
        shipped = folder / "shipped"
        shutil.copytree(tree, shipped, ignore=shutil.ignore_patterns("rules"))
        first = Contender("first run", check, shipped, _cache(empty), before=lambda: _forget(empty, "*"))
        yield first
        alone = replace(first, name="first run, in one process", alone=True)
        yield alone
        for name, text in long_documents().items():
            beside = folder / name.replace(" ", "-")
            shutil.copytree(shipped, beside)
            (beside / "README.md").write_text(text, "utf-8")
            yield replace(alone, name=f"{alone.name}, {name}", folder=beside, expected=(0, 1))  # rules show wrong texts
        with (other / "rules/convention.yaml").open("a") as file:
            file.write("# its own\n")
        yield replace(first, name="first run, a convention of its own", folder=other)
    unknown = Contender("check", check, tree, _cache(cold), before=lambda: _forget(cold), again=True)
    yield unknown
    yield replace(unknown, name="check, in one process", alone=True)
    yield Contender("one file changed", check, other, _cache(edited), before=lambda: _edit(other / one), again=True)
    yield Contender("unchanged", check, tree, _cache(kept), again=True)
    if len(files) >= LARGE:
        return
    yield Contender("one file", [*check, one], tree, _cache(lone), before=lambda: _forget(lone), again=True)
    yield replace(unknown, name="--fix", command=[*check, "--fix"])
    scan = [str(BIN / "ast-grep"), "scan", "--config", str(AST_GREP), "--no-ignore", "hidden", str(tree / ".flox")]
    yield Contender("ast-grep", scan, tree)
    expression = folder / "facts.nix"
    listed = " ".join(nix_string(path) for path in files)
    expression.write_text(f"map (path: builtins.toJSON (import {oracle_file('facts.nix')} path)) [ {listed} ]")
    nix = {name: str(folder / name.lower()) for name in NIX_FOLDERS} | {"NIX_PATH": "", "NIX_REMOTE": ""}
    yield Contender("nix parse", ["nix-instantiate", "--parse", *files], tree, nix)
    yield Contender("nix eval", ["nix-instantiate", "--eval", "--strict", str(expression)], tree, nix)


def memory(size: int, every: Sequence[Contender]) -> None:
    """Print the peak memory of a check that knows nothing of the files, all processes together."""
    one = next(one for one in every if one.name == "check")
    print(f"\nPeak memory of a check of {size} files, all processes together: {peak_memory(one):.0f} MiB", flush=True)


def _cache(folder: Path) -> dict[str, str]:
    return {"NIXLINT_ORT_CACHE": str(folder)}


def _forget(folder: Path, *patterns: str) -> None:
    """Delete what is remembered of files; the convention stays compiled."""
    for pattern in patterns or ("sound-*",):
        for path in folder.glob(pattern):
            path.unlink()


def _edit(path: Path) -> None:
    """Change a file as somebody who works on it does, without breaking a rule."""
    path.write_text(f"{path.read_text('utf-8').split(_MARK)[0]}{_MARK}{next(_ROUND)}\n", "utf-8")


_MARK = "# edited "
_ROUND = count()


def report(size: int, results: dict[str, Measured], rounds: int) -> None:
    """Print all as ratios to the floor, in Markdown."""
    floor = results["floor"]
    print(f"\n## {size} files, medians of {rounds} runs in turn, as ratios to the floor\n")
    print("| what | wall | CPU |\n|---|---:|---:|")
    for name, one in results.items():
        print(f"| {name} | {one.wall / floor.wall:.2f} | {one.cpu / floor.cpu:.2f} |")
    for name in long_documents():
        if (beside := f"first run, in one process, {name}") in results:
            alone = results["first run, in one process"]
            more = (results[beside].cpu - alone.cpu) / alone.cpu
            print(f"\nA document of {DOCUMENT // 1000} KB, {name}, takes {more:.2f} of a first run, in CPU time.")
    if "nix eval" in results:
        print("\n| | to | wall | CPU |\n|---|---|---:|---:|")
    for name, other_name in product(("check", "one file changed", "unchanged"), ("nix parse", "nix eval", "ast-grep")):
        if other_name in results:
            one, other = results[name], results[other_name]
            print(f"| {name} | {other_name} | {one.wall / other.wall:.2f} | {one.cpu / other.cpu:.2f} |")


def profile(tree: Path, size: int) -> None:
    """Print where the time goes, as ratios to tree-sitter's parse of the same files."""
    # A process of its own: what this one holds when it starts a program counts as that program's memory.
    program = [sys.executable, str(ROOT / "benchmarks/stages.py"), str(tree)]
    taken, edits = json.loads(subprocess.run(program, capture_output=True, text=True, check=True).stdout)
    parse = taken["parse"]
    print(f"\nIn one process, to tree-sitter's parse of the same {size} files:\n")
    print("| stage | ratio |\n|---|---:|")
    for name, seconds in taken.items():
        print(f"| {name} | {seconds / parse:.2f} |")
    print(f"\nOne file edited again and again, all rules, to tree-sitter's parse of that file: {edits:.1f}", flush=True)


def growth(per_file: dict[int, float]) -> None:
    """Print how the time for a file grows with their number."""
    smallest = min(per_file)
    print("\n| files | time for a file, to that at the fewest |\n|---:|---:|")
    for size, seconds in per_file.items():
        print(f"| {size} | {seconds / per_file[smallest]:.2f} |")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    main()
