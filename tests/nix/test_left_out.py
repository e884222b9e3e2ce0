"""What no override needs is not evaluated, and the reason says so in the same words everywhere."""

from __future__ import annotations

import pytest

from nixlint_ort.nix.evaluation import evaluate
from nixlint_ort.nix.parse import parse
from nixlint_ort.nix.values import Unknown

LIB = "let inherit (import <nixpkgs> { }) lib; in "
LEFT_OUT = {
    'builtins.match "a" "a"': "builtins.match",
    'builtins.split "a*" "a"': "builtins.split with a pattern that is more than a text",
    "builtins.toJSON 1": "builtins.toJSON",
    'builtins.fromJSON "1"': "builtins.fromJSON",
    'builtins.hashString "md5" ""': "builtins.hashString",
    "builtins.bitAnd 1 3": "builtins.bitAnd",
    "builtins.ceil 1.5": "builtins.ceil",
    "builtins.tryEval 1": "builtins.tryEval",
    "builtins.deepSeq 1 2": "builtins.deepSeq",
    "builtins.sort (a: b: a < b) [ 2 1 ]": "builtins.sort",
    "builtins.groupBy (a: a) [ ]": "builtins.groupBy",
    'builtins.getEnv "HOME"': "builtins.getEnv",
    "builtins.readFile ./x": "builtins.readFile",
    "__toJSON 1": "builtins.toJSON",
    'placeholder "out"': "builtins.placeholder",
    LIB + 'lib.stringToCharacters "ab"': "lib.stringToCharacters",
    LIB + "lib.strings.toJSON 1": "lib.strings.toJSON",
    LIB + "lib.lists.zipLists [ ] [ ]": "lib.lists.zipLists",
    LIB + 'lib.getName "a-1"': "lib.getName",
    LIB + "lib.nothing": "lib.nothing",
    "import ./other.nix": "other.nix: there is no repository",
    '"${./x}"': "where this path is on the disk",
    "rec { __overrides = { }; }": "__overrides",
    "builtins // { }": "builtins as a whole",
}


@pytest.mark.parametrize("text", LEFT_OUT)
def test_the_reason_names_it(text: str) -> None:
    value = evaluate(parse(text.encode())).value
    unknown = value if isinstance(value, Unknown) else getattr(value, "unknown", None) or getattr(value, "rest", None)
    assert isinstance(unknown, Unknown)
    assert unknown.reason == f"nixlint-ort does not evaluate {LEFT_OUT[text]}"
    assert not unknown.fails
