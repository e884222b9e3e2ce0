"""What makes a variant the odd one out among its peers, and what is only written differently."""

import re
import time
from collections import Counter
from unittest.mock import patch
from weakref import WeakSet

import pytest

from nixlint_ort.check import code_words
from nixlint_ort.check.code_words import CodeWord, bindings
from nixlint_ort.check.predicates import odd_one_out
from nixlint_ort.nix.constructs import Path
from nixlint_ort.variant.normal_form import meaning
from nixlint_ort.variant.variant import Variant
from tests.support.forms import FORMS
from tests.support.linting import (
    GPU,
    expected,
    lint,
    lint_repository,
    original,
    replace_once,
    repository,
    session,
    shown,
    told,
)

ARCHIVE = '0.tar.gz";'
HEAD = "{ pkgs ? import <nixpkgs> {} }:"
FLAG = '"-DCMAKE_CUDA_ARCHITECTURES=${gpuArchCMake}"'
TYPED_FLAG = '(lib.cmakeFeature "CMAKE_CUDA_ARCHITECTURES" gpuArchCMake)'
PATH_FLAG = '(lib.cmakeOptionType "path" "CMAKE_CUDA_ARCHITECTURES" gpuArchCMake)'
PEERS = [variant.path for variant in repository().variants]
LAYER = "    python3Packages = nixpkgs_pinned.python312Packages;\n"
SILENT = "# nixlint-ort: ignore[cpp-layer-python] tested"
CONFIGURE = '      export CFLAGS="'
LINE_OF_90 = f'allowUnfree = true; permittedInsecurePackages = [ "é{"x" * 34}" ];'
CASES = {
    "a hash": (ARCHIVE, f'{ARCHIVE}\n    sha256 = "0";'),
    "a name for the store": (ARCHIVE, f'{ARCHIVE} name = "nixpkgs";'),
    "another system": ("    overlays", '    system = "i686-linux";\n    overlays'),
    "an argument that nobody passes": (HEAD, HEAD.replace(" }:", ", cudaVersoin }:")),
    "another layout of the head": (HEAD, "{\n  pkgs ? import <nixpkgs> { },\n}:"),
    "a flag with its type": (FLAG, TYPED_FLAG),
    "a flag that is a path": (FLAG, PATH_FLAG),
    "another value": ("allowUnfree = true", "allowUnfree = false"),
    "a line of a script more": (CONFIGURE, f"      export VERBOSE=1\n{CONFIGURE}"),
    "a line of a script more at its end": ("    '' + (oldAttrs.pre", "      export VERBOSE=1\n    '' + (oldAttrs.pre"),
    "a script with a tab": (CONFIGURE, CONFIGURE.replace("      ", "      \t")),
    "a system that it needs less": ('    requiredSystemFeatures = [ "big-parallel" ];\n', ""),
    "a setting twice": ("allowUnfree = true;", "allowUnfree = true; allowBroken = true;"),
    "a setting in front": ("      allowUnfree", "      allowBroken = true;\n      allowUnfree"),
    "a line of 90 characters": ("allowUnfree = true;", LINE_OF_90),
    "a line of 91 characters": ("allowUnfree = true;", LINE_OF_90.replace("é", "éé")),
    "more at the end": (
        '    platforms = [ "x86_64-linux" ];\n  };\n})',
        '    platforms = [ "x86_64-linux" ];\n  };\n  __structuredAttrs = true;\n})',
    ),
    "less at the end": ("(oldAttrs.meta or {}) // {", "{"),
}
"""By what it is about: a text of the variant, and what stands there instead."""


def found(data: bytes) -> list[str]:
    name = GPU.rsplit("/", 1)[-1]
    return [one.replace(f"{name}:", "") for one in shown(lint({GPU: data}))]


@pytest.mark.parametrize("name", CASES)
def test_one_change(name: str) -> None:
    good, bad = CASES[name]
    now = told(lint({GPU: replace_once(original(GPU), good, bad)}))
    assert now == expected(f"likeness/{name}.txt", now)


@pytest.mark.parametrize(("comment", "rules"), [("", []), (f"  {SILENT}\n", ["odd-one-out"])])
def test_the_one_that_is_right_is_odd_only_where_its_peers_are_meant_to_be_wrong(
    comment: str, rules: list[str]
) -> None:
    first, *others = (path for path in PEERS if "cuda12_4" in path)
    changed: dict[str, bytes | None] = {}
    for path in others:
        without = replace_once(original(path), LAYER, "")
        changed[path] = replace_once(without, "  onnxruntimeCpp =", f"{comment}  onnxruntimeCpp =")
    found = lint(changed).findings
    assert [one.rule for one in found if one.place.path == first] == rules
    assert {one.rule for one in found if one.place.path != first} == (set() if comment else {"cpp-layer-python"})


@pytest.mark.parametrize(
    ("alike", "odd", "told_of"),
    [(1, 1, 0), (2, 1, 0), (3, 0, 0), (3, 1, 1), (3, 2, 0), (4, 2, 2), (4, 3, 0), (5, 3, 0), (5, 2, 2)],
)
def test_a_clear_majority_of_at_least_three_is_what_is_right(alike: int, odd: int, told_of: int) -> None:
    stack = [path for path in PEERS if "cuda12_9" in path]
    files: dict[str, bytes | None] = dict.fromkeys(PEERS)
    files.update({path: original(path) for path in stack[: alike + odd]})
    for number, path in enumerate(stack[:odd]):
        files[path] = replace_once(original(path), "allowUnfree = true;", f"allowUnfree = true; x = {number};")
    findings = [one for one in lint(files).findings if one.rule == "odd-one-out"]
    assert len(findings) == told_of
    of_all = f"which {alike} of {alike + odd} CUDA 12.9 variants do not have"
    assert all(one.message.endswith(of_all) for one in findings)


def test_words_of_few_variants_are_held_at_a_time() -> None:
    """Those of all peers took 490 MB for 600 files of 10 KB. What they say is the same, however few are held."""
    files: dict[str, bytes | None] = {
        path: replace_once(original(path), "allowUnfree = true;", f"allowUnfree = true; x{number % 5} = {number};")
        for number, path in enumerate(PEERS)
    }
    whole = lint(files)
    assert sum(one.rule == "odd-one-out" for one in whole.findings) > 3
    held: WeakSet[Held] = WeakSet()
    most = 0

    def counted(variant: Variant) -> Held:
        nonlocal most
        found = Held(bindings(variant))
        held.add(found)
        most = max(most, len(held))
        return found

    with patch.object(odd_one_out, "WORDS_KEPT", 2), patch.object(code_words, "bindings", counted):
        assert told(lint(files)) == told(whole)
    assert 2 < most <= 2 + 2  # those that are compared, and those that are kept


class Held(dict[Path, list[CodeWord]]):
    """The words of a variant, for as long as something holds them."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def test_a_fact_that_is_written_in_another_way_is_not_odd_beside_what_is() -> None:
    data = replace_once(original(GPU), 'gpuArchCMake = "90"', "gpuArchCMake = toString (89 + 1)")
    data = replace_once(data, "pname = variantName", 'pname = "onnxruntime-python313-cuda12_9-sm90-avx512" + ""')
    data = replace_once(data, "    platforms =", '    homepage = "";\n    platforms =')
    now = told(lint({GPU: data}))
    assert now == expected("likeness/facts in other words.txt", now)


@pytest.mark.parametrize("where", ["in a script", "at the end of a script"])
def test_flags_in_the_text_of_a_script_are_facts_and_the_text_around_them_is_not(where: str) -> None:
    def inline(path: str) -> bytes:
        data = original(path).decode()
        flags = " ".join(re.findall('"(-m[^"]*)"', data))
        data = re.sub(r"  cpuFlags = \[[^]]*\];\n", "", data)
        return data.replace('${lib.concatStringsSep " " cpuFlags}', flags).encode()

    data: dict[str, bytes | None] = {path: inline(path) for path in PEERS}
    assert lint(data).findings == ()
    place = CONFIGURE if where == "in a script" else "    '' + (oldAttrs.pre"
    data[GPU] = replace_once(inline(GPU), place, f"      export VERBOSE=1\n{place}")
    now = told(lint(data))
    assert now == expected(f"likeness/flags {where}.txt", now)


def test_each_stack_and_the_variants_without_cuda_are_compared_among_themselves() -> None:
    plain = [path for path in PEERS if "-cpu-" in path]
    data = replace_once(original(plain[-1]), "allowUnfree = true;", "allowUnfree = false;")
    (finding,) = lint({plain[-1]: data}).findings
    assert finding.message == (
        "this file has `allowUnfree = false;`, but"
        f" {len(plain) - 1} of {len(plain)} CPU variants have `allowUnfree = true;`"
    )


@pytest.mark.parametrize("flag", [TYPED_FLAG, PATH_FLAG])
def test_a_wrong_value_explains_what_is_odd_where_it_is_used(flag: str) -> None:
    data = replace_once(original(GPU), 'gpuArchCMake = "90"', 'gpuArchCMake = "86"')
    assert found(replace_once(data, FLAG, flag)) == ["cuda-architectures 19:19"]


def test_a_file_that_differs_in_several_places_is_told_of_once() -> None:
    data = replace_once(original(GPU), "allowUnfree = true;", "allowUnfree = false;")
    data = replace_once(data, "    preConfigure =", "    doCheck = false;\n    preConfigure =")
    data = replace_once(data, "    platforms =", '    homepage = "";\n    platforms =')
    (finding,) = lint({GPU: data}).findings
    own = [(note.place.start.line, note.message) for note in finding.related if note.place.path == GPU]
    assert finding.message.startswith("this file has `allowUnfree = false;`, but 29 of 30 ")
    assert own == [
        (34, "besides, this file has `doCheck = false;`, which 29 of 30 CUDA 12.9 variants do not have"),
        (48, 'besides, this file has `homepage = "";`, which 29 of 30 CUDA 12.9 variants do not have'),
    ]


SILENCED = {
    "none": ([], [9, 34]),
    "the first": (["      allowUnfree"], [34]),
    "the second": (["    doCheck"], [9]),
    "both": (["      allowUnfree", "    doCheck"], []),
}


@pytest.mark.parametrize("name", SILENCED)
def test_a_comment_silences_its_own_place_and_no_other(name: str) -> None:
    where, lines = SILENCED[name]
    data = replace_once(original(GPU), "allowUnfree = true;", "allowUnfree = false;")
    data = replace_once(data, "    preConfigure =", "    doCheck = false;\n    preConfigure =")
    for line in where:
        data = replace_once(
            data, line, f"{line.split(line.strip())[0]}# nixlint-ort: ignore[odd-one-out] tested\n{line}"
        )
    findings = lint({GPU: data}).findings
    assert [one.rule for one in findings] == ["odd-one-out"] * bool(lines)
    told = [one.place for one in findings] + [note.place for one in findings for note in one.related]
    own = [place.source.line_text(place.start.line).strip() for place in told if place.path == GPU]
    assert own == [{9: "allowUnfree = false;", 34: "doCheck = false;"}[line] for line in lines]


MOVED = ('    platforms = [ "x86_64-linux" ];\n', "    description")


def test_attributes_in_another_order_are_not_told_of_beside_a_real_difference() -> None:
    data = replace_once(replace_once(original(GPU), MOVED[0], ""), MOVED[1], MOVED[0] + MOVED[1])
    assert lint({GPU: data}).findings == ()
    data = replace_once(data, "    '' + (oldAttrs", "      echo hello\n    '' + (oldAttrs")
    (finding,) = lint({GPU: data}).findings
    assert (finding.place.start.line, finding.actual) == (37, "echo hello")
    assert not [note for note in finding.related if note.place.path == GPU]


@pytest.mark.parametrize("is_moved", [False, True])
def test_a_set_of_attributes_that_only_one_has_hides_no_other_difference(is_moved: bool) -> None:
    data = replace_once(original(GPU), "allowUnfree = true;", "allowUnfree = false;")
    data = replace_once(data, "  pname = variantName;", "  passthru = { a = 1; };\n  pname = variantName;")
    if is_moved:
        data = replace_once(replace_once(data, MOVED[0], ""), MOVED[1], MOVED[0] + MOVED[1])
    (finding,) = lint({GPU: data}).findings
    own = [(note.place.start.line, note.message) for note in finding.related if note.place.path == GPU]
    assert finding.message.startswith("this file has `allowUnfree = false;`, but 29 of 30 ")
    assert own == [
        (44, "besides, this file has `passthru = { a = 1; };`, which 29 of 30 CUDA 12.9 variants do not have")
    ]


OVERLAY = "(final: prev: { cudaPackages = final.cudaPackages_12_9; })"
OTHER_OVERLAY = "(final: prev: { other = final.cudaPackages; })"
CMAKE_FLAGS, FEATURES = "    cmakeFlags = ", "    requiredSystemFeatures"


def test_overlays_in_another_order_are_told_of_one_by_one() -> None:
    """Each overlay has bindings of its own, so that no binding differs by itself."""
    stack = [path for path in PEERS if "cuda12_9" in path]
    files = {path: replace_once(original(path), OVERLAY, f"{OVERLAY} {OTHER_OVERLAY}") for path in stack}
    files[GPU] = replace_once(original(GPU), OVERLAY, f"{OTHER_OVERLAY} {OVERLAY}")
    (finding,) = lint(files).findings
    assert (finding.rule, finding.place.path, finding.place.start.line) == ("odd-one-out", GPU, 13)
    assert [note.place.start.line for note in finding.related if note.place.path == GPU] == [13] * 3


def test_two_places_of_one_script_are_told_of_once() -> None:
    data = replace_once(original(GPU), CONFIGURE, f"      echo a\n{CONFIGURE}")
    data = replace_once(data, "    '' + (oldAttrs.pre", "      echo b\n    '' + (oldAttrs.pre")
    (finding,) = lint({GPU: data}).findings
    assert (finding.actual, finding.place.start.line) == ("echo a", 36)
    assert [note for note in finding.related if note.place.path == GPU] == []


def test_of_two_scripts_that_only_its_peers_have_one_is_told() -> None:
    files: dict[str, bytes | None] = {}
    for path in PEERS:
        if "cuda12_9" in path and path != GPU:
            data = replace_once(original(path), CMAKE_FLAGS, f'    postUnpack = "echo a";\n{CMAKE_FLAGS}')
            files[path] = replace_once(data, FEATURES, f'    postPatch = "echo b";\n{FEATURES}')
    (finding,) = lint(files).findings
    assert (finding.place.path, finding.expected) == (GPU, 'postPatch = "echo b";')
    assert [note for note in finding.related if note.place.path == GPU] == []


def test_what_is_wrong_elsewhere_explains_nothing() -> None:
    data = replace_once(original(GPU), "driver 560+", "driver 535+")
    data = replace_once(data, "    preConfigure =", "    doCheck = false;\n    preConfigure =")
    assert found(data) == ["header-driver 2:38", "odd-one-out 34:5"]


def test_a_wrong_value_does_not_explain_all_of_the_script_that_it_reaches() -> None:
    data = replace_once(original(GPU), '"-mavx512vl"', '"-mavx512vnni"')
    data = replace_once(data, "    '' + (oldAttrs", "      echo hello\n    '' + (oldAttrs")
    assert found(data) == ["isa-flags 23:7", "odd-one-out 37:7"]


def test_what_only_its_peers_have_is_said_where_it_would_be() -> None:
    good = f'{ARCHIVE} sha256 = "0";'
    data = {path: replace_once(original(path), ARCHIVE, good) for path in PEERS if path != GPU}
    (finding,) = lint(data).findings
    assert (finding.rule, finding.actual) == ("odd-one-out", None)
    assert isinstance(finding.expected, str)
    assert finding.expected == 'sha256 = "0";'
    assert finding.message.startswith('this file lacks `sha256 = "0";`, which ')
    assert finding.place.source.text(finding.place.span) == ";"


def test_another_hash_than_that_of_its_peers_is_odd() -> None:
    good, bad = (f'{ARCHIVE} sha256 = "{digit}";' for digit in "01")
    data = {path: replace_once(original(path), ARCHIVE, good) for path in PEERS}
    data[GPU] = replace_once(original(GPU), ARCHIVE, bad)
    assert [one.split(":")[0] for one in shown(lint(data))] == [f"odd-one-out {GPU.rsplit('/', 1)[-1]}"]


def with_own_texts(path: str, data: bytes) -> bytes:
    """A variant that tells in its code what it is for, so that no two have the same."""
    return replace_once(data, "      export CXXFLAGS", f'      echo "{path}"\n      export CXXFLAGS')


OWN_TEXTS = {path: with_own_texts(path, original(path)) for path in PEERS}
TALKATIVE = repository().with_files(OWN_TEXTS)
EACH = {
    "another value": ("allowUnfree = true;", "allowUnfree = false;", [(9, "`allowUnfree = true;`")]),
    "one more": ("    preConfigure =", "    doCheck = false;\n    preConfigure =", [(34, "do not have")]),
    "one less": (
        "  inherit (nixpkgs_pinned) lib;\n",
        "  inherit (nixpkgs_pinned) lib;\n  x = 1;\n",
        [(17, "do not have")],
    ),
    "two at once": (
        "      allowUnfree = true;\n",
        "      allowUnfree = false;\n      allowBroken = true;\n",
        [(9, "`allowUnfree = true;`"), (10, "do not have")],
    ),
    "written otherwise": ("      allowUnfree = true;\n", "      allowUnfree =\n        true; # both\n", []),
}


@pytest.mark.parametrize("name", EACH)
def test_where_many_have_texts_of_their_own_each_binding_is_compared(name: str) -> None:
    good, bad, places = EACH[name]
    assert lint_repository(TALKATIVE).findings == ()
    found = lint_repository(TALKATIVE.with_files({GPU: replace_once(OWN_TEXTS[GPU], good, bad)})).findings
    assert [(one.rule, one.place.path) for one in found] == [("odd-one-out", GPU)] * bool(places)
    told = [(one.place.start.line, one.message) for one in found]
    told += [(note.place.start.line, note.message) for one in found for note in one.related if note.place.path == GPU]
    assert [line for line, _ in told] == [line for line, _ in places]
    assert all("29 of" in message for _, message in told)
    assert all(text in message for (_, message), (_, text) in zip(told, places, strict=True))


X = ("  inherit (nixpkgs_pinned) lib;\n", "  inherit (nixpkgs_pinned) lib;\n  x = 1;\n")


def test_beside_texts_of_their_own_the_place_among_the_peers_is_shown() -> None:
    stack = [path for path in PEERS if "cuda12_9" in path]
    one_less = lint_repository(
        TALKATIVE.with_files({path: replace_once(OWN_TEXTS[path], *X) for path in stack if path != GPU})
    )
    one_more = lint_repository(TALKATIVE.with_files({GPU: replace_once(OWN_TEXTS[GPU], *EACH["one more"][:2])}))
    shown = [
        (note.place.start.line, note.place.source.text(note.place.span), note.message)
        for result in (one_less, one_more)
        for finding in result.findings
        for note in finding.related
    ]
    assert shown == [
        (17, "x = 1;", "most peers have this"),
        (25, "onnxruntimeCpp", "most peers have nothing here"),
    ]


def test_a_thousand_flags_that_all_differ_are_one_difference() -> None:
    stack = [path for path in PEERS if "cuda12_9" in path]
    flags = {path: " ".join(f'"-DX{number}={path == GPU}"' for number in range(1000)) for path in stack}
    files = {path: replace_once(original(path), f"[ {FLAG}", f"[ {flags[path]} {FLAG}") for path in stack[:4]}
    files[GPU] = replace_once(original(GPU), f"[ {FLAG}", f"[ {flags[GPU]} {FLAG}")
    others: dict[str, bytes | None] = {path: None for path in PEERS if path not in files}
    start = time.process_time()
    odd = [one for one in lint({**others, **files}).findings if one.rule == "odd-one-out"]
    assert [one.place.path for one in odd] == [GPU]
    assert time.process_time() - start < 10  # it takes half a second; to look for each took minutes


def test_what_its_peers_mean_is_worked_out_once_however_often_it_is_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time takes steps of the peer, of which it has as many for a day in an editor as for one run."""
    asked: list[str] = []

    def counted(variant: Variant) -> object:
        asked.append(variant.path)
        return meaning(variant)

    monkeypatch.setattr("nixlint_ort.variant.normal_form.meaning", counted)
    here = session(repository())
    here.lint(repository())  # what was not judged yet may import a file that is edited
    data = FORMS["SM through a binding"](original(GPU).decode())
    assert data is not None
    for number in range(3):
        edited = repository().with_files({GPU: f"{data}# {number}\n".encode()})
        assert "odd-one-out" not in {finding.rule for finding in here.edited(edited).lint(edited).findings}
    assert asked.count(GPU) == 3
    assert [count for path, count in Counter(asked).items() if path != GPU] == [1]


def test_thousands_of_bindings_are_read_in_time_that_grows_with_their_number() -> None:
    own = b"".join(b"  a%d = 1;\n" % number for number in range(4000))
    data = original(GPU).replace(b"let\n", b"let\n" + own, 1)
    (variant,) = (one for one in repository().with_files({GPU: data}).variants if one.path == GPU)
    start = time.process_time()
    found = bindings(variant)
    assert time.process_time() - start < 5  # it takes less than half a second; to look at all for each word took ten
    assert [word.text for word in found[("a7", 0),]] == ["a7", "=", "1", ";"]
