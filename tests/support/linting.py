"""Runs the checks over this repository's own variants in memory, with some files changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from nixlint_ort.check.result import Result
from nixlint_ort.check.verdict_cache import VerdictCache
from nixlint_ort.convention import Convention, Rule, find_rules, load
from nixlint_ort.finding import Finding, Place
from nixlint_ort.fix.apply import Fixed, fix_all
from nixlint_ort.lint import Session
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory

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
    """The variants of a branch without git and documents, read once: what is worked out of one serves all tests."""
    root = root_of(branch)
    paths = sorted((root / PKGS).glob("*.nix"))
    return Repository(root, convention(), tree=InMemory({f"{PKGS}/{path.name}": path.read_bytes() for path in paths}))


def root_of(branch: str) -> Path:
    """Where the variants of a branch are: this repository's own are those of main."""
    return ROOT if branch == "main" else FIXTURES / branch


def original(path: str, branch: str = "main") -> bytes:
    """The bytes of a variant as it stands in the repository."""
    return (root_of(branch) / path).read_bytes()


def path_of(stem: str) -> str:
    """The path of the variant of that name."""
    return f"{PKGS}/{stem}.nix"


REPRESENTATIVES = (
    path_of("onnxruntime-python312-cuda12_4-sm75-avx2"),
    path_of("onnxruntime-python313-cpu-armv8_2"),
    path_of("onnxruntime-python313-cuda12_9-sm90-armv9"),
    CPU,
    GPU,
    OLDER,
    path_of("onnxruntime-python313-cuda12_9-sm100-avx512bf16"),
)
"""The paths of one variant or two of each kind, stack and platform, for what must hold of all; those least alike first."""


def lint(
    changed: Mapping[str, bytes | None] | None = None,
    branch: str = "main",
    tracked: frozenset[str] | None = None,
) -> Result:
    """The result for the repository of a branch with some files changed, None for a file that is not there.

    Git tracks the paths in `tracked`, or all if that is None.
    """
    other = repository(branch).with_files(changed or {})
    if tracked is not None:
        sources = [*(one.source for one in other.variants), *(one.source for one in other.documents)]
        files = {source.path: source.data for source in sources}
        other = Repository(root_of(branch), convention(), tree=InMemory(files, tracked))
    return lint_repository(other, branch)


def session(one: Repository, branch: str | None = "main", rules: Mapping[str, Rule] | None = None) -> Session:
    """What a repository is checked by: the release of a branch, and all rules of its convention unless others are given."""
    made = Session(one.root, one.convention, one.convention.rules if rules is None else rules)
    made.release = Release(branch)
    if rules is None and one.convention is convention():
        made.verdicts = verdicts(branch)
    return made


@cache
def verdicts(branch: str | None) -> VerdictCache:
    """Which variants break nothing by themselves, of all sessions by all rules: each is judged once."""
    return VerdictCache(convention(), branch, convention().rules.values())


def lint_repository(one: Repository, branch: str | None = "main") -> Result:
    """The result for a repository, by all rules, but for what all its own variants of CUDA 12.4 have."""
    result = session(one, branch).lint(one)
    return result._replace(findings=tuple(finding for finding in result.findings if not is_dropped_line(finding)))


def is_dropped_line(finding: Finding) -> bool:
    """Whether a finding is the one of all variants of CUDA 12.4: nixpkgs dropped that line before their pin."""
    return (finding.rule, finding.actual) == ("pin-lacks-attribute", "cudaPackages_12_4")


def fix(changed: Mapping[str, bytes | None], branch: str = "main", *, unsafe: bool = False) -> Fixed:
    """What fixing makes of this repository with some files changed."""
    changed_repository = repository(branch).with_files(changed)
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
