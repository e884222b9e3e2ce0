"""A convention for another package is a folder of YAML: variants of PyTorch, with no change in Python."""

import json
import re
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from nixlint_ort.cli import cli
from nixlint_ort.convention import find_rules, load
from nixlint_ort.convention.tables import read_table
from nixlint_ort.convention.yaml_tree import YamlNode, read_yaml
from nixlint_ort.finding import Finding
from nixlint_ort.fix.new import make
from nixlint_ort.fix.stacks import missing_of_stack
from nixlint_ort.repository.repository import Repository
from nixlint_ort.views.matrix.model import lay_out
from nixlint_ort.views.matrix.text import as_json
from tests.support.linting import CPU, FIXTURES, GPU, OLDER, lint_repository, original, replace_once
from tests.support.linting import ROOT as SHIPPED_ROOT

ROOT = FIXTURES / "pytorch"
PATH = ".flox/pkgs/pytorch-python313-cuda12_8-sm90-avx512.nix"
FAULTS = [
    ("NVIDIA Hopper (", "NVIDIA Ada (", "header-gpu:1"),
    ("# Package name: pytorch-python313", "# Package name: pytorch-python312", "header-package-name:2"),
    ('pname = "pytorch-python313-cuda12_8-sm90-avx512"', 'pname = "torch"', "pname:18"),
    ('gpuTargets = [ "9.0" ]', 'gpuTargets = [ "8.0" ]', "gpu-targets:16"),
    ('  gpuTargets = [ "9.0" ];\n', "", "gpu-targets:14"),
    ("python313Packages.torch", "python312Packages.torch", "python-packages:14"),
    ("cudaPackages_12_8", "cudaPackages_12_9", "cuda-packages:9"),
    ('"-mavx512vl"', '"-mavx512vnni"', "isa-flags:12"),
    ("[CUDA 12.8]", "[CUDA 12.9]", "description-gpu:24"),
    ("6a08e6bb4e46ff7fcbb53d409b253f6bad8a28ce", "0" * 40, "pin-undeclared:6"),
]

DAMAGE = [
    (GPU, "driver 560+", "driver 535+"),
    (OLDER, "[CUDA 12.4]", "[CUDA 12.9]"),
    (CPU, "-mfma", "-mavx512f"),
]
"""Changes to variants of the shipped convention, each one finding."""
MISSING = ".flox/pkgs/onnxruntime-python313-cuda12_9-sm80-avx2.nix"


@cache
def repository() -> Repository:
    return Repository(ROOT, load(ROOT / "rules"))


def test_its_variants_are_clean() -> None:
    result = lint_repository(repository())
    assert (result.findings, result.files) == ((), 4)


def test_the_command_needs_nothing_but_the_folder() -> None:
    ran = CliRunner().invoke(cli, [str(ROOT), "--convention", str(ROOT / "rules"), "--branch", "main", "--no-cache"])
    assert ran.exit_code == 0, ran.output
    assert "4 files checked, no findings" in ran.stdout


@pytest.mark.parametrize(("good", "bad", "finding"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_one_fault_is_one_finding(good: str, bad: str, finding: str) -> None:
    data = replace_once((ROOT / PATH).read_bytes(), good, bad)
    found = lint_repository(repository().with_files({PATH: data})).findings
    assert [f"{one.rule}:{one.place.start.line}" for one in found] == [finding]


def renamed(folder: Path, target: Path) -> None:
    """Write a convention whose every table and column has another name, and nothing else is changed."""
    trees = {
        path.relative_to(folder): read_yaml(str(path), path.read_bytes()) for path in sorted(folder.rglob("*.yaml"))
    }
    tables = [read_table(tree) for path, tree in trees.items() if path.parts[0] == "tables"]
    pin = load(folder).roles.pin or ()
    unfilled = {
        part for part in pin if isinstance(part, str) and part.partition(".")[0] in {one.name for one in tables}
    }
    fields = sorted({column for table in tables for column in table.columns} | unfilled, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<![\w.]){re.escape(field)}(?![\w.])" for field in fields))
    for path, tree in trees.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        plain = table_renamed(tree) if path.parts[0] == "tables" else plain_of(tree)
        text = pattern.sub(lambda found: f"{other(found[0].split('.')[0])}.{other(found[0].split('.')[1])}", plain)
        (target / path).write_text(text, "utf-8")


def other(name: str) -> str:
    return f"x{name[::-1]}"


def table_renamed(node: YamlNode) -> str:
    document = json.loads(plain_of(node))
    document["name"], document["key"] = other(document["name"]), other(document["key"])
    document["rows"] = [
        {column if column == "only" else other(column): cell for column, cell in row.items()}
        for row in document["rows"]
    ]
    return json.dumps(document, indent=1, ensure_ascii=False)


def plain_of(node: YamlNode) -> str:
    """A tree as JSON, which is YAML too, and in which no text can be taken for a number."""

    def plain(one: YamlNode) -> object:
        if one.entries is not None:
            return {key: plain(entry.value) for key, entry in one.entries.items()}
        return [plain(item) for item in one.items] if one.items is not None else one.text

    return json.dumps(plain(node), indent=1, ensure_ascii=False)


def test_no_table_or_column_is_known_by_its_name(tmp_path: Path) -> None:
    renamed(find_rules(), tmp_path / "rules")
    strange = load(tmp_path / "rules")
    assert not set(strange.tables) & set(load(find_rules()).tables)
    damaged = {path: replace_once(original(path), good, bad) for path, good, bad in DAMAGE}
    known = Repository(SHIPPED_ROOT, load(find_rules())).with_files(damaged)
    other_one = Repository(SHIPPED_ROOT, strange).with_files(damaged)
    assert told_alike(lint_repository(other_one).findings) == told_alike(lint_repository(known).findings)
    assert len(lint_repository(known).findings) == len(DAMAGE)
    matrices = ["".join(as_json(lay_out(one, "main", ()))) for one in (known, other_one)]
    assert matrices[0] == matrices[1]
    made = []
    for one in (known, other_one):
        gone = one.with_files({**damaged, MISSING: None})
        names = missing_of_stack(gone, "12.9", "main")
        made.append(make(gone, names, "main", lint_repository)[0])
    assert [one.path for one in made[0]] == [MISSING]
    assert made[0] == made[1]


def told_alike(findings: Iterable[Finding]) -> list[tuple[object, ...]]:
    """What findings say, apart from the names of columns in words."""
    return [
        (one.rule, one.place.path, one.place.span, one.message.replace("rules/", ""), one.expected, one.fix)
        for one in findings
    ]


def test_a_table_may_have_any_name(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    for path in rules.rglob("*.yaml"):
        text = re.sub(r"\bcuda\.(tag|version|driver|python|gpus)\b", r"line.\1", path.read_text("utf-8"))
        path.write_text(re.sub(r"^name: cuda$", "name: line", text, flags=re.MULTILINE), "utf-8")
    one = load(rules)
    assert ("line" in one.tables, "cuda" in one.tables) == (True, False)
    for variant, good, bad in DAMAGE:
        files: dict[str, bytes | None] = {variant: replace_once(original(variant), good, bad)}
        here, there = (
            lint_repository(Repository(SHIPPED_ROOT, by).with_files(files)).findings for by in (load(find_rules()), one)
        )
        assert [(found.rule, found.message, found.fix) for found in there] == [
            (found.rule, found.message, found.fix) for found in here
        ]
        assert len(here) == 1
