"""Files that are named like options: a shell puts them in the place of `*`, and who named them may be a stranger."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import scratch
from tests.support.linting import GPU, original
from tests.support.running import run

WRONG = original(GPU).replace(b"driver 560+", b"driver 535+")


def repository(root: Path, name: str) -> Path:
    scratch.write(root, {GPU: WRONG, name: WRONG})
    return root


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("--fix",), "--fix"),
        (("--fix", ".flox"), "--fix"),
        (("check", "--fix"), "--fix"),
        (("-q",), "-q"),
        (("-qv",), "-qv"),
        (("-h",), "-h"),
        (("--version",), "--version"),
        (("--output-file=a.nix",), "--output-file=a.nix"),
        ((f"--stdin-filename={GPU}", "-"), f"--stdin-filename={GPU}"),
        (("matrix", "--update"), "--update"),
        (("branches", "--all"), "--all"),
    ],
)
def test_what_is_an_option_and_a_file_is_neither(arguments: tuple[str, ...], name: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=repository(tmp_path, name))
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr == f"nixlint-ort: {name} is an option, and the name of a file here; for the file, write ./{name}\n"
    )
    assert (tmp_path / GPU).read_bytes() == WRONG


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("--fix.nix",), "--fix.nix"),
        (("-variant.nix",), "-variant.nix"),
        (("-q.nix",), "-q.nix"),
        (("--", "--fix"), "--fix"),
        (("--", "-q"), "-q"),
        (("./--fix",), "--fix"),
        (("--fixes=a.nix",), "--fixes=a.nix"),
    ],
)
def test_what_is_no_option_is_the_file(arguments: tuple[str, ...], name: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=repository(tmp_path, name))
    assert f"{name} is not a variant and was not checked" in done.stderr or f"{name}:18:17: error[" in done.stdout
    assert (tmp_path / GPU).read_bytes() == WRONG


def test_a_file_elsewhere_changes_no_option(tmp_path: Path) -> None:
    root = repository(tmp_path, "docs/--fix")
    assert run("--fix", "--branch", "main", cwd=root).returncode == 0
    assert (root / GPU).read_bytes() == original(GPU)
