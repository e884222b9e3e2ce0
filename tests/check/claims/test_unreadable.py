"""What cannot be read is said, hostile documents end quickly, and comments silence."""

import time

import pytest

from nixlint_ort.check.result import Result
from tests.support.documents import read, shipped_facts
from tests.support.linting import lint_repository, repository, session

WRONG = "CUDA 12.9 needs driver 535+.\n"


def judged(data: bytes) -> Result:
    return lint_repository(repository().with_files({"README.md": data}))


def told(result: Result) -> list[tuple[str, int]]:
    return [(one.rule, one.place.start.line) for one in result.findings]


@pytest.mark.parametrize("branch", ["main", "no-release"])
def test_a_document_that_is_not_utf8_is_said(branch: str) -> None:
    there = repository().with_files({"README.md": b"# Readme\n\n\xe9\n"})
    rules = {name: there.convention.rules[name] for name in ("unreadable-file", "document-version")}
    assert told(session(there, branch, rules).lint(there)) == [("unreadable-file", 3)]
    alone = {name: there.convention.rules[name] for name in ("unreadable-file",)}
    assert told(session(there, branch, alone).lint(there)) == [("unreadable-file", 3)]


@pytest.mark.parametrize("data", [b"CUDA 12.4.\n" * 40_000, b"CUDA 12.4 " * 2_000, b"CUDA 12.4, " * 500])
def test_too_much_is_said(data: bytes) -> None:
    assert told(judged(data)) == [("unreadable-file", 1)]


def test_where_there_is_too_much_is_said() -> None:
    text = "# Title\n\nRight.\nNothing here.\n" + "CUDA 12.4, " * 500
    assert "at line 5 has more than" in read(f"{text}\n", shipped_facts("main")).too_much


def test_a_document_of_too_many_words_is_not_read() -> None:
    sentence = "CUDA 12.4 needs driver 999+.\n\n"
    assert told(judged(sentence.encode() * 3_000)) == [("unreadable-file", 1)]
    assert "more than 8,000 words of the tables" in read(sentence * 3_000, shipped_facts("main")).too_much
    assert {rule for rule, _ in told(judged(sentence.encode() * 1_900))} == {"document-version"}


def test_a_document_of_too_many_unknown_names_is_said() -> None:
    """Each is compared with all variants, of which 58 take 2 ms."""
    names = "".join(f"`onnxruntime-python313-cuda12_9-sn{number}-avx512`\n\n" for number in range(1_000))
    found = told(judged(names.encode()))
    assert ("unreadable-file", 1) in found
    assert len(found) > 80
    few = "".join(f"`onnxruntime-python313-cuda12_9-sn{number}-avx512`\n\n" for number in range(60))
    assert [rule for rule, _ in told(judged(few.encode()))] == ["document-variant-name"] * 60


def test_the_name_of_a_rule_that_is_unknown_is_compared_once() -> None:
    many = "".join(f"<!-- nixlint-ort: ignore[document-coun{number % 200}] x -->\n\nx\n\n" for number in range(400))
    found = [one for one in judged(many.encode()).findings if one.rule == "unknown-suppression"]
    assert len(found) == 400
    hinted = ["document-count" in str(one.expected) for one in found]
    assert hinted[:200] == hinted[200:]
    assert hinted.index(False) > 50


@pytest.mark.parametrize("number", [0, 101])
def test_a_comment_that_names_no_rule_or_very_many_silences_nothing(number: int) -> None:
    names = ", ".join(["document-version", *(f"r{one}" for one in range(1, number))][:number])
    found = judged(f"<!-- nixlint-ort: ignore[{names}] why -->\n\n{WRONG}".encode())
    assert sorted(told(found)) == [("document-version", 3), ("unknown-suppression", 1)]
    assert "names no rule, more than 100, or" in found.findings[0].message


def test_comments_that_name_very_many_rules_together_silence_nothing_from_there_on() -> None:
    comments = "".join(
        f"<!-- nixlint-ort: ignore[{', '.join(f'r{number}-{one}' for one in range(100))}] x -->\n"
        for number in range(60)
    )
    found = judged(f"{comments}<!-- nixlint-ort: ignore[document-version] why -->\n\n{WRONG}".encode()).findings
    assert len([one for one in found if one.rule == "unknown-suppression"]) == 5_000 + 11
    assert "document-version" in {one.rule for one in found}


def test_a_sentence_of_too_many_words_counts_for_what_is_looked_at() -> None:
    sentences = "".join(f"{'7, ' * 900}{number} variants.\n\n" for number in range(40))
    assert "more than 8,000 words" in read(sentences, shipped_facts("main")).too_much
    alone = read(f"{'7, ' * 900}57 variants.\n", shipped_facts("main"))
    assert alone.too_much
    assert alone.faults == []


def test_comments_are_no_finding_where_the_rules_about_them_are_not_chosen() -> None:
    comments = "".join(
        f"<!-- nixlint-ort: ignore[{names}] -->\n\nText.\n\n" for names in ("", "nope", "document-version")
    )
    there = repository().with_files({"README.md": f"{comments}{WRONG}".encode()})
    alone = {"document-version": there.convention.rules["document-version"]}
    assert [rule for rule, _ in told(session(there, "main", alone).lint(there))] == ["document-version"]


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


IGNORE = "<!-- nixlint-ort: ignore[document-version] -->"
UNUSED = [
    (f"{IGNORE}\n\nText.\n", "\nText.\n"),
    (f"Text.\n\n  {IGNORE}  \n", "Text.\n\n"),
    (f"Text.\n\n{IGNORE}", "Text.\n\n"),
    (f"Text.\n\n{IGNORE[:-4]}\nwhy -->\nText.\n", "Text.\n\nText.\n"),
    (f"Text. {IGNORE}\n", "Text. \n"),
    (f"{IGNORE} Text.\n", " Text.\n"),
    (f"<!-- nixlint-ort: ignore[document-count, document-version] why -->\n{WRONG}", f"{IGNORE[:-4]} why -->\n{WRONG}"),
]


@pytest.mark.parametrize(("text", "after"), UNUSED)
def test_what_is_unused_is_taken_out(text: str, after: str) -> None:
    (finding,) = judged(text.encode()).findings
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert text[: edit.start] + edit.text + text[edit.end :] == after


HOSTILE = {
    "images": "![" * 100_000,
    "quotes": "> " * 100_000,
    "backticks": "`" * 100_001 + "a ``",
    "backticks, each run longer": "".join("`" * one + " " for one in range(690)) + "CUDA 12.4\n",
    "backticks, many pairs": "`a` " * 50_000,
    "one table": "|a|b|\n|-|-|\n" + "|CUDA 12.4|550|\n" * 10_000,
    "links": "[a](" * 50_000,
    "tags": "<a " * 60_000,
    "numbers": "CUDA 12.4 550 " * 15_000,
    "sentences": "CUDA 12.4 needs driver 550+. " * 7_000,
    "counts": "12 variants + " * 15_000,
    "braces": "onnxruntime-python{" + "{a,b}" * 40_000,
    "stars": "*" * 200_000,
    "flags": "-mavx2 " * 30_000,
    "comments without end": "<!--" * 60_000,
    "comments in lines": "<!-- a\n" * 30_000,
    "comments beside comments": "<!-- a -->" * 20_000,
    "bars": "|-" * 100_000,
    "lines of bars": "| a | b |\n" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_ends(name: str) -> None:
    begun = time.process_time()
    read(HOSTILE[name] + "\n", shipped_facts("main"))
    assert time.process_time() - begun < 5


def test_a_block_of_comments_is_judged_in_time_that_grows_with_their_number() -> None:
    begun = time.process_time()
    comment = "<!-- nixlint-ort: ignore[document-count] x -->\n"
    assert len(judged((comment * 5_000).encode()).findings) == 5_000
    assert time.process_time() - begun < 8  # it takes less than one; to look for the end of the block for each took ten


# What stands before a wrong sentence; in Markdown a lone carriage return ends a line, which in a file it does not.
SIGNS = {
    "a carriage return": "a\rb\n\n",
    "many of them": "\r\r\r\n\n" + "\r" * 50 + "\n\n",
    "one in the line before": "a line\r\n\r\r\nand\rmore\n\n",
    "a zero byte": "a\0b\n\n",
    "a form feed alone in its line": "\x0c\n\n",
    "a carriage return in HTML": "<p>a\rb</p>\n\n",
    "one in a fence": "```nix\na\rb\n```\n\n",
    "one in a table": "| a | b |\n|---|---|\n| c\r | d |\n\n",
    "other ends of lines": "a\x0bb\x0cc\x85d\u2028e\n\n",
}
BLOCKS = {
    "a sentence": ("{}", WRONG),
    "HTML": ("{}", "<p>CUDA 12.9 needs driver 535+.</p>\n"),
    "a row": ("{}| CUDA | Driver |\n|---|---|\n", "| 12.9 | 535+ |\n"),
    "a row in HTML": (
        "{}<table><tr><th>CUDA</th><th>Driver</th></tr>\n",
        "<tr><td>12.9</td><td>535+</td></tr></table>\n",
    ),
    "the same line": ("{}\ra\r\0", WRONG),
}


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_that_ends_a_line_only_in_markdown_moves_no_finding(sign: str, block: str) -> None:
    before = BLOCKS[block][0].format(SIGNS[sign])
    data = (before + BLOCKS[block][1]).encode()
    found = [one for one in judged(data).findings if one.rule == "document-version"]
    assert [one.place.source.text(one.place.span).removesuffix("+") for one in found] == ["535"]
    assert found[0].place.span.start == data.index(b"535")


@pytest.mark.parametrize("end", ["<!-- x -->", "<p>x</p>", "```\nx\n```", "| a |\n|---|\n| b |", "# x", "- x", "x"])
def test_a_document_with_more_lines_for_markdown_than_it_has_is_read(end: str) -> None:
    assert told(judged(("a\rb\r" * 9 + "\n\n" + end + "\n").encode())) == []
