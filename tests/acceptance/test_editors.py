"""Emacs' eglot, and the library that VS Code's client is built on, show and mend a wrong driver.

They are Debian's packages `emacs-nox` and `elpa-eglot`, and npm's `vscode-languageserver-protocol`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import scratch as git_scratch
from tests.support.linting import GPU, ROOT

pytestmark = pytest.mark.acceptance
BIN = Path(sys.executable).parent
MESSAGE = "header says driver 535+, but CUDA 12.9 needs 560+"


@pytest.fixture
def repository(scratch: Path) -> Path:
    (scratch / ".git/HEAD").unlink()
    (scratch / ".git").rmdir()
    git_scratch.init(scratch)
    git_scratch.commit(scratch, {})
    return scratch


def run(*command: str | Path, cwd: Path) -> str:
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd, env=env, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_eglot(repository: Path) -> None:
    script = ROOT / "tests/acceptance/eglot.el"
    said = run("emacs", "--no-init-file", "--batch", "-f", "package-initialize", "-l", script, GPU, cwd=repository)
    assert said.splitlines() == [
        "shown: yes",
        f"nixlint-ort [header-driver]: {MESSAGE}",
        "mended: yes",
        "original: yes",
    ]


def test_vs_code(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    library = tmp_path_factory.mktemp("library")
    run(
        "npm",
        "install",
        "--silent",
        "--no-save",
        "--prefix",
        library,
        "vscode-languageserver-protocol@3.17.5",
        cwd=library,
    )
    script = ROOT / "tests/acceptance/vscode_client.mjs"
    answer = json.loads(run("node", script, library, BIN / "nixlint-ort", repository / GPU, cwd=repository))
    assert answer.pop("href").endswith("docs/rules/header-driver.md")
    assert answer == {"message": MESSAGE, "again": "unchanged", "mended": True, "files": 23, "code": 0}
