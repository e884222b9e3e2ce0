"""Subjects of commits, from a message's file and from a range."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from nixlint_ort.check.commits import Message, judge_messages
from nixlint_ort.cli import cli
from nixlint_ort.repository.commit_message import Cleanup, subject_of
from nixlint_ort.source import Source, Span
from tests.support import scratch
from tests.support.linting import convention
from tests.support.running import run

GOOD = [
    "onnxruntime-python313-cuda12_9-sm90-avx512: init",
    "onnxruntime-python312-cuda12_4-sm75-avx2: update to latest",
    "onnxruntime-python313-cuda13_0-sm90-avx512: init, before the tables have it",
    "onnxruntime: update to latest",
    "workflows: build on two cores",
    "flake: update",
    "init: the first variants",
    "nixpkgs: the pin of today",
    "manifest: one more package",
    "gitignore: results",
    "docs(readme): a table of drivers",
    "rules!: another format",
    "pkgs/lib: one file of flags",
    "Merge branch 'main' into topic",
    'Revert "onnxruntime: update to latest"',
    'Reapply "onnxruntime: update to latest"',
    "fixup! onnxruntime: update to latest",
    "\n# a comment of git's\nonnxruntime: init\n\nand a body: with a colon",
]
FORM = "`<package>: <change>`, such as `onnxruntime: update to latest`"
BAD = {
    "...": f"`...` is not of the form {FORM}",
    "onnxruntime: ...": f"`onnxruntime: ...` is not of the form {FORM}",
    "...: init": f"`...: init` is not of the form {FORM}",
    "Added the H100 variant": f"`Added the H100 variant` is not of the form {FORM}",
    "two words: init": f"`two words: init` is not of the form {FORM}",
    "onnxruntime:init": f"`onnxruntime:init` is not of the form {FORM}",
    "onnxruntime: ": f"`onnxruntime:` is not of the form {FORM}",
    "": "the message has no subject; write `<package>: <change>`",
    "onnxruntime-python313-cuda12_9-sm90avx512: init": (
        "`onnxruntime-python313-cuda12_9-sm90avx512` is not the name of a variant"
        " (did you mean onnxruntime-python313-cuda12_9-sm90-avx512?)"
    ),
}


def message(text: str) -> Message:
    source = Source("COMMIT_EDITMSG", text.encode())
    return Message(source, subject_of(source, Cleanup()))


def said(text: str) -> list[str]:
    return [one.message for one in judge_messages(convention(), [], [message(text)], convention().rules).findings]


@pytest.mark.parametrize("text", GOOD, ids=lambda text: text.strip().splitlines()[-1])
def test_a_right_subject(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(("text", "message"), BAD.items())
def test_a_wrong_subject(text: str, message: str) -> None:
    assert said(text) == [message]


def test_a_finding_says_what_stands_where_and_what_should() -> None:
    wrong = "onnxruntime-python313-cuda12_9-sm90avx512"
    result = judge_messages(convention(), [], [message(f"\n# a comment\n{wrong}: init\n")], convention().rules)
    (found,) = result.findings
    right = "onnxruntime-python313-cuda12_9-sm90-avx512"
    assert (result.files, result.rules) == (1, convention().rules)
    assert (found.place.path, found.place.span) == ("COMMIT_EDITMSG", Span(13, 13 + len(wrong)))
    assert (found.actual, found.expected) == (wrong, right)
    assert found.arguments == {"prefix": wrong, "hint": right}


def test_of_very_many_wrong_subjects_all_are_said_and_the_first_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nixlint_ort.check.commits.MAX_COMPARED", 5_000)
    texts = [f"onnxruntime-python313-cuda12_9-sm90avx512x{number}: init" for number in range(100)]
    found = judge_messages(convention(), [], [message(text) for text in texts], convention().rules).findings
    hinted = [one.expected is not None for one in found]
    assert len(found) == 100
    assert hinted[0]
    assert hinted == sorted(hinted, reverse=True)
    assert not hinted[-1]


def test_an_empty_message_is_wrong_at_its_begin() -> None:
    (found,) = judge_messages(convention(), [], [message("\n# only\n")], convention().rules).findings
    assert found.place.span == Span(0, 0)


def test_a_variant_that_the_convention_does_not_plan_is_a_package_too() -> None:
    made = message("onnxruntime-experiment: init")
    assert judge_messages(convention(), [], [made], convention().rules).findings
    assert not judge_messages(convention(), ["onnxruntime-experiment"], [made], convention().rules).findings


def test_without_the_rule_nothing_is_said() -> None:
    rules = {name: rule for name, rule in convention().rules.items() if rule.check != "commit-subject"}
    assert judge_messages(convention(), [], [message("...")], rules).findings == ()


def test_the_hook(tmp_path: Path) -> None:
    file = tmp_path / "COMMIT_EDITMSG"
    for text, code in (("flake: update\n", 0), ("...\n", 1)):
        file.write_text(text)
        result = CliRunner().invoke(cli, ["commit-msg", str(file)])
        assert (result.exit_code, bool(result.output)) == (code, code == 1)
    assert CliRunner().invoke(cli, ["commit-msg", str(tmp_path / "none")]).exit_code == 2


def test_what_is_no_file_is_not_read_and_waited_for(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    (link := tmp_path / "link").symlink_to("pipe")
    for path in (Path("/dev/zero"), pipe, link, tmp_path):
        result = CliRunner().invoke(cli, ["commit-msg", str(path)])
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"nixlint-ort: {path} cannot be read: it is not a regular file\n"


def test_a_message_without_end_is_not_read_to_the_end(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"x" * 1_000_001)
    assert "it has 1000001 bytes; nixlint-ort reads at most 1000000" in run("commit-msg", "long", cwd=tmp_path).stderr
    ran = run("commit-msg", "/dev/stdin", cwd=tmp_path, stdin=b"x" * 1_000_001)
    assert "it has more than 1000000 bytes; nixlint-ort reads at most 1000000" in ran.stderr


@pytest.mark.parametrize(("text", "code"), [(b"flake: update\n", 0), (b"...\n", 1)])
def test_a_message_from_a_stream(text: bytes, code: int) -> None:
    assert run("commit-msg", "/dev/stdin", stdin=text).returncode == code


@pytest.mark.parametrize("sign", ["\v", "\f", "\r", "\x1c", "\x1e", "\x85", "\u2028", "\u2029", "\x1b[2K"])
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-7", "ISO-8859-1"])
def test_a_commit_is_one_commit_whatever_its_subject(sign: str, encoding: str, tmp_path: Path) -> None:
    scratch.init(tmp_path)
    scratch.git(tmp_path, "config", "i18n.logOutputEncoding", encoding)
    scratch.commit(tmp_path, {}, f"wip{sign}deadbee\t...")
    scratch.commit(tmp_path, {}, "flake: update")
    ran = run("commits", "HEAD", cwd=tmp_path)
    assert (ran.returncode, ran.stdout.count("error[commit-subject]")) == (1, 1)
    assert "commit deadbee" not in ran.stdout
    assert sign not in ran.stdout


@pytest.mark.parametrize("word", ["nowhere..HEAD", "README.md", "", "HEAD~9999"])
def test_a_range_that_is_none(word: str) -> None:
    result = CliRunner().invoke(cli, ["commits", "--", word])
    assert (result.exit_code, result.output) == (2, f"nixlint-ort: bad revision '{word}'\n")


def test_an_option_is_no_range() -> None:
    result = CliRunner().invoke(cli, ["commits", "--", "--output=x"])
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
