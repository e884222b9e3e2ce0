"""Names and texts made to break out of a report, in every format."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nixlint_ort.check.result import Result, Suppressed
from nixlint_ort.finding import Edit, Finding, Fix, Place, Related, Safety, Severity
from nixlint_ort.report import FOR_PEOPLE, FORMATS, render
from nixlint_ort.report.escape import json_text, visible, without_commands, xml_text
from nixlint_ort.source import Source, Span
from tests.support.report.cases import RULES

HOSTILE = [
    "\n::error file=a.nix::forged",
    "\r::warning::forged",
    "::error::forged",
    "  ::set-output name=x::y",
    "\t::add-mask::x",
    "\u3000::error::forged",
    "\x1b[31m::error::forged",
    "a\u2028::error::forged",
    "a\x85::error::forged",
    "##[error]forged",
    "x ##[set-env name=PATH]/tmp",
    "###[command]x",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[message text='x']",
    "100%",
    "%0A::error::forged",
    "%25,file=b.nix",
    "a,line=1",
    "a:b,c%d",
    "\x1b[2J\x1b[H",
    "\x1b]0;title\x07",
    "\x1b]8;;http://x/\x1b\\link",
    "\x9b31m",
    "\x00nul",
    "\x7fdelete",
    "back\x08space",
    "form\x0cfeed\x0btab",
    "left \u202egnp.nix",
    "\u2066isolate\u2069",
    "\u200bzero\ufeffwidth\u00ad",
    "\udcff\udc80 not UTF-8",
    "\ud800 alone",
    "\ufffe \uffff",
    "]]>",
    "<failure/>&amp;'\"",
    "<!--",
    "\\",
    "\\u0041\\n",
    '"}], "version": 2',
    "[link](http://example.org)",
    "{0} {{1}}",
    "```",
    "../../etc/passwd",
    "--config=evil.nix",
    "\U000e0041\U0001f468\u200d\U0001f469 e\u0301\u0301\u0301",
    "section_start:0:x\r\x1b[0K",
]
FORBIDDEN_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def result_with(text: str) -> Result:
    """A result in which the text is wherever a file or its name can put it."""
    line = f"x = {text};\n".encode("utf-8", "surrogatepass")
    source = Source(text, line)
    whole = Place(source, Span(4, len(line) - 2))
    finding = Finding(
        rule="header-driver",
        severity=Severity.ERROR,
        message=text,
        place=whole,
        expected=text,
        actual=text,
        related=(Related(whole, text),),
        fix=Fix(Safety.SAFE, (Edit(text, 4, 5, text),), text),
    )
    odd_rule = Finding(text, Severity.WARNING, f"`{text}` is wrong", Place(source, Span(0, 0)))
    return Result((finding, odd_rule), 1, rules=RULES, suppressed=(Suppressed(finding, text),))


@pytest.mark.parametrize("color", [False, True], ids=["plain", "coloured"])
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_nothing_breaks_out(text: str, name: str, color: bool) -> None:
    report = render(name, result_with(text), color=color)
    assert_harmless(name, report, color=color)
    if name == "concise":
        assert report.count("\n") == 4


@given(st.text(st.one_of(st.sampled_from(":#[%\n\r\x1b\ud800\udcff ;,]vso"), st.characters())))
def test_nothing_breaks_out_whatever_the_text(text: str) -> None:
    result = result_with(text)
    for name in FORMATS:
        report = render(name, result)
        assert_harmless(name, report, color=False)
        if name in READERS:
            READERS[name](report, text)


def assert_harmless(name: str, report: str, *, color: bool) -> None:
    if color and name in FOR_PEOPLE:
        report = re.sub(r"\x1b\[[0-9;]*m", "", report)
    assert [char for char in report if not char.isprintable() and char != "\n"] == []
    report.encode("utf-8")
    if name == "azure":  # its lines are commands on purpose, and hold no other
        lines = report.splitlines()
        assert all(line.startswith("##vso[task.logissue ") for line in lines)
        report = "\n".join(line.removeprefix("##vso") for line in lines)
    assert re.search(r"##\w*\[", report) is None
    commands = [line for line in re.split(r"[\r\n]", report) if line.strip().startswith("::")]
    if name == "github":
        assert len(commands) == report.count("\n") == 2
        assert all(re.match(r"::(error|warning) file=[^:,]*,line=1,", line) for line in commands)
    else:
        assert commands == []
    if name not in FOR_PEOPLE and name not in ("github", "azure"):
        assert report.isascii()


def read_json(report: str, text: str) -> None:
    document = json.loads(report)
    assert_same(document["findings"][0], text)
    assert_same(document["suppressed"][0], text)
    assert document["suppressed"][0]["reason"] == text


def read_json_lines(report: str, text: str) -> None:
    first, second, suppressed = map(json.loads, report.splitlines())
    assert_same(first, text)
    assert second["rule"] == text
    assert_same(suppressed, text)


def assert_same(finding: dict[str, Any], text: str) -> None:
    assert {finding[key] for key in ("message", "path", "expected", "actual")} == {text}
    assert finding["related"][0]["message"] == finding["related"][0]["path"] == text
    assert finding["fix"]["rename"] == text
    assert finding["fix"]["edits"][0]["path"] == finding["fix"]["edits"][0]["text"] == text


def read_gitlab(report: str, text: str) -> None:
    first, second = json.loads(report)
    assert (first["description"], first["location"]["path"], second["check_name"]) == (text, text, text)


def read_sarif(report: str, text: str) -> None:
    run = json.loads(report)["runs"][0]
    first, second, suppressed = run["results"]
    assert second["ruleId"] == text
    assert suppressed["suppressions"][0].get("justification", "") == text
    for location in (*first["locations"], *first["relatedLocations"], *first["fixes"][0]["artifactChanges"]):
        artifact = location.get("physicalLocation", location)["artifactLocation"]
        assert re.fullmatch(r"[A-Za-z0-9%/._~-]*", artifact["uri"])
        assert unquote_to_bytes(artifact["uri"]) == file_name_bytes(text)
    assert first["message"]["text"].replace("\\](", "](") == text.replace("\\](", "](")
    assert re.search(r"(?<!\\)\]\(", first["message"]["text"]) is None
    assert first["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == text


def file_name_bytes(name: str) -> bytes:
    """A name as Python hands it to the file system; a few are such that no file can have them."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass")


def read_junit(report: str, text: str) -> None:
    expected = FORBIDDEN_IN_XML.sub(lambda found: visible(found[0]), text)
    root = ET.fromstring(report)
    first, second = root.iter("testcase")
    assert first.attrib["file"] == first.attrib["classname"] == expected
    assert second.attrib["name"] == f"{expected} at 1:1"
    assert first[0].attrib["message"] == expected
    assert (first[0].text or "").endswith(f": {expected}")


def read_rdjson(report: str, text: str) -> None:
    first, second = json.loads(report)["diagnostics"]
    assert (first["message"], first["location"]["path"], second["code"]["value"]) == (text, text, text)
    assert first["suggestions"][0]["text"] == text


def read_github(report: str, text: str) -> None:
    """As GitHub's runner does: split at the first `::` after the command, at commas and `=`, then decode."""
    command = re.fullmatch(r"::error (.*?)::(.*)", report.split("\n", maxsplit=1)[0])
    assert command is not None
    properties = dict(item.split("=", 1) for item in command[1].split(","))
    assert next(iter(properties)) == "file"
    file = properties["file"].replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
    assert file == without_hashes(visible(text))
    lines = [line.replace("%25", "%") for line in command[2].split("%0A")]
    assert lines == [without_hashes(visible(line)) for line in text.replace("\r\n", "\n").split("\n")]


def read_azure(report: str, text: str) -> None:
    """As the agent of Azure Pipelines does: properties end at `;`, the command at `]`, and escapes are decoded."""
    command = re.fullmatch(r"##vso\[task.logissue (.*?)\](.*)", report.split("\n", maxsplit=1)[0])
    assert command is not None
    properties = dict(item.split("=", 1) for item in command[1].rstrip(";").split(";"))
    assert (properties["type"], properties["linenumber"]) == ("error", "1")
    path = properties["sourcepath"].replace("%3B", ";").replace("%5D", "]").replace("%AZP25", "%")
    assert path == command[2].replace("%AZP25", "%") == without_hashes(visible(text))


def read_checkstyle(report: str, text: str) -> None:
    expected = FORBIDDEN_IN_XML.sub(lambda found: visible(found[0]), text)
    first, second = ET.fromstring(report).iter("error")
    assert (first.attrib["message"], first.attrib["line"], first.attrib["severity"]) == (expected, "1", "error")
    assert second.attrib["source"] == f"nixlint-ort.{expected}"
    assert next(file.attrib["name"] for file in ET.fromstring(report)) == expected


def without_hashes(text: str) -> str:
    return re.sub(r"##(?=\w*\[)", r"#\\x23", text)


READERS: dict[str, Callable[[str, str], None]] = {
    "json": read_json,
    "json-lines": read_json_lines,
    "gitlab": read_gitlab,
    "sarif": read_sarif,
    "junit": read_junit,
    "rdjson": read_rdjson,
    "github": read_github,
    "azure": read_azure,
    "checkstyle": read_checkstyle,
}


def test_each_format_for_machines_has_a_reader_here() -> None:
    assert set(READERS) | set(FOR_PEOPLE) == set(FORMATS)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_what_is_read_back_is_the_original(text: str, name: str) -> None:
    READERS[name](render(name, result_with(text)), text)


def test_there_are_as_many_as_promised() -> None:
    assert len(set(HOSTILE)) >= 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain — 版本", "plain — 版本"),
        ("a\tb\r\n", r"a\tb\r\n"),
        ("\x1b[0m", r"\x1b[0m"),
        ("\u202e", r"\u202e"),
        ("\U000e0041", r"\U000e0041"),
        ("\udcff", r"\xff"),
        ("\ud800", r"\ud800"),
        ("\u00a0", r"\xa0"),
    ],
)
def test_what_does_not_print_is_made_visible(text: str, expected: str) -> None:
    assert visible(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n  ::error::x", "a\n  \\x3a:error::x"),
        ("a ::error::x", "a ::error::x"),
        ("\x1b[1m::error", "\x1b[1m\\x3a:error"),
        ("### [title]", "### [title]"),
        ("##[x] ###[y]", r"#\x23[x] ##\x23[y]"),
    ],
)
def test_a_command_in_text_for_people_is_defused(text: str, expected: str) -> None:
    assert without_commands(text) == expected


@pytest.mark.parametrize("text", ["##[x]", "\x7f", "\u2028", "\udcff", "é"], ids=ascii)
def test_json_and_xml_stay_ascii(text: str) -> None:
    assert json_text(text).isascii()
    assert json.loads(json_text({text: text}, indent=2)) == {text: text}
    assert xml_text(text).isascii()
