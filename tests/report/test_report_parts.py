"""Reports of very many findings are made in parts, so that the bytes alone of all are held."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.cli.output import encoded
from nixlint_ort.report import parts
from nixlint_ort.report.escape import json_parts
from nixlint_ort.report.html import element, join, page, page_parts, tag, text
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from nixlint_ort.views.matrix import page as matrix_page
from nixlint_ort.views.matrix import text as matrix_text
from nixlint_ort.views.matrix.model import Matrix, lay_out
from tests.support.linting import GPU, ROOT, convention, original, session

VALUES: dict[str, Any] = {
    "a text": "a",
    "a text with a newline and a sign of ours": "a\nb ¬ \u2028",
    "nothing in it": {"a": [], "b": {}, "c": None},
    "an array": [1, 2.5, True],
    "objects in arrays": [{"a": [{"b": [1, {"c": "d"}]}, []]}, {"e": {}}],
    "an object in an object": {"a": {"b": {"c": [{"d": 1}]}}, "e": [[], [[1]]]},
}


def lazily(value: Any) -> Any:
    """The same with an iterator for each array that is not in another one that is none."""
    if isinstance(value, dict):
        return {key: lazily(one) for key, one in value.items()}
    return map(lazily, value) if isinstance(value, list) else value


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_json_in_parts_is_what_it_is_at_once(value: Any) -> None:
    assert "".join(json_parts(value)) == "".join(json_parts(lazily(value))) == json.dumps(value, indent=2) + "\n"


def test_no_part_of_json_is_a_command() -> None:
    value = {"##[a]": iter(["##vso[b]", {"##[c": "#"}]), "#": "#[d]"}
    whole = "".join(json_parts(value))
    assert "##" not in whole
    assert json.loads(whole) == {"##[a]": ["##vso[b]", {"##[c": "#"}], "#": "#[d]"}


def test_items_are_made_when_their_turn_comes() -> None:
    made: list[int] = []

    def items() -> Iterator[dict[str, int]]:
        for number in range(5):
            made.append(number)
            yield {"number": number}

    seen = [len(made) for part in json_parts({"findings": items(), "more": items()}) if '"number"' in part]
    assert seen == [*range(1, 11)]


def found(number: int) -> tuple[Result, Matrix]:
    data = original(GPU).replace(b"let\n", b"# CUDA 12.4.\n\n" * number + b"let\n", 1)
    repository = Repository(ROOT, convention(), tree=InMemory({GPU: data}))
    result = session(repository).lint(repository)
    assert len(result.findings) >= number
    return result, lay_out(repository, "main", result.findings)


@pytest.mark.parametrize("name", ["json", "sarif", "rdjson", "gitlab", "the matrix as JSON", "the matrix as a page"])
def test_no_part_grows_with_the_number_of_findings(name: str) -> None:
    """What was made of all findings, the text of it and its bytes were held together: 247 MB for 13,000 findings."""

    def made(number: int) -> list[str]:
        result, matrix = found(number)
        if name.startswith("the matrix"):
            return [*(matrix_text.as_json if "JSON" in name else matrix_page.render)(matrix)]
        return [*parts(name, result)]

    few, many = made(20), made(80)
    assert len("".join(many)) > len("".join(few)) + 60 * 100
    assert max(map(len, many)) < max(map(len, few)) + 100


def test_the_bytes_of_parts() -> None:
    assert encoded([]) == b""
    assert encoded(["a", "ü", "\udcff"]) == b"a\xc3\xbc\xff"


def slowly(plain: str) -> str:
    """What `text` makes of one line without characters that do not print, and without looking for what is special."""
    blanks = len(plain) - len(plain.lstrip())
    shown = escape(plain)
    return f"{shown[:blanks]}&#58;:{shown[blanks + 2 :]}" if plain[blanks:].startswith("::") else shown


@pytest.mark.parametrize("plain", ["", "a b", "ü", "a&b", "<", ">", '"', "'", "::a", "  ::a", "a::b", "a:b", ":"])
def test_text_with_and_without_special_characters(plain: str) -> None:
    assert text(plain) == slowly(plain)
    assert text(f"{plain}\x1b") == f"{slowly(plain)}\\x1b"


def test_an_element_and_a_page_in_parts() -> None:
    children = [tag("li", "a"), tag("li", "<", id="b")]
    whole = tag("ul", *children, class_="c", hidden=True)
    assert join(*element("ul", children, class_="c", hidden=True)) == whole
    assert "".join(page_parts("<!-- body -->", [whole, "##[a]"])) == page("<!-- body -->", whole, "##[a]")
    assert "##[" not in page("a", whole, "##[a]")
