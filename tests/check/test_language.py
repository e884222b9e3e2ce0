"""What the convention's language says of variants: attributes and bindings as facts, `only`, `per`, `layer`, two keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from nixlint_ort.convention import load
from nixlint_ort.lint import Options, Session
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import FIXTURES, replace_once

PYTORCH = FIXTURES / "pytorch"
PATH = ".flox/pkgs/pytorch-python313-cuda12_8-sm90-avx512.nix"
OTHER = ".flox/pkgs/pytorch-python313-cuda12_8-sm80-avx512.nix"
PIN = "6a08e6bb4e46ff7fcbb53d409b253f6bad8a28ce"
META = "  meta = "
"""Where an attribute can be put in before."""


def rule(**keys: str) -> str:
    """A rule that is about the target."""
    wanted = {
        "id": "own",
        "summary": "Own.",
        "severity": "error",
        "message": "'it is {actual}, not {expected}'",
        "missing": "'it is not there: {expected}'",
        "why": "It matters.",
        "example": "{variant: x, good: a, bad: b}",
        **keys,
    }
    named = sorted(
        set(re.findall(r"{([a-z.]+)}", " ".join(wanted.get(key, "") for key in ("message", "missing", "cases"))))
    )
    wanted = {"arguments": f"[{', '.join(named)}]" if named else "", **wanted}
    return "".join(f"{name}: {value}\n" for name, value in wanted.items() if value)


def found(folder: Path, files: Mapping[str, str], changed: Mapping[str, bytes], select: str = "own") -> list[str]:
    """The findings on the variants of PyTorch by their rules with some files more."""
    for path in sorted((PYTORCH / "rules").rglob("*.yaml")):
        name = path.relative_to(PYTORCH / "rules")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(path.read_bytes())
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    session = Session.open([PYTORCH], Options(convention=folder, branch="main", select=select))
    result = session.lint(session.repository.with_files(changed))
    return [f"{Path(one.place.path).stem[-11:]}:{one.place.start.line} {one.message}" for one in result.findings]


WANTED, FORBIDDEN, NOT_SET = "true", "false", "it is not there: avx512"


@pytest.mark.parametrize(
    ("present", "only", "said"),
    [
        (WANTED, "", ["it is missing"]),
        (WANTED, "{isa.name: avx512}", ["it is missing"]),
        (WANTED, "{isa.name: avx2}", [NOT_SET]),
        (FORBIDDEN, "", [NOT_SET]),
        (FORBIDDEN, "{isa.name: avx2}", [NOT_SET]),
    ],
)
def test_only_a_rule_that_wants_a_fact_here_says_that_it_is_missing_in_place_of_others(
    present: str, only: str, said: list[str], tmp_path: Path
) -> None:
    fact = "{attribute: passthru.x}"
    value = rule(fact=fact, equals="'{isa.name}'")
    presence = rule(id="other", fact=fact, present=present, only=only, message="'it is missing'", missing="")
    files = {"target/own.yaml": value, "target/other.yaml": presence}
    messages = [
        one.partition(" ")[2] for one in found(tmp_path, files, {}, "own,other") if one.startswith("sm90-avx512")
    ]
    assert messages == said


def edited(good: str, bad: str, path: str = PATH) -> dict[str, bytes]:
    return {path: replace_once((PYTORCH / path).read_bytes(), good, bad)}


WITH_ISA = META.replace("meta", 'passthru = { cpuISA = "avx512"; archs = [ "9.0" ]; };\n  meta')
ISA = "{attribute: passthru.cpuISA, of: wrapper}"


@pytest.mark.parametrize(
    ("keys", "changed", "findings"),
    [
        ({"fact": ISA, "equals": "'{isa.name}'"}, edited(META, WITH_ISA), 3),
        ({"fact": ISA, "equals": "'{isa.name}'"}, edited(META, WITH_ISA.replace('"avx512"', '"avx2"')), 4),
        ({"fact": ISA, "equals": "'{isa.name}'", "missing": ""}, edited(META, WITH_ISA), 0),
        (
            {"fact": "{attribute: passthru.archs}", "equals": "'{gpu.targets}'", "missing": ""},
            edited(META, WITH_ISA),
            0,
        ),
        ({"fact": "{attribute: nosuch.thing}", "present": "false"}, {}, 0),
        ({"fact": "{binding: nosuch}", "present": "true"}, {}, 4),
        ({"fact": ISA, "equals": "'{isa.name}'", "only": "{gpu.sm: '90'}"}, {}, 2),
        ({"fact": ISA, "equals": "'{isa.name}'", "only": "{gpu.sm: '90', isa.name: avx2}"}, {}, 1),
        ({"fact": ISA, "equals": "'{isa.name}'", "only": "{gpu.sm: '100'}"}, {}, 0),
        ({"fact": "pname", "one_of": "['{file.stem}', x]", "applies": "[gpu]"}, {}, 0),
        ({"fact": "nixpkgs_rev", "check": "fact-of-peers"}, edited(PIN, "0" * 40), 1),
        ({"fact": "nixpkgs_rev", "check": "fact-of-peers", "only": "{isa.name: avx512}"}, edited(PIN, "0" * 40), 1),
        ({"fact": "nixpkgs_rev", "check": "fact-of-peers", "only": "{isa.name: avx2}"}, edited(PIN, "0" * 40), 0),
        ({"fact": "nixpkgs_rev", "check": "fact-of-peers", "only": "{torch.branch: main}"}, edited(PIN, "0" * 40), 1),
        ({"fact": "nixpkgs_rev", "check": "fact-of-peers", "per": "gpu.sm"}, edited(PIN, "0" * 40), 1),
        ({"fact": "nixpkgs_rev", "check": "fact-of-peers", "per": "file.stem"}, edited(PIN, "0" * 40), 0),
    ],
)
def test_a_rule(keys: Mapping[str, str], changed: Mapping[str, bytes], findings: int, tmp_path: Path) -> None:
    assert len(found(tmp_path, {"target/own.yaml": rule(**keys)}, changed)) == findings


def test_a_wrong_attribute_is_blamed_at_its_literal(tmp_path: Path) -> None:
    changed = edited(META, WITH_ISA.replace('"avx512"', '"avx2"'))
    own = rule(fact=ISA, equals="'{isa.name}'", missing="", fix="unsafe")
    assert [one.partition(" ")[2] for one in found(tmp_path, {"target/own.yaml": own}, changed)] == [
        "it is avx2, not avx512"
    ]


def test_a_row_by_two_keys_and_a_cell_that_is_put_together(tmp_path: Path) -> None:
    table = """
name: build
key: [cuda.tag, gpu.sm]
rows:
  - {cuda.tag: "12_8", gpu.sm: "90", label: "CUDA {cuda.version} for {gpu.architecture}"}
"""
    main = (PYTORCH / "rules/convention.yaml").read_text("utf-8")
    main = "format: 2\n" + main.replace("[CUDA {cuda.version}]", "[[CUDA {cuda.version}]]")
    files = {
        "tables/build.yaml": table,
        "convention.yaml": main,
        "target/own.yaml": rule(fact=ISA, equals="'{build.label}'"),
    }
    assert [one.partition(" ")[2] for one in found(tmp_path, files, {})] == [
        "it is not there: CUDA 12.8 for Hopper"
    ] * 2


@pytest.mark.parametrize(("layer", "is_two"), [("pytorch", False), ("magma", True)])
def test_the_layer_may_be_called_otherwise_than_the_names_begin(layer: str, is_two: bool) -> None:
    given = 'gpuTargets = [ "9.0" ]; magma = pkgs.magma.override { x = 1; };'
    data = replace_once((PYTORCH / PATH).read_bytes(), 'gpuTargets = [ "9.0" ];', given)
    convention = load(PYTORCH / "rules")._replace(layer=layer)
    (variant,) = Repository(PYTORCH, convention, tree=InMemory({PATH: data})).variants
    assert variant.derivation.is_two == is_two
