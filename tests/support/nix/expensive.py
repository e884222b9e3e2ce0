"""Expensive inputs: every builtin and operator on large, shared, many-pieced, long, deep and self-containing values.

`python -m tests.support.nix.expensive` prints what each takes, in a process of its own, slowest first.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from nixlint_ort.nix.evaluation import evaluate
from nixlint_ort.nix.parse import parse
from nixlint_ort.nix.values import NixString, Unknown

ROOT = Path(__file__).resolve().parents[3]
PRELUDE = """
  lib = (import <nixpkgs> { }).lib;
  numbers = n: builtins.genList (i: i) n;
  again = f: builtins.foldl' (a: b: builtins.seq (f b) a) 0 (numbers 20000);
  pieces = builtins.concatStringsSep "" (builtins.genList (i: "1aaaaaaaa.") 9990);
  long = "LONG";
  wide = "WIDE";
  list = numbers 15000;
  texts = map toString (numbers 5000);
  set = builtins.listToAttrs (map (i: { name = "a${toString i}"; value = i; }) (numbers 5000));
  deepList = builtins.foldl' (a: b: [ a ]) 0 (numbers 5000);
  deepSet = builtins.foldl' (a: b: { x = a; }) { } (numbers 5000);
  doubled = builtins.foldl' (a: b: [ a a ]) 0 (numbers 60);
  doubledSet = builtins.foldl' (a: b: { x = a; y = a; }) { } (numbers 60);
  selfList = [ selfList selfList ];
  selfSet = { x = selfSet; y = selfSet; };
"""
LONG = "1a.b-" * 18_000
WIDE = "é" * 20_000

TEXT = (
    "builtins.stringLength S", "builtins.substring 1 (-1) S", "toString S", "builtins.splitVersion S",
    "builtins.compareVersions S (S + \"1\")", "builtins.replaceStrings [ \"b\" \"c\" ] [ \"d\" \"e\" ] S",
    "builtins.replaceStrings (map (t: \"b\" + t) texts) texts S", "builtins.replaceStrings [ \"\" ] [ \"x\" ] S",
    "baseNameOf S", "builtins.unsafeDiscardStringContext S", "S + S", "\"${S}${S}\"", "S == S + \"\"", "S < S + \"\"",
    "builtins.elem \"b\" [ S ]", "builtins.concatStringsSep S [ \"a\" \"b\" \"c\" ]", "{ ${S} = 1; }", "{ }.${S} or 1",
    "{ } ? ${S}", "/a + S", "/a/${S}", "builtins.typeOf S", "lib.hasPrefix \"b\" S", "lib.hasSuffix \"b\" S",
    "lib.hasInfix \"bb\" S", "lib.removePrefix \"1\" S", "lib.removeSuffix \".\" S", "lib.cmakeFeature S S",
    "lib.cmakeBool S true", "lib.cmakeOptionType \"string\" S S", "lib.optionalString true S", "lib.concatStrings [ S S S ]",
    "lib.concatLines [ S S S ]", "lib.splitString \"a\" S", "lib.splitString \".\" S", "lib.toUpper S",
    "lib.versionOlder S (S + \"1\")", "lib.versionAtLeast S S", "lib.versions.major S", "lib.versions.majorMinor S",
    "builtins.listToAttrs [ { name = S; value = 1; } ]", "removeAttrs { a = 1; } [ S ]", "builtins.hasAttr S { a = 1; }",
    "lib.genAttrs [ S ] (n: n)", "lib.setType or S",
)  # fmt: skip
LIST = (
    "builtins.length L", "builtins.head L", "builtins.length (builtins.tail L)", "builtins.elemAt L 1", "builtins.elem (-1) L",
    "builtins.length (builtins.filter (x: true) L)", "builtins.length (map (x: x) L)", "builtins.all (x: true) L",
    "builtins.any (x: false) L", "builtins.length (builtins.concatLists [ L L ])", "builtins.length (builtins.concatMap (x: [ x x ]) L)",
    "builtins.foldl' (a: b: b) 0 L", "builtins.length (L ++ L)", "L == L ++ [ ]", "L < L ++ [ ]", "builtins.stringLength (toString L)",
    "builtins.length (lib.optionals true L)", "builtins.length (lib.flatten L)", "builtins.length (lib.remove 0 L)",
    "builtins.length (lib.subtractLists L L)", "builtins.length (lib.unique L)", "builtins.length (lib.take 9000 L)",
    "builtins.length (lib.drop 1 L)", "lib.last L", "builtins.length (lib.init L)", "lib.foldr (a: b: a) 0 L",
    "builtins.length (lib.forEach L (x: x))", "lib.pipe 0 (map (x: y: y) L)", "lib.optional true L",
)  # fmt: skip
SET = (
    "builtins.length (builtins.attrNames T)", "builtins.length (builtins.attrValues T)", "builtins.hasAttr \"q\" T", "T.x or 1",
    "removeAttrs T [ \"q\" ]", "removeAttrs T (builtins.attrNames T)", "builtins.mapAttrs (n: v: v) T", "T // T", "T == T // { }",
    "T ? x.x", "lib.filterAttrs (n: v: true) T", "builtins.length (lib.mapAttrsToList (n: v: v) T)",
    "lib.mapAttrs' (n: v: { name = n; value = v; }) T", "(lib.recursiveUpdate T T).x.x or 1", "lib.optionalAttrs true T",
    "lib.getAttrs (builtins.attrNames T) T", "lib.attrByPath [ \"x\" ] 1 T", "lib.hasAttrByPath [ \"x\" \"x\" ] T",
    "lib.mergeAttrsList [ T T T ]", "({ ... }: 1) T", "({ x ? 1, ... }: 1) T", "with T; numbers", "{ inherit (T) x; }.y or 1",
    "({ x ? 1 }: 1) (builtins.intersectAttrs { x = 1; } T)",
)  # fmt: skip
OTHER = {
    "a doubled path": "let f = n: if n == 0 then /a else (let p = f (n - 1); in p + p); in builtins.baseNameOf (f 60)",
    "a string in 50,000 items": "builtins.all (x: builtins.stringLength x > 0) (map (i: pieces) (numbers 50000))",
    "a string walked 60,000 times": "builtins.foldl' (a: b: builtins.seq pieces a) 0 (numbers 60000)",
    "the last of 120,000 items, 20,000 times": "let l = numbers 120000; in again (b: builtins.elemAt l 119999)",
    "a string doubled": 'builtins.foldl\' (a: b: a + a) "aaaaaaaa" (numbers 60)',
    "a list doubled": "builtins.length (builtins.foldl' (a: b: a ++ a) [ 1 2 ] (numbers 60))",
    "a set that grows": 'builtins.foldl\' (a: b: a // { "a${toString b}" = b; }) { } (numbers 9000)',
    "a string that grows": 'builtins.stringLength (builtins.foldl\' (a: b: a + "x") "" (numbers 9000))',
    "a list that grows": "builtins.length (builtins.foldl' (a: b: a ++ [ b ]) [ ] (numbers 9000))",
    "numbers that grow": "builtins.foldl' (a: b: a * 2 + b) 1 (numbers 20000)",
    "floats that grow": "builtins.foldl' (a: b: a * 2.5) 1.5 (numbers 20000)",
    "an endless call": "let f = x: f (x + 1); in f 0",
    "an endless list": "let f = n: [ n ] ++ f (n + 1); in builtins.head (f 0)",
    "a fixed point": "let fix = f: let x = f x; in x; in fix (x: x)",
    "900 scopes": "let f = n: n; in " + "".join(f"let a{n} = {n}; in " for n in range(900)) + "again (b: f a0)",
    "900 withs": "let q = { x = 1; }; in " + "with q; " * 900 + "again (b: x)",
    "a set of 9,000 names made again": "again (b: { " + "".join(f"a{n} = b; " for n in range(9000)) + "})",
    "a rec set of 9,000 names made again": "again (b: rec { " + "".join(f"a{n} = b; " for n in range(9000)) + "})",
    "a list of 9,000 items made again": "again (b: [ " + "b " * 9000 + "])",
    "a string of 3,000 parts made again": 'let s = "x"; in again (b: "' + "${s}" * 3000 + '")',
    "a function of 3,000 arguments": "let f = { " + ", ".join(f"a{n} ? 1" for n in range(3000)) + " }: 1; in again (b: f { })",
    "many overlays": "again (b: (import <nixpkgs> { overlays = map (i: f: p: { }) (numbers 9000); }).lib.version or 1)",
    "overlays added one by one": "(builtins.foldl' (a: b: a.extend (f: p: { x = 1; })) (import <nixpkgs> { }) (numbers 9000)).x",
    "overrides added one by one": "(builtins.foldl' (a: b: a.override { x = b; }) (import <nixpkgs> { }).hello (numbers 9000)).x or 1",
    "attributes overridden one by one": "(builtins.foldl' (a: b: a.overrideAttrs (o: set)) (import <nixpkgs> { }).hello (numbers 99)).x or 1",
    "a functor of itself": "let f = { __functor = f; }; in f 1",
    "a text of itself": "let f = { outPath = f; }; in toString f",
    "a text that calls itself": 'let f = { __toString = s: "${f}"; }; in toString f',
    "a doubled equality": "doubled == doubled ++ [ ]",
    "a doubled set's equality": "doubledSet == doubledSet // { }",
    "a doubled list as text": "toString doubled",
    "two lists of themselves": "let a = [ a ]; b = [ b ]; in a == b",
    "two sets of themselves": "let a = { x = a; }; b = { x = b; }; in a == b",
    "callPackage with many arguments": "again (b: (import <nixpkgs> { }).callPackage ({ lib }: lib.version or 1) set)",
}  # fmt: skip

HONEST = (
    "nixlint-ort does not evaluate ", "this text is cut in the middle of a character", "this integer needs more than 64 bits",
    "this attribute is set by nixpkgs", "replaceStrings puts a text into the middle of a character",
)  # fmt: skip
"""Other reasons for which a case may be unknown."""

TOO_MUCH = (
    "this takes more than ", "this string is longer than ", "this path is longer than ", "this string is put together from ",
    "this is nested more than ", "this is nested too deep", "this package is overridden more than ",
)  # fmt: skip


class Case(NamedTuple):
    """What is evaluated, and what it is called."""

    name: str
    expression: str

    @property
    def text(self) -> str:
        """The whole file: a text that is `90` once the expression is evaluated."""
        uses = [word in self.expression for word in ("long", "wide")]
        prelude = PRELUDE.replace("LONG", LONG * uses[0]).replace("WIDE", WIDE * uses[1])
        return f'let {prelude} in builtins.seq ({self.expression}) "90"'


class Cost(NamedTuple):
    """What a case takes, and what it comes to: `90`, or why that is not known."""

    seconds: float
    megabytes: float
    verdict: str
    fails: bool


def _put(template: str, mark: str, value: str) -> str:
    return re.sub(rf"\b{mark}\b", value, template)


def _cases() -> list[Case]:
    found = [Case(name, expression) for name, expression in OTHER.items()]
    for template in TEXT:
        for shape in ("pieces", "long", "wide"):
            one = _put(template, "S", shape)
            found.append(Case(f"{one}, again", f"again (b: {one})"))
            found.append(Case(f"{one}, grown", f"builtins.foldl' (S: b: {template}) {shape} (numbers 500)"))
    for template in LIST:
        for shape in ("list", "deepList", "doubled", "selfList", "texts"):
            one = _put(template, "L", shape)
            found += [Case(one, one)] if shape in ("deepList", "selfList") else []
            found.append(Case(f"{one}, again", f"again (b: {one})"))
    for template in SET:
        for shape in ("set", "deepSet", "doubledSet", "selfSet"):
            one = _put(template, "T", shape)
            found.append(Case(f"{one}, again", f"again (b: {one})"))
    return found


CASES = _cases()


def cost(case: Case) -> Cost:
    """Evaluates a case in a process of its own. An exception there, or its end, is the verdict."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
            os.write(writer, pickle.dumps(_evaluated(case)))
        except BaseException as error:
            os.write(writer, pickle.dumps((repr(error), False)))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        answer = stream.read()
    _, status, usage = os.wait4(child, 0)
    verdict, fails = pickle.loads(answer) if answer else (f"the process ended with status {status}", False)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, verdict, fails)


def _evaluated(case: Case) -> tuple[str, bool]:
    value = evaluate(parse(case.text.encode())).result
    if isinstance(value, Unknown):
        return value.reason, value.fails
    return (value.text if isinstance(value, NixString) else type(value).__name__), False


def costs(names: Iterable[str]) -> dict[str, Cost]:
    """The costs of cases, measured by a small process, so that the size of this one is not counted."""
    command = [sys.executable, "-m", "tests.support.nix.expensive", "--json"]
    done = subprocess.run(command, input="\n".join(names), capture_output=True, encoding="utf-8", check=True, cwd=ROOT)
    return {name: Cost(*values) for name, values in json.loads(done.stdout).items()}


def main() -> None:
    """Prints the cases that hold the words given, or all, slowest first; with `--json` those named on stdin."""
    if sys.argv[1:] == ["--json"]:
        wanted = sys.stdin.read().split("\n")
        sys.stdout.write(json.dumps({case.name: cost(case) for case in CASES if case.name in wanted}))
        return
    chosen = [case for case in CASES if all(word in case.name for word in sys.argv[1:])]
    start = time.monotonic()
    found = sorted(((cost(case), case) for case in chosen), reverse=True)
    for one, case in found:
        sys.stdout.write(f"{one.seconds:6.2f} s {one.megabytes:6.0f} MB  {case.name[:90]:<90}  {one.verdict[:90]}\n")
    sys.stdout.write(f"{len(found)} cases in {time.monotonic() - start:.0f} s\n")


if __name__ == "__main__":
    main()
