"""Texts inside variants: what is right in any words is no alarm, what is wrong is found at its bytes and mended."""

from pathlib import Path

import pytest

from nixlint_ort.finding import Safety
from tests.support.linting import GPU as SHIPPED
from tests.support.linting import ROOT, fix, lint, original, replace_once
from tests.support.oracle import NixError, evaluate_variants_each
from tests.support.variant_texts import AMPERE, CPU, GPU, RIGHT, WRONG, case, judged, with_text

ALARMS = {
    "Ampere datacenter (A100/A30); the consumer cards are sm86",
    "march=armv8.2-a works on Ampere Altra as well",
}
"""Right texts that are taken for wrong ones: of other variants, in words that do not say so."""
MISSED = {"Python ⟦3.12|3.13⟧, since nixpkgs has it as its default"}
"""Wrong texts that are taken for something else."""


@pytest.mark.parametrize("row", RIGHT, ids=lambda row: row[2][:40])
def test_right_texts_are_no_alarm(row: tuple[str, str, str]) -> None:
    assert (judged(case(*row)).said != ()) == (row[2] in ALARMS)


@pytest.mark.parametrize("row", WRONG, ids=lambda row: row[2][:40])
def test_wrong_texts_are_found_at_their_bytes_and_mended(row: tuple[str, str, str]) -> None:
    one = case(*row)
    outcome = judged(one)
    is_found = outcome.blamed == {(start, end) for start, end, _ in one.wrong} and outcome.mended == one.good
    assert is_found == (row[2] not in MISSED), outcome.said


def test_what_is_judged_wrongly_is_little() -> None:
    assert len(RIGHT) >= 80
    assert len(WRONG) >= 80
    assert len(ALARMS) <= 0.02 * len(RIGHT)
    assert len(MISSED) <= 0.1 * len(WRONG)
    assert {text for _, _, text in RIGHT} >= ALARMS
    assert {text for _, _, text in WRONG} >= MISSED


def test_nix_evaluates_all_of_them(tmp_path: Path) -> None:
    paths = []
    for number, row in enumerate((*RIGHT, *WRONG)):
        paths.append(tmp_path / f"{number}.nix")
        paths[-1].write_bytes(case(*row).data)
    refused = [one for one in evaluate_variants_each(paths) if isinstance(one, NixError)]
    assert refused == []


@pytest.mark.parametrize(
    ("place", "safety"),
    [
        ("comment", Safety.UNSAFE),
        ("block", Safety.UNSAFE),
        ("long", Safety.UNSAFE),
        ("echo", Safety.UNSAFE),
        ("phase", Safety.UNSAFE),
    ],
)
def test_a_fix_is_safe_where_nothing_that_is_built_sees_it(place: str, safety: Safety) -> None:
    one = case(GPU, place, "CUDA 12.4")
    found = [finding for finding in lint({one.path: one.data}).findings if finding.rule == "text-claim"]
    assert [finding.fix.safety for finding in found if finding.fix] == [safety]


def test_the_fix_changes_nothing_else() -> None:
    one = case(GPU, "comment", "GPU target: SM⟦80|90⟧ (⟦Ampere DC|Hopper⟧ - ⟦A100|H100⟧, ⟦A30|L40S⟧), CUDA 12.9")
    assert fix({one.path: one.data}, unsafe=True).files[one.path].after == one.good


@pytest.mark.parametrize(
    ("text", "expected"), [("CUDA 12.4", "12.9"), ("GPU target: A100", ("H100", "L40S")), ("CUDA 12.9", None)]
)
def test_what_is_expected_is_one_value_or_all(text: str, expected: str | tuple[str, ...] | None) -> None:
    one = case(GPU, "comment", text)
    found = [finding for finding in lint({one.path: one.data}).findings if finding.rule == "text-claim"]
    assert [finding.expected for finding in found] == ([] if expected is None else [expected])


SILENCED = [
    ("nixlint-ort: ignore[text-claim] it is\nCUDA 12.4", []),
    ("nixlint-ort: ignore[text-claim]\nCUDA 12.9", ["unused-suppression"]),
    ("nixlint-ort: ignore-file[text-claim] from elsewhere\n\nCUDA 12.4", []),
]


@pytest.mark.parametrize(("text", "rules"), SILENCED)
def test_comments_silence_it(text: str, rules: list[str]) -> None:
    one = case(GPU, "comment", text)
    assert [finding.rule for finding in lint({one.path: one.data}).findings] == rules


HEADERS = [
    (
        GPU,
        "# CUDA 12.9 — Requires NVIDIA driver 560+",
        "# CUDA 12.4 — Requires NVIDIA driver 550+",
        ["header-cuda-version", "header-driver"],
    ),
    (CPU, "# ONNX Runtime 1.23.2 CPU-only + AVX2", "# ONNX Runtime 1.23.2 CPU-only + AVX-512", ["header-isa"]),
]


@pytest.mark.parametrize(("stem", "good", "bad", "rules"), HEADERS)
def test_the_header_is_other_rules_business(stem: str, good: str, bad: str, rules: list[str]) -> None:
    path = f".flox/pkgs/{stem}.nix"
    data = (ROOT / path).read_bytes().replace(good.encode(), bad.encode())
    assert sorted(finding.rule for finding in lint({path: data}).findings) == rules


def test_a_wrong_name_is_not_blamed_on_the_texts() -> None:
    one = case(AMPERE, "comment", "python312, not that of CUDA 12.9")
    wrong = one.path.replace("python312", "python313")
    found = {finding.rule for finding in lint({one.path: None, wrong: one.data}).findings}
    assert "filename-stack" in found
    assert "text-claim" not in found


LET = [
    ("  about = ''\n    Built with CUDA 12.4.\n  '';\n", "longDescription = about;", ["12.4"]),
    ('  about = "Built with CUDA 12.9.";\n', "longDescription = about;", []),
    ('  about = "CUDA 12.4";\n', "homepage = about;", []),
]


@pytest.mark.parametrize(("binding", "attribute", "found"), LET)
def test_a_text_that_has_a_name_is_read(binding: str, attribute: str, found: list[str]) -> None:
    one = with_text(
        GPU,
        {
            "  variantName = ": f"{binding}  variantName = ",
            "    description = ": f"    {attribute}\n    description = ",
        },
    )
    assert [one.data[start:end].decode() for start, end in sorted(judged(one).blamed)] == found


SCRIPTS = [
    ("      cat <<EOF\n      CUDA: 12.4\n      EOF\n", ["12.4"]),
    ('      printf "%s\\n" "CUDA 12.4"\n', ["12.4"]),
    ('      echo "CUDA 12.4" > version.txt\n', []),
    ('      echo "CUDA 12.4" >&2\n', ["12.4"]),
    ('      test -e x && echo "SM80"; true\n', ["80"]),
    ('      export NOTE="CUDA 12.4"\n', []),
    ("      make # CUDA 12.4 here\n", ["12.4"]),
    ('      echo "# CUDA 12.9"\n', []),
]


@pytest.mark.parametrize(("script", "found"), SCRIPTS)
def test_what_a_script_prints_is_read(script: str, found: list[str]) -> None:
    one = with_text(GPU, {"    preConfigure = ''\n": f"    preConfigure = ''\n{script}"})
    assert [one.data[start:end].decode() for start, end in sorted(judged(one).blamed)] == found


def test_a_file_that_is_no_variant_says_nothing_of_itself() -> None:
    data = b"# CUDA 12.4 for SM80\n{ }: null\n"
    path = ".flox/pkgs/onnxruntime-notes.nix"
    assert "text-claim" not in {finding.rule for finding in lint({path: data}).findings}


@pytest.mark.parametrize(("end", "rules"), [("})\n", ["text-claim"]), ("}\n", ["syntax-error"])])
def test_the_texts_of_a_file_that_cannot_be_parsed_are_not_judged(end: str, rules: list[str]) -> None:
    data = replace_once(original(SHIPPED), "let\n", "let\n  # CUDA 12.9 needs driver 535+.\n")
    found = lint({SHIPPED: data.removesuffix(b"})\n") + end.encode()}).findings
    assert [one.rule for one in found] == rules


LONG = [
    ("word " * 500, []),
    ("word " * 500 + "CUDA 12.4", ["text-claim"]),
    ("CUDA 12.9 " + "word " * 500, ["text-claim"]),
]
"""Sentences that are too long to be read, which is said where they may say something."""


@pytest.mark.parametrize(("text", "rules"), LONG, ids=["nothing", "something at its end", "something at its begin"])
def test_a_sentence_that_is_too_long_is_said_if_it_may_say_something(text: str, rules: list[str]) -> None:
    one = case(GPU, "comment", text)
    assert [finding.rule for finding in lint({one.path: one.data}).findings] == rules
