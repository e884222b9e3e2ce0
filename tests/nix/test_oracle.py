"""The oracle itself: however a variant is written, it gives the facts that Nix would build from."""

from pathlib import Path

import pytest

from tests.support.oracle import NixError, evaluate_expressions, evaluate_variants, parses

ARCHIVE = "https://example.org/archive/abc.tar.gz"
PINNED = f'import (builtins.fetchTarball {{ url = "{ARCHIVE}"; }}) {{ }}'


def variant(*layer: str, nixpkgs: str = PINNED, wrapper: str = "python3Packages", attributes: str = "{ }") -> str:
    """A small variant: calls made on the C++ layer in order, and what is done to the wrapper's attributes."""
    built = "p.onnxruntime"
    for call in layer:
        built = f"({built}).{call}"
    return f"""
      {{ pkgs ? import <nixpkgs> {{ }} }}:
      let p = {nixpkgs}; inherit (p) lib; in
      (p.{wrapper}.onnxruntime.override {{ onnxruntime = {built}; }}).overrideAttrs ({attributes})
    """


# What is written, and the facts that follow from it.
CASES: dict[str, tuple[str, dict[str, object]]] = {
    "nothing is set": (
        variant(),
        {"pname": None, "description": None, "ort_version": None, "cuda_support": None, "cuda_packages": None}
        | {"cmake_cuda_architectures": None, "cxx_flags": (), "nixpkgs_url": ARCHIVE, "nixpkgs_rev": "abc"},
    ),
    "override by a function sees what the package set gives": (
        variant("override (old: { cudaSupport = old ? cudaPackages; pythonSupport = old ? cudaSupport; })"),
        {"cuda_support": True, "python_support": False},
    ),
    "overrides add up": (
        variant(
            "override { cudaSupport = true; }",
            'overrideAttrs { version = "1"; }',
            "override { pythonSupport = 1 == 1; }",
        ),
        {"cuda_support": True, "python_support": True, "ort_version": "1"},
    ),
    "attributes by two arguments, the first of them final": (
        variant('overrideAttrs (final: old: { src = old.src // { }; tag = final.version; version = "2"; })'),
        {"ort_version": "2"},
    ),
    "a source of one's own": (
        variant('overrideAttrs (_: { src = p.fetchFromGitHub { owner = "o"; repo = "r"; tag = "v3"; hash = ""; }; })'),
        {"ort_src_tag": "v3", "ort_version": None},
    ),
    "a name made of nixpkgs' own is nixpkgs' own": (
        variant(attributes='old: { pname = "${old.pname}-avx2"; meta = old.meta // { description = "d"; }; }'),
        {"pname": "stub-onnxruntime-avx2", "description": "d", "platforms": None},
    ),
    "the last architecture counts, and earlier ones are told": (
        variant(
            "overrideAttrs (old: { cmakeFlags = old.cmakeFlags"
            ' ++ [ (lib.cmakeFeature "CMAKE_CUDA_ARCHITECTURES" "80;90") ]; })'
        ),
        {"cmake_cuda_architectures": "80;90", "earlier_cuda_architectures": ("stub",)},
    ),
    "flags that are not exported reach no compiler": (
        variant("""overrideAttrs { preConfigure = "CXXFLAGS='-mlost'; export CFLAGS=\\"-mavx2  -mfma $CFLAGS\\""; }"""),
        {"cxx_flags": (), "c_flags": ("-mavx2", "-mfma")},
    ),
    "flags by an attribute are exported": (
        variant(
            """overrideAttrs { CXXFLAGS = "-mavx2"; preConfigure = "CXXFLAGS+=' -mfma'"; env.CFLAGS = "-mfma"; }"""
        ),
        {"cxx_flags": ("-mavx2", "-mfma"), "c_flags": ("-mfma",)},
    ),
    "overlays in order, over the final set": (
        variant(
            nixpkgs=PINNED[:-3]
            + "{ config.cudaSupport = true; overlays = [ (final: prev: { cudaPackages = final.mine; })"
            + " (final: prev: { mine = prev.cudaPackages_13_0; }) ]; }"
        ),
        {"cuda_packages": "13_0", "config_cuda_support": True},
    ),
    "the Python of each layer": (
        variant("override { python3Packages = p.python313.pkgs; }", wrapper="python312Packages"),
        {"python_packages": "python312Packages", "layer_python_packages": "python313Packages"},
    ),
    "the packages of the argument": (
        variant(nixpkgs="pkgs"),
        {"nixpkgs_source": {"fetcher": "argument"}, "nixpkgs_url": None},
    ),
    "the search path": (
        variant(nixpkgs="import <nixpkgs> { }"),
        {"nixpkgs_source": {"fetcher": "search path", "name": "nixpkgs"}, "nixpkgs_rev": None},
    ),
    "git, by a commit": (
        variant(nixpkgs='import (fetchGit { url = "u"; rev = "abc"; }) { }'),
        {"nixpkgs_source": {"fetcher": "fetchGit", "url": "u", "rev": "abc"}, "nixpkgs_rev": "abc"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_facts(case: str, tmp_path: Path) -> None:
    text, expected = CASES[case]
    path = tmp_path / 'a "quoted" ${name}.nix'
    path.write_text(text, encoding="utf-8")
    facts = evaluate_variants([path])[path]
    assert {fact: getattr(facts, fact) for fact in expected} == expected


def test_a_variant_that_nix_refuses_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.nix"
    path.write_text("{ }: nothing", encoding="utf-8")
    with pytest.raises(NixError, match=r"broken\.nix: error: undefined variable 'nothing'"):
        evaluate_variants([path])
    assert not parses(path)


# What an expression gives, worked out by hand: JSON's corners, then functions of lib.
VALUES: dict[str, object] = {
    "1 + 1.0": 2.0,
    '"é\\t\\${x} \\"q\\" \\\\"': 'é\t${x} "q" \\',
    "{ f = { a, b ? 1 }: a; p = /x; n = null; }": {
        "f": {"_type": "function", "formals": {"a": False, "b": True}},
        "p": {"_type": "path", "text": "/x"},
        "n": None,
    },
    'lib.cmakeBool "A" true': "-DA:BOOL=TRUE",
    'lib.cmakeFeature "A" "b"': "-DA:STRING=b",
    'lib.cmakeOptionType "path" "A" "b"': "-DA:PATH=b",
    'lib.splitString "." "1.2.3"': ["1", "2", "3"],
    'lib.removePrefix "ab" "abc" + lib.removeSuffix "c" "abc" + lib.removeSuffix "abcd" "bc"': "cabbc",
    '[ (lib.hasPrefix "abc" "ab") (lib.hasSuffix "b" "ab") (lib.hasInfix "a.c" "abc") ]': [False, True, False],
    'lib.concatMapStringsSep "," toString [ 1 2 ]': "1,2",
    "lib.recursiveUpdate { a = { b = 1; c = 2; }; } { a.b = 3; }": {"a": {"b": 3, "c": 2}},
    '[ (lib.versions.majorMinor "1.23.2") (lib.versionAtLeast "1.10" "1.9") (lib.versionOlder "1.2" "1.2") ]': [
        "1.23",
        True,
        False,
    ],
    "lib.optionals false [ 1 ] ++ lib.optional true 2 ++ [ (lib.optionalString false x) ]": [2, ""],
    "lib.filterAttrs (n: v: v > 1) { a = 1; b = 2; }": {"b": 2},
    "lib.unique (lib.flatten [ 1 [ 2 [ 1 ] ] ])": [1, 2],
    'lib.toInt "75" + lib.toIntBase10 "007"': 82,
    'lib.escapeShellArgs [ "-mfma" "a b" "it\'s" ]': "-mfma 'a b' 'it'\\''s'",
    'lib.toUpper (lib.concatStrings (lib.reverseList (lib.stringToCharacters "cba")))': "ABC",
}
ERRORS = {
    "{ a = ": "syntax error",
    "let f = x: 1 + f x; in f 1": "stack overflow",
    "let x = x; in x": "infinite recursion",
    "throw ''no''": "no",
    "lib.toInt ''007''": "ambiguous",
    "{ }.a": "attribute 'a' missing",
}


def test_expressions_are_independent() -> None:
    expressions = [f"let lib = (import <nixpkgs> {{ }}).lib; x = 1; in {text}" for text in (*VALUES, *ERRORS)]
    split = 3
    good, bad = expressions[: len(VALUES)], expressions[len(VALUES) :]
    answers = evaluate_expressions([*good[:split], *bad, *good[split:]])
    refused = answers[split : split + len(bad)]
    assert [answer.value for answer in answers if answer not in refused] == list(VALUES.values())
    assert [part in str(answer.error) for part, answer in zip(ERRORS.values(), refused, strict=True)] == [True] * len(
        bad
    )


def test_without_nix_it_fails_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RuntimeError, match=r"nix-instantiate is not on PATH.*nix-bin"):
        evaluate_expressions(["1"])
