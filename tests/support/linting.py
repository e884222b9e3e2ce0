"""Runs the checks over this repository's own variants in memory, with some files changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from nixlint_ort.check.result import Result
from nixlint_ort.check.run import check
from nixlint_ort.convention import Convention, find_rules, load
from nixlint_ort.finding import Place
from nixlint_ort.fix.apply import Fixed, fix_all
from nixlint_ort.fix.suggest import suggest
from nixlint_ort.repository.markdown import Markdown
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
PKGS = ".flox/pkgs"
GPU = f"{PKGS}/onnxruntime-python313-cuda12_9-sm90-avx512.nix"
OLDER = f"{PKGS}/onnxruntime-python312-cuda12_4-sm90-avx512.nix"
CPU = f"{PKGS}/onnxruntime-python313-cpu-avx2.nix"


@cache
def convention() -> Convention:
    """The shipped convention."""
    return load(find_rules())


@cache
def repository(branch: str = "main") -> Repository:
    """The repository of a branch, read once: what is worked out of an unchanged variant serves all tests."""
    return Repository(root_of(branch), convention())


def root_of(branch: str) -> Path:
    """Where the variants of a branch are: this repository's own are those of main."""
    return ROOT if branch == "main" else FIXTURES / branch


def original(path: str, branch: str = "main") -> bytes:
    """The bytes of a variant as it stands in the repository."""
    return (root_of(branch) / path).read_bytes()


def path_of(stem: str) -> str:
    """The path of the variant of that name."""
    return f"{PKGS}/{stem}.nix"


def lint(
    changed: Mapping[str, bytes | None] | None = None,
    branch: str = "main",
    tracked: frozenset[str] | None = None,
    documents: tuple[Markdown, ...] = (),
) -> Result:
    """The result for the repository of a branch with some files changed, None for a file that is not there.

    Git tracks the paths in `tracked`, or all if that is None. There are no documents but those given.
    """
    other = repository(branch).with_files(changed or {})
    other.__dict__.update(_tracked=tracked, documents=documents)
    return lint_repository(other, branch)


def lint_repository(one: Repository, branch: str = "main") -> Result:
    """The result for a repository, by all rules."""
    return suggest(check(one, Release(branch), one.convention.rules))


def fix(changed: Mapping[str, bytes | None], branch: str = "main", *, unsafe: bool = False) -> Fixed:
    """What fixing makes of this repository with some files changed."""
    changed_repository = repository(branch).with_files(changed)
    changed_repository.__dict__.update(_tracked=None, documents=())
    return fix_all(changed_repository, lambda one: lint_repository(one, branch), unsafe=unsafe)


def replace_once(data: bytes, good: str, bad: str, encoding: str = "utf-8") -> bytes:
    """The bytes with `bad` in the one place where `good` stands; fails where that is not exactly one."""
    assert data.count(good.encode()) == 1, f"{good!r} stands {data.count(good.encode())} times"
    return data.replace(good.encode(), bad.encode(encoding))


def shown(result: Result) -> list[str]:
    """The findings in short: `rule file:line:column`."""
    return [
        f"{one.rule} {one.place.path.rsplit('/', 1)[-1]}:{one.place.start.line}:{one.place.start.column}"
        for one in result.findings
    ]


def expected(name: str, now: str) -> str:
    """The text of a file in tests/fixtures/, which is what should be said; `EXPECT=now` in the environment writes it."""
    path = FIXTURES / name
    if os.environ.get("EXPECT") == "now":
        path.write_text(now, encoding="utf-8")
    return path.read_text("utf-8")


def told(result: Result) -> str:
    """The findings in full: where each is, to after its last code point, what it says, points at and would change."""
    lines = []
    for one in result.findings:
        lines.append(f"{_where(one.place)} {one.severity} {one.rule}: {one.message}")
        lines += [f"  {_where(note.place)} {note.message}" for note in one.related]
        if one.fix is not None:
            edits = [
                f"{'' if edit.path == one.place.path else edit.path}{edit.start}-{edit.end} {edit.text!r}"
                for edit in one.fix.edits
            ]
            lines.append(f"  {one.fix.safety}: {', '.join(edits)}")
    return "".join(f"{line}\n" for line in lines)


def _where(place: Place) -> str:
    (line, column, _), (last, behind, _) = place.start, place.end
    return f"{Path(place.path).name}:{line}:{column}-{last}:{behind}"
