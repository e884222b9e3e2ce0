"""The subject of a message is what git makes of it: real git commits each message, and says its subject."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixlint_ort.repository.commit_message import SCISSORS, read_cleanup, subject_of
from nixlint_ort.source import Source
from tests.support import scratch as git_scratch

MESSAGES = {
    "one line": "docs: one\n",
    "no line end": "docs: one",
    "blank lines above": "\n\n  \ndocs: one\n",
    "a body": "docs: one\n\nand more\n",
    "two lines in one": "docs: one\nand two\n\nbody\n",
    "comments above": "# a comment\ndocs: one\n",
    "a comment below": "docs: one\n# a comment\n",
    "a comment between": "docs: one\n# a comment\nand two\n",
    "comments of another kind": "; a comment\ndocs: one\n",
    "two signs": "// a comment\ndocs: one\n",
    "scissors": f"docs: one\n# {SCISSORS}\n# more\ndiff --git a/x b/x\n+docs: two\n",
    "scissors of another kind": f"docs: one\n; {SCISSORS}\n; more\n+docs: two\n",
    "nothing but scissors": f"# {SCISSORS}\ndocs: one\n",
    "a sign of its own": "#1: one\n\nbody\n",
}
CONFIGURATIONS = {
    "as git is": {},
    "another character": {"core.commentChar": ";"},
    "strip": {"commit.cleanup": "strip"},
    "scissors": {"commit.cleanup": "scissors"},
    "whitespace": {"commit.cleanup": "whitespace"},
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return git_scratch.init(tmp_path_factory.mktemp("messages"))


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
@pytest.mark.parametrize("message", MESSAGES)
def test_the_subject_is_what_git_says(message: str, configuration: str, repository: Path) -> None:
    data = MESSAGES[message].encode()
    for name in ("core.commentChar", "commit.cleanup"):
        value = CONFIGURATIONS[configuration].get(name, {"core.commentChar": "#"}.get(name, "default"))
        git_scratch.git(repository, "config", name, value)
    found = subject_of(Source("COMMIT_EDITMSG", data), read_cleanup(repository, data)).text
    file = repository / "message"
    file.write_bytes(data)
    # an editor that changes nothing: git then cleans up as it does after a person has written; it cuts at scissors where
    # it shows the change, too
    shows = ["-v"] if "scissors" in message else []
    git_scratch.git(
        repository,
        "-c",
        "core.editor=true",
        "commit",
        *shows,
        "--allow-empty",
        "--allow-empty-message",
        "-q",
        "-e",
        "-F",
        str(file),
    )
    said = git_scratch.git(repository, "log", "-1", "--format=%s")
    assert found == said


@pytest.mark.parametrize(
    ("configured", "data", "comment"),
    [
        ({}, b"docs: one\n", "#"),
        ({"core.commentChar": ";"}, b"docs: one\n", ";"),
        ({"core.commentString": "//"}, b"docs: one\n", "//"),
        ({"core.commentChar": "auto"}, b"#1: one\n; Please enter the message\n", ";"),
        ({"core.commentChar": "auto"}, b"docs: one\n", "#"),
    ],
)
def test_what_a_comment_begins_with(configured: dict[str, str], data: bytes, comment: str, tmp_path: Path) -> None:
    git_scratch.init(tmp_path)
    for name, value in configured.items():
        git_scratch.git(tmp_path, "config", name, value)
    assert read_cleanup(tmp_path, data).comment == comment


def test_without_git_it_is_as_git_would_have_it(tmp_path: Path) -> None:
    assert read_cleanup(tmp_path, b"docs: one\n").comment == "#"
