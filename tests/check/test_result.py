"""What a run says as a whole: how much it found, whether it failed, and how each finding is worded."""

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.convention import Operator
from nixlint_ort.finding import Finding, Severity
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from nixlint_ort.template import Template
from tests.support.linting import CPU, GPU, ROOT, convention, lint, original, path_of, replace_once, repository, session

RULES = convention().rules


def broken() -> Result:
    """An error, two warnings and something to know."""
    gpu = replace_once(original(GPU), "driver 560+", "driver 535+")
    (error,) = lint({GPU: gpu}).findings
    warning, info = error._replace(severity=Severity.WARNING), error._replace(severity=Severity.INFO)
    return Result((error, warning._replace(rule="first"), warning._replace(rule="second"), info), 58)


def without(*severities: Severity) -> Result:
    return broken().without(lambda finding: finding.severity in severities)


def test_a_result_without_what_is_ignored() -> None:
    result = broken()
    assert result.without(lambda finding: finding.rule == "first") == result._replace(
        findings=(result.findings[0], *result.findings[2:])
    )


@pytest.mark.parametrize(
    ("result", "fails", "fails_strictly"),
    [
        (broken(), True, True),
        (without(Severity.WARNING, Severity.INFO), True, True),
        (without(Severity.ERROR), False, True),
        (without(Severity.ERROR, Severity.WARNING), False, False),
        (Result((), 58), False, False),
    ],
    ids=["all", "errors", "warnings", "info", "nothing"],
)
def test_what_fails_a_run(result: Result, fails: bool, fails_strictly: bool) -> None:
    assert (result.failed(strict=False), result.failed(strict=True)) == (fails, fails_strictly)


def test_a_run_says_how_its_release_was_found_and_which_rules_it_judged_by() -> None:
    rules = {"pname": RULES["pname"]}
    made = session(repository(), rules=rules)
    assert made.lint(repository()).notes == ()
    made.release = Release("main", "as most variants say")
    found = made.lint(repository())
    assert (found.notes, found.rules, found.files) == (("as most variants say",), rules, 58)


@pytest.mark.parametrize(
    ("path", "severity"), [(GPU, Severity.ERROR), (CPU, Severity.WARNING)], ids=["for a GPU", "for a CPU"]
)
def test_a_rule_may_be_worse_for_one_kind_of_variant(path: str, severity: Severity) -> None:
    rule = RULES["description-ort-version"]
    assert rule.severities == {"gpu": Severity.ERROR, "cpu": Severity.WARNING}
    data = replace_once(original(path), 'description = "ONNX Runtime 1.23.2', 'description = "ONNX Runtime 1.22.0')
    assert [one.severity for one in found(path, data, "description-ort-version")] == [severity]


def found(path: str, data: bytes, *rules: str, message: str = "") -> list[Finding]:
    """What rules find in a repository with one file changed, with another message for them if there is one."""
    chosen = {rule: RULES[rule] for rule in rules}
    if message:
        chosen = {name: rule._replace(message=Template(message, {})) for name, rule in chosen.items()}
    other = repository().with_files({path: data})
    return list(session(other, rules=chosen).lint(other).findings)


def test_a_field_that_a_broken_file_does_not_have_is_nothing() -> None:
    (finding,) = found(GPU, b"{", "syntax-error", message="for {cuda.version}: {reason}")
    assert finding.message.startswith("for nothing: unexpected")


def test_a_list_and_alternatives_are_values_and_words() -> None:
    data = replace_once(original(GPU), "(nixpkgs_pinned.python3Packages", "(nixpkgs_pinned.python312Packages")
    (finding,) = found(GPU, data, "python-packages")
    assert (finding.actual, finding.expected) == ("python312Packages", ("python3Packages", "python313Packages"))
    assert finding.message.endswith("Python 3.13; expected python3Packages or python313Packages")
    data = replace_once(original(GPU), '    "-mavx512vl"\n', "")
    (finding,) = found(GPU, data, "isa-flags")
    assert (finding.expected, finding.actual) == (
        ("-mavx512f", "-mavx512dq", "-mavx512vl", "-mavx512bw", "-mfma"),
        ("-mavx512f", "-mavx512dq", "-mavx512bw", "-mfma"),
    )
    assert finding.message.startswith("compiler flags are -mavx512f, -mavx512dq, -mavx512bw and -mfma, but avx512")


def test_of_a_file_that_is_no_variant_only_the_form_of_its_name_is_judged() -> None:
    rule = RULES["filename-format"]
    shaped = rule._replace(id="shape", operator=Operator.MATCHES, operand="digits")
    other = repository().with_files({path_of("a-wheel"): original(GPU)})
    found = session(other, rules={rule.id: rule, shaped.id: shaped}).lint(other).findings
    assert [one.rule for one in found if one.place.path == path_of("a-wheel")] == ["filename-format"]
    assert len(found) == 59


def test_a_text_for_which_a_kind_has_no_wording_need_not_be_known() -> None:
    data = replace_once(original(CPU), '"ONNX Runtime 1.23.2 CPU-only + AVX2"', "builtins.readFile ./description")
    rules = {name: RULES[name] for name in ("unresolved-fact", "description-isa")}
    for wording, expected in (("description", ["unresolved-fact"]), ("file.stem", [])):
        kinds = tuple(
            kind._replace(texts={name: text for name, text in kind.texts.items() if name in (wording, "file.stem")})
            for kind in convention().kinds
        )
        one = Repository(ROOT, convention()._replace(kinds=kinds), tree=InMemory({CPU: data}))
        assert [found.rule for found in session(one, rules=rules).lint(one).findings] == expected


def test_what_is_not_known_is_found_also_where_no_other_rule_runs() -> None:
    data = replace_once(original(CPU), '"ONNX Runtime 1.23.2 CPU-only + AVX2"', "builtins.readFile ./description")
    other = repository().with_files({CPU: data})
    found = session(other, rules={"unresolved-fact": RULES["unresolved-fact"]}).lint(other).findings
    assert [(one.rule, one.place.path) for one in found] == [("unresolved-fact", CPU)]
