"""A file that is put together from one like it is what a parse of it gives, down to each span."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nixlint_ort.nix import skeleton
from nixlint_ort.nix.node import Node
from nixlint_ort.nix.parse import Document, parse
from nixlint_ort.nix.skeleton import MAX_KNOWN, MAX_VALUES, MAX_WAITING, MAX_WAITING_BYTES, Skeletons
from nixlint_ort.nix.syntax import Bindings
from nixlint_ort.report import FORMATS, render
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import convention, lint_repository, repository, root_of

VARIANTS = [one.source.data for one in repository().variants]


def written(thing: Any) -> Any:
    """All that an expression consists of, with each offset and the origin of each value."""
    if isinstance(thing, Node):
        slots = [slot for kind in type(thing).__mro__ for slot in getattr(kind, "__slots__", ())]
        return type(thing), {slot: written(getattr(thing, slot)) for slot in slots}
    if isinstance(thing, Bindings):
        return list(thing.named), len(thing.dynamic), [written(one) for one in thing]
    if type(thing) in (tuple, list):
        return [written(one) for one in thing]
    return repr(thing)


def nodes(document: Document) -> Iterator[Node]:
    """The nodes, each as often as it stands in another."""
    waiting = [document.expression] if document.expression else []
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children()


def assert_alike(found: Document, data: bytes) -> None:
    wanted = parse(data)
    assert written(found.expression) == written(wanted.expression)
    assert found.data == data
    assert (found.problems, found.comments, found.tokens) == (wanted.problems, wanted.comments, wanted.tokens)
    assert len({id(node) for node in nodes(found)}) == len({id(node) for node in nodes(wanted)})


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The files that are parsed and not put together."""
    every: list[bytes] = []

    def noted(data: bytes) -> Document:
        every.append(data)
        return parse(data)

    monkeypatch.setattr(skeleton, "parse", noted)
    return every


def test_most_variants_are_put_together(parsed: list[bytes]) -> None:
    skeletons = Skeletons()
    for data in VARIANTS:
        assert_alike(skeletons.read(data), data)
    assert len(parsed) == len(VARIANTS) - 46


# Where a slot may stand: `@` is the text in it.
PLACES = {
    "a value": 'x: { a = "@"; b.c = "@"; d = [ "@" "@" ]; }',
    "a default": '{ a ? "@", b ? [ "@" ] }: a.b or "@"',
    "an operand": '"@" + "@" == ("@" + "@")',
    "a name": '{ "@" = 1; a = "@"; }',
    "a name that is bound already": '{ a = 1; "@" = "@"; }',
    "a name of a merged set": '{ a = { b = "@"; }; a = { "@" = 2; }; a.d = "@"; }',
    "a merge that versions of Nix read differently": '{ a = rec { b = "@"; }; a = { c = 2; }; }',
    "a name that is asked for": 'x: [ x."@" (x ? "@") (x.a."@" or "@") ]',
    "a computed name": '{ ${"@"} = 1; ${"a" + "@"} = "@"; }',
    "an inherited name": 'x: { inherit (x) a b "@"; inherit (x "@") c d; }',
    "an interpolation": 'x: "a${x "@"}b" + "${"@"}" + \'\'\n    a ${x "@"}\n    b "@" # @\n  \'\'',
    "a set in an interpolation": 'x: "a${x { b = "@"; c = "${"@"}"; }}b"',
    "a comment": "# @\n{ a = 1; # @\n} /* @ */ # @",
    "a comment in a call": "x: x # @\n  /* @ */ ./a # @\n  1 /* @ */ 2.5",
    "a comment beside other numbers": 'x: [ 1 # @\n 2.5 ./a/b <c> /a/${x}/b __curPos "@" ]',
    "a comment with quotes": "# don't \"@\" 'x'\n{ a = \"@\"; # it''s @\n}",
    "comment signs in strings": 'x: { a = "# @"; b = "/* @ */"; c = \'\'# "@" /* \'\'; d = "@"; }',
    "a comment without a space": 'x:/*@*/{a="@";}#@',
    "a set pattern with a comma at its end": '{ a ? "@", }: a # @',
    "a set pattern with a name": 'a@{ b ? "@", ... }: with b; assert "@" != ""; let c = "@"; in if c == "" then !a else -1',
    "an inherit without names": '{ inherit; a = "@"; }',
    "a name that nothing binds": '{ a = "@"; b = c; }',
    "a broken file": '{ a = "@"; b = ',
    "a variable or": 'x: [ x or "@" (x or) ]',
    "lines with carriage returns": '# @\r\n{ a = "@"; }\r\n# @\r\n',
    "no line end": "1 # @",
    "wide characters": '{ a = "é@中"; } # é@中',
    "many levels": "[" * 200 + ' "@" ' + "]" * 200,
    "inherit in inherit": "x: " + "{ inherit (" * 5 + '"@"' + ") a b c; }" * 5,
}
TEXTS = [
    "",
    "a",
    "b c",
    "a long text of many words",
    "é",
    "中文 🙂",
    "a\tb",
    "it's",
    "''",
    "# x",
    "/* x",
    "*",
    "-",
    "1",
]
TEXTS += ["\\n", '\\"', "\\${x}", "$", "$$", "$x", "${x}", '"', "*/", "a\nb", "\r", "a\r\nb", "\v", "\f", "\0", "\x7f"]
TEXTS += ["\ufeff", "\u2028", "a" * 3000]


def filled(place: str, texts: Callable[[int], str]) -> bytes:
    first, *others = PLACES[place].split("@")
    if place == "a set pattern with a name":  # its first one is a sign of the language
        first, others = f"{first}@{others[0]}", others[1:]
    return (first + "".join(texts(number) + other for number, other in enumerate(others))).encode()


@pytest.mark.parametrize("place", PLACES)
def test_each_place_with_each_text(place: str, parsed: list[bytes]) -> None:
    skeletons = Skeletons()
    files = [filled(place, lambda _: "a"), filled(place, lambda _: "bc")]
    files += [filled(place, lambda _, text=text: text) for text in TEXTS]  # type: ignore[misc]
    files += [filled(place, lambda number, text=text: text if number else "bc") for text in TEXTS]  # type: ignore[misc]
    for data in files:
        assert_alike(skeletons.read(data), data)
    if place not in NEVER:
        assert len(parsed) < len(files), "none was put together"


NEVER = {
    "a set pattern with a comma at its end",
    "an inherit without names",
    "a name that nothing binds",
    "a broken file",
    "a variable or",
    "a computed name",
}
"""Places of which no second file is put together from the first."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_texts_in_any_place(data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(sorted(PLACES)))
    text = st.one_of(st.sampled_from(TEXTS), st.text(st.sampled_from("ab\"\\$'{}#/* \n\r\té;="), max_size=8))
    skeletons = Skeletons()
    for _ in range(5):
        texts = data.draw(st.lists(text, min_size=10, max_size=10))
        file = filled(place, texts.__getitem__)
        assert_alike(skeletons.read(file), file)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_variants_with_other_texts(data: st.DataObject) -> None:
    """A variant with other comments and strings, and with two of its strings in each other's place."""
    first = data.draw(st.sampled_from(VARIANTS))
    skeletons = Skeletons()
    for _ in range(4):
        parts = first.decode().split('"')
        strings = range(1, len(parts), 2)
        for number in data.draw(st.lists(st.sampled_from(strings), max_size=4)):
            parts[number] = data.draw(st.sampled_from([*TEXTS, parts[data.draw(st.sampled_from(strings))]]))
        text = '"'.join(parts)
        if data.draw(st.booleans()):
            text = text.replace("# ", f"# {data.draw(st.sampled_from(TEXTS))}")
        if data.draw(st.booleans()):
            text = text.replace("\n", "\r\n")
        assert_alike(skeletons.read(text.encode()), text.encode())


def test_two_strings_in_each_others_place() -> None:
    texts = ['{ a = "b"; c = "def"; }', '{ a = "xy"; c = ""; }', '{ a = "def"; c = "b"; }']
    skeletons = Skeletons()
    for text in texts:
        assert_alike(skeletons.read(text.encode()), text.encode())


def test_only_so_many_are_kept() -> None:
    skeletons = Skeletons()
    for number in range(MAX_KNOWN + 50):
        for text in ("a", "b", "c"):
            data = f'{{ a{number} = "{text}"; }}'.encode()
            assert_alike(skeletons.read(data), data)
    for number in range(MAX_WAITING + 50):
        skeletons.read(f'{{ b{number} = ""; }}'.encode())
    assert len(skeletons._known) == MAX_KNOWN
    assert len(skeletons._waiting) == MAX_WAITING


@pytest.mark.parametrize("each", ["1 ", '""', "a "])
def test_files_of_very_many_values_keep_little(each: str) -> None:
    """A byte of such a file takes 600 while it waits: 24 of them took 150 MB, and 40 skeletons 140 MB."""
    skeletons = Skeletons()
    for number in range(12):
        skeletons.read(f"a: [ {each * 4900}{number} ]".encode())
    kept = [first.data for first, _ in skeletons._waiting.values()]
    assert sum(map(len, kept)) <= MAX_WAITING_BYTES
    assert kept[-1].endswith(b"11 ]")
    for data in kept:
        assert_alike(skeletons.read(data), data)
    assert len(skeletons._known) == len(kept)
    assert not any(skeletons._known.values())


@pytest.mark.parametrize("each", ["1 ", '""', "a ", "[ ] "])
def test_a_skeleton_that_is_too_large_is_not_made_whole(each: str) -> None:
    data = f"a: [ {each * (9900 // len(each))}]".encode()
    slots = skeleton._slots(data)
    made = skeleton._Skeleton(parse(data), slots)
    assert not made.is_small
    assert len(made._values) - len(slots) <= MAX_VALUES + 100


SIGNS = ('"', "'", "$", "\\", "{", "}", "/", "*", "#", "a", "\n", "''", "${", "\1")


@pytest.mark.parametrize(
    "length", [1, 2, pytest.param(3, marks=pytest.mark.full), pytest.param(4, marks=pytest.mark.full)]
)
def test_slots_are_found_in_time_that_grows_with_the_file(length: int) -> None:
    """Any signs again and again: what has no end was looked at from each place at which it could begin."""
    for signs in itertools.product(SIGNS, repeat=length):
        data = ("".join(signs) * 4000).encode()[:4000]
        begun = time.process_time()
        skeleton._slots(data)
        if time.process_time() - begun > 0.01:
            begun = time.process_time()
            skeleton._slots(data)
            assert time.process_time() - begun < 0.02, signs


DAMAGE: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: data,
    lambda data: data.replace(b"driver 560+", b"driver 535+").replace(b"driver 550+", b"driver 535+"),
    lambda data: data.replace(b"ed142ab", b"ed142ac"),
    lambda data: data.replace(b"avx", b"axv"),
    lambda data: data.replace(b" + AVX", " — AVX".encode()),
    lambda data: data.replace(b"{ pkgs ?", b"# nixlint-ort: ignore[pname] why\n{ pkgs ?"),
    lambda data: data.replace(b"[CUDA 12.9]", b"[CUDA \\t12.9]"),
    lambda data: data.replace(b"\n", b"\r\n"),
    lambda data: data[: len(data) // 2],
)


@pytest.mark.parametrize("branch", ["main", "ort-1.22"])
@pytest.mark.parametrize("shift", [0, pytest.param(4, marks=pytest.mark.full)])
def test_reports_are_the_same(branch: str, shift: int, monkeypatch: pytest.MonkeyPatch) -> None:
    variants = repository(branch).variants
    held = {one.path: DAMAGE[(number + shift) % len(DAMAGE)](one.source.data) for number, one in enumerate(variants)}

    def reports() -> list[str]:
        read = Repository(root_of(branch), convention(), tree=InMemory(held))
        result = lint_repository(read, branch)
        return [render(name, result) for name in FORMATS]

    monkeypatch.setattr(skeleton.SKELETONS, "read", parse)
    alone = reports()
    monkeypatch.setattr(skeleton.SKELETONS, "read", Skeletons().read)
    assert reports() == alone
