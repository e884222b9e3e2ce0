"""`python benchmarks/stages.py TREE`: where the time of a check goes, in seconds for each stage, as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypeVar

import tree_sitter
import tree_sitter_nix

from nixlint_ort.convention import load
from nixlint_ort.lint import Options, Session
from nixlint_ort.report import render
from nixlint_ort.repository.repository import Repository

T = TypeVar("T")


def stages(tree: Path) -> dict[str, float]:
    """Seconds for each stage; `parse` is tree-sitter alone, what comes after it is ours."""
    taken: dict[str, float] = {}

    def timed(name: str, work: Callable[[], T]) -> T:
        begin = time.perf_counter()
        result = work()
        taken[name] = time.perf_counter() - begin
        return result

    load(tree / "rules")  # into the cache
    convention = timed("convention", lambda: load(tree / "rules"))
    repository = Repository(tree, convention)
    variants = timed("read", lambda: repository.variants)
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_nix.language()))
    timed("parse", lambda: [parser.parse(variant.source.data) for variant in variants])
    timed("parse and lower", lambda: [variant.document for variant in variants])
    timed("evaluate", lambda: [variant.facts for variant in variants])
    session = Session(tree, convention, convention.rules, options=Options(branch="main"))
    result = timed("check", lambda: session.lint(repository))
    timed("report", lambda: render("full", result))
    return taken


def edits(tree: Path) -> float:
    """One file edited again and again in one process, all rules each time, to tree-sitter's parse of that file."""
    session = Session.open((tree,), Options(branch="main"))
    repository = session.repository
    session.lint(repository)
    edited = repository.variants[0]
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_nix.language()))
    own, parsing = [], []
    for number in range(50):
        data = edited.source.data + b"# %d\n" % number
        begin = time.process_time()
        parser.parse(data)
        parsing.append(time.process_time() - begin)
        begin = time.process_time()
        repository = repository.with_files({edited.path: data})
        session.lint(repository)
        own.append(time.process_time() - begin)
    return median(own) / median(parsing)


if __name__ == "__main__":
    print(json.dumps([stages(Path(sys.argv[1])), edits(Path(sys.argv[1]))]))
