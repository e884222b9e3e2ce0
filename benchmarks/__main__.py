"""`python benchmarks`: how long a check takes, as ratios to what runs beside it."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count, product
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "tests")]

from measure import Contender, Measured, measure
from stages import stages
from trees import ROOT, make_tree

from oracle.nix import nix_string, oracle_file

BIN = Path(sys.executable).parent
NIX_FOLDERS = ("HOME", "NIX_STORE_DIR", "NIX_STATE_DIR", "NIX_LOG_DIR", "NIX_DATA_DIR", "NIX_CONF_DIR")
AST_GREP = ROOT / "benchmarks/ast-grep/sgconfig.yml"


def main() -> None:
    """Measure trees of the sizes that are asked for, and print a table for each."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", default="58,580", help="numbers of files, separated by commas")
    arguments.add_argument("--rounds", type=int, default=9, help="runs of each command at 58 files; fewer at more")
    options = arguments.parse_args()
    per_file: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, options.sizes.split(",")):
            tree = make_tree(Path(folder) / str(size), size)
            rounds = max(3, options.rounds if size <= 580 else options.rounds * 580 // size)
            time.sleep(2.5)  # an answer is kept only where no file has just changed
            results = measure(list(contenders(tree, Path(folder))), rounds)
            report(size, results, rounds)
            per_file[size] = (results["check"].cpu - results["start-up"].cpu) / size
            profile(tree, size)
            shutil.rmtree(tree)
    growth(per_file)


def contenders(tree: Path, folder: Path) -> Iterator[Contender]:
    """What is measured, all of it over the same tree."""
    files = [str(path) for path in sorted((tree / ".flox/pkgs").glob("*.nix"))]
    cache = folder / "cache"
    check = [str(BIN / "nixlint-ort"), "--branch", "main"]
    here = {"NIXLINT_ORT_CACHE": str(cache)}
    one = f".flox/pkgs/{Path(files[0]).name}"
    expression = folder / "facts.nix"
    listed = " ".join(nix_string(path) for path in files)
    expression.write_text(f"map (path: builtins.toJSON (import {oracle_file('facts.nix')} path)) [ {listed} ]")
    nix = {name: str(folder / name.lower()) for name in NIX_FOLDERS} | {"NIX_PATH": "", "NIX_REMOTE": ""}
    yield Contender("floor", [sys.executable, str(ROOT / "benchmarks/floor.py"), str(tree)], tree)
    yield Contender("start-up", [str(BIN / "nixlint-ort"), "--version"], tree)
    empty = folder / "empty-cache"
    first = {"NIXLINT_ORT_CACHE": str(empty)}
    yield Contender("first run", check, tree, first, before=lambda: shutil.rmtree(empty, ignore_errors=True))
    rounds = count()

    def ask_anew() -> None:
        here["BENCHMARK_ROUND"] = str(next(rounds))

    yield Contender("check", check, tree, here, before=ask_anew)
    again = [*check, "--color", "auto"]  # other words for the same, so that it has an answer of its own
    yield Contender("check again", again, tree, {"NIXLINT_ORT_CACHE": str(cache)})
    yield Contender("one file", [*check, one], tree, here, before=ask_anew)
    yield Contender("--fix", [*check, "--fix"], tree, here)
    scan = [str(BIN / "ast-grep"), "scan", "--config", str(AST_GREP), "--no-ignore", "hidden", str(tree / ".flox")]
    yield Contender("ast-grep", scan, tree)
    if len(files) <= 6000:  # more do not fit on a command line
        yield Contender("nix parse", ["nix-instantiate", "--parse", *files], tree, nix)
        yield Contender("nix eval", ["nix-instantiate", "--eval", "--strict", str(expression)], tree, nix)


def report(size: int, results: dict[str, Measured], rounds: int) -> None:
    """Print all as ratios to the floor, in Markdown."""
    floor = results["floor"]
    print(f"\n## {size} files, medians of {rounds} runs in turn, as ratios to the floor\n")
    print("| what | wall | CPU | peak memory, MiB |\n|---|---:|---:|---:|")
    for name, one in results.items():
        print(f"| {name} | {one.wall / floor.wall:.2f} | {one.cpu / floor.cpu:.2f} | {one.memory:.0f} |")
    print("\n| | to | wall | CPU |\n|---|---|---:|---:|")
    for name, other_name in product(("check", "check again"), ("nix parse", "nix eval", "ast-grep")):
        if other_name in results:
            one, other = results[name], results[other_name]
            print(f"| {name} | {other_name} | {one.wall / other.wall:.2f} | {one.cpu / other.cpu:.2f} |")


def profile(tree: Path, size: int) -> None:
    """Print where the time goes, as ratios to tree-sitter's parse of the same files."""
    taken = stages(tree)
    parse = taken["parse"]
    print(f"\nIn one process, to tree-sitter's parse of the same {size} files:\n")
    print("| stage | ratio |\n|---|---:|")
    for name, seconds in taken.items():
        print(f"| {name} | {seconds / parse:.2f} |")


def growth(per_file: dict[int, float]) -> None:
    """Print how the time for a file grows with their number."""
    smallest = min(per_file)
    print("\n| files | time for a file, to that at the fewest |\n|---:|---:|")
    for size, seconds in per_file.items():
        print(f"| {size} | {seconds / per_file[smallest]:.2f} |")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    main()
