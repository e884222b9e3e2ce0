"""Judges each mutant that mutmut could not kill, in processes of its own and with all tests: `make mutants` runs it.

mutmut forks its tests from one process, so it sees neither the programs that tests start nor what that process already
remembers. Here a mutant has a fresh process, and the programs that the tests start are mutated too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MUTANTS = ROOT / "mutants"
FAILED = 1
"""What pytest ends with when a test failed."""

KILLED = {FAILED, -24}
"""What mutmut notes of a mutant that failed a test, or that took too long."""

TESTS = ROOT / "tests"
FIRST = ("findings_in_full", "rule_examples", "verdicts", "suppressions", "likeness", "fix/fix_engine")
"""The tests that tell most in the shortest time, after those named as the mutant's module."""

APART = ("fuzz", "pages", "wheel", "manual", "contributing", "fix/kill")
"""The tests that take minutes, or need browsers and registries, and say little of one module."""


def left(patterns: list[str]) -> Iterator[str]:
    """The mutants that are not killed, of those whose name fits a pattern."""
    for path in sorted(MUTANTS.rglob("*.meta")):
        for name, code in json.loads(path.read_bytes())["exit_code_by_key"].items():
            if code not in KILLED and any(fnmatch(name, pattern) for pattern in patterns or ["*"]):
                yield name


def tests_for(name: str) -> list[str]:
    """The files of tests for a mutant: those named as its module first, then what tells most, then all others."""
    module = name.split(".")[2].rstrip("s") if name.count(".") > 2 else name.split(".")[1]
    files = {str(path.relative_to(TESTS)).removesuffix(".py").replace("test_", "", 1): path for path in _files()}
    ranked = sorted(files, key=lambda one: (module not in one, one not in FIRST, one))
    return [str(files[one]) for one in ranked if one not in APART]


def _files() -> Iterator[Path]:
    return (path for path in TESTS.rglob("test_*.py") if path.parent.name != "acceptance")


def survives(name: str) -> bool:
    """Whether all tests pass with a mutant; one that takes ten minutes is killed."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "MUTANT_UNDER_TEST": name,
            "NIXLINT_ORT_CACHE": folder,
            "PYTHONPATH": str(MUTANTS / "src"),
        }
        command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "-p", "no:xdist", *tests_for(name)]
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
            )
        except subprocess.TimeoutExpired:
            return False
    if done.returncode not in {0, FAILED}:
        raise RuntimeError(f"{name}: pytest ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def main() -> int:
    """Print the mutants that survive, of all or of those whose names fit the arguments."""
    if not (survives("nixlint_ort.check.nothing") and survives("nixlint_ort.fix.nothing")):
        raise RuntimeError("a test fails without any mutant, so a failing test would say nothing of one")
    names = list(left(sys.argv[1:]))
    survivors = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for name, survived in zip(names, pool.map(survives, names), strict=True):
            survivors += survived
            if survived:
                sys.stdout.write(f"{name}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{survivors} of {len(names)} survive\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
