"""Files made to stop a run: whatever is in them, each ends in findings, in a time and memory that are bounded."""

from __future__ import annotations

import time

import pytest

from nixlint_ort.nix.evaluation import evaluate
from nixlint_ort.nix.parse import MAX_FILE, parse
from nixlint_ort.nix.syntax_errors import MAX_PROBLEMS
from nixlint_ort.nix.values import Unknown
from tests.support.linting import GPU, lint, original
from tests.support.representative import representative

SECONDS = 30.0
"""Of CPU, far above what any of these takes."""

HALF = MAX_FILE // 2 - 2
REFUSED = {
    "50 MB of brackets": (b"[" * 50_000_000, "200,000 bytes"),
    "a string of 10 MB": (b'"' + b"x" * 10_000_000 + b'"', "200,000 bytes"),
    "a line of a million characters": (b'"' + b"x" * 1_000_000 + b'"', "200,000 bytes"),
    "brackets": (b"[" * MAX_FILE, "unexpected"),
    "semicolons": (b";" * MAX_FILE, "unexpected"),
    "quotes": (b'"' * (MAX_FILE - 1), 'missing `"'),
    "parentheses": (b"(" * HALF + b"1" + b")" * HALF, "nested more than 1,000 levels deep"),
    "lets": (b"let a=1;in " * 18_000 + b"a", "nested more than 1,000 levels deep"),
    "functions": (b"x: " * 60_000 + b"x", "nested more than 1,000 levels deep"),
    "calls": (b"f " * 9_000, "nested more than 1,000 levels deep"),
    "a sum": (b"1+" * HALF + b"1", "stops reading a file after 2 seconds"),
    "a selection": (b"a" + b".b" * HALF, "stops reading a file after 2 seconds"),
    "minus signs": (b"-" * 190_000 + b"1", "stops reading a file after 2 seconds"),
    "trailing commas": (b"{a,}: " * 33_000 + b"1", "unexpected"),
    "many errors": (b"a = ; " * 3000, "unexpected"),
    "many unbound names": (b"[ " + b"a " * 90_000 + b"]", "undefined variable `a`"),
    "inherit in inherit": (b"{ inherit (" * 60 + b"nobody" + b") a b c; }" * 60, "undefined variable `nobody`"),
    "a number of 5,000 digits": (b"9" * 5000, "needs more than 64 bits"),
    "a NUL": (b"{ a = 1; }\0", "a zero byte"),
    "a byte order mark": (b"\xef\xbb\xbf{ }", "a byte order mark"),
    "a form feed": (b"{ }\f", "a form feed"),
    "a comment that a lone CR ends": (b"# a\r{ }\n1", "carriage return"),
    "nothing": (b"", "has no expression"),
}


UNTIL_THE_CLOCK = [name for name, (_, why) in REFUSED.items() if "after 2 seconds" in why]


@pytest.mark.parametrize("name", representative(REFUSED, [one for one in REFUSED if one not in UNTIL_THE_CLOCK[1:]]))
def test_a_file_that_cannot_be_judged_says_why_once(name: str) -> None:
    data, why = REFUSED[name]
    start = time.process_time()
    findings = lint({GPU: data}).findings
    assert time.process_time() - start < SECONDS
    assert 1 <= len(findings) <= MAX_PROBLEMS
    assert {one.rule for one in findings} == {"syntax-error"}
    assert why in findings[0].message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_another_encoding_is_one_finding(encoding: str) -> None:
    data = original(GPU).decode().encode(encoding)
    assert [one.rule for one in lint({GPU: data}).findings][:1] in (["unreadable-file"], ["syntax-error"])


HALF_A_PAIR = r'(builtins.fromJSON "\"\\ud800\"")'
UNSURE = {
    "half a surrogate pair": HALF_A_PAIR,
    "half a surrogate pair, matched": f'builtins.match "a" {HALF_A_PAIR}',
    "half a surrogate pair, hashed": f'builtins.hashString "md5" {HALF_A_PAIR}',
    "half a surrogate pair as a name": f"builtins.attrNames {{ ${{{HALF_A_PAIR}}} = 1; b = 2; }}",
    "JSON of 90,000 brackets": f'builtins.fromJSON "{"[" * 90_000}"',
    "a repetition out of range": 'builtins.match "a{99999999999}" "a"',
    "a repetition that runs backwards": 'builtins.match "a{3,2}" "a"',
    "a range that runs backwards": 'builtins.match "[z-a]" "a"',
    "(a+)+$": f'builtins.match "(a+)+$" "{"a" * 40}b"',
    "alternatives of the same text": f'builtins.match "(a|a)*b" "{"a" * 40}"',
    "many optional parts": f'builtins.match "{"a?" * 30}{"a" * 30}" "{"a" * 30}"',
    "many repeated parts": f'builtins.match "{"a*" * 20_000}" "{"a" * 20_000}"',
    "infinity rounded": "builtins.ceil (1.0e308 * 1.0e308)",
    "no number rounded": "builtins.floor ((1.0e308 * 1.0e308) - (1.0e308 * 1.0e308))",
    "a long text in JSON many times": f'let s = "{"x" * 90_000}"; in builtins.toJSON (builtins.genList (x: s) 90000)',
    "a string that grows": "builtins.foldl' (a: b: \"${a}x\") \"\" (builtins.genList (x: x) 100000)",
    "overrides without end": "builtins.foldl' (p: n: p.override { }) (import <nixpkgs> { }).hello (builtins.genList (x: x) 90000)",
    "a pattern matched very often": f'builtins.all (x: x) (builtins.genList (i: builtins.match "(.*)y" "{"a" * 1000}" == null) 100000)',
}  # fmt: skip


@pytest.mark.parametrize("name", UNSURE)
def test_a_value_that_is_too_much_work_is_unknown(name: str) -> None:
    document = parse(UNSURE[name].encode())
    assert document.problems == ()
    start = time.process_time()
    assert isinstance(evaluate(document).result, Unknown)
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "script",
    [
        r"export CXXFLAGS=\"$CXXFLAGS $CXXFLAGS -mavx\"\n" * 1000,
        r"CXXFLAGS+=\" -m\"\n" * 5000,
        rf"export CXXFLAGS=\"{'-m ' * 50_000}\"\n",
        r"CXXFLAGS=\"" + r"\\$a" * 30_000 + r"\"",
        " " * 150_000 + "x",
    ],
    ids=["doubling", "appending", "many words", "many references", "white space"],
)
def test_a_build_phase_without_end_is_a_finding(script: str) -> None:
    line = b'    preConfigure = "' + script.encode() + b'";\n  '
    data = original(GPU).replace(b"requiredSystemFeatures", line + b"requiredSystemFeatures")
    start = time.process_time()
    lint({GPU: data})
    assert time.process_time() - start < SECONDS
