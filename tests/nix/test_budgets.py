"""No text can hang a run, exhaust it or end it with an exception: there is a problem, a value, or Unknown, in seconds."""

from __future__ import annotations

import time
from random import Random

import pytest

from nixlint_ort.nix import budget
from nixlint_ort.nix import parse as parse_module
from nixlint_ort.nix.evaluation import Evaluation, evaluate
from nixlint_ort.nix.parse import parse
from nixlint_ort.nix.values import Function, NixAttrs, NixInt, NixList, NixString, Rest, Unknown, Value
from tests.support.nix.reading import mutants, variants
from tests.support.representative import representative

SECONDS = 20.0
"""Of CPU, far above what any of these takes."""


def nested_lets(count: int) -> str:
    return "".join(f"let a{number} = {number}; in " for number in range(count)) + "a0"


ANSWERED = {
    "900 nested lets": (nested_lets(900), 0),
    "900 nested withs": ("with { a = 1; }; " * 900 + "a", 1),
    "900 nested parentheses": ("(" * 900 + "1" + ")" * 900, 1),
    "a list of 90,000 items": ("builtins.length [ " + "1 " * 90_000 + "]", 90_000),
    "a generated list of 20,000 items": ("builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: 1) 20000)", 20_000),
    "20,000 calls in tail position": ("let f = n: if n == 0 then 0 else f (n - 1); in f 20000", 0),
    "a long chain of names": (
        "".join(f"let a{n + 1} = a{n}; in " for n in range(150)).join(("let a0 = 7; in ", "a150")),
        7,
    ),
}
UNKNOWN = {
    "itself": "let x = x; in x",
    "each other": "let a = b; b = a; in a",
    "functions of each other": "let f = x: g x; g = x: f x + 0; in f 1",
    "endless tail calls": "let f = x: f (x + 1); in f 0",
    "a set of itself": "rec { a = a.b; b = 1; }.a",
    "a fold that doubles a string": 'builtins.foldl\' (a: b: a + a) "aaaaaaaa" (builtins.genList (x: x) 60)',
    "a fold that doubles a list": "builtins.length (builtins.foldl' (a: b: a ++ a) [ 1 2 ] (builtins.genList (x: x) 60))",
    "a list too long to make": "builtins.length (builtins.genList (x: x) 1000000000)",
    "a fixed point without an end": "let fix = f: let x = f x; in x; in fix (x: x)",
}
EITHER = {
    "2,000 nested lets": nested_lets(2000),
    "10,000 nested parentheses": "(" * 10_000 + "1" + ")" * 10_000,
    "an endless list": "let f = n: [ n ] ++ f (n + 1); in f 0",
    "a long sum": "1" + " + 1" * 5000,
    "a long sum without spaces": "1" + "+1" * 40_000,
    "a long selection": "let a = { }; in a" + ".b" * 5000,
    "many minus signs": "-" * 5000 + "1",
    "nested lists": "[ " * 5000 + "]" * 5000,
    "nested sets": "{ a = " * 3000 + "1" + "; }" * 3000,
    "nested functions": "x: " * 5000 + "1",
    "nested calls": "(x: x) (" * 2000 + "1" + ")" * 2000,
    "nested ifs": "if true then " * 3000 + "1" + " else 2" * 3000,
    "nested strings": '"${' * 800 + "1" + '}"' * 800,
    "nested indented strings": "''${" * 800 + "1" + "}''" * 800,
    "an unclosed half": "(" * 20_000,
    "an attribute path": "{ " + ".".join(["a"] * 5000) + " = 1; }",
    "an update of many sets": "{ }" + " // { a = 1; }" * 3000,
    "a million bytes too many": " " * 2_000_000,
}


UNTIL_THE_CLOCK = ("a long sum without spaces",)
"""What a parser reads until the clock ends it; `test_a_cancelled_parse_leaves_nothing_behind` has it too."""


def result(text: str) -> Value:
    start = time.process_time()
    value = evaluate(parse(text.encode())).value
    assert time.process_time() - start < SECONDS
    return value


@pytest.mark.parametrize("name", ANSWERED)
def test_answered(name: str) -> None:
    text, wanted = ANSWERED[name]
    value = result(text)
    assert isinstance(value, NixInt), value
    assert value.value == wanted


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown(name: str) -> None:
    assert isinstance(result(UNKNOWN[name]), Unknown)


@pytest.mark.parametrize("name", representative(EITHER, [one for one in EITHER if one not in UNTIL_THE_CLOCK]))
def test_answered_or_unknown(name: str) -> None:
    result(EITHER[name])


ENDLESS = "let f = x: f (x + 1); in f 0"


def test_what_takes_too_much_leaves_the_rest_known() -> None:
    text = f'let name = "a"; in {{ first = {ENDLESS}; second = name + "b"; third = builtins.stringLength name; }}'
    evaluation = evaluate(parse(text.encode()))
    first, second, third = (evaluation.select(evaluation.result, name) for name in ("first", "second", "third"))
    assert isinstance(first, Unknown)
    assert first.reason == "this takes more than 200,000 steps to evaluate"
    assert isinstance(second, NixString)
    assert second.text == "ab"
    assert isinstance(third, NixInt)


def test_the_seconds_end_what_the_steps_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_STEPS", 10**12)
    monkeypatch.setattr(budget, "MAX_SECONDS", 0.2)
    start = time.process_time()
    value = evaluate(parse(ENDLESS.encode())).result
    assert isinstance(value, Unknown)
    assert value.reason.startswith("this takes more than 0 seconds")
    assert time.process_time() - start < SECONDS


def test_a_cancelled_parse_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_module, "SECONDS", -1.0)  # which are over at once
    (problem,) = parse(EITHER["a long sum without spaces"].encode()).problems
    assert problem.message.startswith("nixlint-ort stops reading a file after ")
    assert parse(b"1").problems == ()


@pytest.mark.parametrize("seed", range(3))
def test_mutants_of_variants_raise_nothing(seed: int) -> None:
    for text in mutants(variants()[::12], 150, seed):
        visit(evaluate(parse(text)))


@pytest.mark.parametrize("seed", range(3))
def test_any_bytes_raise_nothing(seed: int) -> None:
    chance = Random(seed)
    for _ in range(300):
        visit(evaluate(parse(chance.randbytes(chance.randrange(60)))))


def visit(evaluation: Evaluation) -> None:
    """Looks at all that a file evaluates to, a few levels deep."""
    waiting = [(evaluation.result, 4)]
    while waiting:
        value, depth = waiting.pop()
        inner: list[Value] = []
        if isinstance(value, NixAttrs):
            inner = [evaluation.force(thunk) for thunk in value.attributes.values()]
        elif isinstance(value, NixList):
            items = evaluation.items(value)
            inner = [] if isinstance(items, Unknown) else [item for item in items if not isinstance(item, Rest)]
        elif isinstance(value, Function):
            inner = [evaluation.apply(value, evaluation.result)]
        elif isinstance(value, NixString):
            assert value.unknown is not None or isinstance(value.text, str)
        waiting += [(one, depth - 1) for one in inner if depth]
    assert evaluation.binding("variantName") is None or evaluation.binding_span("variantName") is not None


@pytest.mark.parametrize("text", ["1" + "+1" * 60_000, "{" + ",/*" * 20_000 + "}: a", "a" + ".b" * 95_000])
def test_a_file_that_takes_too_much_memory_to_read_is_said(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_module, "SECONDS", 60.0)
    asked = iter(range(0, 10**12, parse_module.MAX_MEMORY // 3))
    monkeypatch.setattr(parse_module, "_resident", lambda: next(asked))
    (problem,) = parse(text.encode()).problems
    assert problem.message == "nixlint-ort stops reading a file after 60 seconds or 80 MB"
