"""Which of several values is the right one: the one that most variants have, or the declared one where as many have another."""

import pytest

from nixlint_ort.convention import Rule
from nixlint_ort.finding import Edit, Finding, Safety
from tests.support.linting import PKGS, convention, original, path_of, repository, session

RULES = convention().rules
PINNED = str(convention().fields["pin.rev"])
ZERO, ONES, FULL = "0" * 40, "1" * 40, "f" * 40
NAMES = ["armv8_2", "armv9", "avx2", "avx512", "avx512bf16", "avx512vnni"]


def found(rule: Rule, texts: dict[str, tuple[str, str]]) -> dict[str, Finding]:
    """The findings of one rule by the names of the files, of which there are no others; each with one text for another."""
    changed: dict[str, bytes | None] = {one.path: None for one in repository().variants}
    for name, (good, bad) in texts.items():
        data = original(path_of(name))
        assert good.encode() in data
        changed[path_of(name)] = data.replace(good.encode(), bad.encode())
    few = repository().with_files(changed)
    findings = session(few, rules={rule.id: rule}).lint(few).findings
    return {one.place.path.removeprefix(f"{PKGS}/").removesuffix(".nix"): one for one in findings}


def of_pins(pins: list[str]) -> dict[str, tuple[str, str]]:
    return {f"onnxruntime-python313-cpu-{isa}": (PINNED, pin) for isa, pin in zip(NAMES, pins, strict=False)}


@pytest.mark.parametrize(
    ("pins", "right", "tally"),
    [
        ([FULL, ONES, ONES], ONES, "2 of 3"),
        ([PINNED, ONES, ONES], ONES, "2 of 3"),
        ([ZERO, PINNED], PINNED, "1 of 2"),
        ([FULL, ONES], ONES, "1 of 2"),
        ([FULL, ONES, PINNED, FULL, ONES], ONES, "2 of 5"),
        ([FULL, FULL, FULL], FULL, ""),
    ],
    ids=[
        "most have it",
        "most have it, and not the declared one",
        "as many have the declared one",
        "as many have another, and neither is declared",
        "as many have another, and fewer the declared one",
        "all have it",
    ],
)
def test_the_pin_that_is_right(pins: list[str], right: str, tally: str) -> None:
    findings = found(RULES["pin-inconsistent"], of_pins(pins))
    wrong = {f"onnxruntime-python313-cpu-{isa}": pin for isa, pin in zip(NAMES, pins, strict=False) if pin != right}
    assert {name: (one.actual, one.expected, one.message) for name, one in findings.items()} == {
        name: (pin, right, f"nixpkgs is pinned to {pin}, but {tally} variants are pinned to {right}")
        for name, pin in wrong.items()
    }


def test_a_rule_that_declares_none_takes_the_first_by_name_of_as_many() -> None:
    findings = found(RULES["pin-inconsistent"]._replace(default=None), of_pins([PINNED, ZERO]))
    assert list(findings) == ["onnxruntime-python313-cpu-armv8_2"]


def test_a_rule_with_a_fix_writes_what_most_have() -> None:
    rule = RULES["pin-inconsistent"]._replace(fix=Safety.UNSAFE)
    (finding,) = found(rule, of_pins([FULL, ONES, ONES])).values()
    place = finding.place
    assert finding.fix is not None
    assert finding.fix.edits == (Edit(place.path, *place.span, ONES),)


def test_a_rule_of_several_facts_judges_each() -> None:
    rule = RULES["pin-inconsistent"]._replace(facts=("python_packages", "nixpkgs_rev"))
    findings = found(rule, of_pins([PINNED, PINNED, ZERO]))
    assert [one.actual for one in findings.values()] == [ZERO]


def test_of_a_list_of_three_the_first_separator_is_blamed_and_mended() -> None:
    names = [f"onnxruntime-python313-cuda12_9-sm89-{isa}" for isa in NAMES[2:5]]
    texts = dict.fromkeys(names, ("RTX 4090, L4, L40)", "RTX 4090, L4, L40)"))
    texts[names[0]] = ("RTX 4090, L4, L40)", "RTX 4090/L4/L40)")
    ((name, finding),) = found(RULES["header-separator"]._replace(fix=Safety.SAFE), texts).items()
    start = finding.place.start
    assert finding.fix is not None
    assert [edit.text for edit in finding.fix.edits] == [", "]
    assert (name, finding.actual, finding.expected) == (names[0], "/", ", ")
    assert (start.line, start.column) == (1, len("# ONNX Runtime 1.23.2 for NVIDIA Ada (SM89: RTX 4090/"))
