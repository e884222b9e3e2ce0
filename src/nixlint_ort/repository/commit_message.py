"""Finds the subject of a commit's message in the file that git hands to a hook, as git itself will read it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from nixlint_ort.repository import git
from nixlint_ort.repository.git_folder import GitError
from nixlint_ort.source import Source, Span

SCISSORS = "------------------------ >8 ------------------------"
"""Git cuts a message at a comment of this text: source, git-commit(1), `--cleanup=scissors`."""
CANDIDATES = "#;@!$%^&|:"
"""What `core.commentChar=auto` chooses from: source, git's builtin/commit.c."""


class Cleanup(NamedTuple):
    """What git takes out of a message: lines that begin with `comment`, unless those are kept."""

    comment: str = "#"
    keeps_comments: bool = False


def read_cleanup(root: Path, data: bytes) -> Cleanup:
    """What the configuration of the repository around a folder makes of a message; git's defaults where it has none."""
    settings = {"core.commentchar": "#", "core.commentstring": "", "commit.cleanup": "default"}
    try:
        listed = git.run(root, "config", "--null", "--get-regexp", r"^(core\.comment(char|string)|commit\.cleanup)$")
    except GitError:
        listed = ""
    for entry in filter(None, listed.split("\0")):
        name, _, value = entry.partition("\n")
        settings[name.lower()] = value
    comment = settings["core.commentstring"] or settings["core.commentchar"] or "#"
    if comment == "auto":
        comment = _chosen(data)
    return Cleanup(comment, settings["commit.cleanup"] in ("verbatim", "whitespace", "scissors"))


def _chosen(data: bytes) -> str:
    """The comment character that git chose for a message: that of its last line, which is git's own."""
    last = data.decode("utf-8", "replace").rstrip().rpartition("\n")[2][:1]
    return last if last and last in CANDIDATES else "#"


class Subject(NamedTuple):
    """A message's subject: its lines joined by blanks, and the bytes from the first to the last of them."""

    text: str
    span: Span


def subject_of(source: Source, cleanup: Cleanup) -> Subject:
    """The subject of a message: its first lines up to an empty one; no text where it has none.

    What is below a scissors line is not a part of the message: there is one where git shows the change, too.
    """
    lines: list[str] = []
    spans: list[Span] = []
    for line in range(1, source.line_count + 1):
        span = source.line_span(line)
        text = source.text(span)
        if text.startswith(cleanup.comment):
            if text[len(cleanup.comment) :].strip() == SCISSORS:
                break
            if not cleanup.keeps_comments:
                continue
        if text.strip():
            lines.append(text.rstrip())
            spans.append(span)
        elif lines:
            break
    return Subject(" ".join(lines), Span(spans[0].start, spans[-1].end) if spans else Span(0, 0))
