"""nixlint-ort.yaml: what each key does, what each mistake says and where, its JSON Schema, and `init`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from jsonschema import Draft7Validator

from nixlint_ort.convention.yaml_tree import read_yaml
from nixlint_ort.settings import FILE_NAME, KEYS
from nixlint_ort.settings.settings import parse_settings
from nixlint_ort.settings.starter import starter
from tests.support.linting import CPU, GPU, ROOT
from tests.support.running import CLEAN, break_driver, last_line, replace_in, run

SCHEMA = ROOT / "nixlint-ort.schema.json"


class Mistake(NamedTuple):
    """A wrong file, and what is said of it: place and message."""

    text: str
    said: str
    schema_refuses: bool = True


MISTAKES = [
    Mistake("selct: [header]", "1:1: nixlint-ort.yaml has no key 'selct'; did you mean select?"),
    Mistake("- select", "1:1: nixlint-ort.yaml must be a mapping of keys to values, not a list"),
    Mistake("select: header", "1:9: select must be a list, not text"),
    Mistake("select:\n  - hedder", "2:5: unknown rule or family 'hedder'; did you mean header?", False),
    Mistake("ignore: [pname, header-drivr]", "1:17: unknown rule or family 'header-drivr'; did you mean", False),
    Mistake("ignore: [[pname]]", "1:10: an item of ignore must be text, not a list"),
    Mistake(
        "severity: {pname: warnin}",
        "1:19: a severity must be one of error, warning, info, not 'warnin'; did you mean warning?",
    ),
    Mistake("severity: {pnam: error}", "1:12: unknown rule or family 'pnam'; did you mean pname?", False),
    Mistake("exclude: x.nix", "1:10: exclude must be a list, not text"),
    Mistake("exclude: [*.nix]", "1:11: "),
    Mistake(f"exclude: ['{'[' * 1001}']", "1:10: a pattern may have at most 1,000 characters, not 1,001", False),
    Mistake(
        f"exclude: ['{'a' * 999}'{', x' * 9002}]",
        "1:10: the patterns of a list may have at most 10,000 characters together, not 10,001",
        False,
    ),
    Mistake(
        f"per-file-ignores: {{'{'*' * 1001}': [pname]}}",
        "1:19: a pattern may have at most 1,000 characters, not",
        False,
    ),
    Mistake("branch:", "1:1: branch has no value"),
    Mistake("baseline:", "1:1: baseline has no value"),
    Mistake("branch: [main]", "1:9: branch must be text, not a list"),
    Mistake("convention: nowhere", "1:13: no folder nowhere with a convention.yaml", False),
    Mistake("convention: " + "a" * 300, f"1:13: no folder {'a' * 300} with a convention.yaml", False),
    Mistake("convention: shipped:pytroch", "1:13: unknown shipped convention 'pytroch'; did you mean pytorch?", False),
    Mistake("rules: nowhere", "1:1: nixlint-ort.yaml has no key 'rules'"),
    Mistake("per-file-ignores: [a]", "1:19: per-file-ignores must be a mapping of keys to values, not a list"),
    Mistake("per-file-ignores:\n  a.nix: [pnam]", "2:11: unknown rule or family 'pnam'; did you mean pname?", False),
    Mistake("required-version: latest", "1:19: required-version must be a range of versions such as >=0.1, <1"),
    Mistake(f"required-version: '>={'9' * 100_000}'", "1:19: required-version must be a range of versions", False),
    Mistake("required-version: '>=99'", "1:19: this repository needs nixlint-ort >=99, but this is ", False),
    Mistake("branch: a\nbranch: b", "2:1: duplicate key 'branch'; the first one is in line 1"),
    Mistake("branch: ort-1.21", "the table of releases has no branch 'ort-1.21'; did you mean", False),
    Mistake("branch: &a main", "1:9: an anchor (&) is not allowed here", False),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.text[:60])
def test_a_mistake_is_one_line_with_its_place(mistake: Mistake, scratch: Path) -> None:
    (scratch / FILE_NAME).write_text(mistake.text + "\n")
    done = run(cwd=scratch)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert mistake.said in done.stderr
    if re.match(r"\d", mistake.said):
        assert done.stderr.startswith(f"nixlint-ort: {FILE_NAME}:{mistake.said}")


class Effect(NamedTuple):
    """A file, and how many findings of which rule there are with it, of the two that there are without."""

    text: str
    findings: list[str]


BOTH = ["description-ort-version warning", "header-driver error"]
EFFECTS = [
    Effect("select: [header]", BOTH[1:]),
    Effect("select: [header, description-ort-version]", BOTH),
    Effect("ignore: [header-driver]", BOTH[:1]),
    Effect("ignore: [meta, header]", []),
    Effect("severity: {header-driver: info}", [BOTH[0], "header-driver info"]),
    Effect("severity: {header: info, header-driver: warning}", [BOTH[0], "header-driver warning"]),
    Effect("severity: {header-driver: warning, header: info}", [BOTH[0], "header-driver warning"]),
    Effect(f"exclude: [{GPU}]", BOTH[:1]),
    Effect("exclude: ['*cuda*']", BOTH[:1]),
    Effect("exclude: ['**/*-cpu-*']", BOTH[1:]),
    Effect("convention: other", [BOTH[0]]),
    Effect("per-file-ignores: {'*-cpu-*': [meta], '*-sm80-*': [header]}", BOTH[1:]),
    Effect("required-version: '>=0.0.1, <99'", BOTH),
    Effect("required-version: '~=0.1'", BOTH),
    Effect("required-version: '==0.*'", BOTH),
    Effect("# nothing\n", BOTH),
    Effect("", BOTH),
]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.text)
def test_what_a_key_does(effect: Effect, scratch: Path) -> None:
    break_driver(scratch)
    replace_in(scratch / CPU, '"ONNX Runtime 1.23.2 CPU', '"ONNX Runtime CPU')
    subprocess.run(["cp", "-r", ROOT / "rules", scratch / "other"], check=True)
    (scratch / "other/header/header-driver.yaml").unlink()
    (scratch / FILE_NAME).write_text(effect.text)
    document = json.loads(run("--ignore", "repository", "--output-format", "json", cwd=scratch).stdout)
    found = [one for one in document["findings"] if one["actual"] != "cudaPackages_12_4"]
    assert [f"{one['rule']} {one['severity']}" for one in found] == effect.findings


def test_a_convention_is_no_folder_of_git(scratch: Path) -> None:
    shutil.copytree(ROOT / "rules", scratch / ".git/rules")
    (scratch / FILE_NAME).write_text("convention: .git/rules\n")
    done = run(cwd=scratch)
    said = "nixlint-ort: nixlint-ort.yaml:1:13: no folder .git/rules with a convention.yaml\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_every_key_has_an_effect_and_a_mistake() -> None:
    for name in KEYS:
        assert any(name in mistake.text for mistake in MISTAKES)
        assert name in ("baseline", "branch") or any(name in effect.text for effect in EFFECTS)


def test_the_branch_and_options_that_outweigh_it(scratch: Path) -> None:
    (scratch / FILE_NAME).write_text("branch: ort-1.24\nselect: [meta]\nignore: [header]\n")
    assert "is 1.24.2" in run(cwd=scratch).stdout
    assert run("--branch", "main", cwd=scratch).stdout == "58 files checked, no findings\n"
    assert "header-ort-version" in run("--select", "header", cwd=scratch).stdout
    assert "no findings" in run("--ignore", "description-ort-version", cwd=scratch).stdout


def test_an_excluded_file_that_is_asked_for_is_no_error(scratch: Path) -> None:
    break_driver(scratch)
    (scratch / FILE_NAME).write_text(f"exclude: [{GPU}]\n")
    (scratch / "README.md").write_text("text\n")
    done = run(GPU, "README.md", cwd=scratch)
    assert (done.returncode, done.stdout) == (0, "0 files checked, no findings\n")
    assert f"{GPU} is not a variant and was not checked" in done.stderr


def test_what_is_not_the_file_it_should_be(scratch: Path) -> None:
    (scratch / "nixlint-ort.yml").write_text("ignore: [header]\n")
    assert "nixlint-ort.yml: wrong file name; rename it to nixlint-ort.yaml" in run(cwd=scratch).stderr
    (scratch / FILE_NAME).mkdir()
    assert f"{FILE_NAME}: cannot be read: it is not a regular file" in run(cwd=scratch).stderr


def test_the_schema_in_the_repository_is_current() -> None:
    assert run("schema").stdout == SCHEMA.read_text(), "`make schema` writes it anew"


def as_json(text: str) -> object:
    """What a YAML file says, with every scalar as text, which is how it is read here."""

    def plain(node: object) -> object:
        entries, items, scalar = (getattr(node, name) for name in ("entries", "items", "text"))
        if entries is not None:
            return {name: plain(entry.value) for name, entry in entries.items()}
        return scalar if items is None else [plain(item) for item in items]

    return plain(read_yaml("x", text.encode()))


@pytest.mark.parametrize("effect", [one for one in EFFECTS if ":" in one.text], ids=lambda effect: effect.text)
def test_the_schema_accepts_what_is_accepted(effect: Effect) -> None:
    Draft7Validator(json.loads(SCHEMA.read_text())).validate(as_json(effect.text))


@pytest.mark.parametrize(
    "mistake",
    [one for one in MISTAKES if one.schema_refuses and "*" not in one.text and "branch: b" not in one.text],
    ids=lambda mistake: mistake.text[:60],
)
def test_the_schema_refuses_what_is_refused(mistake: Mistake) -> None:
    assert not Draft7Validator(json.loads(SCHEMA.read_text())).is_valid(as_json(mistake.text))


def test_the_schema_is_a_schema() -> None:
    Draft7Validator.check_schema(json.loads(SCHEMA.read_text()))


def test_init_writes_every_key_and_never_overwrites(scratch: Path) -> None:
    done = run("init", cwd=scratch)
    path = scratch / FILE_NAME
    assert (done.returncode, done.stdout) == (0, f"wrote {path}\n")
    assert all(f"\n# {key.name}: " in path.read_text() for key in KEYS.values())
    assert last_line(run(cwd=scratch).stdout) == CLEAN
    path.write_text("branch: main\n")
    again = run("init", cwd=scratch / ".flox")
    assert (again.returncode, again.stderr) == (
        2,
        f"nixlint-ort: {path.name} was not created: a file of that name exists\n",
    )
    assert path.read_text() == "branch: main\n"


def test_the_examples_of_init_are_accepted() -> None:
    examples = "".join(f"{key.name}: {key.example}\n" for key in KEYS.values())
    assert examples == "".join(re.findall(rf"^# ((?:{'|'.join(KEYS)}): .*\n)", starter(), re.MULTILINE))
    parse_settings(examples.encode())
    Draft7Validator(json.loads(SCHEMA.read_text())).validate(as_json(examples))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nixlint-ort exp", ["explain"]),
        ("nixlint-ort --stat", ["--statistics"]),
        ("nixlint-ort --output-format sa", ["sarif"]),
        ("nixlint-ort --select header-dr", ["header-driver"]),
        ("nixlint-ort --select pname,header-dr", ["pname,header-driver"]),
        ("nixlint-ort explain header-dr", ["header-driver"]),
        ("nixlint-ort --fix --unsa", ["--unsafe-fixes"]),
        ("nixlint-ort matrix --branch ort-1.18", ["ort-1.18"]),
        ("nixlint-ort new --from onnxruntime-python313-cpu-avx2", ["onnxruntime-python313-cpu-avx2"]),
        ("nixlint-ort compare onnxruntime-python313-cpu-avx2", ["onnxruntime-python313-cpu-avx2"]),
        (
            "nixlint-ort compare onnxruntime-python313-cpu-armv9",
            [f"onnxruntime-python313-cpu-armv9{end}" for end in ("", "$(touch", "`touch")],
        ),
        ("nixlint-ort completion f", ["fish"]),
    ],
)
def test_bash_completes(line: str, words: list[str], scratch: Path) -> None:
    """Bash itself runs the script that `completion bash` prints."""
    script = run("completion", "bash").stdout
    for name in ("cpu-armv9\nfile,x", "cpu-armv9\x1b[2K", "cpu-armv9$(touch ran)", "cpu-armv9`touch ran`"):
        (scratch / f".flox/pkgs/onnxruntime-python313-{name}x.nix").touch()
    (scratch / "bin").mkdir()
    (scratch / "bin/nixlint-ort").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nixlint_ort "$@"\n')
    (scratch / "bin/nixlint-ort").chmod(0o755)
    program = f"""
PATH="$PWD/bin:$PATH"
{script}
COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_nixlint_ort_completion nixlint-ort
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "-c", program], cwd=scratch, capture_output=True, text=True, check=True)
    assert sorted(line.split()[0] for line in done.stdout.splitlines()) == sorted(words)
    assert not (scratch / "ran").exists()
