"""Suppressions: on the line, alone on the line above, for a file; and those that are unused or unknown."""

import re

import pytest

from tests.support.linting import GPU, expected, fix, lint, original, replace_once, repository, told

WRONG = '  pname = "onnxruntime";'
CASES = {
    "on the line": f"{WRONG} # nixlint-ort: ignore[pname] kept for old users",
    "in a block comment": f"{WRONG} /* nixlint-ort: ignore[pname] kept for old users */",
    "alone above": f"  # nixlint-ort: ignore[pname] kept for old users\n{WRONG}",
    "alone above in a block comment": f"  /* nixlint-ort: ignore[pname]\n     kept for old users */\n{WRONG}",
    "in two lines behind the wrong one": f"{WRONG} /* nixlint-ort: ignore[pname]\n */ version = oldAttrs.version;",
    "in two lines before the wrong one": f"  version = oldAttrs.version; /* nixlint-ort: ignore[pname]\n */{WRONG}",
    "behind the line before": f"  version = oldAttrs.version; # nixlint-ort: ignore[pname]\n{WRONG}",
    "two above": f"  # nixlint-ort: ignore[pname] kept\n  # nixlint-ort: ignore[description-isa]\n{WRONG}",
    "three above": f"  # nixlint-ort: ignore[pname]\n  # nixlint-ort: ignore[ort-version]\n  # nixlint-ort: ignore[isa-flags]\n{WRONG}",
    "two above the line before": f"  # nixlint-ort: ignore[pname]\n  # nixlint-ort: ignore[isa-flags]\n  version = oldAttrs.version;\n{WRONG}",
    "behind the next line": f"{WRONG}\n  version = oldAttrs.version; # nixlint-ort: ignore[pname]",
    "of a file that cannot be parsed": f"{WRONG} # nixlint-ort: ignore[pname, isa-flags, no-such-rule]\n  = 1;",
    "of the fault that a file cannot be parsed": "  = 1; # nixlint-ort: ignore-file[syntax-error]",
    "mistyped in two lines": f"{WRONG} /* nixlint-ort: ignore\n pname */",
    "two for the same": f"  # nixlint-ort: ignore[pname] first\n{WRONG} # nixlint-ort: ignore[pname] second",
    "several at once": f"{WRONG} # é: nixlint-ort: ignore[pname, ort-version] kept",
    "many at once": f"{WRONG} # nixlint-ort: ignore[isa-flags,pname , ort-version, variant-name,no-such-rule] kept",
    "for the file": f"{WRONG} # nixlint-ort: ignore-file[pname]",
    "for the file and of nothing": "  pname = variantName; # nixlint-ort: ignore-file[pname] why",
    "of another rule": f"{WRONG} # nixlint-ort: ignore[variant-name]",
    "of no rule": f"{WRONG} # nixlint-ort: ignore[pnam]",
    "of no rule that is near": f"{WRONG} # nixlint-ort: ignore[zzz]",
    "on another line": f"{WRONG}\n  # nixlint-ort: ignore[pname]",
    "in a string": f"{WRONG} x = ''# nixlint-ort: ignore[pname]'';",
    "of nothing behind a line": "  pname = variantName;   # nixlint-ort: ignore[pname] why",
    "of nothing above a line": "  # nixlint-ort: ignore[pname]\n  pname = variantName;",
    "of nothing in a line": "  /* nixlint-ort: ignore[pname, ort-version] */ pname = variantName;",
    "of nothing in two lines": "  pname = variantName;\n  /* nixlint-ort: ignore[pname]\n     why */",
}
"""What stands in place of the line that sets pname."""


def left_of(data: bytes) -> str:
    """The findings in full, and what was silenced with its reason."""
    result = lint({GPU: data})
    silenced = [f"silenced {one.finding.rule}: {one.reason}\n" for one in result.suppressed]
    return told(result) + "".join(silenced)


@pytest.mark.parametrize("name", CASES)
def test_what_is_left(name: str) -> None:
    data = replace_once(original(GPU), "  pname = variantName;", CASES[name])
    now = left_of(data)
    assert now == expected(f"suppressions/{name}.txt", now)


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_one_at_the_end_of_the_file_is_taken_out_with_its_line(end: str) -> None:
    data = original(GPU) + b"# nixlint-ort: ignore[pname]" + end.encode()
    assert fix({GPU: data}).contents == {GPU: original(GPU) + end.encode()[1:]}


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
    assert unknown.message == "this comment suppresses nothing; write `# nixlint-ort: ignore[rule-id] reason`"


@pytest.mark.parametrize("comment", ["# checked by nixlint-ort", "# see nixlint-ort's README: it says why"])
def test_a_comment_about_the_tool_is_none(comment: str) -> None:
    assert lint({GPU: replace_once(original(GPU), "  pname =", f"  {comment}\n  pname =")}).findings == ()


def test_a_suppressed_finding_keeps_its_reason_and_does_not_count() -> None:
    data = replace_once(original(GPU), "  pname = variantName;", CASES["on the line"])
    result = lint({GPU: data})
    assert [(one.finding.rule, one.reason) for one in result.suppressed] == [("pname", "kept for old users")]
    assert not result.failed(strict=True)


@pytest.mark.parametrize("scope", ["ignore", "ignore-file"])
def test_a_comment_above_the_header_is_no_header_and_is_for_all_of_it(scope: str) -> None:
    wrong = original(GPU).replace(b"driver 560+", b"driver 575+")
    data = b"# nixlint-ort: %b[header-driver] tested with it\n" % scope.encode() + wrong
    assert lint({GPU: data}).findings == ()
    assert fix({GPU: data}, unsafe=True).contents == {}


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


PLATFORMS = '    platforms = [ "x86_64-linux" ];\n'
FLAG = '    "-mavx512vl"\n'
SILENT = "# nixlint-ort: ignore[platforms, isa-flags, cuda-packages, odd-one-out, description-cuda-tag] tested"
BOTH = '"x86_64-linux" "aarch64-linux"'
ODD = "    config = {\n      allowUnfree = true;\n"
OVERLAY = "    overlays = [\n      (final: prev: { cudaPackages = final.cudaPackages_12_9; })\n    ];\n"
TEXT = "    description ="
CONSTRUCTS = {
    "above a binding over lines": (PLATFORMS, f"    {SILENT}\n    platforms = [\n      {BOTH}\n    ];\n"),
    "at its start": (PLATFORMS, f"    platforms = [ {SILENT}\n      {BOTH}\n    ];\n"),
    "at its end": (PLATFORMS, f"    platforms = [\n      {BOTH}\n    ]; {SILENT}\n"),
    "before its end": (PLATFORMS, f"    platforms = [\n      {BOTH}\n      {SILENT}\n    ];\n"),
    "in front of its end": (PLATFORMS, f"    platforms = [\n      {BOTH}\n    /*{SILENT[1:]} */ ];\n"),
    "in front of its items": (PLATFORMS, f"    platforms = [\n      {SILENT}\n      {BOTH}\n    ];\n"),
    "with an empty line between": (PLATFORMS, f"    {SILENT}\n\n    platforms =\n    [\n      {BOTH}\n    ];\n"),
    "with a comment between": (PLATFORMS, f"    {SILENT}\n    # runs on both\n    platforms = [\n      {BOTH} ];\n"),
    "with a block comment between": (
        PLATFORMS,
        f"    {SILENT}\n\n    /* both */\n    platforms = [\n      {BOTH} ];\n",
    ),
    "in a block comment of its own": (
        PLATFORMS,
        f"    /{SILENT.replace('#', '*')}\n    */\n    platforms = [ {BOTH}\n ];\n",
    ),
    "on a list's item": (FLAG, f'    "-mavx512vnni" {SILENT}\n'),
    "above a list's item": (FLAG, f'    {SILENT}\n\n    "-mavx512vnni"\n'),
    "above a list's item in several lines": (FLAG, f'    {SILENT}\n    ("-mavx512vl" +\n      "-mavx512vnni")\n'),
    "at the start of a set": (ODD, f"    config = {{ {SILENT}\n      allowBroken = true;\n      allowUnfree = true;\n"),
    "above an overlay": (OVERLAY, f"    {SILENT}\n{OVERLAY.replace('12_9', '12_4')}"),
    "above an overlay's item": (
        OVERLAY,
        OVERLAY.replace("12_9", "12_4").replace("      (", f"      {SILENT}\n      (\n"),
    ),
    "at the end of an overlay": (OVERLAY, OVERLAY.replace("12_9", "12_4").replace("];", f"]; {SILENT}")),
}


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_one_is_for_all_of_the_binding_or_item_that_starts_or_ends_there(name: str) -> None:
    good, bad = CONSTRUCTS[name]
    data = replace_once(original(GPU), good, bad)
    assert [one.rule for one in lint({GPU: data.replace(SILENT.encode(), b"")}).findings]
    assert {one.rule for one in lint({GPU: data}).findings} == {"unused-suppression"}
    kept = fix({GPU: data}, unsafe=True).contents[GPU]
    assert re.sub(rb"ignore\[.*?\]", b"", kept) == re.sub(rb"ignore\[.*?\]", b"", data)


NOT_FOR = {
    "the next binding": (PLATFORMS, f"    priority = 5; {SILENT}\n    platforms = [ {BOTH} ];\n"),
    "the one before": (PLATFORMS, f"    platforms = [ {BOTH} ];\n    {SILENT}\n    priority = 5;\n"),
    "the next item": (FLAG, f'    {SILENT}\n    "-mavx512vl"\n    "-mavx512vnni"\n'),
    "what comes after the next binding": (PLATFORMS, f"    {SILENT}\n    priority = 5;\n    platforms = [ {BOTH} ];\n"),
}


@pytest.mark.parametrize("name", NOT_FOR)
def test_one_is_for_nothing_else(name: str) -> None:
    good, bad = NOT_FOR[name]
    data = replace_once(original(GPU), good, bad)
    assert {"platforms", "isa-flags"} & {one.rule for one in lint({GPU: data}).findings}


CUDA = "      cudaSupport = true;\n"
DID_NOT_RUN = {
    "something worse stands there": (
        CUDA,
        "      cudaSupport = false; allowBroken = true; # nixlint-ort: ignore[odd-one-out]\n",
    ),
    "the fact cannot be known": (
        "pname = variantName;",
        'pname = builtins.getEnv "NAME"; # nixlint-ort: ignore[pname]',
    ),
    "the file's name is wrong": ("pname = variantName;", "pname = variantName; # nixlint-ort: ignore[pname]"),
    "too few are like it": (CUDA, f"{CUDA.rstrip()} # nixlint-ort: ignore[odd-one-out]\n"),
}


@pytest.mark.parametrize("name", DID_NOT_RUN)
def test_one_is_not_unused_where_its_rule_did_not_run(name: str) -> None:
    data = replace_once(original(GPU), *DID_NOT_RUN[name])
    files: dict[str, bytes | None] = {GPU: data}
    if name == "the file's name is wrong":
        files = {GPU: None, GPU.replace("313", "312"): data}
    if name == "too few are like it":
        files |= {one.path: None for one in repository().variants if "cuda12_9" in one.stem and one.path != GPU}
    assert "unused-suppression" not in {one.rule for one in lint(files).findings}


def test_one_is_unused_once_its_rule_runs() -> None:
    data = replace_once(original(GPU), CUDA, f"{CUDA.rstrip()} # nixlint-ort: ignore[odd-one-out]\n")
    assert [one.rule for one in lint({GPU: data}).findings] == ["unused-suppression"]


def test_each_difference_is_silenced_where_it_is() -> None:
    data = replace_once(original(GPU), "allowUnfree = true;", "allowUnfree = false; # nixlint-ort: ignore[odd-one-out]")
    data = replace_once(data, "    preConfigure =", "    doCheck = false;\n    preConfigure =")
    assert [(one.rule, one.place.start.line) for one in lint({GPU: data}).findings] == [("odd-one-out", 34)]


def test_comments_that_name_very_many_rules_together_silence_nothing_from_there_on() -> None:
    comments = "".join(
        f"# nixlint-ort: ignore[{', '.join(f'r{number}-{one}' for one in range(100))}]\n" for number in range(60)
    )
    found = lint({GPU: replace_once(original(GPU), "let\n", f"{comments}let\n")}).findings
    assert len([one for one in found if one.rule == "unknown-suppression"]) == 5_000 + 10
