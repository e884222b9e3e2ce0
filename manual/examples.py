"""Runs what the pages' examples say, in a scratch copy of this repository, and puts what was printed into the pages.

The examples of a page are run in their order and in one repository. These blocks are examples:

- ```` ```console ````: commands, each after `$ ` (a line that goes on starts with `> `), and what they print;
- any block after `<!-- file: PATH -->` is written to that file;
- any block after `<!-- show: PATH -->` shows that file.

A page starts from this repository's variants, rules and README, or from the folder that `<!-- in: FOLDER -->` names.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manual import ROOT

BLOCK = re.compile(
    r"^(?P<mark><!-- (?P<verb>file|show): (?P<path>\S+) -->\n)?"
    r"(?P<fence>```+)(?P<language>\w+)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
START = re.compile(r"^<!-- in: (\S+) -->$", re.MULTILINE)
COMMAND = re.compile(r"^\$ .*\n(?:> .*\n)*", re.MULTILINE)
OURS = (".flox", "rules", "README.md")
DATE = "2026-01-01T00:00:00Z"
PATIENCE = 60  # seconds


class Scratch:
    """A repository to try things in: what a command prints in it is what a reader's would print."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        (home / ".gitconfig").write_text(
            "[user]\nname = A Maintainer\nemail = maintainer@example.org\n[init]\ndefaultBranch = main\n", "utf-8"
        )
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self._environment = {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}
        self._environment |= dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), DATE)

    def run(self, command: str) -> str:
        """What a command for bash prints, on stdout and stderr; in reading order, as a terminal shows it."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
        )
        return done.stdout.decode("utf-8")


@contextmanager
def scratch(start: Path | None = None) -> Iterator[Scratch]:
    """A scratch repository with one commit, on the branch main."""
    with tempfile.TemporaryDirectory() as name:
        home, folder = Path(name, "home"), Path(name, "onnxruntime")
        home.mkdir()
        if start is not None:
            shutil.copytree(start, folder)
        else:
            for part in OURS:
                source = ROOT / part
                copy = shutil.copytree if source.is_dir() else shutil.copy
                folder.mkdir(exist_ok=True)
                copy(source, folder / part)
        one = Scratch(folder, home)
        one.run("git init --quiet && git add --all --force . && git commit --quiet -m 'onnxruntime: init'")
        yield one


def renewed(page: str) -> str:
    """A page in Markdown with the outputs in it as they are now."""
    if not any(found["language"] == "console" or found["mark"] for found in BLOCK.finditer(page)):
        return page
    named = START.search(page)
    with scratch(ROOT / named[1] if named else None) as repository:
        return BLOCK.sub(lambda found: _block(found, repository), page)


def _block(found: re.Match[str], repository: Scratch) -> str:
    text = found["text"]
    if found["verb"] == "file":
        path = repository.folder / found["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    elif found["verb"] == "show":
        text = (repository.folder / found["path"]).read_text("utf-8")
    elif found["language"] == "console":
        text = "".join(f"{command}{_printed(command, repository)}" for command in COMMAND.findall(text))
    return f"{found['mark'] or ''}{found['fence']}{found['language']}\n{text}{found['fence']}"


def _printed(command: str, repository: Scratch) -> str:
    printed = repository.run("\n".join(line[2:] for line in command.splitlines()))
    return printed if not printed or printed.endswith("\n") else f"{printed}\n"
