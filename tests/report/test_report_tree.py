"""Whole runs in every format: over a tree in which every family fires, over nothing, and over hostile names on disk."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from nixlint_ort.report import FORMATS, render
from tests.report.test_report_hostile import HOSTILE, assert_harmless
from tests.support import everything
from tests.support.running import run

LONGEST = 200


def test_every_family_fires_in_the_tree() -> None:
    found = everything.result()
    assert {found.rules[one.rule].family for one in found.findings} >= everything.families()


def paths_in(name: str, report: str) -> list[bytes]:
    """The path of each finding, as a reader of the format sees it."""
    if name == "junit":
        cases = ET.fromstring(report).iter("testcase")
        return [os.fsencode(case.attrib["file"]) for case in cases if "file" in case.attrib]
    if name == "checkstyle":
        files = ET.fromstring(report)
        return [os.fsencode(file.attrib["name"]) for file in files for _ in file]
    if name == "json-lines":
        return [os.fsencode(json.loads(line)["path"]) for line in report.splitlines()]
    document = json.loads(report)
    if name == "sarif":
        places = [one["locations"][0]["physicalLocation"] for one in document["runs"][0]["results"]]
        return [unquote_to_bytes(place["artifactLocation"]["uri"]) for place in places]
    if name == "json":
        return [os.fsencode(one["path"]) for one in document["findings"]]
    places = [one["location"] for one in (document["diagnostics"] if name == "rdjson" else document)]
    return [os.fsencode(place["path"]) for place in places]


@pytest.mark.parametrize("name", sorted({*FORMATS} - {"full", "concise", "github", "azure"}))
def test_a_machine_reads_every_finding_of_the_tree(name: str) -> None:
    found = everything.result()
    assert paths_in(name, render(name, found)) == [os.fsencode(one.place.path) for one in found.findings]


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_names_on_disk(name: str, tmp_path: Path) -> None:
    pkgs = tmp_path / ".flox/pkgs"
    pkgs.mkdir(parents=True)
    texts = [text.replace("/", "") for text in HOSTILE if "\0" not in text and text != "\ud800 alone"]
    for text in texts:
        (pkgs / f"{text[:LONGEST]}.nix").write_bytes(
            f"# {text}\n{{ pkgs }}: pkgs.onnxruntime\n".encode("utf-8", "surrogateescape")
        )
    assert len(list(pkgs.iterdir())) == len(texts) >= 40
    done = run("--output-format", name, "--ignore", "repository", cwd=tmp_path)
    assert done.returncode == 1
    if name == "github":
        assert all(line.startswith("::error file=.flox/pkgs/") for line in done.stdout.splitlines())
    else:
        assert_harmless(name, done.stdout, color=False)
    assert all(char.isprintable() or char == "\n" for char in done.stdout + done.stderr)
    if name not in ("full", "concise", "github", "junit", "azure", "checkstyle"):
        assert {os.fsdecode(path) for path in paths_in(name, done.stdout)} == {
            f".flox/pkgs/{path.name}" for path in pkgs.iterdir()
        }
