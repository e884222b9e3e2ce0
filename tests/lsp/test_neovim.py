"""A real editor: a headless Neovim sees what is wrong, applies code actions, and sees it mended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import scratch as git_scratch
from tests.support.linting import GPU, OLDER, original
from tests.support.running import clean_environment

SCRIPT = Path(__file__).with_name("editor.lua")
ODD = GPU.replace("sm90", "sm80")
RIGHT = ".flox/pkgs/onnxruntime-python312-cuda12_4-sm75-avx2.nix"
MISNAMED = RIGHT.replace("python312", "python313")


def test_what_a_user_of_neovim_sees(scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    (scratch / ".git/HEAD").unlink()
    (scratch / ".git").rmdir()
    git_scratch.init(scratch)
    (scratch / GPU).write_bytes(original(GPU).replace(b"driver 560+", b"driver 535+"))
    (scratch / RIGHT).rename(scratch / MISNAMED)
    (scratch / "README.md").write_text("57 variants for ONNX Runtime 1.23.2\n")
    git_scratch.commit(scratch, {})
    answer = home / "answer.json"
    environment = clean_environment(
        {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "XDG_STATE_HOME": str(home),
            "XDG_DATA_HOME": str(home),
            "REPOSITORY": str(scratch),
            "SERVER_PYTHON": sys.executable,
            "ANSWER": str(answer),
            "WRONG_DRIVER": GPU,
            "ODD": ODD,
            "MISNAMED": MISNAMED,
            "RIGHT_NAME": RIGHT,
        }
    )
    command = ["nvim", "--headless", "-n", "-u", "NONE", "-c", f"luafile {SCRIPT}"]
    done = subprocess.run(command, env=environment, cwd=scratch, capture_output=True, timeout=300, check=False)
    assert answer.exists(), done.stderr.decode()
    seen = json.loads(answer.read_text("utf-8"))
    assert seen.get("problem") is None, seen
    assert (seen["driver"], seen["message"]) == (
        ["header-driver"],
        "header says driver 535+, but CUDA 12.9 needs 560+",
    )
    assert seen["mended"].encode() == original(GPU)
    assert seen["document"] == ["document-count"]
    assert "odd-one-out" in seen["odd"]
    assert "filename-stack" in seen["misnamed"]
    assert seen["renamed"] == 1
    assert os.path.lexists(scratch / OLDER)
