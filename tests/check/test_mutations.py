"""Every kind of fault in two variants: one finding, by a rule of the right family, in the line that was touched."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.variant.variant import Variant
from tests.support.faults import FAULTS, Fault
from tests.support.linting import REPRESENTATIVES, convention, lint, repository

KINDS = {
    "both": "",
    "gpu": "-cuda",
    "cpu": "-cpu-",
    "cu124": "-cuda12_4",
    "cu129 cpu": "-python313-",
    "x86": "-avx",
}


def test_there_are_at_least_sixty_kinds() -> None:
    assert len(FAULTS) >= 60


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: f"{one.family}: {one.name}")
def test_it_is_caught_once_and_where_it_is(fault: Fault) -> None:
    """In the two variants that can have it and are least alike."""
    able = {one.path: one for one in having(fault)}
    first, second, *_ = (able[path] for path in REPRESENTATIVES if path in able)
    is_caught(fault, [first, second])


@pytest.mark.full
@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: f"{one.family}: {one.name}")
def test_it_is_caught_once_and_where_it_is_in_every_variant(fault: Fault) -> None:
    is_caught(fault, having(fault))


def having(fault: Fault) -> list[Variant]:
    """The variants that can have a fault."""
    return [one for one in repository().variants if KINDS[fault.kind] in one.stem]


def is_caught(fault: Fault, variants: list[Variant]) -> None:
    missed = {variant.stem: problem for variant in variants for problem in problems(fault, variant)}
    assert missed == {}


def problems(fault: Fault, variant: Variant) -> Iterator[str]:
    """What is not as it should be when the fault is in this variant."""
    text = variant.source.data.decode()
    good, bad, at = (filled(one, variant) for one in (fault.good, fault.bad, fault.at or fault.good))
    start = text.find(good)
    if start < 0:
        yield f"{good!r} is not in the file"
        return
    mutant = text[:start] + bad + text[start + len(good) :]
    found = lint({variant.path: mutant.encode("utf-8", "surrogateescape")}).findings
    if len(found) != 1:
        yield f"{len(found)} findings: {[(one.rule, one.place.start.line) for one in found]}"
        return
    (finding,) = found
    if finding.place.path != variant.path:
        yield f"found in {finding.place.path}"
    if finding.rule not in fault.rules.split() or convention().rules[finding.rule].family != fault.family:
        yield f"found by {finding.rule}"
    lines = touched(text, mutant, start, good, bad) if fault.at is None else {line_of(mutant, max(mutant.find(at), 0))}
    if finding.place.start.line not in lines:
        yield f"found in line {finding.place.start.line}, not {sorted(lines)}"


def touched(text: str, mutant: str, start: int, good: str, bad: str) -> set[int]:
    """The lines of the mutant in which it differs from the original."""
    first = next((at for at, (a, b) in enumerate(zip(good, bad, strict=False)) if a != b), min(len(good), len(bad)))
    return set(range(line_of(mutant, start + first), line_of(mutant, start + len(bad)) + 1))


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def filled(template: str, variant: Variant) -> str:
    """A fault's text with this variant's own values in its fields."""
    values = fields(variant)
    return re.sub(r"<([a-z0-9 ]+)>", lambda match: values.get(match[1], match[0]), template)


def fields(variant: Variant) -> dict[str, str]:
    assert variant.identity is not None
    own = variant.identity.expected(convention(), "main")
    text = {name: value for name, value in own.items() if isinstance(value, str)}
    flags = own["isa.flags"]
    names = own.get("gpu.names", ())
    lines = variant.source.data.decode().split("\n")
    description = next(line for line in lines if "description =" in line).partition("= ")[2].rstrip(";")
    arm, is_gpu = "aarch64" in text["isa.platform"], "gpu.sm" in text
    words = description.strip('"').partition(" [")
    return {
        "ort": text["ort.version"],
        "line1": lines[0],
        "line2": lines[1],
        "isa": text["isa.label"],
        "other isa": "AVX2" if text["isa.label"] != "AVX2" else "AVX-512",
        "lower isa": text["isa.label"].lower(),
        "cuda": text.get("cuda.version", "") if is_gpu else "",
        "cuda tag": text["cuda.tag"],
        "driver": text.get("cuda.driver", ""),
        "architecture": text.get("gpu.architecture", ""),
        "other architecture": "Ada" if text.get("gpu.architecture") != "Ada" else "Hopper",
        "sm": text.get("gpu.sm", ""),
        "other sm": "80" if text.get("gpu.sm") != "80" else "90",
        "gpus": ", ".join(names),
        "slashed": "/".join(names),
        "description": description,
        "tag first": f'"[{words[2]} {words[0]}"',
        "platform": text["isa.platform"],
        "other platform": "x86_64-linux" if arm else "aarch64-linux",
        "stem": text[STEM],
        "other stem": next(one.stem for one in repository().variants if one.stem != text[STEM]),
        "packages": "python312Packages" if text["python.tag"] == "312" else "python3Packages",
        "first flag": flags[0],
        "second flag": flags[1] if len(flags) > 1 else "",
        "last flag": flags[-1],
        "flag before": flags[-2] if len(flags) > 1 else "",
        "pin": text["pin.rev"],
    } | ({"support": "true", "not support": "false"} if is_gpu else {"support": "false", "not support": "true"})
