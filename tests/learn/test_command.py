"""The command `learn`: a draft that is written, its formats, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.linting import ROOT
from tests.support.running import run


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The CPU variants of this repository, without a convention."""
    folder = tmp_path / ".flox/pkgs"
    folder.mkdir(parents=True)
    for path in sorted((ROOT / ".flox/pkgs").glob("*-cpu-*.nix")):
        (folder / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_the_draft_is_written_and_used(scratch: Path) -> None:
    done = run("learn", "--write", "rules", cwd=scratch)
    assert done.returncode == 0
    assert "files to rules" in done.stderr
    assert run("--branch", "main", cwd=scratch).stdout == "6 files checked, no findings\n"
    again = run("learn", "--write", "rules", cwd=scratch)
    assert (again.returncode, again.stderr) == (
        2,
        "nixlint-ort: rules already exists; choose a new folder\n",
    )
    checked = run("rules", "--check", cwd=scratch)
    assert checked.returncode == 0
    assert "have no example" in checked.stderr


def test_the_draft_may_be_written_beside_the_repository(scratch: Path) -> None:
    (scratch / ".git").mkdir()
    folder = scratch.parent / f"{scratch.name}-draft"
    done = run("learn", "--write", f"../{folder.name}/rules", cwd=scratch)
    assert (done.returncode, (folder / "rules/convention.yaml").is_file()) == (0, True)


@pytest.mark.parametrize("path", ["README.md", "/dev/null", ".flox/pkgs/helper/a.nix", "x" * 5_000])
def test_what_is_no_variant_teaches_nothing(path: str, scratch: Path) -> None:
    (scratch / "README.md").touch()
    (scratch / ".flox/pkgs/helper").mkdir()
    (scratch / ".flox/pkgs/helper/a.nix").write_text("{ }")
    done = run("learn", path, cwd=scratch)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "internal error" not in done.stderr


def test_formats(scratch: Path) -> None:
    odd = scratch / ".flox/pkgs/onnxruntime-python313-cpu-avx2.nix"
    odd.write_text(odd.read_text().replace("allowUnfree = true", 'allowUnfree = "<b>&"'))
    text, markdown, html = (
        run("learn", "--output-format", one, cwd=scratch).stdout for one in ("text", "markdown", "html")
    )
    assert "What is odd: 1" in text
    assert "## What is odd" in markdown
    assert "&lt;b&gt;&amp;" in html
    assert "<b>" not in html
    assert "default-src 'none'" in html
    document = json.loads(run("learn", "--output-format", "json", cwd=scratch).stdout)
    assert [(one["kind"], one["agree"], one["total"]) for one in document["findings"]] == [("differs", 5, 6)]
    assert document["findings"][0]["places"] == [{"path": ".flox/pkgs/onnxruntime-python313-cpu-avx2.nix", "line": 8}]


def test_names_that_are_not_understood(tmp_path: Path) -> None:
    """Six variants, and each is named in a way of its own: the report says that it compared nothing."""
    text = next((ROOT / ".flox/pkgs").glob("*-cpu-avx2.nix")).read_bytes()
    names = ("one", "two-a", "three-b-c", "four-d-e-f", "five-g-h-i-j", "six-k-l-m-n-o")
    for name in names:
        path = tmp_path / f".flox/pkgs/{name}.nix"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    done = run("learn", "--output-format", "json", cwd=tmp_path)
    assert "6 of 6 variants have names of 6 kinds" in done.stderr
    assert json.loads(done.stdout)["not_known"][0]["column"] == "names"


def test_names_of_plain_words(tmp_path: Path) -> None:
    """The words are a part of the names, and a file that differs is odd."""
    text = next((ROOT / ".flox/pkgs").glob("*-cpu-avx2.nix")).read_text()
    for name in ("ampere", "hopper", "turing", "volta"):
        path = tmp_path / f".flox/pkgs/faiss-gpu-{name}.nix"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("allowUnfree = true", "allowUnfree = false") if name == "volta" else text)
    done = run("learn", "--output-format", "json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert [(len(one["places"]), one["agree"], one["total"]) for one in found["findings"]] == [(1, 3, 4)]
    assert done.stderr == ""


def written(folder: Path, name: str, description: str) -> None:
    """A variant with this name and description."""
    text = (ROOT / ".flox/pkgs/onnxruntime-python313-cpu-avx2.nix").read_text()
    path = folder / f".flox/pkgs/{name}.nix"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace('description = "', f'description = "{description}'))


@pytest.mark.parametrize("count", [31, 32, 52])
def test_names_of_very_many_parts(count: int, tmp_path: Path) -> None:
    """A template has at most 32 fields: it was the draft that was called wrong, not the names."""
    for number in range(4):
        written(tmp_path, "-".join(f"{chr(97 + one % 26) * (1 + one // 26)}{number}" for one in range(count)), "")
    done = run("learn", cwd=tmp_path)
    first = min((tmp_path / ".flox/pkgs").iterdir()).relative_to(tmp_path)
    why = f"nixlint-ort: {first}: names like this have {count} parts that vary; learn reads at most 31\n"
    assert (done.returncode, done.stderr) == ((0, "") if count == 31 else (2, why))


def test_texts_of_very_many_fields_are_not_worded(tmp_path: Path) -> None:
    for number in range(8):
        written(tmp_path, f"foo-v{number}", " ".join(f"{a}{b} is {number}." for a in "abcdef" for b in "uvwxyz"))
    done = run("learn", "--write", "rules", cwd=tmp_path)
    assert (done.returncode, "is {v" in (tmp_path / "rules/convention.yaml").read_text()) == (0, False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "no such file or folder: nowhere"),
        (["--branches", ".flox"], "--branches cannot be combined with paths"),
        (["--branches"], "not a git repository"),
    ],
)
def test_what_it_refuses(scratch: Path, arguments: list[str], message: str) -> None:
    done = run("learn", *arguments, cwd=scratch)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    "command", [("learn", "--write", "rules"), ("learn", "--write", "a/rules"), ("init", "--convention")]
)
def test_nothing_is_written_through_a_link_of_the_tree(
    command: tuple[str, ...], scratch: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    victim = tmp_path_factory.mktemp("victim")
    (scratch / ("a" if "a/rules" in command else "rules")).symlink_to(victim)
    done = run(*command, cwd=scratch)
    assert done.returncode == 2
    assert list(victim.iterdir()) == []
