"""A list is brought to other items, and keeps its layout and its comments."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.fix.lists import list_edits
from nixlint_ort.source import Source
from nixlint_ort.variant.variant import Variant
from tests.support.linting import CPU, GPU, convention, fix, lint, original, replace_once


def brought(data: bytes, fact: str, wanted: Sequence[str]) -> bytes | None:
    """A variant's bytes with other items in a list; None where the list cannot be edited."""
    variant = Variant(Source(CPU, data), convention())
    edits = list_edits(variant.source, variant.fact(fact), wanted)
    if edits is None:
        return None
    assert all(edit.path == CPU for edit in edits)
    assert all(edit.text or edit.start < edit.end for edit in edits), "an edit does nothing"
    assert all(one.end < other.start for one, other in pairwise(edits)), "two edits touch"
    return apply_edits(data, edits)


def with_platforms(text: str) -> bytes:
    return replace_once(original(CPU), '[ "x86_64-linux" ]', text)


# A list as it is written, the items that it is to have, and how it is written then.
LISTS = [
    ("[ ]", "a b", '[ "a" "b" ]'),
    ("[]", "a", '[ "a" ]'),
    ("[\n    ]", "a", '[ "a" ]'),
    ('[ "a" ]', "a", '[ "a" ]'),
    # put in
    ('[ "a" ]', "a b c", '[ "a" "b" "c" ]'),
    ('[ "c" ]', "a b c", '[ "a" "b" "c" ]'),
    ('[ "b" ]', "a b c", '[ "a" "b" "c" ]'),
    ('[ "a" "d" ]', "a b c d", '[ "a" "b" "c" "d" ]'),
    ('[ "b"\n"c" ]', "a b c", '[ "a"\n"b"\n"c" ]'),
    ('[\n      "a"\n    ]', "a b", '[\n      "a"\n      "b"\n    ]'),
    ('[\n      "b"\n    ]', "a b", '[\n      "a"\n      "b"\n    ]'),
    ('[ "a" /* one */ "b"  "c" ]', "a b c d", '[ "a" /* one */ "b"  "c"  "d" ]'),
    ('[ "a"/* one */"b" ]', "a b c", '[ "a"/* one */"b" "c" ]'),
    ('[ /* one */"b" ]', "a b", '[ /* one */"a" "b" ]'),
    ('[\n      "b"/* two */"c"\n    ]', "a b c", '[\n      "a"\n      "b"/* two */"c"\n    ]'),
    # taken out
    ('[ "x" "a" ]', "a", '[ "a" ]'),
    ('[ "a" "x" ]', "a", '[ "a" ]'),
    ('[ "a" "b" "x" "c" ]', "a b c", '[ "a" "b" "c" ]'),
    ('[ "a" "x" "y" "b" ]', "a b", '[ "a" "b" ]'),
    ('[\n      "x"\n      "a"\n    ]', "a", '[\n      "a"\n    ]'),
    ('[ "a"\n"b"  "x"\t"c" ]', "a b c", '[ "a"\n"b"\t"c" ]'),
    ('[ "a" /* one */ "x" /* two */ "b" ]', "a b", '[ "a" /* one */ /* two */ "b" ]'),
    ('[ "a"/* one */"x" "b" ]', "a b", '[ "a"/* one */ "b" ]'),
    ('[\n      # one\n      "x" "a" ]', "a", '[\n      # one\n      "a" ]'),
    ('[ "a"\n      # one\n      "x" ]', "a", '[ "a"\n      # one\n      ]'),
    ('[\n      "a"\n      "x" # why\n    ]', "a", '[\n      "a"\n      # why\n    ]'),
    ('[\n      "a"\n      # why\n      "x"\n    ]', "a", '[\n      "a"\n      # why\n    ]'),
    ('[ "a" "x"/* two */"b" ]', "a b", '[ "a"/* two */"b" ]'),
    ('[ "x"/* one */"a" ]', "a", '[ /* one */"a" ]'),
    ('[ "a"/* one */"x" ]', "a", '[ "a"/* one */ ]'),
    # put in place of others
    ('[ "x" ]', "a", '[ "a" ]'),
    ('[ "x" "y" ]', "a b", '[ "a" "b" ]'),
    ('[ "x" /* one */ "y" ]', "a b", '[ "a" /* one */ "b" ]'),
    ('[ "x" ]', "a b c", '[ "a" "b" "c" ]'),
    ('[ "x" "y" "z" ]', "a", '[ "a" ]'),
    ('[ "a" "x" /* one */ "y" "b" ]', "a c b", '[ "a" "c" /* one */ "b" ]'),
    ('[ "a" "x" "y" "b" ]', "a p q r s b", '[ "a" "p" "q" "r" "s" "b" ]'),
    ('[ "a" "x" "y" "z" "b" "v" "c" ]', "a p q b s t c", '[ "a" "p" "q" "b" "s" "t" "c" ]'),
    ('[ "b" "a" ]', "a b", '[ "a" "b" ]'),
    ("[ ''x'' ]", "a", "[ ''a'' ]"),
]


@pytest.mark.parametrize(("text", "wanted", "expected"), LISTS)
def test_a_list_is_brought_to_other_items(text: str, wanted: str, expected: str) -> None:
    assert brought(with_platforms(text), "platforms", wanted.split()) == with_platforms(expected)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[ /* none */ ]", ["a"]),
        ('[ "x" ("y" + "z") ]', ["a", "b"]),
        ('[ "a" "" ]', ["a", "b"]),
        ('[ "a" (toString 5) ]', ["a"]),
        ("[ ''x'' ]", ["one\ntwo"]),
        ("[ ''a'' ]", ["a", "one\ntwo"]),
    ],
)
def test_a_list_that_cannot_be_edited_item_by_item_is_left(text: str, wanted: list[str]) -> None:
    assert brought(with_platforms(text), "platforms", wanted) is None


def test_a_text_is_put_in_as_nix_reads_it() -> None:
    for text in ('[ "x" ]', '[ "a" ]', "[ ]"):
        data = brought(with_platforms(text), "platforms", ["a", '"${b}"'])
        assert data is not None
        assert Variant(Source(CPU, data), convention()).fact("platforms").value == ("a", '"${b}"')


# The flags in a script as they are written, those that they are to be, and how they are written then.
SCRIPTS = [
    ("-ma -mb $CXXFLAGS", "-ma -mb", "-ma -mb $CXXFLAGS"),
    ("-mb $CXXFLAGS", "-ma -mb -mc", "-ma -mb -mc $CXXFLAGS"),
    ("$CXXFLAGS -ma  -mb", "-ma -mb -mc", "$CXXFLAGS -ma  -mb  -mc"),
    ("-mx -ma -my $CXXFLAGS", "-ma", "-ma $CXXFLAGS"),
    ("-mx $CXXFLAGS", "-ma -mb", "-ma -mb $CXXFLAGS"),
    ("-ma -mx -my -mb $CXXFLAGS", "-ma -mc -mb", "-ma -mc -mb $CXXFLAGS"),
    ("-mx", "-ma -mb", "-ma -mb"),
    ("-mb", "-ma -mb", "-ma -mb"),
    ("-mx", "-ma", "-ma"),
    ("-Wno-error -mx -O2 $CXXFLAGS", "-ma -mb", "-Wno-error -ma -mb -O2 $CXXFLAGS"),
    ("-Iinclude -ma -O2 -mx -mcmodel=large", "-ma", "-Iinclude -ma -O2 -mcmodel=large"),
    ("-mx -O2 -my -ma", "-ma", "-O2 -ma"),
    ("-ma -O2 -mx -m64 -my", "-ma", "-ma -O2 -m64"),
]


@pytest.mark.parametrize(("text", "wanted", "expected"), SCRIPTS)
def test_the_words_of_a_script_are_brought_to_others(text: str, wanted: str, expected: str) -> None:
    flags = '"${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"'
    data = replace_once(original(CPU), flags, f'"{text}"')
    assert brought(data, "cxx_flags", wanted.split()) == replace_once(original(CPU), flags, f'"{expected}"')


def test_a_fix_of_a_list_with_one_word_in_a_script_leaves_one_assignment() -> None:
    line = 'export CXXFLAGS="${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"'
    data = replace_once(original(CPU), line, 'export CXXFLAGS="-mavx2"')
    fixed = fix({CPU: data}, unsafe=True)
    assert fixed.contents == {CPU: replace_once(original(CPU), line, 'export CXXFLAGS="-mavx2 -mfma"')}


def test_an_item_that_is_there_and_comes_to_something_else_is_not_put_there_again() -> None:
    """Each round put one more there, and took it away again."""
    text = original(GPU).replace(b'export CFLAGS="${', b'export CFLAGS="let${')
    assert text != original(GPU)
    found = [one for one in lint({GPU: text}).findings if one.rule == "isa-flags"]
    assert [one.fix for one in found] == [None]
