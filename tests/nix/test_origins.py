"""Every text knows the literal that it came from, and the references that it passed through."""

from __future__ import annotations

import pytest

from nixlint_ort.nix.evaluation import Evaluation, evaluate
from nixlint_ort.nix.parse import parse
from nixlint_ort.nix.values import Form, NixAttrs, NixInt, NixList, NixString, Package, PackageSet, Rest, Unknown, Value

PINNED = 'let pinned = import (fetchTarball { url = "u"; rev = "r"; }) { overlays = [ OVERLAYS ]; }; in '


def value_of(text: str) -> tuple[Evaluation, Value]:
    evaluation = evaluate(parse(text.encode()))
    return evaluation, evaluation.result


def written(text: str, value: Value) -> list[tuple[str, str]]:
    """Each piece of a string: its text, and what stands in the file where it came from."""
    assert isinstance(value, NixString), value
    data = text.encode()
    return [(piece.text, data[slice(*piece.origin.span)].decode()) for piece in value.pieces]


PIECES = {
    '"abc"': [("abc", "abc")],
    '"é${"b"}c"': [("é", "é"), ("b", "b"), ("c", "c")],
    'let v = "1.2"; in "a-${v}"': [("a-", "a-"), ("1.2", "1.2")],
    '"a" + "b"': [("a", "a"), ("b", "b")],
    '"a\\nb"': [("a", "a"), ("\n", "\\n"), ("b", "b")],
    "''\n    a\n      b\n  ''": [("a\n", "a\n"), ("  b\n", "  b\n")],
    'builtins.substring 1 2 "abcd"': [("bc", "bc")],
    'builtins.concatStringsSep "-" [ "a" "b" ]': [("a", "a"), ("-", "-"), ("b", "b")],
    'builtins.replaceStrings [ "." ] [ "_" ] "12.4"': [("12", "12"), ("_", "_"), ("4", "4")],
    "toString 90": [("90", "90")],
    "toString (45 + 45)": [("90", "45 + 45")],
    'builtins.head (builtins.splitVersion "1.23.2")': [("1", "1")],
    "builtins.head (builtins.attrNames { some = 1; })": [("some", "some")],
    '(x: "<${x}>") "a"': [("<", "<"), ("a", "a"), (">", ">")],
    "''a''${b}''": [("a", "a"), ("$", "''$"), ("{b}", "{b}")],
    'let inherit (import <nixpkgs> { }) lib; in lib.removePrefix "a" "abc"': [("bc", "bc")],
    'let inherit (import <nixpkgs> { }) lib; in lib.last (lib.splitString "." "12.4")': [("4", "4")],
}


@pytest.mark.parametrize("text", PIECES)
def test_pieces(text: str) -> None:
    assert written(text, value_of(text)[1]) == PIECES[text]


def test_references_nearest_the_literal_first() -> None:
    text = 'let a = "x"; b = a; s.c = b; in s.c'
    _, value = value_of(text)
    assert isinstance(value, NixString)
    through = [text[slice(*span)] for span in value.pieces[0].origin.through]
    assert through == ["a", "b", "s.c"]


@pytest.mark.parametrize(
    ("text", "form"),
    [('"a"', Form.STRING), ("''a''", Form.INDENTED), ("toString 1", Form.NUMBER), ("toString 007", Form.DERIVED),
     ('"\\n"', Form.DERIVED), ("builtins.head (builtins.attrNames { a = 1; })", Form.DERIVED)],
)  # fmt: skip
def test_forms(text: str, form: Form) -> None:
    _, value = value_of(text)
    assert isinstance(value, NixString)
    assert [piece.form for piece in value.pieces] == [form]


def test_verbatim_pieces_are_the_bytes_of_the_file() -> None:
    text = "''\r\n  é\r\n   b ${\"c\"}\r\n''"
    _, value = value_of(text)
    assert isinstance(value, NixString)
    for piece in value.pieces:
        assert text.encode()[slice(*piece.origin.span)] == piece.text.encode()


def package(expression: str, overlays: str = "") -> tuple[str, Evaluation, Package]:
    text = PINNED.replace("OVERLAYS", overlays) + expression
    evaluation, value = value_of(text)
    assert isinstance(value, Package), value
    return text, evaluation, value


PATHS = {
    "pinned.python312Packages.onnxruntime": ["python312Packages", "onnxruntime"],
    "with pinned; a.b": ["a", "b"],
    "let inherit (pinned) a; in a.b": ["a", "b"],
    'pinned.${"a" + "b"}': ["ab"],
    'builtins.getAttr "a" pinned': ["a"],
    "pinned.pkgs.a": ["a"],
    "(pinned.extend (final: prev: { a = prev.b; })).a": ["b"],
    "(pinned.appendOverlays [ (final: prev: { a = final.b; }) ]).a": ["b"],
    "pinned.callPackage ({ a, b ? 1 }: a) { }": ["a"],
    "pinned.callPackage ({ a }: a) { a = pinned.c; }": ["c"],
}


@pytest.mark.parametrize("expression", PATHS)
def test_paths(expression: str) -> None:
    assert [name.text for name in package(expression)[2].path] == PATHS[expression]


OVERLAID = {
    "(final: prev: { a = final.b; })": ["b"],
    "(final: prev: { a = prev.b; })": ["b"],
    "(final: prev: { a = prev.b; }) (final: prev: { b = prev.c; })": ["b"],
    "(final: prev: { a = final.b; }) (final: prev: { b = prev.c; })": ["c"],
    "(final: prev: { a = final.b; }) (final: prev: { a = final.c; })": ["c"],
    "(final: prev: { a = final.b; }) (final: prev: { a = prev.a; })": ["b"],
    "(final: prev: with prev; { a = b; })": ["b"],
    "(final: prev: if true then { a = prev.b; } else { })": ["b"],
}


@pytest.mark.parametrize("overlays", OVERLAID)
def test_overlays(overlays: str) -> None:
    text, _, value = package("pinned.a", overlays)
    assert [name.text for name in value.path] == OVERLAID[overlays]
    assert text[slice(*value.path[0].origin.span)] == value.path[0].text


ATTRIBUTES = {
    "p.overrideAttrs (old: { x = 1; })": 1,
    "p.overrideAttrs { x = 1; }": 1,
    "(p.overrideAttrs (old: { x = 1; })).overrideAttrs (old: { x = old.x + 1; })": 2,
    "(p.overrideAttrs (old: { x = 1; })).overrideAttrs (final: old: { x = 5; y = final.x; })": 5,
    "(p.overrideAttrs (final: old: { x = final.y; })).overrideAttrs (old: { y = 7; })": 7,
    "(p.overrideAttrs (old: { x = 1; })).override { a = 1; }": 1,
    "(p.overrideAttrs (old: { x = 1; })).overridePythonAttrs (old: { x = 2; })": 1,
    "p.overrideAttrs (old: { x = old.x or 3; })": None,
    "(p.overridePythonAttrs (old: { x = 2; })).override { a = 1; }": 2,
    "p.overrideAttrs (old: old // { x = 4; })": 4,
    '(p.overrideAttrs (old: { x = 1; })).overrideAttrs (old: throw "x")': None,
    "p": None,
}


@pytest.mark.parametrize("expression", ATTRIBUTES)
def test_attributes(expression: str) -> None:
    _, evaluation, value = package(f"let p = pinned.p; in {expression}")
    found = evaluation.attribute(value, "x")
    wanted = ATTRIBUTES[expression]
    if wanted is None:
        assert isinstance(found, (Unknown, Package))
        assert isinstance(found, Unknown) or found.name == "p.x", "what nixpkgs has there, untouched"
    else:
        assert isinstance(found, NixInt)
        assert found.value == wanted


ARGUMENTS = {
    "p.override { a = 1; }": 1,
    "(p.override { a = 1; }).override { a = 2; }": 2,
    "(p.override { a = 1; }).override { b = 2; }": 1,
    "(p.override { a = 1; }).override (old: { a = old.a + 1; })": 2,
    "p.override (old: { a = 3; })": 3,
    "(p.override { a = 4; }).overrideAttrs (old: { })": 4,
}


@pytest.mark.parametrize("expression", ARGUMENTS)
def test_arguments(expression: str) -> None:
    _, evaluation, value = package(f"let p = pinned.p; in {expression}")
    found = evaluation.argument(value, "a")
    assert isinstance(found, NixInt)
    assert found.value == ARGUMENTS[expression]
    assert evaluation.argument(value, "never given") is None


def test_a_list_that_is_known_in_part() -> None:
    _, evaluation, value = package(
        'pinned.p.overrideAttrs (old: { x = builtins.filter (f: f != "a") (old.x or [ ] ++ [ "a" "b" ]); })'
    )
    found = evaluation.attribute(value, "x")
    assert isinstance(found, NixList)
    rest, known = evaluation.items(found)  # type: ignore[misc]
    assert isinstance(rest, Rest)
    assert len(rest.filters) == 1
    assert isinstance(known, NixString)
    assert known.text == "b"


def test_a_text_and_a_set_that_are_known_in_part() -> None:
    _, evaluation, value = package(
        'pinned.p.overrideAttrs (old: { x = old.x or "" + "b"; meta = old.meta or { } // { a = "c"; }; })'
    )
    text, meta = evaluation.attribute(value, "x"), evaluation.attribute(value, "meta")
    assert isinstance(text, NixString)
    assert text.unknown is not None
    assert [piece.text for piece in text.pieces] == ["", "b"]
    assert isinstance(meta, NixAttrs)
    assert meta.rest is not None
    other = evaluation.select(meta, "other")
    assert isinstance(other, Package)
    assert other.name == "p.meta.other"


def test_the_argument_is_told_apart_from_the_pin() -> None:
    text = '{ pkgs, lib, x }: let pinned = import (fetchTarball "u") { }; in [ pkgs.a pinned.b x ]'
    evaluation, value = value_of(text)
    items = evaluation.items(value)
    assert not isinstance(items, Unknown)
    sources = [item.root.source.fetcher for item in items if isinstance(item, Package)]
    assert sources == ["argument", "fetchTarball", "argument"]
    reached = {(found.source.fetcher, text[slice(*span)]) for found, span in evaluation.reached()}
    assert {("argument", "pkgs"), ("fetchTarball", "pinned")} <= reached


SOURCES = {
    'import (builtins.fetchTarball { url = "u"; }) { }': "fetchTarball",
    'import (fetchTarball "u") { }': "fetchTarball",
    'import (builtins.fetchGit { url = "u"; rev = "r"; }) { }': "fetchGit",
    "import <nixpkgs> { }": "search path",
    '(builtins.getFlake "u").legacyPackages.x86_64-linux': "getFlake",
    '(builtins.getFlake "u").legacyPackages.${"x86_64-linux"}': "getFlake",
}


@pytest.mark.parametrize("text", SOURCES)
def test_sources(text: str) -> None:
    _, value = value_of(text)
    assert isinstance(value, PackageSet)
    assert value.source.fetcher == SOURCES[text]


def test_bindings_on_the_spine() -> None:
    text = "{ a ? 1 }: let x = a; in with { }; assert true; let x = 2; y = 3; in y"
    evaluation, _ = value_of(text)
    assert isinstance(found := evaluation.binding("x"), NixInt)
    assert found.value == 1
    assert evaluation.binding_span("y") == (text.index("y = 3"), text.index(" in y"))
    assert evaluation.binding("z") is None
    assert evaluation.binding_span("z") is None
