"""Hands reports to programs that read them: Microsoft's SARIF multitool, the official SARIF schema, junitparser.

They are big and come from npm and PyPI, so the test suite leaves them out: `python tests/report/consumers.py` installs
them into a temporary folder and says what they refuse. It needs npm, and Linux on x86-64.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from report_cases import CASES
from test_report_hostile import HOSTILE, result_with

from nixlint_ort.report import render

MULTITOOL = "@microsoft/sarif-multitool-linux@5.7.0"
PYTHON_PACKAGES = ("check-jsonschema==0.39.0", "junitparser==5.0.3")


def reports(name: str) -> dict[str, str]:
    """The reports on every case and every hostile text, by the name of a file for each."""
    results = {**CASES, **{f"hostile-{at:02}": result_with(text) for at, text in enumerate(HOSTILE)}}
    return {f"{case}.{name}": render(name, result) for case, result in results.items()}


def run(*command: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, **(env or {})})


def install(folder: Path) -> Path:
    """Install the consumers; returns the multitool's folder."""
    npm = run("npm", "install", "--silent", "--no-save", "--prefix", folder, MULTITOOL)
    pip = run(sys.executable, "-m", "pip", "install", "--quiet", "--target", folder / "python", *PYTHON_PACKAGES)
    if npm.returncode or pip.returncode:
        raise SystemExit(npm.stderr + pip.stderr)
    package = folder / "node_modules" / "@microsoft" / "sarif-multitool-linux"
    (package / "Sarif.Multitool").chmod(0o755)
    return package


def refusals(folder: Path) -> list[str]:
    """What the consumers have to say against the reports."""
    package = install(folder)
    env = {"PYTHONPATH": str(folder / "python"), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    found = []
    for name in ("sarif", "junit"):
        for file, text in reports(name).items():
            (folder / file).write_text(text, encoding="utf-8")
    sarif = sorted(folder.glob("*.sarif"))

    schema = package / "sarif-2.1.0.json"
    checked = run(sys.executable, "-m", "check_jsonschema", "--schemafile", schema, *sarif, env=env)
    if checked.returncode:
        found.append(checked.stdout + checked.stderr)

    log = folder / "multitool.json"
    output = run(
        *(package / "Sarif.Multitool", "validate", folder / "*.sarif", "--output", log),
        *("--log", "ForceOverwrite", "--level", "Error"),
        env=env,
    )
    if not log.exists():
        raise SystemExit(output.stdout + output.stderr)
    if f" {len(sarif)} files scanned" not in output.stdout:
        found.append(f"the multitool did not read all reports: {output.stdout}")
    [validation] = json.loads(log.read_text(encoding="utf-8-sig"))["runs"]
    found += [json.dumps(result) for result in validation["results"] if result.get("level") == "error"]

    program = (
        "import sys, junitparser as j\nfor f in sys.argv[1:]: assert sum(1 for s in j.JUnitXml.fromfile(f) for c in s)"
    )
    read = run(sys.executable, "-c", program, *sorted(folder.glob("*.junit")), env=env)
    if read.returncode:
        found.append(read.stderr)
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        told = refusals(Path(name))
    sys.exit("\n".join(told) if told else 0)
