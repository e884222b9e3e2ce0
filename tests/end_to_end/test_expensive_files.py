"""Documents and comments that are made to take all time: each ends soon, and what was not read is said."""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path

import choices
import invariants
import mutants
import pytest

from nixlint_ort.lint import Session
from nixlint_ort.nix.parse import parse
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import MAX_ALL_LARGE, MAX_DOCUMENT, Repository
from nixlint_ort.repository.tree import InMemory
from tests.support import linting, scratch
from tests.support.linting import CPU, GPU, lint, original
from tests.support.representative import representative
from tests.support.running import run_program

SECONDS = 20.0
"""Of processor time, far above what any takes where nothing else runs, which is 3 seconds."""

LARGE = {
    "ticks": b"".join(b"`" * one + b" " for one in range(1300)),
    "paragraphs": b"a\n\n" * 320_000,
    "rows": b"|a|b|\n|-|-|\n" + b"|1|2|\n" * 150_000,
    "images": b"![" * 450_000,
    "stars": b"*a " * 300_000,
}
IN_BOUNDS = {
    "ticks": b"".join(b"`" * one + b" " for one in range(690)),
    "paragraphs": b"a\n\n" * 83_000,
    "rows": b"|a|b|\n|-|-|\n" + b"|1|2|\n" * 41_000,
    "columns": b"|" + b"a|" * 62_000 + b"\n|" + b"-|" * 62_000 + b"\n",
    "mentions": b"CUDA 12.4 driver 550+ sm90 SM90 H100 avx512 1.23.2 main ort-1.22\n" * 3750,
}


def repository(root: Path, document: bytes) -> Path:
    scratch.write(root, {GPU: original(GPU), CPU: original(CPU), "README.md": document})
    return root


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", representative(LARGE, ["ticks", "rows"]))
def test_a_document_that_is_too_large_is_said_and_not_read(name: str, tmp_path: Path) -> None:
    start = processor_seconds()
    ran = run_program("--branch", "main", "--no-cache", cwd=repository(tmp_path, LARGE[name]))
    assert processor_seconds() - start < SECONDS
    assert f"the document has {len(LARGE[name])} bytes; nixlint-ort reads at most {MAX_DOCUMENT}" in ran.stdout


@pytest.mark.parametrize("name", representative(IN_BOUNDS, ["ticks", "mentions"]))
def test_a_document_that_is_just_small_enough_is_read_in_time(name: str, tmp_path: Path) -> None:
    assert len(IN_BOUNDS[name]) <= MAX_DOCUMENT
    start = processor_seconds()
    ran = run_program("--branch", "main", "--no-cache", cwd=repository(tmp_path, IN_BOUNDS[name]))
    assert processor_seconds() - start < SECONDS
    assert "nixlint-ort reads at most" not in ran.stdout


@pytest.mark.parametrize("document", [b"\xe9", b"a\n\xe9\n", b"x" * 100_000 + b"\xe9", b"\xe9" * 100_001])
def test_a_document_that_is_no_text_is_one_finding_whatever_its_size(document: bytes, tmp_path: Path) -> None:
    ran = run_program("--branch", "main", "--output-format", "json", cwd=repository(tmp_path, document))
    assert ran.returncode == 1
    assert [one["path"] for one in json.loads(ran.stdout)["findings"] if one["severity"] == "error"] == ["README.md"]


def test_a_comment_of_very_many_names_is_one_finding(tmp_path: Path) -> None:
    root = repository(tmp_path, b"")
    names = b",".join(b"a%d" % one for one in range(25_000))
    (root / GPU).write_bytes(original(GPU) + b"# nixlint-ort: ignore[" + names + b"]\n")
    start = processor_seconds()
    ran = run_program(
        "--branch", "main", "--no-cache", "--output-format", "concise", "--ignore", "matrix-gap", cwd=root
    )
    assert processor_seconds() - start < SECONDS
    assert ran.returncode == 1
    assert len(ran.stdout) < 2000
    assert "unknown-suppression" in ran.stdout


# A form of a text that the convention accepts, and 300 in place of it, which ask for every split of a text in three.
FORMS = {
    "header lines": "# ONNX Runtime for NVIDIA {gpu.architecture} (SM{gpu.sm}: {gpu.names}) + {isa.label}",
    "descriptions": "ONNX Runtime for NVIDIA {gpu.names} (SM{gpu.sm}) + {isa.label}",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_steps_of_templates_are_counted_for_all_forms_and_lines_of_a_file(form: str) -> None:
    """Each form alone takes all steps that one text may take: with a count for each this took from 12 to 100 seconds."""
    split = f"{'# ' * form.startswith('#')}{{gpu.architecture}} {{gpu.sm}} {{isa.label}} "
    forms = "".join(f'          - "{split}{split.removeprefix("# ")}z{number}"\n' for number in range(300))
    text = mutants.RULES["rules/convention.yaml"].decode()
    assert f'          - "{form}"\n' in text
    changed = text.replace(f'          - "{form}"\n', forms).encode()
    convention = invariants.load({**mutants.RULES, "rules/convention.yaml": changed})
    head = b"".join(b"# " + b"b " * 900 + b"%d\n" % number for number in range(60))
    code = original(GPU).partition(b"{ pkgs")
    data = head + b"".join(code[1:]).replace(b"NVIDIA H100/L40S", b"b " * 950)
    session = Session(choices.ROOT, convention, convention.rules)
    session.release = Release("main")
    start = time.process_time()
    result = session.lint(Repository(choices.ROOT, convention, tree=InMemory({GPU: data})))
    assert time.process_time() - start < 8  # it takes less than one where nothing else runs
    assert {"header-missing", "description-format"} <= {one.rule for one in result.findings}


def test_thousands_of_wrong_comments_are_judged_in_time_that_grows_with_their_number() -> None:
    """Each is a cause of its own; to compare each with all others took minutes."""
    said = b"# CUDA 12.4 driver 550+ sm90 SM90 H100 avx512 1.23.2 main ort-1.22\n\n"
    data = original(GPU).replace(b"let\n", said * 2000 + b"let\n", 1)
    start = time.process_time()
    result = lint({GPU: data})
    assert time.process_time() - start < 20  # it takes two seconds
    assert len([one for one in result.findings if one.rule == "text-claim"]) == 4000


def test_thousands_of_comments_that_silence_are_read_with_one_walk_through_the_file() -> None:
    code = b"".join(b"  x%d = [ 1 2 3 4 5 6 7 8 9 ];\n" % number for number in range(1500))
    silencing = b"".join(b"# nixlint-ort: ignore[pname] x%d\n" % number for number in range(1500))
    data = original(GPU).replace(b"let\n", silencing + b"let\n" + code, 1)
    start = time.process_time()
    result = lint({GPU: data})
    assert time.process_time() - start < 30  # it takes two seconds; a walk for each took a minute
    assert len([one for one in result.findings if one.rule == "unused-suppression"]) == 1500


STATEMENTS = {
    "a variable that refers to itself": 'export CXXFLAGS="$CXXFLAGS -x"; ',
    "a variable that doubles": 'CXXFLAGS="$CXXFLAGS $CXXFLAGS"; ',
    "a variable that is appended to": 'CXXFLAGS+=" -x"; ',
    "one of its own": 'A="$A -x"; ',
    "many names": "export A=1 B=2 C=3 D=4 E=5; ",
    "a variable of stdenv": "prependToVar cmakeFlags -DX=1; ",
    "an array": "cmakeFlags=($cmakeFlags -DX=1); ",
    "what is conditional": 'if true; then CXXFLAGS="$CXXFLAGS -x"; fi; ',
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_script_of_thousands_of_statements_is_followed_in_time_that_grows_with_their_number(name: str) -> None:
    head, mark, tail = original(GPU).partition(b"preConfigure = ''")
    assert mark
    statement = STATEMENTS[name].encode()
    many = statement * (60_000 // len(statement))
    start = time.process_time()
    lint({GPU: head + mark + b"\n" + many + tail})
    assert time.process_time() - start < 20  # it takes less than one; six hundred references to itself took two minutes


def test_files_whose_parse_is_given_up_leave_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nixlint_ort.nix.parse.SECONDS", 0.3)
    data = b"{ pkgs }: let a = pkgs; in a" + b".a" * 90_000
    kept = []
    for _ in range(4):
        assert "stops reading" in parse(data).problems[0].message
        kept.append(resident_memory())
    assert kept[-1] - kept[0] < 50_000_000  # each left this much


def resident_memory() -> int:
    """Bytes of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def test_large_variants_together_are_no_larger_than_what_a_run_can_work_out() -> None:
    """One of 200 kB may take 100 MB."""
    data = original(GPU) + b"#" * 100_000
    paths = sorted(one.path for one in linting.repository().variants)[:12]
    changed = InMemory(
        {**{one.path: one.source.data for one in linting.repository().variants}, **dict.fromkeys(paths, data)}
    )
    variants = Repository(choices.ROOT, linting.repository().convention, tree=changed).variants
    unread = [one for one in variants if one.problem is not None]
    assert [one.path for one in unread] == paths[MAX_ALL_LARGE // len(data) :]
    assert {len(one.source.data) for one in unread} == {0}
    assert "have more than 800000, the limit" in str(unread[0].problem)
