"""Wordings: optional and free parts, rows with `only`, tags; what fits, what is right, and what is written."""

import pytest

from nixlint_ort.convention import ConventionError
from nixlint_ort.convention.language import Language
from nixlint_ort.convention.tables import FieldValue
from nixlint_ort.convention.wordings import Wordings, read_wordings
from nixlint_ort.convention.yaml_tree import read_yaml
from nixlint_ort.template import Shape

FIELDS: dict[str, FieldValue] = {
    "v": "1.2",
    "arch": "Ampere DC",
    "label": "AVX2",
    "names": ("A100", "A30"),
    "stack": "12_9",
}
LANGUAGE = Language(2, {"v": Shape.VERSION, "names": Shape.LIST}, frozenset({*FIELDS, "none"}))


def wordings(yaml: str, format_: int = 2) -> Wordings:
    return read_wordings(read_yaml("t.yaml", yaml.encode()), LANGUAGE._replace(format=format_))


OPTIONAL = 'template: "X[ {v}] for {arch}[ + {label}]"'
FREE = 'template: "CUDA {v}, {...} (driver {label}) {...}"'


@pytest.mark.parametrize(
    ("yaml", "text", "fields"),
    [
        (OPTIONAL, "X 1.2 for Ampere DC + AVX2", {"v": "1.2", "arch": "Ampere DC", "label": "AVX2"}),
        (OPTIONAL, "X for Ampere DC + AVX2", {"arch": "Ampere DC", "label": "AVX2"}),
        (OPTIONAL, "X 1.2 for Ampere DC", {"v": "1.2", "arch": "Ampere DC"}),
        (OPTIONAL, "X for Ada", {"arch": "Ada"}),
        (OPTIONAL, "X 1.3 for Ada + AVX-512", {"v": "1.3", "arch": "Ada", "label": "AVX-512"}),
        (OPTIONAL, "X 1.2", None),
        (FREE, "CUDA 1.2, made for {} (driver AVX2) and so on", {"v": "1.2", "label": "AVX2"}),
        (FREE, "CUDA 1.2, x (driver AVX2)", {"v": "1.2", "label": "AVX2"}),
        (FREE, "CUDA 1.2, (driver AVX2)", {"v": "1.2", "label": "AVX2"}),
        (FREE, "CUDA 1.2 (driver AVX2)", None),
        ('template: "{arch}[[{v}]] {{x}}"', "Ada[1.3] {x}", {"arch": "Ada", "v": "1.3"}),
        ('template: "{arch}[ [[{v}]]]"', "Ada [1.3]", {"arch": "Ada", "v": "1.3"}),
        ('template: "{arch}[ [[{v}]]]"', "Ada", {"arch": "Ada"}),
        ('{template: "{arch}", tag: "[[CUDA {v}]]"}', "Ampere DC [CUDA 1.2]", {"arch": "Ampere DC", "v": "1.2"}),
        ('{template: "{arch}", tag: "[[CUDA {v}]]"}', "[CUDA 1.2] Ampere DC", {"arch": "[CUDA 1.2] Ampere DC"}),
        ('{template: "{arch}", foreign_tag: "[[CUDA {v}]]"}', "Ada [CUDA 1.3]", {"arch": "Ada", "v": "1.3"}),
        ('{template: "new {arch}", accepted: ["old {arch}[ {v}]"]}', "old Ada 1.3", {"arch": "Ada", "v": "1.3"}),
    ],
)
def test_what_fits(yaml: str, text: str, fields: dict[str, str] | None) -> None:
    found = wordings(yaml).fit(text, FIELDS)
    assert (None if found is None else {name: field.text for name, field in found.items()}) == fields


@pytest.mark.parametrize(
    ("yaml", "without", "text"),
    [
        (OPTIONAL, (), "X 1.2 for Ampere DC + AVX2"),
        (OPTIONAL, ("v",), "X for Ampere DC + AVX2"),
        (OPTIONAL, ("v", "label"), "X for Ampere DC"),
        (FREE, (), "CUDA 1.2, (driver AVX2)"),
        ('{template: "{names}", separators: ["/", ", "]}', (), "A100/A30"),
    ],
)
def test_what_is_written_holds(yaml: str, without: tuple[str, ...], text: str) -> None:
    fields = {name: value for name, value in FIELDS.items() if name not in without}
    chosen = wordings(yaml).chosen(fields)
    assert chosen is not None
    assert chosen.render(fields) == text
    assert chosen.fit(text, fields) is not None
    with pytest.raises(KeyError):
        chosen.render({})


def test_fields_that_are_needed_and_those_that_may_be_there() -> None:
    chosen = wordings(OPTIONAL).first
    assert (chosen.needed_fields, {one for one in chosen.fields if chosen.has(one)}) == (
        {"arch"},
        {"arch", "v", "label"},
    )


ROWS = """
- only: {stack: "12_4"}
  template: "old {v}"
- only: {stack: "12_9"}
  template: "new {v}"
"""


@pytest.mark.parametrize(("stack", "text"), [("12_4", "old 1.2"), ("12_9", "new 1.2"), ("cpu", None)])
def test_the_row_that_the_fields_choose(stack: str, text: str | None) -> None:
    fields = {**FIELDS, "stack": stack}
    chosen = wordings(ROWS).chosen(fields)
    assert (chosen.render(fields) if chosen else None) == text
    assert (wordings(ROWS).fit("old 1.2", fields) is not None) == (text != "new 1.2")
    assert wordings(ROWS).fit("new 1.2") is not None


def test_in_the_first_format_brackets_are_plain() -> None:
    assert wordings('{template: "{arch}", tag: "[CUDA {v}]"}', 1).first.render(FIELDS) == "Ampere DC [CUDA 1.2]"


@pytest.mark.parametrize(
    ("yaml", "error"),
    [
        ("[]", "a text must have at least one wording"),
        ('[{template: "x"}, {template: "y"}]', "1:2: only the last wording of a text may lack `only`"),
        ('[{only: {stak: x}, template: "x"}]', "1:10: unknown field 'stak'; did you mean stack?"),
        ('template: "{v}{...}"', "must be separated by text from the field before it"),
        ('template: "a [{...}]"', "an optional part must not contain a free part"),
    ],
)
def test_wordings_that_cannot_be(yaml: str, error: str) -> None:
    with pytest.raises(ConventionError) as caught:
        wordings(yaml)
    assert error in str(caught.value)
