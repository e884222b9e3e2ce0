"""Fixes by rules of one's own: of attributes that no table of facts has, and of texts where a list is expected."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nixlint_ort.convention import find_rules
from nixlint_ort.finding import Safety
from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.lint import Options, Session
from tests.support.linting import GPU, ROOT, original, replace_once
from tests.support.running import replace_in

RULE = """\
id: own
summary: Own.
fact: {attribute: passthru.about}
equals: "%s"
severity: error
fix: unsafe
arguments: [actual, expected]
message: "it is {actual}, not {expected}"
why: It matters.
example: {variant: x, good: a, bad: b}
"""
NAME, NAMES = "{isa.name}", "{gpu.names}"
PLACE = "  pname = variantName;\n"
CASES = [
    (NAME, 'about = "avx512";', None, None),
    (NAME, 'about = "avx2";', "avx2", 'about = "avx512";'),
    (NAME, 'about = lib.toLower "AVX2";', "avx2", None),
    (NAME, "about = gpuArchCMake;", "90", None),
    (NAMES, 'about = [ "H100" "L40S" ];', None, None),
    (NAMES, 'about = [ "H100" "L40" ];', ("H100", "L40"), 'about = [ "H100" "L40S" ];'),
    (NAMES, 'about = "H100";', ("H100",), None),
]
"""What a rule expects, what a file has, what is wrong of it, and what it has then; None where nothing is, or stays."""


@pytest.mark.parametrize(("expected", "has", "wrong", "then"), CASES)
def test_an_attribute_is_mended_where_the_literal_is_wrong(
    expected: str, has: str, wrong: str | tuple[str, ...] | None, then: str | None, tmp_path: Path
) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    (rules / "target/own.yaml").write_text(RULE % expected, "utf-8")
    session = Session.open([ROOT], Options(convention=rules, branch="main", select="own"))
    data = replace_once(original(GPU), PLACE, f"{PLACE}  passthru = {{ {has} }};\n")
    findings = session.lint(session.repository.with_files({GPU: data})).findings
    assert [one.actual for one in findings] == ([] if wrong is None else [wrong])
    mended = [apply_edits(data, list(one.fix.edits)) for one in findings if one.fix is not None]
    assert mended == ([] if then is None else [replace_once(data, has, then)])


def test_an_empty_cell_of_another_row_is_no_word_of_it(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    replace_in(rules / "tables/isas.yaml", "label: AVX2", 'label: ""')
    session = Session.open([ROOT], Options(convention=rules, branch="main", select="cuda-architectures"))
    data = replace_once(original(GPU), 'gpuArchCMake = "90"', 'gpuArchCMake = "86"')
    (finding,) = session.lint(session.repository.with_files({GPU: data})).findings
    assert finding.fix is not None
    assert apply_edits(data, list(finding.fix.edits)) == original(GPU)


@pytest.mark.parametrize(
    ("where", "text", "safety"),
    [
        (PLACE, "  # CUDA 12.4\n", Safety.SAFE),
        ("      export CXXFLAGS", '      echo "CUDA 12.4"\n', Safety.UNSAFE),
    ],
)
def test_what_a_script_prints_is_no_comment(where: str, text: str, safety: Safety, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    replace_in(rules / "meta/text-claim.yaml", "fix: unsafe", "fix: safe")
    session = Session.open([ROOT], Options(convention=rules, branch="main", select="text-claim"))
    data = replace_once(original(GPU), where, text + where)
    (finding,) = session.lint(session.repository.with_files({GPU: data})).findings
    assert finding.fix is not None
    assert finding.fix.safety is safety
