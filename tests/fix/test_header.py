"""Header lines in the wrong order, doubled, or below a licence or a modeline: put right, and nothing else."""

import pytest

from tests.support.linting import CPU, GPU, fix, lint, original

ONE, TWO = original(GPU).decode().split("\n")[:2]
CODE = original(GPU).decode().removeprefix(f"{ONE}\n{TWO}\n")
PLAIN = original(CPU).decode().split("\n")[0]
REST = original(CPU).decode().removeprefix(f"{PLAIN}\n")
LICENCE = "# Copyright 2026 Somebody\n# SPDX-License-Identifier: MIT\n"
MIT = "".join(f"# Line {number} of a licence, as long as these are.\n" for number in range(25))
BLOCK = "/* Copyright 2026 Somebody\n   SPDX-License-Identifier: MIT */\n"
OTHER = "# ONNX Runtime 1.23.2 for NVIDIA Ada (SM89: RTX 4090, L4, L40) + AVX2"
SILENT = "# nixlint-ort: ignore[header-isa] tested"

HEADERS = {
    "swapped": (f"{TWO}\n{ONE}\n", f"{ONE}\n{TWO}\n"),
    "swapped with an empty line between": (f"{TWO}\n\n{ONE}\n", f"{ONE}\n{TWO}\n\n"),
    "swapped with a comment between": (f"{TWO}\n# built nightly\n{ONE}\n", f"{ONE}\n{TWO}\n# built nightly\n"),
    "a comment between": (f"{ONE}\n# built nightly\n{TWO}\n", f"{ONE}\n{TWO}\n# built nightly\n"),
    "an empty line above": (f"\n{ONE}\n{TWO}\n", f"{ONE}\n{TWO}\n"),
    "below a licence": (f"{LICENCE}{ONE}\n{TWO}\n", f"{ONE}\n{TWO}\n{LICENCE}"),
    "below a licence and an empty line": (f"{LICENCE}\n{ONE}\n{TWO}\n", f"{ONE}\n{TWO}\n{LICENCE}\n"),
    "between empty lines": (f"{LICENCE}\n{ONE}\n{TWO}\n\n", f"{ONE}\n{TWO}\n{LICENCE}\n"),
    "below a long licence": (f"{MIT}{ONE}\n{TWO}\n", f"{ONE}\n{TWO}\n{MIT}"),
    "below a block comment": (f"{BLOCK}{ONE}\n{TWO}\n", f"{ONE}\n{TWO}\n{BLOCK}"),
    "below a modeline": (f"# vim: ft=nix\n{ONE}\n{TWO}\n", f"{ONE}\n{TWO}\n# vim: ft=nix\n"),
    "below another modeline": (f"# -*- mode: nix -*-\n{ONE}\n{TWO}\n", f"{ONE}\n{TWO}\n# -*- mode: nix -*-\n"),
    "swapped below a licence": (f"{LICENCE}{TWO}\n{ONE}\n", f"{ONE}\n{TWO}\n{LICENCE}"),
    "around a licence": (f"{ONE}\n{LICENCE}{TWO}\n", f"{ONE}\n{TWO}\n{LICENCE}"),
    "doubled": (f"{ONE}\n{TWO}\n{ONE}\n{TWO}\n", f"{ONE}\n{TWO}\n"),
    "the first doubled": (f"{ONE}\n{ONE}\n{TWO}\n", f"{ONE}\n{TWO}\n"),
    "the second doubled": (f"{ONE}\n{TWO}\n{TWO}\n", f"{ONE}\n{TWO}\n"),
    "another variant's too": (f"{ONE}\n{TWO}\n{OTHER}\n", f"{ONE}\n{TWO}\n"),
    "doubled below a licence": (f"{ONE}\n{TWO}\n{LICENCE}{ONE}\n{TWO}\n", f"{ONE}\n{TWO}\n{LICENCE}"),
    "swapped and wrong": (f"{TWO.replace('560', '535')}\n{ONE}\n", f"{ONE}\n{TWO}\n"),
    "two blanks": (f"#  {ONE[2:]}\n#   {TWO[2:]}\n", f"{ONE}\n{TWO}\n"),
    "no blank": (f"#{ONE[2:]}\n#{TWO[2:]}\n", f"{ONE}\n{TWO}\n"),
    "a tab": (f"#\t{ONE[2:]}\n{TWO}\n", f"{ONE}\n{TWO}\n"),
    "two blanks, swapped": (f"#  {TWO[2:]}\n#  {ONE[2:]}\n", f"{ONE}\n{TWO}\n"),
    "two blanks and wrong": (
        f"#  {ONE[2:].replace('1.23.2', '1.22.0')}\n#  {TWO[2:].replace('560', '535')}\n",
        f"{ONE}\n{TWO}\n",
    ),
    "silenced at its end": (f"{ONE} {SILENT}\n{TWO}\n", f"{ONE}\n{TWO}\n"),
    "wrong beside what is silenced": (
        f"{ONE.replace('AVX-512', 'AVX2').replace('1.23.2', '1.22.0')} {SILENT}\n{TWO}\n",
        f"{ONE.replace('AVX-512', 'AVX2')} {SILENT}\n{TWO}\n",
    ),
    "none below a shebang": ("#!/usr/bin/env nix-build\n", f"#!/usr/bin/env nix-build\n{ONE}\n{TWO}\n"),
    "below a shebang and a licence": (f"#!/bin/x\n{LICENCE}{ONE}\n{TWO}\n", f"#!/bin/x\n{ONE}\n{TWO}\n{LICENCE}"),
    "the second gone below what is silenced": (
        f"{SILENT}\n{ONE.replace('AVX-512', 'AVX2')}\n",
        f"{SILENT}\n{ONE.replace('AVX-512', 'AVX2')}\n{TWO}\n",
    ),
}


OF_ANOTHER_KIND = {
    "both lines": f"{ONE}\n{TWO}\n",
    "both lines, swapped": f"{TWO}\n{ONE}\n",
    "both lines, swapped, with a comment between": f"{TWO}\n# built nightly\n{ONE}\n",
    "both lines below a licence": f"{LICENCE}{ONE}\n{TWO}\n",
    "both lines, swapped, below a licence": f"{LICENCE}{TWO}\n{ONE}\n",
    "the second line": f"{TWO}\n",
    "the first line below a comment": f"# built nightly\n{ONE}\n",
    "the second line above the right one": f"{TWO}\n{PLAIN}\n",
    "the second line below a comment": f"# built nightly\n{TWO}\n",
    "the second line twice": f"{TWO}\n{TWO}\n",
}


@pytest.mark.parametrize("name", OF_ANOTHER_KIND)
def test_a_header_of_a_variant_for_gpus_becomes_that_of_one_for_cpus(name: str) -> None:
    comments = [line for line in OF_ANOTHER_KIND[name].split("\n") if line not in (ONE, TWO, PLAIN, "")]
    right = "".join(f"{line}\n" for line in (PLAIN, *comments))
    fixed = fix({CPU: f"{OF_ANOTHER_KIND[name]}{REST}".encode()})
    assert fixed.contents == {CPU: f"{right}{REST}".encode()}
    assert not fixed.dropped


@pytest.mark.parametrize("before", ["", "# built nightly\n", LICENCE])
def test_a_header_of_a_variant_for_cpus_becomes_that_of_one_for_gpus(before: str) -> None:
    fixed = fix({GPU: f"{before}{PLAIN}\n{CODE}".encode()})
    assert fixed.contents == {GPU: f"{ONE}\n{TWO}\n{before}{CODE}".encode()}
    assert not fixed.dropped


ABOVE = (ONE, TWO, PLAIN, OTHER, TWO.replace("560", "535"), "# built nightly", "", "/* built nightly */")
BELOW = (ONE, TWO, PLAIN, "# ONNX Runtime, for all")


@pytest.mark.parametrize("path", [GPU, CPU])
@pytest.mark.parametrize("first", ABOVE)
def test_any_lines_at_the_top_become_a_header(first: str, path: str) -> None:
    rest = CODE if path == GPU else REST
    for second in BELOW:
        fixed = fix({path: f"{first}\n{second}\n{rest}".encode()})
        assert (fixed.remaining.findings, fixed.dropped) == (lint({}).findings, []), second


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_is_put_right(name: str) -> None:
    bad, good = HEADERS[name]
    before, after = f"{bad}{CODE}".encode(), f"{good}{CODE}".encode()
    assert lint({GPU: before}).findings
    fixed = fix({GPU: before})
    assert fixed.contents == {GPU: after}
    assert not fixed.dropped


def test_a_header_is_put_right_with_the_line_ends_of_its_file() -> None:
    before, after = f"{TWO}\n{LICENCE}{ONE}\n{CODE}", f"{ONE}\n{TWO}\n{LICENCE}{CODE}"
    fixed = fix({GPU: before.replace("\n", "\r\n").encode()})
    assert fixed.contents == {GPU: after.replace("\n", "\r\n").encode()}


def test_a_line_about_cuda_goes_and_what_is_silenced_there_stays() -> None:
    silent = "# nixlint-ort: ignore-file[pname] kept for old users"
    rest = REST.replace("pname = variantName", 'pname = "onnxruntime"')
    data = f"{PLAIN}\n# CUDA 12.9 — Requires NVIDIA driver 560+ {silent}\n{rest}"
    assert fix({CPU: data.encode()}).contents == {CPU: f"{PLAIN}\n{silent}\n{rest}".encode()}


def test_where_a_line_goes_another_comment_may_become_the_header() -> None:
    head, _, body = original(CPU).decode().partition("{ pkgs")
    data = f"# CUDA 12.9 — Requires NVIDIA driver 560+\n# ONNX Runtime\n{head}{{ pkgs{body}".encode()
    assert fix({CPU: data}, unsafe=True).contents == {CPU: original(CPU)}


def test_what_is_wrong_in_a_line_with_two_blanks_is_told_beside_these() -> None:
    data = f"#  {ONE[2:].replace('AVX-512', 'AVX2')}\n#  {TWO[2:].replace('560', '535')}\n{CODE}".encode()
    assert [(one.rule, one.place.start.column) for one in lint({GPU: data}).findings] == [
        ("header-format", 1),
        ("header-isa", len(ONE) - 5),
        ("header-format", 1),
        ("header-driver", TWO.index("560") + 2),
    ]
