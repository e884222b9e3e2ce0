"""What variants are compared by ends for every value, and is the same only for what means the same."""

from __future__ import annotations

import time
from functools import cache

import pytest

from nixlint_ort.variant.normal_form import meaning
from tests.support.linting import GPU, original, repository

SECONDS = 10.0
OLD = b"  pname = variantName;"
SELF_CONTAINING = {
    "a set twice in itself": "rec { types = { a = types; b = types; }; }",
    "a list twice in itself": "let l = [ l l ]; in l",
    "sets of sets of themselves": "rec { a = { x = b; y = a; z = b; }; b = { x = a; y = b; z = a; }; }",
    "a doubled set": "builtins.foldl' (a: b: { x = a; y = a; }) { } (builtins.genList (i: i) 60)",
    "an endless tree": "let f = n: { a = f (n + 1); b = f (n + 2); }; in f 0",
    "a wide set": 'builtins.mapAttrs (n: v: v) (builtins.listToAttrs (builtins.genList (i: { name = "a${toString i}"; value = i; }) 9000))',
}
SAME = [
    ("rec { types = { a = types; b = types; }; }", "rec { types = { b = types; a = types; }; } # a comment"),
    ("{ a = [ 1 2 ]; }", "{ a = [ 1 ] ++ [ 2 ]; }"),
    ("let x = [ 1 ]; in { a = x; b = x; }", "{ b = [ 1 ]; a = [ 1 ]; }"),
]
OTHER = [
    ("rec { types = { a = types; b = types; }; }", "rec { types = { a = types; c = types; }; }"),
    ("rec { types = { a = types; b = types; }; }", "let t = { types = { a = t; b = t; }; }; in t"),
    ("let x = [ 1 ]; in { a = x; b = x; }", "{ a = [ 1 ]; b = [ 2 ]; }"),
    ("{ a = [ [ ] ]; }", "{ a = [ ]; }"),
]


@cache
def form(passthru: str) -> object:
    text = original(GPU).replace(
        OLD, f"  passthru = {passthru};\n".encode().replace(b"# a comment;", b"; # a comment") + OLD
    )
    changed = repository().with_files({GPU: text})
    variant = next(one for one in changed.variants if one.path == GPU)
    assert variant.document.problems == ()
    start = time.process_time()
    result = meaning(variant)
    assert time.process_time() - start < SECONDS
    assert variant.fact("pname").value is not None
    return result


@pytest.mark.parametrize("name", SELF_CONTAINING)
def test_what_contains_itself_ends(name: str) -> None:
    assert form(SELF_CONTAINING[name]) == form(SELF_CONTAINING[name])
    assert form(SELF_CONTAINING[name]) != form("{ }")


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_however_it_is_written(one: str, other: str) -> None:
    assert form(one) == form(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_differs_differs(one: str, other: str) -> None:
    assert form(one) != form(other)
