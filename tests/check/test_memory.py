"""What was judged takes no memory any more, and does not wait for the garbage collector."""

from __future__ import annotations

import gc

from nixlint_ort.lint import Options, Session
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import REPRESENTATIVES, ROOT, convention, original

PLAIN = {path: original(path) for path in REPRESENTATIVES}
KNOTTED = {
    path: data.replace(
        b"let\n", b"let\n  first = x: if x == 0 then first else second;\n  second = rec { a = y: b y; b = a; }.a;\n", 1
    )
    for path, data in PLAIN.items()
}
"""The same with functions that refer to each other."""


def test_what_was_judged_leaves_nothing_in_cycles() -> None:
    for files in (PLAIN, KNOTTED):
        session = Session(ROOT, convention(), convention().rules, options=Options(branch="main"))
        for _ in range(2):  # the first time, modules are imported
            repository = Repository(ROOT, convention(), tree=InMemory(files))
            session.repository = repository
            gc.collect()
            gc.disable()
            try:
                session.lint(repository)
                assert all("evaluation" not in one.__dict__ for one in repository.variants)
                left = gc.collect()
            finally:
                gc.enable()
        assert left < len(files)
