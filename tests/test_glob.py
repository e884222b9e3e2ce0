"""Patterns of paths: what each part of one stands for, and that none is slow."""

import time

import pytest

from nixlint_ort.glob import fits, matches


@pytest.mark.parametrize(
    ("pattern", "path", "is_one"),
    [
        ("*.nix", "a.nix", True),
        ("*.nix", ".flox/pkgs/a.nix", True),
        (".flox/*.nix", ".flox/pkgs/a.nix", False),
        (".flox/**/*.nix", ".flox/pkgs/a.nix", True),
        (".flox/**/*.nix", ".flox/a.nix", True),
        (".flox/**/*.nix", ".flox/a/b/c.nix", True),
        (".flox/**/x/*.nix", ".flox/a/x/x/c.nix", True),
        (".flox/**", ".flox", False),
        (".flox/**", ".flox/a", True),
        ("./.flox/pkgs/a.nix", ".flox/pkgs/a.nix", True),
        (".flox/", ".flox/pkgs/a.nix", True),
        (".flox/", ".flox", False),
        ("a?.nix", "ab.nix", True),
        ("a?.nix", "a/b.nix", False),
        ("a.nix", "abnix", False),
        ("[ab].nix", "a.nix", True),
        ("[ab].nix", "c.nix", False),
        ("[!ab].nix", "c.nix", True),
        ("[a-c]1.nix", "b1.nix", True),
        ("[a-c]1.nix", "d1.nix", False),
        ("[]a].nix", "].nix", True),
        ("[a.nix", "[a.nix", True),
        ("a**b", "axyb", True),
        ("a**b", "ax/yb", False),
        ("*", "a\nb", True),
        ("*sm90*", ".flox/pkgs/x-sm90-avx2.nix", True),
        ("", "a", False),
    ],
)
def test_what_a_pattern_is_about(pattern: str, path: str, is_one: bool) -> None:
    assert matches(pattern, path) == is_one


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 300 + "b", "a" * 2000),
        ("**/" * 300 + "b", "a/" * 1000 + "c"),
        ("?*" * 300 + "b", "a" * 2000),
        ("[" * 400_000, "a"),
        ("[]" + "[!" * 200_000, "a"),
    ],
    ids=["stars", "folders", "questions", "brackets", "brackets after one"],
)
def test_no_pattern_is_slow(pattern: str, path: str) -> None:
    start = time.monotonic()
    assert not fits(pattern.split("/"), path.split("/"))
    assert time.monotonic() - start < 5
