"""What cannot be read is said, hostile documents end quickly, and comments silence."""

import time

import pytest

from nixlint_ort.check.result import Result
from tests.support.documents import read, shipped_facts
from tests.support.linting import lint_repository, repository

WRONG = "CUDA 12.9 needs driver 535+.\n"


def judged(data: bytes) -> Result:
    return lint_repository(repository().with_files({"README.md": data}))


def told(result: Result) -> list[tuple[str, int]]:
    return [(one.rule, one.place.start.line) for one in result.findings]


def test_a_document_that_is_not_utf8_is_said() -> None:
    assert told(judged(b"# Readme\n\n\xe9\n")) == [("unreadable-file", 3)]


@pytest.mark.parametrize("data", [b"CUDA 12.4.\n" * 40_000, b"CUDA 12.4 " * 2_000])
def test_too_much_is_said(data: bytes) -> None:
    assert told(judged(data)) == [("unreadable-file", 1)]


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


HOSTILE = {
    "images": "![" * 100_000,
    "quotes": "> " * 100_000,
    "backticks": "`" * 100_001 + "a ``",
    "one table": "|a|b|\n|-|-|\n" + "|CUDA 12.4|550|\n" * 10_000,
    "links": "[a](" * 50_000,
    "tags": "<a " * 60_000,
    "numbers": "CUDA 12.4 550 " * 15_000,
    "sentences": "CUDA 12.4 needs driver 550+. " * 7_000,
    "counts": "12 variants + " * 15_000,
    "braces": "onnxruntime-python{" + "{a,b}" * 40_000,
    "stars": "*" * 200_000,
    "flags": "-mavx2 " * 30_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_ends(name: str) -> None:
    begun = time.process_time()
    read(HOSTILE[name] + "\n", shipped_facts("main"))
    assert time.process_time() - begun < 5
