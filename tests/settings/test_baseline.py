"""A baseline counts what was there, wherever it has moved to, and says what is gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.linting import CPU, GPU, OLDER
from tests.support.running import break_driver, replace_in, run

FILE = "baseline.json"
OWN = ("--ignore", "pin-lacks-attribute")
"""What all variants of CUDA 12.4 have is no part of this."""


@pytest.fixture
def adopted(scratch: Path) -> Path:
    """A repository with one wrong driver, which its baseline has."""
    break_driver(scratch)
    ran = run(*OWN, "--baseline", FILE, "--write-baseline", cwd=scratch)
    assert (ran.returncode, ran.stderr) == (0, f"nixlint-ort: wrote {FILE}: 1 finding\n")
    return scratch


def check(folder: Path, *arguments: str) -> tuple[int, str, str]:
    ran = run(*OWN, "--baseline", FILE, *arguments, cwd=folder)
    return ran.returncode, ran.stdout, ran.stderr


def test_what_was_there_is_counted_and_fails_nothing(adopted: Path) -> None:
    assert check(adopted) == (0, "58 files checked, no findings, 1 in the baseline\n", "")


def test_a_new_finding_fails(adopted: Path) -> None:
    replace_in(adopted / OLDER, "driver 550+", "driver 535+")
    code, told, _ = check(adopted, "--output-format", "concise")
    assert code == 1
    assert [line.partition(":")[0] for line in told.splitlines()[:-1]] == [OLDER]


def test_a_second_finding_of_the_same_kind_in_the_same_file_fails(scratch: Path) -> None:
    flag, comment = '    "-mavx2"\n', "    # nixlint-ort: ignore[nothing-1]\n"
    replace_in(scratch / CPU, flag, flag + comment)
    run(*OWN, "--baseline", FILE, "--write-baseline", cwd=scratch)
    assert check(scratch)[0] == 0
    replace_in(scratch / CPU, comment, comment + "    # and again\n" + comment)
    assert check(scratch)[0] == 1


@pytest.mark.parametrize(
    ("good", "bad"),
    [("let\n", "# a comment\nlet\n"), ("  gpuArchCMake", "\n\n  gpuArchCMake")],
    ids=["a line above", "lines between"],
)
def test_an_entry_survives_moved_lines(good: str, bad: str, adopted: Path) -> None:
    (adopted / GPU).write_bytes((adopted / GPU).read_bytes().replace(good.encode(), bad.encode(), 1))
    code, told, _ = check(adopted)
    assert (code, told.splitlines()[-1]) == (0, "58 files checked, no findings, 1 in the baseline")


def test_what_fails_nothing_is_not_in_it(adopted: Path) -> None:
    (adopted / CPU).unlink()
    ran = run(*OWN, "--baseline", FILE, "--write-baseline", cwd=adopted)
    assert ran.stderr == f"nixlint-ort: wrote {FILE}: 1 finding\n"
    assert "info[matrix-gap]" in check(adopted)[1]


def test_what_is_gone_is_said(adopted: Path) -> None:
    replace_in(adopted / GPU, "driver 535+", "driver 560+")
    code, told, said = check(adopted)
    assert (code, told) == (0, "58 files checked, no findings\n")
    assert (
        said
        == f"nixlint-ort: {GPU}: header-driver is in the baseline but no longer found; run again with --write-baseline\n"
    )


def test_of_one_file_nothing_is_gone_elsewhere(adopted: Path) -> None:
    assert check(adopted, OLDER) == (0, "1 file checked, no findings\n", "")


def test_what_the_baseline_has_is_not_mended(adopted: Path) -> None:
    before = (adopted / GPU).read_bytes()
    assert check(adopted, "--fix")[0] == 0
    assert (adopted / GPU).read_bytes() == before


def test_statistics_count_it(adopted: Path) -> None:
    assert "1  in the baseline[header-driver]" in check(adopted, "--statistics")[1]


def test_json_and_sarif_mark_it(adopted: Path) -> None:
    document = json.loads(check(adopted, "--output-format", "json")[1])
    assert (document["summary"]["baseline"], document["findings"]) == (1, [])
    replace_in(adopted / OLDER, "driver 550+", "driver 535+")
    (log,) = json.loads(check(adopted, "--output-format", "sarif")[1])["runs"]
    states = {
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: one["baselineState"]
        for one in log["results"]
    }
    assert states == {GPU: "unchanged", OLDER: "new"}


ROW = '{"version": 1, "findings": [{"path": "a", "rule": "b", "values": {"x": "y"}, "count": %s}]}'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "cannot be read"),
        ("{", "is not JSON"),
        ("[]", "is not a baseline of version 1"),
        ('{"version": 2, "findings": []}', "is not a baseline of version 1"),
        ('{"version": 1, "findings": [{"rule": 1}]}', "has an invalid entry"),
        ('{"version": 1, "findings": 3}', "has an invalid entry"),
        ('{"version": 1, "findings": [3]}', "has an invalid entry"),
        ('{"version": 1, "findings": [{"path": "a", "rule": "b", "values": 3, "count": 1}]}', "has an invalid entry"),
        *((ROW % count, "has an invalid entry") for count in ("0", "-1", "1.5", "1e400", "true", '"1"', "null")),
        (ROW % "1000000000000", "has 1,000,000,000,000 findings; nixlint-ort reads at most 1,000,000"),
    ],
)
def test_a_file_that_is_no_baseline_is_said_in_one_line(text: str | None, reason: str, scratch: Path) -> None:
    if text is not None:
        (scratch / FILE).write_text(text)
    code, told, said = check(scratch)
    assert (code, told, said.count("\n")) == (2, "", 1)
    assert FILE in said
    assert reason in said


def test_values_of_two_kinds_are_in_an_order(scratch: Path) -> None:
    rows = [{"path": "a", "rule": "b", "values": {"x": one}, "count": 1} for one in ("y", ["y"], "z")]
    (scratch / FILE).write_text(json.dumps({"version": 1, "findings": rows}))
    assert check(scratch)[0] == 0


TEXTS = ["# Variants\n", "[core]\n", "{}", '{"version": 1}', "[]", "{" * 5000]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("by_settings", [False, True])
def test_no_other_file_is_replaced(text: str, by_settings: bool, scratch: Path) -> None:
    (scratch / "own.json").write_text(text)
    (scratch / "nixlint-ort.yaml").write_text("baseline: own.json\n" if by_settings else "")
    ran = run("--write-baseline", *([] if by_settings else ["--baseline", "own.json"]), cwd=scratch)
    assert (ran.returncode, ran.stdout, (scratch / "own.json").read_text()) == (2, "", text)
    assert ran.stderr == "nixlint-ort: own.json is not a baseline, so it is not replaced; name another file\n"


ELSEWHERE = {
    "../outside.json": "../outside.json could not be written: it is outside the repository",
    "{outside}": "{outside} could not be written: it is outside the repository",
    ".git/hooks/pre-commit": "{root}/.git/hooks/pre-commit could not be written: it is in .git",
    ".GIT/x": "{root}/.GIT/x could not be written: it is in .git",
    "link.json": "{root}/link.json could not be written: it is a link",
    "folder/x.json": "{root}/folder/x.json could not be written: it is a link",
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_the_settings_name_no_place_elsewhere(name: str, scratch: Path) -> None:
    outside = scratch.parent / f"{scratch.name}-outside"
    outside.mkdir()
    (scratch / ".git/hooks").mkdir()
    (scratch / "link.json").symlink_to(outside / "x.json")
    (scratch / "folder").symlink_to(outside)
    named = name.format(outside=outside / "y.json")
    (scratch / "nixlint-ort.yaml").write_text(f"baseline: {named}\n")
    ran = run("--write-baseline", cwd=scratch)
    said = ELSEWHERE[name].format(outside=outside / "y.json", root=scratch)
    assert (ran.returncode, ran.stderr) == (2, f"nixlint-ort: {said}\n")
    assert [*outside.iterdir(), *(scratch / ".git/hooks").iterdir()] == []
    assert not (scratch.parent / "outside.json").exists()


@pytest.mark.parametrize("more", [(), ("--baseline", FILE, "--fix"), ("--baseline", FILE, "--diff")])
def test_writing_one_needs_a_file_and_changes_nothing_else(more: tuple[str, ...], scratch: Path) -> None:
    assert run("--write-baseline", *more, cwd=scratch).returncode == 2


def test_the_settings_may_name_the_baseline(adopted: Path) -> None:
    (adopted / "nixlint-ort.yaml").write_text(f"baseline: {FILE}\n")
    ran = run(*OWN, cwd=adopted)
    assert (ran.returncode, ran.stdout) == (0, "58 files checked, no findings, 1 in the baseline\n")
    replace_in(adopted / OLDER, "driver 550+", "driver 535+")
    assert run(*OWN, cwd=adopted).returncode == 1
    assert run(*OWN, "--write-baseline", cwd=adopted).stderr == f"nixlint-ort: wrote {FILE}: 2 findings\n"
    assert run(*OWN, cwd=adopted / ".flox").returncode == 0


def test_a_baseline_of_the_settings_that_is_not_there_yet_is_said(adopted: Path) -> None:
    (adopted / "nixlint-ort.yaml").write_text("baseline: later.json\n")
    said = "nixlint-ort: there is no later.json yet, so nothing is set aside; --write-baseline writes it\n"
    ran = run(*OWN, cwd=adopted)
    assert (ran.returncode, "error[header-driver]" in ran.stdout, ran.stderr) == (1, True, said)
    assert run(*OWN, "--fix", cwd=adopted).returncode == 0
    assert run(*OWN, "--baseline", "later.json", cwd=adopted).returncode == 2
    assert run(*OWN, "--write-baseline", cwd=adopted).stderr == "nixlint-ort: wrote later.json: 0 findings\n"
    assert run(*OWN, cwd=adopted).stderr == ""


@pytest.mark.parametrize("name", ["folder", "../outside.json"])
def test_a_baseline_of_the_settings_is_in_the_repository(name: str, adopted: Path) -> None:
    (adopted.parent / "outside.json").write_bytes((adopted / FILE).read_bytes())
    (adopted / "nixlint-ort.yaml").write_text(f"baseline: {name}\n")
    (adopted / "folder").mkdir()
    ran = run(*OWN, cwd=adopted)
    assert (ran.returncode, "cannot be read" in ran.stderr, ran.stderr.count("\n")) == (2, True, 1)


def test_an_entry_survives_that_the_tables_become_the_repositorys_own(scratch: Path) -> None:
    ran = run("--baseline", FILE, "--write-baseline", cwd=scratch)
    assert ran.stderr == f"nixlint-ort: wrote {FILE}: 22 findings\n"
    assert run("init", "--convention", cwd=scratch).returncode == 0
    ran = run("--baseline", FILE, cwd=scratch)
    assert (ran.returncode, ran.stdout) == (0, "58 files checked, no findings, 22 in the baseline\n")


def test_what_is_gone_is_said_once_for_each_rule(scratch: Path) -> None:
    run("--baseline", FILE, "--write-baseline", cwd=scratch)
    (scratch / "nixlint-ort.yaml").write_text("ignore: [pin-lacks-attribute]\n")
    said = run("--baseline", FILE, cwd=scratch).stderr
    assert said == (
        "nixlint-ort: .flox/pkgs/onnxruntime-python312-cuda12_4-sm75-avx2.nix and in 21 more places: "
        "pin-lacks-attribute is in the baseline but no longer found; run again with --write-baseline\n"
    )
