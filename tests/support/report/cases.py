"""Results to report on, and the reports that are expected of them, as files that read like the real thing.

The expected reports are in tests/fixtures/report/<case>/<format>.txt. After a change that is meant to change them,
`python -m tests.support.report.cases` writes them anew; read the difference before it is committed.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from nixlint_ort import __version__
from nixlint_ort.check.result import Result, Suppressed
from nixlint_ort.convention import Rule
from nixlint_ort.convention.example import Example, ExampleScope
from nixlint_ort.finding import Edit, Finding, Fix, Place, Related, Safety, Severity
from nixlint_ort.report import FORMATS, render
from nixlint_ort.source import Source, Span

EXPECTED = Path(__file__).resolve().parents[2] / "fixtures" / "report"

GPU = Source(
    ".flox/pkgs/onnxruntime-python313-cuda12_9-sm90-avx512.nix",
    """\
# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512
# CUDA 12.9 — Requires NVIDIA driver 535+
{ pkgs ? import <nixpkgs> {} }:
let
\tortVersion = "1.22.0"; # 版本
  variantName = "onnxruntime-python313-cuda12_9-sm90-avx512";
in {
  pname = variantName;
  meta = {
    description = "ONNX Runtime ${ortVersion} for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]";
  };
}
""".encode(),
)
ODD = Source(
    ".flox/pkgs/100% émoji 🚀, [a](b): ` #1.nix",
    b"# e\xcc\x81\xe7\x89\x88\xe6\x9c\xac \xe2\x80\x94 \xff here\r\n"
    + b"x" * 150
    + b" wrong "
    + b"y" * 150
    + b"\r\n[\r\n  1\r\n  2\r\n]",
)


def place(source: Source, text: str, *, size: int | None = None) -> Place:
    """The place of the first occurrence of a text."""
    start = source.data.index(text.encode())
    return Place(source, Span(start, start + (len(text.encode()) if size is None else size)))


def replacing(where: Place, text: str) -> Edit:
    return Edit(where.path, where.span.start, where.span.end, text)


def rule(rule_id: str, family: str, severity: Severity, good: str, bad: str) -> Rule:
    """Of a rule, what reports read."""
    stand_in = SimpleNamespace(
        id=rule_id,
        family=family,
        severity=severity,
        summary=f"What `{rule_id}` wants.",
        why=f"Why `{rule_id}` is there: see [the manual] for more.",
        example=Example("onnxruntime-python313-cuda12_9-sm90-avx512", ExampleScope.TEXT, good, bad),
    )
    return cast(Rule, stand_in)


DRIVER = place(GPU, "535")
ORT = place(GPU, "1.22.0")
HEADER_DRIVER = Finding(
    rule="header-driver",
    severity=Severity.ERROR,
    message="header says driver 535+, but CUDA 12.9 needs 560+",
    place=DRIVER,
    expected="560",
    actual="535",
    fix=Fix(Safety.SAFE, (replacing(DRIVER, "560"),)),
    arguments={"actual": "535", "cuda.version": "12.9", "expected": "560"},
    cause="header-driver-1a2b3c4d",
    url="docs/rules/header-driver.md",
)
ORT_VERSION = Finding(
    rule="description-ort-version",
    severity=Severity.WARNING,
    message="description says ONNX Runtime 1.22.0, but release main is 1.23.2",
    place=ORT,
    expected="1.23.2",
    actual="1.22.0",
    related=(Related(place(GPU, "${ortVersion}"), "used here"),),
    fix=Fix(Safety.UNSAFE, (replacing(ORT, "1.23.2"), Edit(GPU.path, len(GPU.data), len(GPU.data), "# end\n"))),
)
RULES = {
    "header-driver": rule("header-driver", "header", Severity.ERROR, "# … driver 560+", "# … driver 535+ ```sh"),
    "description-ort-version": rule(
        "description-ort-version", "meta", Severity.WARNING, '"ONNX Runtime 1.23.2"', '"ONNX Runtime 1.22.0"\n'
    ),
    "filename-format": rule(
        "filename-format", "naming", Severity.ERROR, "onnxruntime-python313-cpu-avx2", "onnxruntime"
    ),
}
FINDINGS = (
    Finding(
        rule="filename-format",
        severity=Severity.ERROR,
        message="The name fits no kind of variant.",
        place=Place(ODD, Span(0, 0)),
        expected=("onnxruntime-python313-cpu-avx2\nor", "none"),
        actual=(),
        fix=Fix(Safety.UNSAFE, (), ".flox/pkgs/onnxruntime-python313-cpu-avx2.nix"),
    ),
    Finding("wide", Severity.WARNING, "After wide and combining characters [see](this).", place(ODD, "here")),
    Finding(
        rule="long-line",
        severity=Severity.INFO,
        message="In the middle of a long line.",
        place=place(ODD, "wrong"),
        fix=Fix(Safety.SAFE, (replacing(place(ODD, " wrong"), ""),)),
    ),
    Finding("several-lines", Severity.INFO, "Over several lines.", place(ODD, "[\r\n", size=13)),
    HEADER_DRIVER,
    ORT_VERSION,
    Finding("syntax-error", Severity.ERROR, "Something is missing here.", place(GPU, "\nlet", size=0)),
    Finding("wide", Severity.INFO, "The same word twice.", place(GPU, "版本")),
)
CASES = {
    "clean": Result(findings=(), files=58, rules=RULES),
    "one-wrong-header": Result(findings=(HEADER_DRIVER,), files=1, rules=RULES),
    "every-kind": Result(
        findings=FINDINGS,
        files=58,
        rules=RULES,
        suppressed=(Suppressed(ORT_VERSION, "the wheel is older"), Suppressed(HEADER_DRIVER, None)),
    ),
}


def expected_file(case: str, name: str) -> Path:
    return EXPECTED / case / f"{name}.txt"


def report(case: str, name: str) -> str:
    """The report on a case, without this package's version, which is none of the report's business."""
    return render(name, CASES[case]).replace(f'"{__version__}"', '"0.0.0"')


def write_expected() -> None:
    for case in CASES:
        for name in FORMATS:
            expected_file(case, name).parent.mkdir(parents=True, exist_ok=True)
            expected_file(case, name).write_text(report(case, name), encoding="utf-8")


if __name__ == "__main__":
    write_expected()
