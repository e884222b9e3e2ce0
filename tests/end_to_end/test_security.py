"""The threat model names a test for every threat, and there is such a test."""

import re

from tests.support.linting import ROOT

ROWS = re.findall(r"^\|(.+)\|(.+)\|(.+)\|$", (ROOT / "SECURITY.md").read_text("utf-8"), re.MULTILINE)[2:]


def test_every_threat_has_a_test_that_exists() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("**/test_*.py"))
    tests = set(re.findall(r"^def (test_\w+)", code, re.MULTILINE))
    assert len(ROWS) > 20
    for threat, _, named in ROWS:
        names = re.findall(r"`(\w+)`", named)
        assert names, threat
        assert set(names) <= tests, threat
