"""In a tree whose every configurable program would leave a mark, no command runs any of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nixlint_ort.convention import find_rules
from tests.support import scratch
from tests.support.linting import CPU, GPU, OLDER, original, path_of
from tests.support.running import clean_environment

PROGRAM = Path(sys.executable).parent / "nixlint-ort"
WRONG = path_of("onnxruntime-python313-cuda12_4-sm90-avx512")
"""A file of a wrong name, which a fix renames."""

KEYS = (
    *("core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand", "core.gitProxy"),
    *("core.alternateRefsCommand", "sequence.editor", "diff.external", "diff.x.command", "diff.x.textconv"),
    *("filter.x.clean", "filter.x.smudge", "filter.x.process", "merge.x.driver", "gpg.program", "gpg.ssh.program"),
    *(
        "gpg.x509.program",
        "credential.helper",
        "interactive.diffFilter",
        "pager.log",
        "pager.ls-files",
        "pager.ls-tree",
    ),
    *("difftool.x.cmd", "mergetool.x.cmd", "browser.x.cmd", "man.x.cmd", "remote.origin.uploadpack", "trailer.x.cmd"),
    *("remote.origin.receivepack", "submodule.x.update", "uploadpack.packObjectsHook", "sendemail.sendmailCmd"),
)
SUBCOMMANDS = ("rev-parse", "for-each-ref", "cat-file", "ls-files", "ls-tree", "log", "update-index", "config", "mv")
HOOKS = (
    *("pre-commit", "post-commit", "post-checkout", "post-index-change", "post-merge", "pre-push", "post-rewrite"),
    *(
        "reference-transaction",
        "commit-msg",
        "prepare-commit-msg",
        "fsmonitor-watchman",
        "pre-auto-gc",
        "p4-changelist",
    ),
)
IN_THE_TREE = (
    "git",
    "nix",
    "nix-instantiate",
    "python3",
    "python",
    "bash",
    "sh",
    "pager",
    "less",
    "vi",
    "ssh",
    "chromium",
)
MODULES = (
    "nixlint_ort",
    "click",
    "site",
    "sitecustomize",
    "usercustomize",
    "ruamel",
    "tree_sitter",
    "os",
    "json",
    "gc",
)

COMMANDS = [
    [],
    ["--fix", "--unsafe-fixes"],
    ["--diff", "--unsafe-fixes"],
    ["--output-format", "json", "--output-file", "report.json"],
    ["--statistics", "--show-suppressed", "--no-cache"],
    ["--stdin-filename", GPU, "-"],
    ["matrix"],
    ["matrix", "--output-format", "html"],
    ["matrix", "--update", "MATRIX.md"],
    ["branches", "--all"],
    ["claims", "README.md"],
    ["lsp"],
    ["compare", "HEAD"],
    ["compare", "HEAD~1", "HEAD"],
    ["compare", GPU],
    ["commits", "HEAD~1..HEAD"],
    ["commit-msg", "message"],
    ["facts"],
    ["facts", "--list"],
    ["audit"],
    ["rules"],
    ["explain", "header-driver"],
    ["new", "onnxruntime-python313-cuda12_9-sm89-avx2"],
    ["init"],
    ["schema"],
    ["completion", "bash"],
    ["pin", "--help"],
    ["learn"],
    ["learn", "--branches", "--write", "drafted"],
]


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """A repository in which all that can be set to a program is set to one that writes its name into `mark`."""
    root = scratch.init(tmp_path / "r")
    shutil.copytree(find_rules(), root / "rules")
    marks = b"<!-- nixlint-ort matrix -->\n<!-- /nixlint-ort matrix -->\n"
    attributes = b"* filter=x diff=x merge=x ident\n"
    files = {path: original(path) for path in (GPU, CPU)}
    wrong = original(OLDER).replace(b"python312-", b"python313-")
    scratch.commit(root, {**files, WRONG: wrong, "MATRIX.md": marks})
    scratch.commit(root, {".gitattributes": attributes, "message": b"onnxruntime: init\n", ".gitmodules": b""})
    (root / WRONG).write_bytes(wrong.replace(b"driver 550+", b"driver 535+"))
    for folder, names in ((root, IN_THE_TREE), (root / ".git/hooks", HOOKS), (root / "hooks", HOOKS)):
        folder.mkdir(exist_ok=True)
        for name in names:
            (folder / name).write_text(f"#!/bin/sh\necho '{folder.name}/{name}' >> '{tmp_path}/mark'\nexit 1\n")
            (folder / name).chmod(0o755)
    for name in MODULES:
        (root / f"{name}.py").write_text(f"open('{tmp_path}/mark', 'a').write('module {name}\\n')\n")
    for key in KEYS:
        value = f"!{root}/trap" if key.startswith("submodule") else f"{root}/trap"
        scratch.git(root, "config", key, value)
    for name in SUBCOMMANDS:
        scratch.git(root, "config", f"alias.{name}", f"!{root}/trap")
    for key, value in (
        ("core.hooksPath", str(root / "hooks")),
        ("filter.x.required", "true"),
        ("log.showSignature", "true"),
        ("remote.origin.url", f"ext::{root}/trap"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
        ("extensions.partialClone", "origin"),
        ("trace2.eventTarget", str(tmp_path / "mark")),
        ("core.untrackedCache", "true"),
    ):
        scratch.git(root, "config", "--file", str(root / ".git/config"), key, value)
    (root / "trap").write_text(f"#!/bin/sh\necho \"trap $*\" >> '{tmp_path}/mark'\nexit 1\n")
    (root / "trap").chmod(0o755)
    return root


def marks(root: Path) -> str:
    path = root.parent / "mark"
    return path.read_text() if path.exists() else ""


def execute(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = clean_environment({"PATH": f".:{root}/nothing::{os.environ['PATH']}"})
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        [PROGRAM, *arguments], cwd=root, env=environment, input=b"{ }", capture_output=True, check=False
    )


def test_no_command_runs_a_program_of_the_tree(trapped: Path) -> None:
    for arguments in COMMANDS:
        ran = execute(trapped, *arguments)
        assert b"Traceback" not in ran.stderr + ran.stdout, arguments
        assert marks(trapped) == "", arguments
    assert (trapped / OLDER).exists()  # it was renamed, which git was told
    assert scratch.git(trapped, "ls-files", "--", WRONG, OLDER) == OLDER


def test_an_object_that_is_missing_is_not_fetched(trapped: Path) -> None:
    blob = scratch.git(trapped, "rev-parse", f"HEAD:{GPU}")
    (trapped / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for arguments in (["compare", "HEAD"], ["branches", "--all"], ["--fix", "--unsafe-fixes"]):
        execute(trapped, *arguments)
        assert marks(trapped) == "", arguments


def test_the_traps_are_set(trapped: Path) -> None:
    """The same tree runs programs where git is used as everybody uses it."""
    subprocess.run(["git", "add", "--all"], cwd=trapped, env=clean_environment(), capture_output=True, check=False)
    assert "trap" in marks(trapped)


def test_every_command_is_tried() -> None:
    from nixlint_ort.cli import COMMANDS as ALL

    assert set(ALL) <= {words[0] for words in COMMANDS if words} | {"check", "diff"}
