"""The unified diff of what fixes would change, to the byte."""

import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nixlint_ort.finding import Finding, Place, Severity
from nixlint_ort.fix import diff as diff_of
from nixlint_ort.fix.apply import FixedFile
from nixlint_ort.fix.diff import unified
from nixlint_ort.source import Source, Span
from tests.support import scratch


def diff(*files: FixedFile) -> str:
    return "".join(unified(files))


def test_each_file_is_shown_by_path_with_three_lines_around_a_change() -> None:
    lines = [f"{number}\n".encode() for number in range(1, 10)]
    before = b"".join(lines)
    files = [
        FixedFile("b.nix", "b.nix", before, before.replace(b"5\n", b"five\n")),
        FixedFile("a/c.nix", "a/c.nix", b"old\n", b"new\n"),
    ]
    assert diff(*files) == (
        "--- a/a/c.nix\n+++ b/a/c.nix\n@@ -1 +1 @@\n-old\n+new\n"
        "--- a/b.nix\n+++ b/b.nix\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
    )


def test_a_new_name_is_told_as_git_tells_it() -> None:
    renamed = FixedFile("a b.nix", "é.nix", b"same\n", b"same\n")
    assert diff(renamed) == 'diff --git a/a b.nix "b/\\303\\251.nix"\nrename from a b.nix\nrename to "\\303\\251.nix"\n'
    changed = FixedFile("a.nix", "b.nix", b"old\n", b"new\n")
    assert diff(changed) == (
        "diff --git a/a.nix b/b.nix\nrename from a.nix\nrename to b.nix\n"
        "--- a/a.nix\n+++ b/b.nix\n@@ -1 +1 @@\n-old\n+new\n"
    )


# Contents before and after, and the lines of the diff between them.
ENDS = [
    (b"a\nold", b"a\nnew", " a\n-old\n\\ No newline at end of file\n+new\n\\ No newline at end of file\n"),
    (b"a\nold", b"a\nnew\n", " a\n-old\n\\ No newline at end of file\n+new\n"),
    (b"old\na", b"new\na", "-old\n+new\n a\n\\ No newline at end of file\n"),
    (b"a\r\nold\r\n", b"a\r\nnew\r\n", " a\r\n-old\r\n+new\r\n"),
    (b"a\n\n\x0c\nold\n", b"a\n\n\x0c\nnew\n", " a\n \n \x0c\n-old\n+new\n"),
    ("é\u2028ü\nold\n".encode(), "é\u2028ü\nnew\n".encode(), " é\u2028ü\n-old\n+new\n"),
]


@pytest.mark.parametrize(("before", "after", "lines"), ENDS)
def test_lines_end_where_git_says_that_they_do(before: bytes, after: bytes, lines: str) -> None:
    head, _, rest = diff(FixedFile("a", "a", before, after)).partition(" @@\n")
    assert head.startswith("--- a/a\n+++ b/a\n@@ -1")
    assert rest == lines


# Paths, and how git writes them.
PATHS = {
    "a.nix": "a/a.nix",
    "a b!#[]^~.nix": "a/a b!#[]^~.nix",
    'a"b.nix': '"a/a\\042b.nix"',
    "a\\b.nix": '"a/a\\134b.nix"',
    "a\tb\n.nix": '"a/a\\011b\\012.nix"',
    "ü.nix": '"a/\\303\\274.nix"',
    "\udcff.nix": '"a/\\377.nix"',
    "\x7f.nix": '"a/\\177.nix"',
}


@pytest.mark.parametrize("path", PATHS, ids=ascii)
def test_a_path_is_written_as_git_reads_it(path: str, tmp_path: Path) -> None:
    text = diff(FixedFile(path, path, b"old\n", b"new\n"))
    assert text.splitlines()[0] == f"--- {PATHS[path]}"
    scratch.write(tmp_path, {path: b"old\n"})
    subprocess.run(["git", "apply"], cwd=tmp_path, input=text.encode("utf-8", "surrogateescape"), check=True)
    assert (tmp_path / path).read_bytes() == b"new\n"


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    text = diff(FixedFile("a", "a", b"\xff\nold\n", b"\xff\nnew\n"))
    assert text.encode("utf-8", "surrogateescape").endswith(b" \xff\n-old\n+new\n")


FINDING = Finding("r", Severity.ERROR, "m", Place(Source("a", b"a\n"), Span(0, 1)))
LINES = st.lists(st.sampled_from(["x", "", "---", "+++ y", "@@ z", "- q", "a:b", "é"]), min_size=1, max_size=9)


@given(LINES, LINES, st.sampled_from([-1, diff_of.MAX_STEPS]), st.sampled_from(["", "\n"]), st.sampled_from(["", "\n"]))
def test_git_makes_of_a_file_what_the_diff_says(
    before: list[str], after: list[str], most: int, end: str, other_end: str
) -> None:
    """Also where there is too much to be compared line by line."""
    old, new = ("\n".join(before) + end).encode(), ("\n".join(after) + other_end).encode()
    if not old or not new or old == new:
        return
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(diff_of, "MAX_STEPS", most)
        text = diff(FixedFile("a", "a", old, new))
        (Path(folder) / "a").write_bytes(old)
        subprocess.run(["git", "apply", "--whitespace=nowarn"], cwd=folder, input=text.encode(), check=True)
        assert (Path(folder) / "a").read_bytes() == new


@pytest.mark.parametrize("apart", range(1, 10))
def test_changes_that_are_near_are_shown_together_however_they_are_found(
    apart: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [b"%d\n" % number for number in range(30)]
    changed = [b"new\n" if number in (9, 9 + apart) else line for number, line in enumerate(lines)]
    file = FixedFile("a", "a", b"".join(lines), b"".join(changed))
    compared = diff(file)
    monkeypatch.setattr(diff_of, "MAX_STEPS", -1)
    assert diff(file) == compared


def test_a_diff_of_very_many_lines_that_are_alike_ends() -> None:
    before = b"".join(b"## %d\n\n- one\n\n" % (number % 30) for number in range(5_000))
    begun = time.process_time()
    for after, changes in ((before.replace(b"one", b"two"), 5_000), (before.replace(b"- one\n", b""), 20_000)):
        shown = diff(FixedFile("a", "a", before, after, [FINDING] * 5_000)).splitlines()
        assert sum(line.startswith("-") for line in shown[2:]) in range(changes - 5, changes + 1)
    assert time.process_time() - begun < 8  # it takes less than one; `difflib` alone took a minute
