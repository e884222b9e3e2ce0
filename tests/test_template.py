"""Templates: what fits, where each field is, what is refused, and that no text is slow."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nixlint_ort.template import (
    MAX_FIELDS,
    MAX_TEXT,
    Field,
    Known,
    Shape,
    Template,
    TemplateError,
    list_items,
    separators_in,
)
from tests.support.work import steps

SHAPES = {
    "package": Shape.WORD,
    "python.tag": Shape.DIGITS,
    "cuda.tag": Shape.NAME,
    "cuda.version": Shape.VERSION,
    "cuda.driver": Shape.DIGITS,
    "gpu.sm": Shape.DIGITS,
    "gpu.names": Shape.LIST,
    "isa.name": Shape.NAME,
    "ort.version": Shape.VERSION,
    "rev": Shape.COMMIT,
}
NAME = "{package}-python{python.tag}-cuda{cuda.tag}-sm{gpu.sm}-{isa.name}"
LINE_1 = "# ONNX Runtime {ort.version} for NVIDIA {gpu.arch} (SM{gpu.sm}: {gpu.names}) + {isa.label}"
LINE_2 = "# CUDA {cuda.version} — Requires NVIDIA driver {cuda.driver}+"
DESCRIPTION = "ONNX Runtime {ort.version} for NVIDIA {gpu.names} (SM{gpu.sm}) + {isa.label} [CUDA {cuda.version}]"
URL = "https://github.com/NixOS/nixpkgs/archive/{rev}.tar.gz"
REPEATING = "{a} is {b}, so {a}"
TEMPLATES = [NAME, LINE_1, LINE_2, DESCRIPTION, URL, REPEATING, "{{{a}}} {{}}", "only text"]


def template(text: str) -> Template:
    return Template(text, SHAPES)


def values(fields: Mapping[str, Field] | None) -> dict[str, str] | None:
    return None if fields is None else {name: field.text for name, field in fields.items()}


@pytest.mark.parametrize(
    ("text", "sample", "expected"),
    [
        (
            NAME,
            "onnxruntime-python313-cuda12_9-sm90-armv8_2",
            {
                "package": "onnxruntime",
                "python.tag": "313",
                "cuda.tag": "12_9",
                "gpu.sm": "90",
                "isa.name": "armv8_2",
            },
        ),
        (
            LINE_1,
            "# ONNX Runtime 1.23.2 for NVIDIA Blackwell DC (SM100: B100, B200) + AVX-512 BF16",
            {
                "ort.version": "1.23.2",
                "gpu.arch": "Blackwell DC",
                "gpu.sm": "100",
                "gpu.names": "B100, B200",
                "isa.label": "AVX-512 BF16",
            },
        ),
        (LINE_2, "# CUDA 12.9 — Requires NVIDIA driver 535+", {"cuda.version": "12.9", "cuda.driver": "535"}),
        (
            DESCRIPTION,
            "ONNX Runtime 1.23.2 for NVIDIA T4/RTX 2080 Ti (SM75) + ARMv9 (Graviton3+, Grace) [CUDA 12.9]",
            {
                "ort.version": "1.23.2",
                "gpu.names": "T4/RTX 2080 Ti",
                "gpu.sm": "75",
                "isa.label": "ARMv9 (Graviton3+, Grace)",
                "cuda.version": "12.9",
            },
        ),
        (
            URL,
            f"https://github.com/NixOS/nixpkgs/archive/{'0123456789' * 4}.tar.gz",
            {"rev": "0123456789" * 4},
        ),
        ("sm{gpu.sm}", "sm91", {"gpu.sm": "91"}),
        ("{a}: {b}", "x: y: z", {"a": "x", "b": "y: z"}),
        ("{a} is {b}, so {a}", "x is y is z, so x is y", {"a": "x is y", "b": "z"}),
        ("{a}x{a}", "axxax", {"a": "ax"}),
        ("{a}-{b}-{b}", "x-y-z-z", {"a": "x-y", "b": "z"}),
        ("{{{a}}}", "{b}", {"a": "b"}),
        ("x{{y}}z {a}", "x{y}z b", {"a": "b"}),
        ("{a}", "a" * MAX_TEXT, {"a": "a" * MAX_TEXT}),
        ("only text", "only text", {}),
        ("", "", {}),
        ("{a}\n{b}", "one\ntwo", {"a": "one", "b": "two"}),
    ],
)
def test_a_text_that_fits(text: str, sample: str, expected: dict[str, str]) -> None:
    assert values(template(text).parse(sample)) == expected


@pytest.mark.parametrize(
    ("text", "sample"),
    [
        (LINE_2, "# CUDA 12.9 - Requires NVIDIA driver 560+"),
        (LINE_2, "# CUDA 12.9 — Requires NVIDIA driver 560"),
        (LINE_2, " # CUDA 12.9 — Requires NVIDIA driver 560+"),
        (LINE_2, "# CUDA 12.9 — Requires NVIDIA driver 560+ "),
        (LINE_2, "# CUDA 12. — Requires NVIDIA driver 560+"),
        (LINE_2, "# CUDA .9 — Requires NVIDIA driver 560+"),
        (LINE_2, "# CUDA 12.9 — Requires NVIDIA driver +"),
        (LINE_2, "# CUDA 12.9 — Requires NVIDIA driver ٥٦٠+"),
        (URL, f"https://github.com/NixOS/nixpkgs/archive/{'a' * 39}.tar.gz"),
        (URL, f"https://github.com/NixOS/nixpkgs/archive/{'a' * 41}.tar.gz"),
        (URL, f"https://github.com/NixOS/nixpkgs/archive/{'A' * 40}.tar.gz"),
        ("{package}", "two-words"),
        ("{cuda.version}", "12.9."),
        ("{a}x{a}", "axb"),
        ("[{a}]", "[]"),
        ("[{a}]", "[one\ntwo]"),
        ("only text", "only text and more"),
        ("{a}", "a" * (MAX_TEXT + 1)),
    ],
)
def test_a_text_that_does_not_fit(text: str, sample: str) -> None:
    assert template(text).parse(sample) is None


@pytest.mark.parametrize(
    ("text", "offset", "about"),
    [
        ("sm{gpu.sm", 2, "unmatched `{`; write `{{` for a brace"),
        ("sm}", 2, "unmatched `}`"),
        ("sm{a{b}", 2, "unmatched `{`"),
        ("{}", 0, "`{}` is not a field"),
        ("a {gpu..sm}", 2, "`{gpu..sm}` is not a field"),
        ("{gpu sm}", 0, "`{gpu sm}` is not a field"),
        ("{gpu.sm:>3}", 0, "`{gpu.sm:>3}` is not a field"),
        ("{a}{b}", 3, "`{b}` must be separated by text"),
        ("a" * (MAX_TEXT + 1), MAX_TEXT, "at most 2000 characters"),
        ("-{a}" * (MAX_FIELDS + 1), 4 * MAX_FIELDS + 1, "at most 32 fields"),
    ],
)
def test_a_template_that_is_refused(text: str, offset: int, about: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(about)) as raised:
        template(text)
    assert raised.value.offset == offset
    assert raised.value.message == str(raised.value)
    assert pickle.loads(pickle.dumps(raised.value)).offset == offset


def test_a_template_of_the_greatest_length_knows_its_text() -> None:
    text = "a" * MAX_TEXT
    assert template(text).text == template(text).render({}) == text


def test_fields_are_listed_once_in_order_with_their_offsets() -> None:
    parsed = template("é{b.x} {a} {b.x}")
    assert parsed.fields == ("b.x", "a")
    assert parsed.offsets == {"b.x": 1, "a": 7}


def test_rendering_without_a_value_names_the_field() -> None:
    with pytest.raises(KeyError, match=r"cuda\.driver"):
        template(LINE_2).render({"cuda.version": "12.9"})


def test_the_names_in_a_list_may_be_separated_in_two_ways() -> None:
    assert list_items("B100, B200") == list_items("B100/B200") == ("B100", "B200")
    assert list_items("RTX 2080 Ti") == ("RTX 2080 Ti",)
    assert [separators_in(text) for text in ("B100, B200", "a/b", "a, b/c", "a b")] == [
        (", ",),
        ("/",),
        (", ", "/"),
        (),
    ]


@pytest.mark.parametrize(
    ("text", "document", "expected"),
    [
        ("CUDA {cuda.version}", "Needs CUDA 12.9. Not CUDA 12.4, or CUDA x.", ["CUDA 12.9", "CUDA 12.4"]),
        ("SM{gpu.sm}", "SM90, SM90a, aSM90, (SM75)/SM80", ["SM90", "SM75", "SM80"]),
        ("SM{gpu.sm}", "aSM90 _SM90 SM90_ SM75\n\nSM80\nSM86", ["SM75", "SM80", "SM86"]),
        ("`{package}-sm{gpu.sm}`", "a `b-sm90` c `d-sm` `e-sm86`", ["`b-sm90`", "`e-sm86`"]),
        ("branch {name}:", "é branch a: x\nbranch b:\r\nbranch\nc:", ["branch a:", "branch b:"]),
        ("{isa.name}+", "x avx2+ é9+ avx512+", ["avx2+", "avx512+"]),
        ("release {name}", "release one two\r\n", ["release one two"]),
        ("", "anything", []),
    ],
)
def test_finding_within_a_document(text: str, document: str, expected: list[str]) -> None:
    found = list(template(text).find_in(document))
    assert [document[match.start : match.end] for match in found] == expected
    for match in found:
        assert all(document[field.start : field.end] == field.text for field in match.fields.values())
        assert all(field.name == name for name, field in match.fields.items())


def test_a_line_that_is_too_long_is_passed_over() -> None:
    document = f"SM75\n{'x ' * MAX_TEXT}SM80\nSM86"
    assert [match.fields["gpu.sm"].text for match in template("SM{gpu.sm}").find_in(document)] == ["75", "86"]
    assert [match.start for match in template("SM{gpu.sm}").find_in(" " * (MAX_TEXT - 4) + "SM90")] == [MAX_TEXT - 4]


ADMISSIBLE = {
    Shape.DIGITS: st.from_regex(r"[0-9]{1,6}", fullmatch=True),
    Shape.WORD: st.from_regex(r"[A-Za-z0-9]{1,9}", fullmatch=True),
    Shape.NAME: st.from_regex(r"[A-Za-z0-9_]{1,9}", fullmatch=True),
    Shape.VERSION: st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}", fullmatch=True),
    Shape.COMMIT: st.from_regex(r"[0-9a-f]{40}", fullmatch=True),
    # No character that a template above has as literal text: what is a field's is then beyond doubt.
    Shape.TEXT: st.text(st.characters(exclude_characters="\r\n ,():+{}[]", codec="utf-8"), min_size=1),
    Shape.LIST: st.text(st.characters(exclude_characters="\r\n ,():+{}[]", codec="utf-8"), min_size=1),
}


@st.composite
def filled(draw: st.DrawFn) -> tuple[Template, dict[str, str]]:
    """A template and admissible values for its fields."""
    chosen = template(draw(st.sampled_from(TEMPLATES)))
    return chosen, {name: draw(ADMISSIBLE[SHAPES.get(name, Shape.TEXT)]) for name in chosen.fields}


@given(filled())
def test_what_is_rendered_is_parsed_again(case: tuple[Template, dict[str, str]]) -> None:
    chosen, given_values = case
    assert values(chosen.parse(chosen.render(given_values))) == given_values


@given(filled())
def test_a_field_lies_where_its_span_says(case: tuple[Template, dict[str, str]]) -> None:
    chosen, given_values = case
    text = chosen.render(given_values)
    fields = chosen.parse(text)
    assert fields is not None
    for field in fields.values():
        assert text[field.start : field.end] == field.text


@given(filled(), st.data())
def test_mending_one_field_changes_that_field_alone(case: tuple[Template, dict[str, str]], data: st.DataObject) -> None:
    chosen, given_values = case
    assume(chosen.fields and chosen.text != REPEATING)
    text = chosen.render(given_values)
    fields = chosen.parse(text)
    assert fields is not None
    name = data.draw(st.sampled_from(chosen.fields))
    field = fields[name]
    other = data.draw(ADMISSIBLE[SHAPES.get(name, Shape.TEXT)])
    mended = text[: field.start] + other + text[field.end :]
    assert mended == chosen.render({**given_values, name: other})


@given(st.text("{}a.b_ \n1é", max_size=30), st.text("a.b_ \n1é{}", max_size=60))
def test_no_text_makes_it_raise_anything_else(text: str, sample: str) -> None:
    try:
        chosen = Template(text, {"a": Shape.WORD, "b": Shape.VERSION, "a.b": Shape.NAME})
    except TemplateError:
        return
    fields = chosen.parse(sample)
    if fields is not None:
        assert chosen.render({name: field.text for name, field in fields.items()}) == sample
    for match in chosen.find_in(sample):
        assert sample[match.start : match.end] == chosen.render(
            {name: field.text for name, field in match.fields.items()}
        )


def reference(text: str, sample: str) -> dict[str, str] | None:
    """The same by a regular expression that backtracks, which is right, if slow."""
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        name = found[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{'[A-Za-z0-9]' if name == 'w' else '.'}+?)"

    pattern = re.sub(r"\\\{(\w)\\\}", group, re.escape(text))
    found = re.fullmatch(pattern, sample)
    return None if found is None else found.groupdict()


@given(
    st.lists(st.tuples(st.sampled_from("wtuv"), st.text("ab-", min_size=1, max_size=2)), max_size=5),
    st.text("ab-", max_size=14),
)
def test_the_search_agrees_with_a_backtracking_one(parts: list[tuple[str, str]], sample: str) -> None:
    text = "".join(f"{{{name}}}{literal}" for name, literal in parts)
    assert values(Template(text, {"w": Shape.WORD}).parse(sample)) == reference(text, sample)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("{a} {b} {c} {d} {e} {f}!", " "),
        ("{a}-{b}-{c}-{d}-{e}?", "a-"),
        ("{w}a{x}a{y}a{z}b", "a"),
        (LINE_1, "# ONNX Runtime 1 for NVIDIA x (SM1: "),
        (DESCRIPTION, "ONNX Runtime 1 for NVIDIA a (SM1) + [CUDA 1"),
        ("{cuda.version}.{ort.version}.x", "1."),
    ],
)
def test_a_hostile_text_of_four_times_the_length_takes_about_four_times_the_steps(text: str, unit: str) -> None:
    chosen = template(text)
    small = (unit * MAX_TEXT)[: MAX_TEXT // 4]
    large = (unit * MAX_TEXT)[:MAX_TEXT]

    def growth(act: Callable[[str], object]) -> float:
        return steps(lambda: act(large)) / steps(lambda: act(small))

    assert growth(chosen.parse) < 5
    assert growth(lambda sample: list(chosen.find_in(sample))) < 5


def test_a_repeated_field_costs_at_most_the_square() -> None:
    chosen = template("{a} {b} {c} {a} {d}!")
    counts = [steps(lambda size=size: chosen.parse(" " * size)) for size in (100, 200)]  # type: ignore[misc]
    assert counts[1] / counts[0] < 5


def test_a_template_without_fields_is_found_where_its_text_stands() -> None:
    assert [(one.start, one.end) for one in template("a b").find_in("a b, a bc\na b")] == [(0, 3), (10, 13)]
    assert list(template("a b").find_in("a  b")) == []


@pytest.mark.parametrize(("most", "fits"), [(1, False), (2, True)])
def test_a_text_that_takes_more_steps_than_allowed_does_not_fit(
    most: int, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nixlint_ort.template.search.MAX_STEPS", most)
    assert (template("{a} {b}!").parse("x y!") is not None) == fits


EXPECTED: dict[str, str | tuple[str, ...]] = {
    "arch": "Ampere DC",
    "label": "AVX2",
    "gpu.names": ("A100", "A30"),
    "gpu.sm": "80",
    "odd": "a b",
}


@pytest.mark.parametrize(
    ("text", "sample", "fields"),
    [
        # What the template renders has the fields that it was rendered from.
        ("# PyTorch for {arch} {label}", "# PyTorch for Ampere DC AVX2", {"arch": "Ampere DC", "label": "AVX2"}),
        ("{label} {arch} {label}", "AVX2 Ampere DC AVX2", {"label": "AVX2", "arch": "Ampere DC"}),
        ("{gpu.names}/{arch}", "A100/A30/Ampere DC", {"gpu.names": "A100/A30", "arch": "Ampere DC"}),
        ("{gpu.names}, {arch}", "A100, A30, Ampere DC", {"gpu.names": "A100, A30", "arch": "Ampere DC"}),
        # Where one is wrong, the others are right, wherever that one is.
        ("# for {arch} {label}", "# for Ampere DC AVX-512 BF16", {"arch": "Ampere DC", "label": "AVX-512 BF16"}),
        ("# for {arch} {label}", "# for Ada Lovelace AVX2", {"arch": "Ada Lovelace", "label": "AVX2"}),
        ("{arch} {label} {odd}", "Ada Lovelace AVX2 a b", {"arch": "Ada Lovelace", "label": "AVX2", "odd": "a b"}),
        ("{arch} {label} {odd}", "Ampere DC AVX-512 a b", {"arch": "Ampere DC", "label": "AVX-512", "odd": "a b"}),
        ("{gpu.names}/{arch}", "A30/A100/Ada", {"gpu.names": "A30/A100", "arch": "Ada"}),
        ("{other} {label}", "x y z AVX2", {"other": "x y z", "label": "AVX2"}),
        # Where all are wrong, earlier fields are as short as can be.
        ("# for {arch} {label}", "# for Ada Lovelace AVX-512 BF16", {"arch": "Ada", "label": "Lovelace AVX-512 BF16"}),
        # A value that does not have its field's shape.
        ("sm{gpu.sm}-{package}", "sm80-a-b", None),
    ],
)
def test_the_parse_in_which_most_fields_are_right(text: str, sample: str, fields: dict[str, str] | None) -> None:
    assert values(template(text).parse(sample, EXPECTED)) == fields


def test_what_is_rendered_fits_also_where_a_value_has_not_its_shape() -> None:
    found = template("sm{gpu.sm}-{package}").parse("sm80-a-b", {"gpu.sm": "80", "package": "a-b"})
    assert values(found) == {"gpu.sm": "80", "package": "a-b"}


FREE_TEXT = st.text("ab /,", min_size=1, max_size=6)


@given(st.sampled_from(["{a} {b}", "{a}{{{b}", "{a}, {a} {b}", "x{a}/{b}/{c}"]), FREE_TEXT, FREE_TEXT, FREE_TEXT)
def test_every_rendered_text_holds(text: str, a: str, b: str, c: str) -> None:
    expected = {"a": a, "b": b, "c": c}
    one = template(text)
    found = values(one.parse(one.render(expected), expected))
    assert found is not None
    assert all(expected[name] == value for name, value in found.items())


def test_the_search_for_the_best_parse_ends() -> None:
    text = " ".join("{" + name + "}" for name in "abcdefgh")
    sample = "a " * 900 + "b"
    assert template(text).parse(sample, dict.fromkeys("abcdefgh", "x")) == template(text).parse(sample)


@pytest.mark.parametrize(
    ("text", "sample", "fields"),
    [
        ("for {arch} {label}", "for Ampere DC AVX2", {"arch": "Ampere DC", "label": "AVX2"}),
        ("for {arch} {label}", "for Ampere AVX2", {"arch": "Ampere", "label": "AVX2"}),
        ("for {arch} {label}", "for Turing AVX2", None),
        ("{arch}", "Ampere D", None),
        ("{k}{{{x}", "abc{y", {"k": "abc", "x": "y"}),
        ("z{x}{{{k}{{", "zq{bc{", {"x": "q", "k": "bc"}),
    ],
)
def test_a_field_that_is_one_of_some_texts(text: str, sample: str, fields: dict[str, str] | None) -> None:
    shapes = {"arch": Known(("Ampere", "Ampere DC", "Ada", "")), "k": Known(("abc", "b", "bc"))}
    assert values(Template(text, shapes).parse(sample)) == fields
