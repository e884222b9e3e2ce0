"""What each format makes of the cases in tests/support/report/cases.py, and what its readers rely on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import unquote

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.finding import Edit, Finding, Fix, Place, Related, Safety, Severity
from nixlint_ort.report import FOR_PEOPLE, FORMATS, render
from nixlint_ort.source import Source, Span
from tests.support.report.cases import (
    CASES,
    DRIVER,
    EXPECTED,
    FINDINGS,
    GPU,
    HEADER_DRIVER,
    ODD,
    RULES,
    expected_file,
    place,
    report,
)

EVERY = CASES["every-kind"]
SGR = re.compile(r"\x1b\[[0-9;]*m")


def parsed(name: str, result: Result) -> Any:
    return json.loads(render(name, result))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_a_report_is_as_expected(case: str, name: str) -> None:
    assert report(case, name) == expected_file(case, name).read_text(encoding="utf-8")


def test_no_expected_report_is_left_over() -> None:
    assert {path for path in EXPECTED.rglob("*") if path.is_file()} == {
        expected_file(case, name) for case in CASES for name in FORMATS
    }


def test_an_unknown_format_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="yaml"):
        render("yaml", CASES["clean"])


def test_a_format_is_imported_only_when_asked_for() -> None:
    program = (
        "import sys, nixlint_ort.report\n"
        "found = {m for m in sys.modules if m.startswith('nixlint_ort.report.') or m == 'json'}\n"
        "assert found == {'nixlint_ort.report.layout'}, found"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("name", FOR_PEOPLE)
@pytest.mark.parametrize("case", CASES)
def test_colour_only_adds_colour(case: str, name: str) -> None:
    plain, coloured = render(name, CASES[case]), render(name, CASES[case], color=True)
    assert "\x1b" not in plain
    assert SGR.search(coloured)
    assert SGR.sub("", coloured) == plain


def test_colour_is_for_people_only() -> None:
    for name in set(FORMATS) - set(FOR_PEOPLE):
        assert render(name, EVERY, color=True) == render(name, EVERY)


@pytest.mark.parametrize(
    ("result", "summary"),
    [
        (Result((), 58), "58 files checked, no findings"),
        (Result((HEADER_DRIVER,), 1), "1 file checked, 1 error; 1 fixable with --fix"),
        (
            Result(FINDINGS, 2),
            "2 files checked, 3 errors, 2 warnings, 3 info; 2 fixable with --fix; 2 more with --fix --unsafe-fixes",
        ),
        (Result((FINDINGS[0],), 2), "2 files checked, 1 error; 1 fixable with --fix --unsafe-fixes"),
        (EVERY._replace(findings=()), "58 files checked, no findings, 2 suppressed"),
    ],
)
def test_the_last_line_sums_up(result: Result, summary: str) -> None:
    for name in FOR_PEOPLE:
        assert render(name, result).splitlines()[-1] == summary


@pytest.mark.parametrize(
    ("fix", "words"),
    [
        (Fix(Safety.SAFE, (Edit(GPU.path, 0, 0, "# new\n"),)), "insert `# new`"),
        (Fix(Safety.SAFE, (Edit(GPU.path, 0, 2, ""),)), "remove `# `"),
        (Fix(Safety.SAFE, (Edit("other.nix", 0, 2, "x"),)), "edit other.nix"),
        (Fix(Safety.SAFE, (Edit(GPU.path, 0, 2, "x" * 200),)), f"write `{'x' * 100}…`"),
        (
            Fix(Safety.UNSAFE, (Edit(GPU.path, 0, 1, "y"),), "a.nix"),
            "write `y` and rename the file to `a.nix` (unsafe)",
        ),
    ],
)
def test_a_fix_is_told_in_a_few_words(fix: Fix, words: str) -> None:
    text = render("full", Result((HEADER_DRIVER._replace(fix=fix),), 1))
    assert f" = fix: {words}\n" in text


def test_json_keeps_its_contract() -> None:
    document = parsed("json", CASES["one-wrong-header"])
    assert json.dumps(document) == json.dumps(
        {
            "version": 1,
            "summary": {"files": 1, "error": 1, "warning": 0, "info": 0, "fixable": 1},
            "findings": [
                {
                    "rule": "header-driver",
                    "severity": "error",
                    "message": HEADER_DRIVER.message,
                    "url": "docs/rules/header-driver.md",
                    "arguments": {"actual": "535", "cuda.version": "12.9", "expected": "560"},
                    "cause": HEADER_DRIVER.cause,
                    "path": GPU.path,
                    "range": {
                        "start": {"line": 2, "column": 38, "offset": DRIVER.span.start},
                        "end": {"line": 2, "column": 41, "offset": DRIVER.span.end},
                    },
                    "expected": "560",
                    "actual": "535",
                    "related": [],
                    "fix": {
                        "safety": "safe",
                        "edits": [
                            {
                                "path": GPU.path,
                                "start": DRIVER.span.start,
                                "end": DRIVER.span.end,
                                "text": "560",
                            }
                        ],
                        "rename": None,
                    },
                }
            ],
        }
    )


def test_json_lines_are_the_findings_of_json_and_the_suppressed_ones() -> None:
    lines = [json.loads(line) for line in render("json-lines", EVERY).splitlines()]
    document = parsed("json", EVERY)
    assert lines == document["findings"] + document["suppressed"]
    assert [line.get("reason", "none") for line in lines] == ["none"] * 8 + ["the wheel is older", None]


def test_gitlab_fingerprints_are_unique_and_outlive_a_move() -> None:
    twice = Result((HEADER_DRIVER, HEADER_DRIVER), 1)
    fingerprints = [issue["fingerprint"] for issue in parsed("gitlab", twice)]
    assert len(set(fingerprints)) == 2
    moved = Source(GPU.path, b"\n\n" + GPU.data)
    down = HEADER_DRIVER._replace(place=place(moved, "535"))
    assert parsed("gitlab", Result((down,), 1))[0]["fingerprint"] == fingerprints[0]
    assert parsed("gitlab", Result((down,), 1))[0]["location"]["lines"] == {"begin": 4, "end": 4}


def test_gitlab_has_what_code_quality_requires() -> None:
    for issue in parsed("gitlab", EVERY):
        assert list(issue) == ["description", "check_name", "fingerprint", "severity", "location"]
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert re.fullmatch(r"[0-9a-f]{64}", issue["fingerprint"])
        assert issue["location"]["lines"]["begin"] >= 1


def test_sarif_regions_point_at_the_text() -> None:
    run = parsed("sarif", EVERY)["runs"][0]
    sources = {source.path: source for source in (GPU, ODD)}
    found = list(regions(run))
    assert len(found) == 10 + 2 + 7  # places, related places, edits
    for path, region in found:
        data = sources[path].data
        lines = data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
        offset, length = region["byteOffset"], region["byteLength"]
        text = data[offset : offset + length].decode("utf-8", "replace").replace("\r\n", "\n")
        start, end = region["startLine"] - 1, region["endLine"] - 1
        picked = lines[start : end + 1]
        picked[-1] = picked[-1][: region["endColumn"] - 1]
        picked[0] = picked[0][region["startColumn"] - 1 :]
        assert "\n".join(picked) == text


def regions(run: dict[str, Any]) -> list[tuple[str, dict[str, int]]]:
    """Every region of a run, with its file's path."""
    found = []
    for result in run["results"]:
        for location in result["locations"] + result.get("relatedLocations", []):
            physical = location["physicalLocation"]
            found.append((unquote(physical["artifactLocation"]["uri"]), physical["region"]))
        for fix in result.get("fixes", []):
            for change in fix["artifactChanges"]:
                path = unquote(change["artifactLocation"]["uri"])
                found += [(path, replacement["deletedRegion"]) for replacement in change["replacements"]]
    return found


def test_sarif_uris_are_percent_encoded() -> None:
    run = parsed("sarif", EVERY)["runs"][0]
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == ".flox/pkgs/100%25%20%C3%A9moji%20%F0%9F%9A%80%2C%20%5Ba%5D%28b%29%3A%20%60%20%231.nix"


def test_sarif_results_name_their_rule_and_suppression() -> None:
    run = parsed("sarif", EVERY)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert set(RULES) < {rule["id"] for rule in rules}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert [result["suppressions"] for result in run["results"]] == [
        *[[]] * 8,
        [{"kind": "inSource", "justification": "the wheel is older"}],
        [{"kind": "inSource"}],
    ]


def test_sarif_markdown_has_a_fence_that_its_code_does_not_close() -> None:
    rules = parsed("sarif", CASES["clean"])["runs"][0]["tool"]["driver"]["rules"]
    markdown = next(rule["help"]["markdown"] for rule in rules if rule["id"] == "header-driver")
    assert "\n````nix\n# … driver 535+ ```sh\n````\n" in markdown


def test_sarif_leaves_out_a_fix_in_a_file_it_has_not_seen() -> None:
    fix = Fix(Safety.SAFE, (Edit(GPU.path, 0, 1, ""), Edit("README.md", 0, 1, "")))
    result = parsed("sarif", Result((HEADER_DRIVER._replace(fix=fix),), 1))["runs"][0]["results"][0]
    assert "fixes" not in result


def test_rdjson_columns_count_bytes_and_a_suggestion_is_the_fix() -> None:
    diagnostics = parsed("rdjson", EVERY)["diagnostics"]
    for diagnostic, finding in zip(diagnostics, FINDINGS, strict=True):
        source = finding.place.source
        assert place_of(source, diagnostic["location"]["range"]) == finding.place.span
        edits = finding.fix.edits if finding.fix else ()
        assert bool(edits) == ("suggestions" in diagnostic)
        for suggestion in diagnostic.get("suggestions", []):
            span = place_of(source, suggestion["range"])
            suggested = source.data[: span.start] + suggestion["text"].encode() + source.data[span.end :]
            fixed = source.data
            for edit in reversed(edits):
                fixed = fixed[: edit.start] + edit.text.encode() + fixed[edit.end :]
            assert suggested == fixed


def place_of(source: Source, where: dict[str, dict[str, int]]) -> Span:
    start, end = (
        source.line_span(position["line"]).start + position["column"] - 1 for position in (where["start"], where["end"])
    )
    return Span(start, end)


@pytest.mark.parametrize(
    "edits",
    [
        (Edit(GPU.path, 0, 1, ""), Edit("README.md", 0, 1, "")),
        (Edit(ODD.path, 0, 1, "x"), Edit(ODD.path, len(ODD.data), len(ODD.data), "x")),
    ],
    ids=["in another file", "around a byte that is not UTF-8"],
)
def test_rdjson_suggests_nothing_that_it_cannot_say(edits: tuple[Edit, ...]) -> None:
    finding = FINDINGS[0]._replace(fix=Fix(Safety.SAFE, edits))
    assert "suggestions" not in parsed("rdjson", Result((finding,), 1))["diagnostics"][0]


def test_junit_counts_add_up() -> None:
    for case in CASES.values():
        root = ET.fromstring(render("junit", case))
        assert root.tag == "testsuites"
        for counted, tag in (("tests", "testcase"), ("failures", "failure")):
            assert int(root.attrib[counted]) == len(list(root.iter(tag)))
            for suite in root:
                assert int(suite.attrib[counted]) == len(list(suite.iter(tag)))
        assert len(list(root.iter("testcase"))) >= 1


def test_related_places_in_other_files_are_shown() -> None:
    related = Related(place(ODD, "wrong"), "the odd one")
    finding: Finding = HEADER_DRIVER._replace(related=(related,), severity=Severity.INFO)
    assert f" = note: {ODD.path}:2:152: the odd one\n" in render("full", Result((finding,), 2))
    locations = parsed("sarif", Result((finding,), 2))["runs"][0]["results"][0]["relatedLocations"]
    assert [location["id"] for location in locations] == [1]
    assert parsed("rdjson", Result((finding,), 2))["diagnostics"][0]["related_locations"][0]["location"]["path"] == (
        ODD.path
    )


def test_github_omits_columns_over_several_lines() -> None:
    several = Finding("r", Severity.INFO, "m", Place(GPU, Span(0, len(GPU.data))))
    assert render("github", Result((several,), 1)) == (
        f"::notice file={GPU.path},line=1,endLine=13,title=nixlint-ort%3A r::m\n"
    )
