"""A variant that is made by a function in a file beside it: its facts, and the places of what is found in it.

The first lines of the variant stay, and all code but its arguments stands in the file that it imports.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.report import FORMATS, render
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from nixlint_ort.variant.variant import Variant
from tests.support.linting import GPU, ROOT, convention, lint_repository, original
from tests.support.oracle import NixError
from tests.support.variant.agreement import COMPARED, by_nix, by_tool, contradictions, read

BUILDER = ".flox/pkgs/lib/make.nix"
HEADER, CODE = original(GPU).decode().split("{ pkgs ? import <nixpkgs> {} }:\n")
OWN_FACTS = ("binding.variantName", "binding.gpuArchCMake", "wrapper.meta.platforms", "layer.preConfigure")


class Case(NamedTuple):
    """What the variant imports, and what is changed in the code that it imports."""

    call: str
    formals: str
    changes: dict[str, str]
    rules: tuple[str, ...] = ()
    """Those that do not hold, besides that each variant has a binding of its name, which is in the other file here."""
    at: str = ""
    """The text in the variant at which all of them are."""
    mended: str = ""
    """What unsafe fixes put in its place."""

    @property
    def files(self) -> dict[str, bytes]:
        code = CODE
        for old, new in self.changes.items():
            assert old in code, old
            code = code.replace(old, new)
        variant = f"{HEADER}{{ pkgs ? import <nixpkgs> {{}} }}:\n{self.call}\n"
        return {GPU: variant.encode(), BUILDER: f"{self.formals}:\n{code}".encode()}


IMPORT = "import ./lib/make.nix"
BY_SM = {'gpuArchCMake = "90"': "gpuArchCMake = sm", "-sm90-": "-sm${sm}-"}
BY_FLAGS = {
    "  cpuFlags = [\n": "  cpuFlags = flags;\n  unused = [\n",
}
CASES = {
    "without arguments": Case(f"{IMPORT} {{ }}", "{ }", {}),
    "an SM": Case(f'{IMPORT} {{ sm = "90"; }}', "{ sm }", BY_SM),
    "another SM": Case(
        f'{IMPORT} {{ sm = "80"; }}',
        "{ sm }",
        BY_SM,
        ("pname",),
        '"80"',
        '"90"',
    ),
    "an SM by a function of nixpkgs": Case(
        f'{IMPORT} {{ sm = "90"; }}', "{ sm }", {**BY_SM, "gpuArchCMake = sm": "gpuArchCMake = lib.toLower sm"}
    ),
    "flags": Case(
        f'{IMPORT} {{ flags = [ "-mavx512f" "-mavx512dq" "-mavx512vl" "-mavx512bw" "-mfma" ]; }}',
        "{ flags }",
        BY_FLAGS,
    ),
    "a wrong flag in the builder": Case(f"{IMPORT} {{ }}", "{ }", {"-mfma": "-mf16c"}, ("isa-flags",), IMPORT),
    "a wrong driver package in the builder": Case(
        f"{IMPORT} {{ }}", "{ }", {"cudaPackages_12_9": "cudaPackages_12_8"}, ("cuda-packages",), IMPORT
    ),
    "flags that only a file elsewhere has": Case(
        f"{IMPORT} {{ }}",
        "{ }",
        {"  cpuFlags = [\n": "  cpuFlags = (import /elsewhere/isa.nix).avx512;\n  unused = [\n"},
        ("unresolved-fact",),
        IMPORT,
    ),
    "a phase with a part that only a build knows": Case(
        f"{IMPORT} {{ }}",
        "{ }",
        {
            "preConfigure = ''\n": "preConfigure = lib.optionalString (import /elsewhere/on.nix) ''\n  touch x\n'' + ''\n"
        },
        ("unresolved-fact",),
        IMPORT,
    ),
    "a name that is bound in the builder": Case(
        f"{IMPORT} {{ }}", "{ }", {'variantName = "onnx': 'variantName = "onnxx'}, ("pname",), IMPORT
    ),
}


def variant(case: Case) -> Variant:
    return read(case.files)


def result(case: Case) -> tuple[Repository, Result]:
    one = Repository(ROOT, convention()._replace(helpers=(".flox/pkgs/lib/",)), tree=InMemory(case.files))
    found = lint_repository(one)
    return one, found._replace(findings=tuple(one for one in found.findings if one.rule != "matrix-gap"))


@pytest.mark.parametrize("name", CASES)
def test_every_place_is_in_the_variant(name: str) -> None:
    one = variant(CASES[name])
    end = len(one.source.data)
    for fact in (one.fact(name) for name in (*COMPARED, "variant_name", *OWN_FACTS)):
        origins = [piece.origin for item in fact.items or () for piece in item.pieces]
        origins += [item.origin for item in fact.items or ()]
        origins += [fact.unknown.origin] if fact.unknown else []
        spans = [fact.span, *fact.siblings.values(), *(one for each in origins for one in (each.span, *each.through))]
        assert [span for span in spans if span.end > end] == [], fact


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(name: str) -> None:
    case = CASES[name]
    _, found = result(case)
    assert tuple(sorted({one.rule for one in found.findings})) == case.rules
    texts = {one.place.source.data[slice(*one.place.span)].decode() for one in found.findings}
    assert all(text in case.at or case.at in text for text in texts)
    for output_format in FORMATS if found.findings else ():
        assert render(output_format, found)


@pytest.mark.parametrize("name", CASES)
def test_what_is_mended(name: str) -> None:
    case = CASES[name]
    one, _ = result(case)
    fixed = fix_all(one, lint_repository, unsafe=True)
    expected = case.files[GPU].decode().replace(case.at, case.mended) if case.mended else None
    assert {path: data.decode() for path, data in fixed.contents.items()} == ({GPU: expected} if expected else {})


def test_nix_agrees() -> None:
    for case, nix in zip(CASES.values(), by_nix([case.files for case in CASES.values()]), strict=True):
        if isinstance(nix, NixError):
            assert "/elsewhere/" in case.files[BUILDER].decode(), nix
        else:
            assert contradictions(by_tool(variant(case)), nix) == {}
