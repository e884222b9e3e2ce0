"""Nix files by the grammar of the language, many of them with a slip: `python fuzz/grammar.py 5000 SEED` compares with Nix.

Whatever Nix refuses must not be clean; whatever Nix reads may be refused only for a reason that docs/syntax.md lists.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

NAMES = ("a", "b", "c", "x'", "y_z", "d-e", "_", "true", "builtins")
BOUND = "a: b: c: x': y_z: d-e: _: p: "
ATTRIBUTES = (*NAMES[:7], "or", '"q"', '"q r"', '""', "${a}", '${"q"}', '"${b}"', "q1")
OPERATORS = ("+", "-", "*", "/", "++", "//", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "->", "?", "?")
NUMBERS = ("0", "1", "007", "9223372036854775807", "1.5", ".5", "1.", "1.0e3", "1e3", "0.0")
PATHS = (
    "./a", "../a/b", "a/b", "/a", "~/a", "./a.b/c-d", "./.", "./a${b}", "./${a}", "./a/${b}/c", "~/a/${b}", "a/${b}", "./a${b}${c}",
    "<a>", "<a/b>", "<nixpkgs>", "https://a.b/c", "a:b", "x:c", "d-e:f", "y_z:a", "mailto:a@b",
)  # fmt: skip
TEXT = (
    "a",
    " ",
    "\\n",
    "\\\\",
    '\\"',
    "$",
    "$$",
    "\\${",
    "${a}",
    "${b}",
    "'",
    "''",
    "\n",
    "\t",
    "é",
    "#",
    "/*",
    "}",
    "$${",
)
INDENTED = (
    "a",
    " ",
    "\n",
    "\n    ",
    "''\\n",
    "'''",
    "''$",
    "$",
    "$$",
    "${a}",
    "${b}",
    "'",
    '"',
    "\t",
    "\\",
    "é",
    "''${",
    "}",
    "\n  x",
)
RARE = (
    "or", "__curPos", "if", "|>", "9223372036854775808", "00.5", "./a/", "a//b", "./a${b}/", "/a/${b}/", "~/${a}", "< a >", "./a//${b}",
    "./a${b}//c", "\\", "rec", "inherit", "__sub", "q", "\x0b",
)  # fmt: skip
"""What Nix refuses in most places, or reads otherwise than one would think; it may stand for any word."""

GAPS = (" ", " ", " ", " ", " ", "\n", "  ", "\t", " ", " # c\n", " /* c */ ", "/**/", "\r\n", "")
EXTRA = (
    ";",
    ",",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ":",
    "@",
    "...",
    "=",
    ".",
    "in",
    "then",
    "let",
    "rec",
    "inherit",
    "${",
    "''",
    '"',
    "<|",
    "?",
)
MAX_DEPTH = 4

Tokens = Iterator[str]


class Grammar:
    """Makes files from one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def file(self) -> bytes:
        """A file whose names are bound, with no slip or a few."""
        tokens = list(self._expression(self._chance.randrange(1, MAX_DEPTH + 1)))
        for _ in range(self._chance.choice((0, 0, 0, 1, 1, 2))):
            self._slip(tokens)
        gaps = self._chance.choice((GAPS, (" ",), (" ", "\n"), (" ", " ", "")))
        text = "".join(token + self._chance.choice(gaps) for token in tokens)
        return (BOUND + text).encode()

    def _slip(self, tokens: list[str]) -> None:
        at = self._chance.randrange(len(tokens))
        kind = self._chance.randrange(4)
        if kind == 0 and len(tokens) > 1:
            del tokens[at]
        elif kind == 1:
            tokens.insert(at, tokens[self._chance.randrange(len(tokens))])
        elif kind == 2:
            other = self._chance.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        else:
            tokens.insert(at, self._chance.choice(EXTRA))

    def _expression(self, depth: int) -> Tokens:
        if depth <= 0:
            yield from self._simple(0)
            return
        forms: tuple[Callable[[int], Tokens], ...] = (
            self._operation, self._operation, self._call, self._select, self._simple, self._simple, self._function,
            self._let, self._with, self._if,
        )  # fmt: skip
        yield from self._chance.choice(forms)(depth - 1)

    def _operand(self, depth: int) -> Tokens:
        yield from self._chance.choice((self._simple, self._call, self._select))(depth)

    def _operation(self, depth: int) -> Tokens:
        if self._chance.random() < 0.2:
            yield self._chance.choice(("!", "-"))
        yield from self._operand(depth)
        for _ in range(self._chance.choice((1, 1, 2))):
            operator = self._chance.choice(OPERATORS)
            yield operator
            yield from self._path() if operator == "?" else self._operand(depth)

    def _call(self, depth: int) -> Tokens:
        yield from self._simple(depth)
        for _ in range(self._chance.choice((1, 1, 2))):
            yield from self._chance.choice((self._simple, self._select))(depth)

    def _select(self, depth: int) -> Tokens:
        yield from self._simple(depth)
        yield "."
        yield from self._path()
        if self._chance.random() < 0.3:
            yield "or"
            yield from self._simple(depth)

    def _path(self) -> Tokens:
        yield self._chance.choice(ATTRIBUTES)
        while self._chance.random() < 0.3:
            yield "."
            yield self._chance.choice(ATTRIBUTES)

    def _simple(self, depth: int) -> Tokens:
        if depth <= 0 or self._chance.random() < 0.4:
            yield self._word()
            return
        yield from self._chance.choice((self._parentheses, self._set, self._list, self._old_let))(depth - 1)

    def _word(self) -> str:
        if self._chance.random() < 0.02:
            return self._chance.choice(RARE)
        pick = self._chance.randrange(9)
        if pick < 7:
            return self._chance.choice((NAMES, NAMES, NAMES, NAMES, NUMBERS, PATHS, PATHS)[pick])
        pieces = INDENTED if pick == 7 else TEXT
        text = "".join(self._chance.choice(pieces) for _ in range(self._chance.randrange(5)))
        return f"''{text}''" if pick == 7 else f'"{text}"'

    def _parentheses(self, depth: int) -> Tokens:
        yield "("
        yield from self._expression(depth)
        yield ")"

    def _list(self, depth: int) -> Tokens:
        yield "["
        for _ in range(self._chance.randrange(4)):
            yield from self._chance.choice((self._simple, self._select))(depth)
        yield "]"

    def _set(self, depth: int) -> Tokens:
        if self._chance.random() < 0.3:
            yield "rec"
        yield "{"
        yield from self._bindings(depth)
        yield "}"

    def _old_let(self, depth: int) -> Tokens:
        yield from ("let", "{")
        yield from self._bindings(depth)
        yield from ("body", "=", "1", ";", "}")

    def _bindings(self, depth: int) -> Tokens:
        for _ in range(self._chance.randrange(4)):
            if self._chance.random() < 0.25:
                yield "inherit"
                if self._chance.random() < 0.5:
                    yield from self._parentheses(depth)
                for _ in range(self._chance.randrange(3)):
                    yield self._chance.choice(ATTRIBUTES)
            else:
                yield from self._path()
                yield "="
                yield from self._expression(depth)
            yield ";"

    def _let(self, depth: int) -> Tokens:
        yield "let"
        yield from self._bindings(depth)
        yield "in"
        yield from self._expression(depth)

    def _with(self, depth: int) -> Tokens:
        yield self._chance.choice(("with", "assert"))
        yield from self._expression(depth)
        yield ";"
        yield from self._expression(depth)

    def _if(self, depth: int) -> Tokens:
        for word in ("if", "then", "else"):
            yield word
            yield from self._expression(depth)

    def _function(self, depth: int) -> Tokens:
        name = self._chance.choice(("p", *NAMES[:7]))
        form = self._chance.randrange(4)
        if form in (0, 2):
            yield name
        if form == 2:
            yield "@"
        if form:
            yield from self._formals(depth)
        if form == 3:
            yield from ("@", name)
        yield ":"
        yield from self._expression(depth)

    def _formals(self, depth: int) -> Tokens:
        yield "{"
        names = self._chance.sample(("q", "r", "s", "a", "t_u"), self._chance.randrange(4))
        for number, name in enumerate(names):
            if number:
                yield ","
            yield name
            if self._chance.random() < 0.4:
                yield "?"
                yield from self._expression(depth)
        if self._chance.random() < 0.3:
            yield from (*([","] if names else []), "...")
        elif names and self._chance.random() < 0.3:
            yield ","
        yield "}"


def files(count: int, seed: int) -> list[bytes]:
    """So many files; the same for the same seed."""
    grammar = Grammar(random.Random(seed))  # only to make inputs
    return [grammar.file() for _ in range(count)]


def main() -> int:
    """Compares how this tool and Nix read so many files, and prints where they differ."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from tests.nix.test_grammar import contradictions
    from tests.support.nix.reading import readings

    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    total: Counter[str] = Counter()
    faults = 0
    for number in range(0, count, 500):
        found = readings(files(min(500, count - number), seed + number))
        total.update(one.outcome.value for one in found)
        for fault in contradictions(found):
            faults += 1
            sys.stdout.write(f"{fault}\n")
    sys.stdout.writelines(f"{outcome}: {number}\n" for outcome, number in total.most_common())
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
