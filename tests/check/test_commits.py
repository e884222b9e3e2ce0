"""Subjects of commits, from a message's file and from a range."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from nixlint_ort.check.commits import judge_messages
from nixlint_ort.cli import cli
from nixlint_ort.source import Source, Span
from tests.support.linting import convention

GOOD = [
    "onnxruntime-python313-cuda12_9-sm90-avx512: init",
    "onnxruntime-python312-cuda12_4-sm75-avx2: update to latest",
    "onnxruntime: update to latest",
    "workflows: build on two cores",
    "flake: update",
    "Merge branch 'main' into topic",
    'Revert "onnxruntime: update to latest"',
    "fixup! onnxruntime: update to latest",
    "\n# a comment of git's\nonnxruntime: init\n\nand a body: with a colon",
]
FORM = "`<package>: <change>`, such as `onnxruntime: update to latest`"
NO_AREA = "is neither a package nor an area in rules/tables/commits.yaml"
BAD = {
    "...": f"`...` is not of the form {FORM}",
    "Added the H100 variant": f"`Added the H100 variant` is not of the form {FORM}",
    "onnxruntime:init": f"`onnxruntime:init` is not of the form {FORM}",
    "onnxruntime: ": f"`onnxruntime: ` is not of the form {FORM}",
    "": "the message has no subject; write `<package>: <change>`",
    "zzz: init": f"`zzz` {NO_AREA}",
    "worklows: build": f"`worklows` {NO_AREA} (did you mean workflows?)",
    "onnxruntime-python313-cuda12_9-sm90avx512: init": (
        f"`onnxruntime-python313-cuda12_9-sm90avx512` {NO_AREA}"
        " (did you mean onnxruntime-python313-cuda12_9-sm90-avx512?)"
    ),
}


def said(text: str) -> list[str]:
    result = judge_messages(convention(), [], [Source("COMMIT_EDITMSG", text.encode())], convention().rules)
    return [one.message for one in result.findings]


@pytest.mark.parametrize("text", GOOD, ids=lambda text: text.strip().splitlines()[-1])
def test_a_right_subject(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(("text", "message"), BAD.items())
def test_a_wrong_subject(text: str, message: str) -> None:
    assert said(text) == [message]


def test_a_finding_says_what_stands_where_and_what_should() -> None:
    message = Source("COMMIT_EDITMSG", "\n# a comment\nworklows: büild\n".encode())
    result = judge_messages(convention(), [], [message], convention().rules)
    (found,) = result.findings
    assert (result.files, result.rules) == (1, convention().rules)
    assert (found.place.path, found.place.span, found.actual) == (
        "COMMIT_EDITMSG",
        Span(13, 21),
        "worklows",
    )
    assert found.expected == "workflows"
    assert found.arguments == {"prefix": "worklows", "table": "rules/tables/commits.yaml", "hint": "workflows"}


def test_an_empty_message_is_wrong_at_its_begin() -> None:
    (found,) = judge_messages(convention(), [], [Source("m", b"\n# only\n")], convention().rules).findings
    assert found.place.span == Span(0, 0)


def test_a_variant_that_the_convention_does_not_plan_is_a_package_too() -> None:
    message = Source("m", b"onnxruntime-experiment: init")
    assert judge_messages(convention(), [], [message], convention().rules).findings
    assert not judge_messages(convention(), ["onnxruntime-experiment"], [message], convention().rules).findings


def test_without_the_rule_or_its_table_there_is_less_to_say() -> None:
    message = Source("m", b"flake: update")
    rules = {name: rule for name, rule in convention().rules.items() if rule.check != "commit-subject"}
    assert judge_messages(convention(), [], [message], rules).findings == ()
    without = convention()._replace(roles=convention().roles._replace(prefix=None))
    assert [one.message for one in judge_messages(without, [], [message], convention().rules).findings] == [
        "`flake` is neither a package nor an area in the convention"
    ]


def test_the_hook(tmp_path: Path) -> None:
    file = tmp_path / "COMMIT_EDITMSG"
    for text, code in (("flake: update\n", 0), ("...\n", 1)):
        file.write_text(text)
        result = CliRunner().invoke(cli, ["commit-msg", str(file)])
        assert (result.exit_code, bool(result.output)) == (code, code == 1)
    assert CliRunner().invoke(cli, ["commit-msg", str(tmp_path / "none")]).exit_code == 2


def test_a_message_without_end_is_not_read_to_the_end() -> None:
    result = CliRunner().invoke(cli, ["commit-msg", "/dev/zero"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "nixlint-ort: /dev/zero has more than 1000000 bytes, so it is no commit's message\n"


@pytest.mark.parametrize("word", ["nowhere..HEAD", "README.md", "", "HEAD~9999"])
def test_a_range_that_is_none(word: str) -> None:
    result = CliRunner().invoke(cli, ["commits", "--", word])
    assert (result.exit_code, result.output) == (2, f"nixlint-ort: bad revision '{word}'\n")


def test_an_option_is_no_range() -> None:
    result = CliRunner().invoke(cli, ["commits", "--", "--output=x"])
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
