"""One block a cause: a repository of 66 variants in which 30 lack one line, as people see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixlint_ort.report import render
from nixlint_ort.report.layout import Layout
from tests.support.linting import GPU, lint, original, path_of, repository
from tests.support.running import Ran, run

LINE = b'    platforms = [ "x86_64-linux" ];\n'
ISAS = ("avx2", "avx512", "avx512bf16", "avx512vnni")
ADDED = [path_of(f"onnxruntime-python313-cuda12_9-sm{sm}-{isa}") for sm in ("103", "121") for isa in ISAS]
"""Eight variants more than this repository has."""


def sixty_six() -> tuple[dict[str, bytes | None], list[str]]:
    """The files that are changed, and those that lack the line."""
    files = {one.path: one.source.data for one in repository().variants}
    lacking = [path for path, data in sorted(files.items()) if LINE in data][:30]
    changed: dict[str, bytes | None] = {path: files[path].replace(LINE, b"") for path in lacking}
    model = path_of("onnxruntime-python313-cuda12_9-sm90-avx512")
    for path in ADDED:
        stem = path.rsplit("/", 1)[1].removesuffix(".nix")
        changed[path] = original(model).replace(b"onnxruntime-python313-cuda12_9-sm90-avx512", stem.encode())
    return changed, lacking


def test_thirty_variants_that_lack_one_line_are_one_block() -> None:
    changed, lacking = sixty_six()
    result = lint(changed)
    assert (result.files, len(lacking)) == (66, 30)
    found = [one for one in result.findings if one.rule == "platforms"]
    assert [one.place.path for one in found] == lacking
    assert len({one.cause for one in found}) == 1
    report = render("full", result._replace(findings=tuple(found)))
    assert len(report.splitlines()) < 25
    assert "also in 29 more files (--all lists them)" in report
    assert "nixlint-ort --fix --select platforms" in report
    everything = render("full", result._replace(findings=tuple(found)), layout=Layout(every=True))
    assert [path for path in lacking if path not in everything] == []


MOST = 24
"""Of the 30 variants of CUDA 12.9: a clear majority."""
LINES = {
    "a header line": (b"# CUDA 12.9 \xe2\x80\x94 Requires NVIDIA driver 560+\n", "header-missing"),
    "a description": (b"    description = ", "description-missing"),
    "platforms": (b"    platforms = ", "platforms"),
    "a name": (b"  pname = variantName;\n", "pname"),
    "an argument of the layer": (b"    cudaSupport = true;\n", "cuda-support"),
    "a feature of the builder": (b"    requiredSystemFeatures = ", "big-parallel"),
    "a flag of CMake, and with it the end of a binding": (b"      ++ [ ", "syntax-error"),
    "a setting of nixpkgs": (b"      cudaSupport = true;\n", "config-cuda-support"),
    "a compiler flag": (b'    "-mfma"\n', "isa-flags"),
    "what compiler flags go through": (b"      export CFLAGS=", "isa-flags"),
}


@pytest.mark.parametrize(("line", "rule"), LINES.values(), ids=LINES)
def test_a_line_that_most_of_a_stack_lack_is_one_block_and_blames_none_of_those_that_have_it(
    line: bytes, rule: str
) -> None:
    stack = [one for one in repository().variants if "cuda12_9" in one.path]
    changed = {one.path: without_line(one.source.data, line) for one in stack if b"\n" + line in one.source.data}
    changed = dict(sorted(changed.items())[:MOST])
    result = lint(changed)
    found = [one for one in result.findings if one.rule != "pin-lacks-attribute"]
    assert {(one.rule, one.place.path) for one in found} == {(rule, path) for path in changed}
    assert (len(found), len({one.cause for one in found})) == (MOST, 1)
    assert len(render("full", result._replace(findings=tuple(found))).splitlines()) < 18


def without_line(data: bytes, start: bytes) -> bytes:
    """A file without its first line that begins so."""
    lines = data.splitlines(keepends=True)
    lines.remove(next(one for one in lines if one.startswith(start)))
    return b"".join(lines)


@pytest.fixture
def lacking(scratch: Path) -> list[Path]:
    """Three variants of a scratch repository that lack the line."""
    paths = sorted(path for path in (scratch / ".flox/pkgs").iterdir() if LINE in path.read_bytes())[:3]
    for path in paths:
        path.write_bytes(path.read_bytes().replace(LINE, b""))
    return paths


def fixed(scratch: Path, *words: str) -> Ran:
    return run("--fix", "--select", "platforms", *words, cwd=scratch)


def test_fix_says_what_it_did_by_rule(scratch: Path, lacking: list[Path]) -> None:
    assert "nixlint-ort: fixed platforms: 3 findings in 3 files\n" in fixed(scratch).stderr
    assert all(LINE in path.read_bytes() for path in lacking)


def test_verbose_says_it_by_file(scratch: Path, lacking: list[Path]) -> None:
    said = fixed(scratch, "--verbose").stderr
    for path in lacking:
        assert f"nixlint-ort: fixed .flox/pkgs/{path.name} (platforms)\n" in said
    assert "findings in" not in said


BLACKWELL = {"100": ("Blackwell DC", "B100, B200"), "120": ("Blackwell", "RTX 5090")}


def test_the_whole_report_of_66_variants_in_which_30_lack_a_line_is_short(scratch: Path) -> None:
    pkgs = (scratch / GPU).parent
    for isa in ("avx2", "avx512", "avx512bf16", "avx512vnni"):
        text = (pkgs / f"onnxruntime-python312-cuda12_4-sm90-{isa}.nix").read_text("utf-8")
        for sm, (architecture, names) in BLACKWELL.items():
            new = text.replace("Hopper (SM90: H100, L40S)", f"{architecture} (SM{sm}: {names})")
            new = new.replace("H100/L40S (SM90)", f"{names.replace(', ', '/')} (SM{sm})")
            new = new.replace("sm90", f"sm{sm}").replace('gpuArchCMake = "90"', f'gpuArchCMake = "{sm}"')
            (pkgs / f"onnxruntime-python312-cuda12_4-sm{sm}-{isa}.nix").write_text(new, "utf-8")
    for path in pkgs.glob("*-cuda12_9-*"):
        first, _, rest = path.read_text("utf-8").split("\n", 2)
        path.write_text(f"{first}\n{rest}", "utf-8")
    ran = run(cwd=scratch)
    assert ran.stdout.splitlines()[-1].startswith("66 files checked, 30 errors")
    assert len(ran.stdout.splitlines()) < 25
