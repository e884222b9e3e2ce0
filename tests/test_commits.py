"""Subjects of commits, from a message's file and from a range."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from linting import convention
from nixlint_ort.check.commits import judge_messages
from nixlint_ort.cli import cli
from nixlint_ort.source import Source, Span

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
BAD = {
    "...": "'...' is not of the form `<package>: <change>`",
    "Added the H100 variant": "is not of the form",
    "onnxruntime:init": "is not of the form",
    "onnxruntime: ": "is not of the form",
    "": "the message is empty",
    "onnxruntime-python313-cuda12_9-sm90: init": "is neither a package nor an area",
    "worklows: build": "did you mean workflows?",
}


def said(text: str) -> list[str]:
    result = judge_messages(convention(), [], [Source("COMMIT_EDITMSG", text.encode())], convention().rules)
    return [one.message for one in result.findings]


@pytest.mark.parametrize("text", GOOD, ids=lambda text: text.strip().splitlines()[-1])
def test_a_right_subject(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(("text", "message"), BAD.items())
def test_a_wrong_subject(text: str, message: str) -> None:
    (found,) = said(text)
    assert message in found


def test_a_finding_says_what_stands_where_and_what_should() -> None:
    message = Source("COMMIT_EDITMSG", "\n# a comment\nworklows: büild\n".encode())
    (found,) = judge_messages(convention(), [], [message], convention().rules).findings
    assert (found.place.span, found.actual) == (Span(13, 21), "'worklows' is neither a package nor an area")
    assert found.expected == "of rules/tables/commits.yaml; did you mean workflows?"


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
