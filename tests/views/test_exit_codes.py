"""What each view says by its exit code: 0 where nothing is wrong or differs, 1 where something is, 2 where it cannot say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import scratch
from tests.support.linting import CPU, GPU, ROOT
from tests.support.running import replace_in, run

VIEWS = {
    "check": (),
    "branches": ("branches",),
    "compare": ("compare", "main~1"),
    "matrix": ("matrix",),
    "audit": ("audit",),
}


class State(NamedTuple):
    """A change to a repository, which is committed, and the exit codes of the views in their order."""

    change: Callable[[Path], object]
    codes: tuple[int, int, int, int, int]


STATES = {
    "nothing": State(lambda _: None, (0, 0, 0, 0, 0)),
    "a comment": State(lambda root: replace_in(root / CPU, "in\n", "in # the wrapper\n"), (0, 0, 0, 0, 0)),
    "an error": State(lambda root: replace_in(root / GPU, "560+", "535+"), (1, 1, 1, 0, 0)),
    "a warning": State(lambda root: replace_in(root / CPU, '"ONNX Runtime 1.23.2', '"ONNX Runtime'), (0, 0, 1, 0, 0)),
    "a file that is no Nix": State(lambda root: (root / GPU).write_text("{"), (1, 1, 1, 0, 0)),
    "a variant is missing": State(lambda root: (root / GPU).unlink(), (0, 0, 1, 0, 0)),
    "a variant has another name": State(
        lambda root: (root / GPU).rename(root / GPU.replace("sm90-avx512", "sm87-avx512")), (1, 1, 1, 0, 0)
    ),
    "a driver in the table": State(
        lambda root: replace_in(root / "rules/tables/stacks.yaml", 'driver: "560"', 'driver: "575"'), (1, 1, 0, 0, 0)
    ),
    "a slip in a table": State(
        lambda root: replace_in(root / "rules/tables/stacks.yaml", 'driver: "560"', 'drivr: "560"'), (2, 2, 2, 2, 2)
    ),
    "no variants": State(lambda root: shutil.rmtree(root / ".flox"), (2, 1, 2, 2, 0)),
    "no git": State(lambda root: shutil.rmtree(root / ".git"), (0, 2, 2, 0, 0)),
    "a branch that is no release": State(
        lambda root: scratch.git(root, "branch", "--move", "topic"), (0, 2, 2, 0, 0)
    ),
}  # fmt: skip
"""`matrix` and `audit` show what there is and what differs from the vendor's figures, and leave it to a check to judge."""


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = scratch.init(tmp_path_factory.mktemp("views") / "r")
    for name in (".flox", "rules"):
        shutil.copytree(ROOT / name, root / name)
    scratch.commit(root, {})
    return root


@pytest.mark.parametrize("name", STATES)
def test_exit_codes(name: str, right: Path, tmp_path: Path) -> None:
    root, state = tmp_path / "r", STATES[name]
    shutil.copytree(right, root, symlinks=True)
    state.change(root)
    if (root / ".git").exists():
        scratch.commit(root, {}, "onnxruntime: another state")
    ran = {view: run(*arguments, cwd=root) for view, arguments in VIEWS.items()}
    assert tuple(one.returncode for one in ran.values()) == state.codes
    for one in ran.values():
        assert (one.returncode == 2) <= (one.stdout == "" and one.stderr.count("\n") == 1), one


@pytest.mark.parametrize("name", [name for name, state in STATES.items() if 2 not in state.codes[:2]])
def test_numbers_are_those_of_a_check(name: str, right: Path, tmp_path: Path) -> None:
    root = tmp_path / "r"
    shutil.copytree(right, root, symlinks=True)
    STATES[name].change(root)
    scratch.commit(root, {}, "onnxruntime: another state")
    check, matrix, branches = (
        json.loads(run(*view, "--output-format", "json", cwd=root).stdout) for view in ((), ("matrix",), ("branches",))
    )
    severities = ("error", "warning", "info")
    main = next(one for one in branches["branches"] if one["branch"] == "main")
    numbers = [[one["summary"][severity] for severity in severities] for one in (check, matrix, main)]
    assert numbers[0] == numbers[1] == numbers[2]
    assert check["summary"]["files"] == main["variants"]
