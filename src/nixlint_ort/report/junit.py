"""The `junit` format: each file with findings is a test suite, each finding a test that failed."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from nixlint_ort.finding import Finding
from nixlint_ort.report.escape import xml_text

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result


def render(result: Result) -> str:
    """The report as an XML document; a clean run is one test that passed, since no test at all reads as a failure."""
    lines = [_suites(result)]
    for path, group in groupby(result.findings, lambda finding: finding.place.path):
        findings = list(group)
        lines.append(f"  <testsuite{_attributes(name=path, tests=len(findings), failures=len(findings))}>")
        for finding in findings:
            lines += _case(finding)
        lines.append("  </testsuite>")
    if not result.findings:
        lines.append('  <testsuite name="nixlint-ort" tests="1" failures="0">')
        lines.append('    <testcase name="no findings" classname="nixlint-ort" />')
        lines.append("  </testsuite>")
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *lines, "</testsuites>", ""])


def _suites(result: Result) -> str:
    tests = len(result.findings) or 1
    return f"<testsuites{_attributes(name='nixlint-ort', tests=tests, failures=len(result.findings))}>"


def _case(finding: Finding) -> list[str]:
    start = finding.place.start
    name = f"{finding.rule} at {start.line}:{start.column}"
    case = _attributes(name=name, classname=finding.place.path, file=finding.place.path, line=start.line)
    failure = _attributes(type=finding.severity.value, message=finding.message)
    details = xml_text(f"{finding.place.path}:{start.line}:{start.column}: {finding.message}")
    return [f"    <testcase{case}>", f"      <failure{failure}>{details}</failure>", "    </testcase>"]


def _attributes(**values: str | int) -> str:
    return "".join(f' {name}="{xml_text(str(value))}"' for name, value in values.items())
