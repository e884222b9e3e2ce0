"""Suppressions: on the line, alone on the line above, for a file; and those that are unused or unknown."""

import pytest

from linting import GPU, fix, lint, original, replace_once, shown

NAME = GPU.rsplit("/", 1)[-1]
WRONG = '  pname = "onnxruntime";'
CASES = {
    "on the line": (f"{WRONG} # nixlint-ort: ignore[pname] kept for old users", []),
    "in a block comment": (f"{WRONG} /* nixlint-ort: ignore[pname] kept for old users */", []),
    "alone above": (f"  # nixlint-ort: ignore[pname] kept for old users\n{WRONG}", []),
    "two above": (
        f"  # nixlint-ort: ignore[pname] kept\n  # nixlint-ort: ignore[description-isa]\n{WRONG}",
        ["unused-suppression 45:25"],
    ),
    "several at once": (f"{WRONG} # nixlint-ort: ignore[pname, ort-version] kept", ["unused-suppression 44:55"]),
    "for the file": (f"{WRONG} # nixlint-ort: ignore-file[pname]", []),
    "of another rule": (f"{WRONG} # nixlint-ort: ignore[variant-name]", ["pname 44:12", "unused-suppression 44:48"]),
    "of no rule": (f"{WRONG} # nixlint-ort: ignore[pnam]", ["pname 44:12", "unknown-suppression 44:48"]),
    "on another line": (f"{WRONG}\n  # nixlint-ort: ignore[pname]", ["pname 44:12", "unused-suppression 45:25"]),
    "in a string": (f"{WRONG} x = ''# nixlint-ort: ignore[pname]'';", ["pname 44:12"]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_what_is_left(text: str, expected: list[str]) -> None:
    result = lint({GPU: replace_once(original(GPU), "  pname = variantName;", text)})
    assert [one.replace(f"{NAME}:", "") for one in shown(result)] == expected


MISTYPED = [
    "# nixlint-ort: ignore",
    "# nixlint-ort: ignore[] later",
    "# nixlint-ort: ignore(pname)",
    "# nixlint-ort: disable=pname",
    "# nixlint-ort ignore[pname]",
    "#nixlint-ort:pname",
    "# Nixlint-ORT: Ignore[pname]",
    "# kept for old users, nixlint-ort: ignore-all",
    "/* nixlint-ort: ignore */",
]


@pytest.mark.parametrize("comment", MISTYPED)
def test_one_that_is_not_written_as_it_should_be_is_told_how(comment: str) -> None:
    data = replace_once(original(GPU), "  pname = variantName;", f"{WRONG} {comment}")
    pname, unknown = lint({GPU: data}).findings
    assert (pname.rule, unknown.rule, unknown.place.start.line) == ("pname", "unknown-suppression", 44)
    assert unknown.place.start.column == len(WRONG) + 2
    assert "is written `# nixlint-ort: ignore[rule-id] reason`" in unknown.message


@pytest.mark.parametrize("comment", ["# checked by nixlint-ort", "# see nixlint-ort's README: it says why"])
def test_a_comment_about_the_tool_is_none(comment: str) -> None:
    assert lint({GPU: replace_once(original(GPU), "  pname =", f"  {comment}\n  pname =")}).findings == ()


def test_a_suppressed_finding_keeps_its_reason_and_does_not_count() -> None:
    data = replace_once(original(GPU), "  pname = variantName;", CASES["on the line"][0])
    result = lint({GPU: data})
    assert [(one.finding.rule, one.reason) for one in result.suppressed] == [("pname", "kept for old users")]
    assert not result.failed(strict=True)


def test_a_comment_above_the_header_is_no_header() -> None:
    data = b"# nixlint-ort: ignore[header-driver] tested with it\n" + original(GPU).replace(
        b"driver 560+", b"driver 575+"
    )
    assert [one.rule for one in lint({GPU: data}).findings] == ["unused-suppression", "header-driver"]
    data = b"# nixlint-ort: ignore-file[header-driver] tested with it\n" + data.split(b"\n", 1)[1]
    assert lint({GPU: data}).findings == ()


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("  pname = variantName; # nixlint-ort: ignore[pname] why", "  pname = variantName;"),
        ("  # nixlint-ort: ignore[pname]\n  pname = variantName;", "  pname = variantName;"),
        ("  /* nixlint-ort: ignore[pname, ort-version] */ pname = variantName;", "  pname = variantName;"),
    ],
    ids=["behind its line", "above its line", "in front of its line"],
)
def test_unused_ones_are_taken_out(text: str, fixed: str) -> None:
    data = replace_once(original(GPU), "  pname = variantName;", text)
    (file,) = fix({GPU: data}).files.values()
    assert b" ".join(file.after.split()) == b" ".join(
        replace_once(original(GPU), "  pname = variantName;", fixed).split()
    )
