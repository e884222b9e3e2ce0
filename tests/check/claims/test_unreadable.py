"""What cannot be read is said, and comments silence."""

import pytest

from nixlint_ort.check.result import Result
from tests.support.linting import lint_repository, repository

WRONG = "CUDA 12.9 needs driver 535+.\n"


def judged(data: bytes) -> Result:
    return lint_repository(repository().with_files({"README.md": data}))


def told(result: Result) -> list[tuple[str, int]]:
    return [(one.rule, one.place.start.line) for one in result.findings]


def test_a_document_that_is_not_utf8_is_said() -> None:
    assert told(judged(b"# Readme\n\n\xe9\n")) == [("unreadable-file", 3)]


SILENCED = [
    ("<!-- nixlint-ort: ignore[document-version] tested -->\n" + WRONG, []),
    ("<!-- nixlint-ort: ignore[document-version] tested -->\n\n" + WRONG, []),
    (
        "<!-- nixlint-ort: ignore[document-version] -->\n\nRight.\n\n" + WRONG,
        ["document-version", "unused-suppression"],
    ),
    ("CUDA 12.9 needs driver 535+. <!-- nixlint-ort: ignore[document-version] -->\n", []),
    ("<!-- nixlint-ort: ignore-file[document-version] all of it -->\n\nText.\n\n" + WRONG, []),
    ("<!-- nixlint-ort: ignore[document-versio] -->\n\nText.\n", ["unknown-suppression"]),
    ("<!-- nixlint-ort: ignore[document-version] -->\n\nText.\n", ["unused-suppression"]),
    ("```html\n<!-- nixlint-ort: ignore[document-version] -->\n```\n\n" + WRONG, ["document-version"]),
]


@pytest.mark.parametrize(("text", "rules"), SILENCED)
def test_comments_silence_the_block_that_follows(text: str, rules: list[str]) -> None:
    assert sorted(one.rule for one in judged(text.encode()).findings) == sorted(rules)
