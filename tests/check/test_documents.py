"""What documents say about the variants: each kind of statement, right and wrong, in Markdown as people write it."""

from pathlib import Path

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.convention import Convention, Rule
from nixlint_ort.convention.example import ExampleScope
from nixlint_ort.convention.tables import read_table
from nixlint_ort.convention.yaml_tree import read_yaml
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import FIXTURES, ROOT, convention, expected, lint_repository, repository, session, told
from tests.support.running import CLEAN, break_driver, last_line, run

README = (ROOT / "README.md").read_text("utf-8")
STACK_ROW = "| CUDA 12.4, driver 550+, Python 3.12 | SM75 to SM90 | all | 22 |"
GUIDE = (ROOT / "tests/fixtures/documents/CLAUDE.md").read_text("utf-8")
RULES = [rule for rule in convention().rules.values() if rule.example.scope is ExampleScope.DOCUMENT]
FAULTS = [
    ("Revision: `ed142ab", "Revision: `0d142ab", "document-version"),
    ("ONNX Runtime: 1.23.2 (", "ONNX Runtime: 1.22.2 (", "document-version"),
    ("driver 550+**", "driver 535+**", "document-version"),
    ("CUDA: 12.9 via", "CUDA: 12.8 via", "document-version"),
    ("**ort-1.22**: ONNX Runtime 1.22.2", "**ort-1.22**: ONNX Runtime 1.22.0", "document-branch"),
    ("**ort-1.24**", "**ort-1.25**", "document-branch"),
    ("12.4/12.9, driver 550+/560+ (current", "12.4/12.9, driver 550+/570+ (current", "document-branch"),
    ("12.4/12.9, driver 550+/560+ (compat", "12.4, driver 550+/560+ (compat", "document-branch"),
    ("(compat,", "(legacy,", "document-branch"),
    (
        "flox build onnxruntime-python313-cuda12_9-sm90-avx512",
        "flox build onnxruntime-python313-cuda12_9-sm91-avx512",
        "document-variant-name",
    ),
    ("# CUDA 12.9 — Requires NVIDIA driver 560+", "# CUDA 12.9 — Requires NVIDIA driver 575+", "document-example"),
    (
        '"ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]"',
        '"ONNX Runtime 1.22.2 for NVIDIA"',
        "document-example",
    ),
]


def judged(by: Convention | None = None, **texts: str) -> Result:
    variants = {one.path: one.source.data for one in repository().variants}
    one = Repository(ROOT, by, tree=InMemory(variants)) if by else repository()
    return lint_repository(one.with_files({f"{name}.md": text.encode() for name, text in texts.items()}))


def test_this_repositorys_own_documents_are_right() -> None:
    assert judged(README=README, CLAUDE=GUIDE).findings == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_example_both_ways(rule: Rule) -> None:
    assert README.count(rule.example.good) >= 1
    text = README.replace(rule.example.good, rule.example.bad, 1)
    (finding,) = judged(README=text).findings
    assert (finding.rule, finding.place.path) == (rule.id, "README.md")
    assert finding.place.start.line == text[: text.index(rule.example.bad)].count("\n") + 1
    if rule.fix is not None:
        assert finding.fix is not None
        (edit,) = finding.fix.edits
        assert text.encode()[: edit.start] + edit.text.encode() + text.encode()[edit.end :] == README.encode()


@pytest.mark.parametrize(
    ("good", "bad", "rule"), FAULTS, ids=[f"{fault[2]} {number}" for number, fault in enumerate(FAULTS)]
)
def test_a_false_statement(good: str, bad: str, rule: str) -> None:
    assert good in GUIDE
    text = GUIDE.replace(good, bad, 1)
    (finding,) = judged(CLAUDE=text).findings
    assert (finding.rule, finding.place.start.line) == (rule, text[: text.index(bad)].count("\n") + 1)


def test_every_false_statement_is_told_where_it_is_and_mended_alone() -> None:
    now = told(judged(README=(FIXTURES / "documents" / "false.md").read_text("utf-8")))
    assert now == expected("documents/false.txt", now)


LESS = {
    "no drivers": "{name: cuda, key: tag, rows: [{tag: '12_9', version: '12.9'}, {tag: '12_4', version: '12.4'}]}",
    "no versions": "{name: cuda, key: tag, rows: [{tag: '12_9'}, {tag: '12_4'}]}",
    "no such table": "",
}


@pytest.mark.parametrize("less", LESS)
def test_a_convention_without_cuda_lines_says_nothing_of_them(less: str) -> None:
    tables = dict(convention().tables)
    if LESS[less]:
        table = read_table(read_yaml("t.yaml", LESS[less].encode()))
        tables[table.name] = table
    else:
        del tables["cuda"]
    found = judged(convention()._replace(tables=tables), README=README.replace("driver 550+/560+", "driver 111+"))
    assert not [one for one in found.findings if one.actual == "111"]


def test_where_no_release_is_known_nothing_is_said() -> None:
    for branch, count in ((None, 0), ("main", 1)):
        assert len(lint_repository(with_wrong_drivers(), branch).findings) == count


def test_a_rule_that_mends_nothing_only_says_so() -> None:
    rules = {name: rule._replace(fix=None) for name, rule in convention().rules.items()}
    found = session(repository(), rules=rules).lint(with_wrong_drivers()).findings
    assert found
    assert {(one.rule, one.fix) for one in found if one.place.path == "README.md"} == {("document-version", None)}


def with_wrong_drivers() -> Repository:
    """This repository with a README.md that states other drivers of the release."""
    return repository().with_files({"README.md": README.replace("driver 550+/560+", "driver 550+/570+").encode()})


def test_fix_mends_what_documents_state_too(scratch: Path) -> None:
    (scratch / "README.md").write_text(README.replace("58 variants for ONNX Runtime", "57 variants for ONNX Runtime"))
    break_driver(scratch)
    diff = run("--diff", cwd=scratch).stdout
    assert "\n+++ b/README.md\n" in diff
    done = run("--fix", cwd=scratch)
    assert last_line(done.stdout) == CLEAN
    assert "fixed document-count: 1 finding in 1 file\n" in done.stderr
    assert (scratch / "README.md").read_text("utf-8") == README


def test_a_document_that_is_a_link_out_of_the_repository_is_not_mended(
    scratch: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "README.md"
    outside.write_text("ONNX Runtime: 57 variants for ONNX Runtime 1.22.0\n\n> **main**: ONNX Runtime 1.22.0\n")
    before = outside.read_bytes()
    (scratch / "README.md").symlink_to(outside)
    run("--fix", "--unsafe-fixes", cwd=scratch)
    assert outside.read_bytes() == before


@pytest.mark.parametrize(
    ("good", "bad"), [("3.13, 6 variants", "3.13, 7 variants"), ("3.13, 30 variants", "3.13, 3 variants")]
)
def test_each_kind_is_counted(good: str, bad: str) -> None:
    assert README.count(good) == 1
    (finding,) = judged(README=README.replace(good, bad)).findings
    assert (finding.rule, finding.actual) == ("document-count", bad.split()[1])


def test_a_file_with_a_wrong_name_counts_by_its_right_one() -> None:
    (first, *_) = repository().variants
    wrong = first.path.replace("python312", "python313")
    other = repository().with_files({first.path: None, wrong: first.source.data, "README.md": README.encode()})
    assert "README.md" not in {one.place.path for one in lint_repository(other).findings}


def test_a_variant_that_was_added_or_removed_is_counted() -> None:
    text = (
        f"{README}\nThere are 52 GPU variants.\n\n| stack | SMs | sets | variants |\n|---|---|---|---|\n{STACK_ROW}\n"
    )
    other = repository().with_files({repository().variants[0].path: None, "README.md": text.encode()})
    found = [one for one in lint_repository(other).findings if one.place.path == "README.md"]
    assert {(one.rule, one.actual, one.expected) for one in found} == {
        ("document-count", "58", "57"),
        ("document-count", "52", "51"),
        ("document-count", "22", "21"),
    }
