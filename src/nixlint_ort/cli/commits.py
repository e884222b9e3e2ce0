"""The commands `commit-msg` and `commits`, which judge the subjects of commits."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nixlint_ort.cli.output import write
from nixlint_ort.cli.parameters import convention_option
from nixlint_ort.cli.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nixlint_ort.check.commits import Message


_STREAM = re.compile(r"/dev/(stdin|fd/[0-9]+)|/proc/self/fd/[0-9]+")
"""What a message may be read from without being a file, such as what bash makes of `<(…)`."""


@click.command("commit-msg")
@click.argument("file", type=click.Path(path_type=Path))
@convention_option
def commit_msg(file: Path, convention_folder: Path | None) -> None:
    """Check the commit message in FILE, as git's commit-msg hook."""
    from nixlint_ort.check.commits import Message
    from nixlint_ort.repository.commit_message import read_cleanup, subject_of
    from nixlint_ort.source import MAX_BYTES, Source

    try:
        data = _read_given(file, MAX_BYTES)
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}") from None
    source = Source(str(file), data)
    _judge([Message(source, subject_of(source, read_cleanup(Path.cwd(), data)))], convention_folder)


@click.command()
@click.argument("revisions", metavar="A..B")
@convention_option
def commits(revisions: str, convention_folder: Path | None) -> None:
    """Check the subject of every commit in a range, such as origin/main..HEAD."""
    from nixlint_ort.repository import git
    from nixlint_ort.repository.git_folder import GitError

    if revisions.startswith("-"):
        raise Stop(f"{revisions} is not a range of commits, such as origin/main..HEAD")
    try:
        listed = git.run(
            Path.cwd(), "log", "-z", "--encoding=UTF-8", "--format=%h%x09%s", "--end-of-options", revisions, "--"
        )
    except GitError as error:
        raise Stop(str(error)) from None
    rows = [row.partition("\t") for row in filter(None, listed.split("\0"))]
    _judge([_listed(name, subject) for name, _, subject in rows], convention_folder)


def _read_given(path: Path, most: int) -> bytes:
    """The bytes of a file, or of a stream that the user names; no other pipe is waited for. Raises OSError."""
    from nixlint_ort.files import TOO_LARGE, NotPlainError, read_plain

    if not _STREAM.fullmatch(str(path)):
        return read_plain(path, most)
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise NotPlainError(0, TOO_LARGE.format(size=f"more than {most}", most=most))
    return data


def _listed(commit: str, subject: str) -> Message:
    from nixlint_ort.check.commits import Message
    from nixlint_ort.repository.commit_message import Subject
    from nixlint_ort.source import Source, Span

    data = subject.encode("utf-8", "surrogateescape")
    return Message(Source(f"commit {commit}", data), Subject(subject, Span(0, len(data))))


def _judge(messages: Iterable[Message], convention_folder: Path | None) -> None:
    from nixlint_ort.check.commits import judge_messages
    from nixlint_ort.lint import Options, Session
    from nixlint_ort.report import render
    from nixlint_ort.report.layout import Layout
    from nixlint_ort.repository.tree import WorkTree

    session = Session.open((), Options(convention_folder))
    stems = [Path(path).stem for path in WorkTree(session.root).glob(session.convention.variants)]
    result = judge_messages(session.convention, stems, messages, session.rules)
    if result.findings:
        write(render("full", result, layout=Layout(summary=False)))
    sys.exit(1 if result.failed(strict=False) else 0)
