"""A CUDA line that a release lacks, or whose files have the Python of another line: `new` and fixes give its whole set."""

from pathlib import Path

import pytest

from nixlint_ort.fix.apply import fix_all
from nixlint_ort.fix.new import make
from nixlint_ort.fix.stacks import missing_of_stack
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support import releases
from tests.support.linting import convention, session
from tests.support.representative import representative

BRANCHES = representative(convention().releases.keys, ["main"])
"""Those of old releases, whose files set their own source, are in `test_chores.py` too."""
LAYER = b"    python3Packages = nixpkgs_pinned.python312Packages;\n"


def set_of(branch: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of a release without those of CUDA 12.4, and those."""
    files = {path: data for path, data in releases.files(branch).items() if data is not None}
    line = {path: data for path, data in files.items() if "cuda12_4" in path}
    return {path: data for path, data in files.items() if path not in line}, line


def repository_of(files: dict[str, bytes], root: Path) -> Repository:
    return Repository(root, convention(), tree=InMemory(files))


@pytest.mark.parametrize("branch", BRANCHES)
def test_new_makes_the_line(branch: str, tmp_path: Path) -> None:
    others, line = set_of(branch)
    there = repository_of(others, tmp_path)
    stems = missing_of_stack(there, "12.4", branch)
    made, fixed = make(there, stems, branch, session(there, branch).lint)
    assert {one.path: one.data for one in made} == line
    found = [one for one in fixed.remaining.findings if one.rule != "pin-lacks-attribute"]
    assert (fixed.dropped, found, len(line)) == ([], [], 22)


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize(
    "built_with_it",
    [pytest.param(False, id="in name alone", marks=pytest.mark.full), pytest.param(True, id="also in their code")],
)
def test_fixes_give_the_line_its_python(branch: str, built_with_it: bool, tmp_path: Path) -> None:
    others, line = set_of(branch)
    wrong = {}
    for path, data in line.items():
        as_before = data.replace(b"python312-cuda12_4", b"python313-cuda12_4")
        if built_with_it:
            as_before = as_before.replace(LAYER, b"").replace(
                b"(nixpkgs_pinned.python312P", b"(nixpkgs_pinned.python3P"
            )
        wrong[path.replace("python312", "python313")] = as_before
    there = repository_of({**others, **wrong}, tmp_path)
    fixed = fix_all(there, session(there, branch).lint, unsafe=True)
    assert fixed.contents == line
    assert (fixed.dropped, [one for one in fixed.remaining.findings if one.rule != "pin-lacks-attribute"]) == ([], [])
