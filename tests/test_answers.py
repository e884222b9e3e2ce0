"""An earlier answer is given again only while nothing that it rests on has changed."""

import marshal
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from linting import CPU, GPU, ROOT

PROGRAM = """
import sys
from nixlint_ort import answers
answers.SETTLED = 0  # so that a test need not wait until its files have settled
from nixlint_ort.__main__ import main
main()
"""
CLEAN = "58 files checked, no findings\n"
AGAIN = "given again\n"


class Scratch:
    """A repository with its own rules, and a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repository"
        self.cache = folder / "cache"
        shutil.copytree(ROOT / ".flox", self.root / ".flox")
        shutil.copytree(ROOT / "rules", self.root / "rules")
        shutil.copy(ROOT / "README.md", self.root / "README.md")
        (self.root / ".git").mkdir()
        (self.root / ".git/HEAD").write_text("ref: refs/heads/main\n")

    def run(
        self, *arguments: str, cwd: str = ".", program: str = PROGRAM, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the program here."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI", "PYTEST"))}
        return subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=self.root / cwd,
            env={**kept, "NIXLINT_ORT_CACHE": str(self.cache), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def mark(self) -> None:
        """Change the kept answer, so that it shows when it is given again."""
        if not list(self.cache.glob("answer-*")):
            self.run()  # Python compiled some code in the run before, which is too new to be trusted
        (entry,) = self.cache.glob("answer-*")
        question, inputs, (_, stderr, code) = marshal.loads(entry.read_bytes()[4:])
        data = marshal.dumps((question, inputs, (AGAIN.encode(), stderr, code)))
        entry.write_bytes(zlib.crc32(data).to_bytes(4, "big") + data)


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """A repository of which a run has kept its answer."""
    made = Scratch(tmp_path)
    first = made.run()
    assert (first.returncode, first.stdout, first.stderr) == (0, CLEAN, "")
    made.mark()
    return made


def test_an_answer_that_cannot_be_written_is_one_line(scratch: Scratch) -> None:
    program = f"import os\nos.dup2(os.open('/dev/full', os.O_WRONLY), 1)\n{PROGRAM}"
    ran = scratch.run(program=program)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "nixlint-ort: stdout could not be written: No space left on device\n"


def test_the_answer_is_given_again(scratch: Scratch) -> None:
    assert scratch.run().stdout == AGAIN
    assert scratch.run().stdout == AGAIN


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / name
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    return change


def edit_and_set_the_time_back(root: Path) -> None:
    before = (root / GPU).stat()
    edit(GPU, "560", "535")(root)
    os.utime(root / GPU, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace_by_a_link(root: Path) -> None:
    (root / GPU).rename(root / "elsewhere.nix")
    (root / GPU).symlink_to(root / "elsewhere.nix")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a variant is edited": edit(GPU, "560", "535"),
    "a variant is edited and its time set back": edit_and_set_the_time_back,
    "a variant is added": lambda root: shutil.copy(root / CPU, root / ".flox/pkgs/new.nix"),
    "a variant is removed": lambda root: (root / CPU).unlink(),
    "a variant is renamed": lambda root: (root / CPU).rename(root / ".flox/pkgs/new.nix"),
    "a variant becomes a link": replace_by_a_link,
    "a table is edited": edit("rules/tables/stacks.yaml", '"560"', '"575"'),
    "a rule is edited": edit("rules/header/header-driver.yaml", "severity: error", "severity: info"),
    "a rule is removed": lambda root: (root / "rules/header/header-driver.yaml").unlink(),
    "settings appear": lambda root: (root / "nixlint-ort.yaml").write_text("ignore: [header]\n"),
    "another branch is checked out": edit(".git/HEAD", "main", "topic"),
    "the repository's own rules go": lambda root: (root / "rules/convention.yaml").unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_in_the_repository_ends_it(change: Callable[[Path], object], scratch: Scratch) -> None:
    change(scratch.root)
    assert AGAIN not in scratch.run().stdout


def git(*arguments: str | Path) -> None:
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x", *map(str, arguments)], check=True)


def test_a_file_that_git_forgets_ends_it_in_a_work_tree_too(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    files = scratch.root.rename(tmp_path / "files")
    shutil.rmtree(files / ".git")
    git("init", "--quiet", "-b", "main", tmp_path / "main")
    git("-C", tmp_path / "main", "commit", "--quiet", "--allow-empty", "-m", "x")
    git("-C", tmp_path / "main", "worktree", "add", "--quiet", "-b", "ort-1.23", scratch.root)
    shutil.copytree(files, scratch.root, dirs_exist_ok=True)
    git("-C", scratch.root, "add", "--all")
    assert scratch.run("--ignore", "documents").stdout == CLEAN
    assert scratch.run("--ignore", "documents").stdout == CLEAN
    scratch.mark()
    assert scratch.run("--ignore", "documents").stdout == AGAIN
    git("-C", scratch.root, "rm", "--quiet", "--cached", GPU)
    assert "untracked-variant" in scratch.run("--ignore", "documents").stdout


@pytest.mark.parametrize(
    ("arguments", "cwd", "environment"),
    [
        (["--strict"], ".", {}),
        ([GPU], ".", {}),
        ([], ".flox", {}),
        ([], ".", {"GITHUB_BASE_REF": "ort-1.24"}),
        ([], ".", {"FORCE_COLOR": "1"}),
        (["--no-cache"], ".", {}),
        ([], ".", {"NIXLINT_ORT_CACHE": ""}),
    ],
    ids=str,
)
def test_another_question_has_another_answer(
    arguments: list[str], cwd: str, environment: dict[str, str], scratch: Scratch
) -> None:
    assert AGAIN not in scratch.run(*arguments, cwd=cwd, **environment).stdout


def test_findings_are_given_again_with_their_exit_code_and_notes(scratch: Scratch) -> None:
    edit(GPU, "560", "535")(scratch.root)
    edit(".git/HEAD", "main", "topic")(scratch.root)
    first, second = scratch.run(), scratch.run()
    assert first.returncode == 1
    assert "header-driver" in first.stdout
    assert "judged as main" in first.stderr
    assert (second.returncode, second.stdout, second.stderr) == (first.returncode, first.stdout, first.stderr)


def test_a_damaged_answer_is_ignored(scratch: Scratch) -> None:
    (entry,) = scratch.cache.glob("answer-*")
    entry.write_bytes(entry.read_bytes()[:-1])
    assert scratch.run().stdout == CLEAN


def test_fixing_is_never_answered_from_memory(scratch: Scratch) -> None:
    edit(GPU, "560", "535")(scratch.root)
    for _ in range(2):
        assert scratch.run("--fix").returncode == 0
        edit(GPU, "560", "535")(scratch.root)


def test_an_answer_rests_on_all_of_the_program_also_where_nothing_was_judged_anew(scratch: Scratch) -> None:
    for _ in range(2):  # the second run remembers every file, so it imports no evaluator
        (entry,) = scratch.cache.glob("answer-*")
        _, inputs, _ = marshal.loads(entry.read_bytes()[4:])
        paths = {path for path, _ in inputs}
        assert {str(ROOT / "src/nixlint_ort" / name) for name in ("check/run.py", "nix/machine.py")} <= paths
        assert {str(scratch.root / name) for name in (GPU, CPU, "rules/convention.yaml", ".git/HEAD")} <= paths
        entry.unlink()
        assert scratch.run().stdout == CLEAN


def test_a_file_that_has_just_changed_is_not_trusted(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    program = PROGRAM.replace("answers.SETTLED = 0", "answers.SETTLED = 10**12")
    environment = {**os.environ, "NIXLINT_ORT_CACHE": str(scratch.cache)}
    subprocess.run([sys.executable, "-c", program], cwd=scratch.root, env=environment, check=True, capture_output=True)
    assert list(scratch.cache.glob("answer-*")) == []
