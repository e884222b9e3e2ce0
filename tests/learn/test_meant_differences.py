"""What is only laid out otherwise, or is a kind's own wording, is not odd; and each finding shows the file's own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nixlint_ort.learn.finding import Finding, Oddity
from nixlint_ort.learn.lines import Line, lines_of
from nixlint_ort.learn.oddities import find_oddities
from nixlint_ort.learn.reading import nothing_known
from nixlint_ort.learn.study import Study, study
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support import pytorch_set
from tests.support.oracle import parses

HOME = ".flox/pkgs/pytorch-python313-"
AVX512 = [f"{HOME}cuda12_9-sm{sm}-avx512.nix" for sm in ("80", "90")]
END = "    '';\n    platforms"
"""The end of a long description."""
Change = Callable[[str, str], str]
"""Makes the text of a file from its path and its text."""


def only(paths: list[str], pattern: str, other: str) -> Change:
    def change(path: str, text: str) -> str:
        assert path not in paths or re.search(pattern, text, re.DOTALL)
        return re.sub(pattern, other, text, flags=re.DOTALL) if path in paths else text

    return change


def in_one_line(path: str, text: str) -> str:
    """The flags of two files in one line."""
    if path not in AVX512:
        return text
    return re.sub(
        r"cpuFlags = \[\n(.*?)\n  \];", lambda m: f"cpuFlags = [ {' '.join(m[1].split())} ];", text, flags=re.DOTALL
    )


def in_two_lines(path: str, text: str) -> str:
    """The same, with the brackets in lines of their own."""
    return in_one_line(path, text).replace('[ "-mavx512f" "', '[\n    "-mavx512f" "')


def wrapped(path: str, text: str) -> str:
    """The last paragraph of the long description, wrapped behind the fifth word in two files, elsewhere behind others."""

    def again(match: re.Match[str]) -> str:
        words = " ".join(match.groups()).split(" ")
        at = 5 if path in AVX512 else 12
        return f"      {' '.join(words[:at])}\n      {' '.join(words[at:])}\n"

    return re.sub(r"      (The wheel has .*?)\n      (.*?\.)\n", again, text)


def worded_by_kind(path: str, text: str) -> str:
    """A sentence on whom a package is for: of four CPU packages, three have their own and one that of the others."""
    own = {"avx2": "servers of 2013", "avx512vnni": "quantized models", "armv9": "ARM servers"}
    isa = path.rpartition("-")[2].removesuffix(".nix")
    sentence = "Choose this if: You have one of these GPUs and want CUDA."
    if "313-cpu-" in path:
        return text
    if "-cpu-" in path and isa in own:
        sentence = f"Choose this if: You need PyTorch on {own[isa]}, without any accelerator."
    return text.replace(END, f"\n      {sentence}\n{END}")


def a_remark_of_one(path: str, text: str) -> str:
    """A sentence more in the long description of one file."""
    return text.replace(END, f"\n      It is good for tests.\n{END}") if path == AVX512[0] else text


def behind(path: str, text: str) -> str:
    """A comment behind a binding; another one in those for AVX2, where most others have it behind a flag, too."""
    comment = "  # Two dots" if "avx2" in path else "  # As nixpkgs wants it"
    return re.sub(r'(gpuArch = "[\d.]+";)', rf"\1{comment}", text)


def moved(path: str, text: str) -> str:
    """Two lines of a script in the other order."""
    first, second = "    export MAX_JOBS=16\n", '    export CXXFLAGS="${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"\n'
    return text.replace(first + second, second + first) if path == AVX512[0] else text


MEANT = {
    "flags in one line": in_one_line,
    "flags in one line, brackets not": in_two_lines,
    "prose wrapped at other words": wrapped,
    "a wording of a kind, and one that has the others'": worded_by_kind,
    "a sentence that one has alone": a_remark_of_one,
    "comments behind code": behind,
    "two lines in another order": moved,
}


def studied(change: Change) -> Study:
    files = {path: change(path, data.decode()).encode() for path, data in pytorch_set.files().items()}
    root = Path("/repository")
    variants = Repository(root, nothing_known(root), tree=InMemory(files)).variants
    return study(variants, ["main"] * len(variants))


def shown(found: Study, one: Finding) -> tuple[str, list[str], str, str]:
    stems = [f"{found.variants[where.number].stem.removeprefix('pytorch-python313-')}" for where in one.places]
    return one.oddity.value, stems, one.actual, one.expected


@pytest.mark.parametrize("change", MEANT.values(), ids=MEANT)
def test_it_is_not_odd(change: Change, tmp_path: Path) -> None:
    found = studied(change)
    for number, variant in enumerate(found.variants):
        (tmp_path / f"{number}.nix").write_bytes(variant.source.data)
    assert parses(*tmp_path.glob("*.nix"))
    assert [shown(found, one) for one in find_oddities(found)] == []


def two(first: Change, second: Change) -> Change:
    return lambda path, text: second(path, first(path, text))


ODD = {
    "a flag is missing in a line of flags": (
        two(in_one_line, only(AVX512[:1], ' "-mavx512dq"', "")),
        ("lacks", ["cuda12_9-sm80-avx512"], "", '"-mavx512dq"'),
    ),
    "a word in wrapped prose": (
        two(wrapped, only(AVX512[:1], "need a package", "want a package")),
        ("differs", ["cuda12_9-sm80-avx512"], "want", "need"),
    ),
    "a comment behind code is missing": (
        two(behind, only(AVX512[:1], "  # As nixpkgs wants it", "")),
        ("lacks", ["cuda12_9-sm80-avx512"], "", "# As nixpkgs wants it"),
    ),
    "a line more, with the file's own words": (
        only(
            AVX512,
            r'    echo "flags',
            '    echo "no warranty for any"\n    echo "flags',
        ),
        ("extra", ["cuda12_9-sm80-avx512", "cuda12_9-sm90-avx512"], 'echo "no warranty for any"', ""),
    ),
}


@pytest.mark.parametrize(("change", "expected"), ODD.values(), ids=ODD)
def test_it_is_odd(change: Change, expected: tuple[str, list[str], str, str]) -> None:
    found = studied(change)
    assert [shown(found, one) for one in find_oddities(found)] == [expected]


def test_a_finding_stands_in_its_own_line_of_a_wrapped_sentence() -> None:
    found = studied(two(wrapped, only(AVX512[:1], "need a package", "want a package")))
    (one,) = find_oddities(found)
    source = found.variants[one.places[0].number].source
    assert "want" in source.line_text(one.places[0].line)


def test_a_line_that_is_missing_is_shown_as_the_nearest_have_it() -> None:
    """The line names the GPUs of each: what is expected is that of the same GPU."""
    path = f"{HOME}cuda12_9-sm90-avx512.nix"
    found = studied(only([path], r'    echo "target.*?\n', ""))
    assert [shown(found, one) for one in find_oddities(found)] == [
        (Oddity.LACKS.value, ["cuda12_9-sm90-avx512"], "", 'echo "target: ${gpuArch} (Hopper, H100, H200)"')
    ]


LINES = {
    "code and a comment behind it": ('a = "1";  # one', ['a = "1";', "# one"]),
    "a number sign in a text": ('a = "x # y";', ['a = "x # y";']),
    "a list, where another file has it over several lines": ('flags = [ "-a" "-b" ];', ["flags = [", '"-a"', '"-b"']),
    "a list that no file has over several lines": ('other = [ "-a" "-b" ];', ['other = [ "-a" "-b" ];']),
    "a list of names": ("flags = [ x y ];", ["flags = [ x y ];"]),
    "sentences": (
        "meta.longDescription = ''\n  One of two\n  lines. Another\n  one.\n'';",
        ["meta.longDescription = ''", "One of two lines.", "Another one."],
    ),
    "bullets and labels": (
        "meta = { longDescription = ''\n  For:\n  - a\n    and b\n  - c\n  GPU: d\n  CPU: e\n\n  f\n''; };",
        ["meta = { longDescription = ''", "For:", "- a and b", "- c", "GPU: d", "CPU: e", "f"],
    ),
    "a script": ("preBuild = ''\n  one\n  two\n'';", ["preBuild = ''", "one", "two"]),
    "a comment in a script": ("preBuild = ''\n  one # two\n'';", ["preBuild = ''", "one", "# two"]),
}


@pytest.mark.parametrize(("text", "expected"), LINES.values(), ids=LINES)
def test_lines(text: str, expected: list[str]) -> None:
    other = '{ flags = [\n  "-a"\n  "-b"\n]; }\n'
    files = {f"{HOME}{name}.nix": text.encode() for name, text in (("a", f"{{\n{text}\n}}\n"), ("b", other))}
    root = Path("/repository")
    variants = Repository(root, nothing_known(root), tree=InMemory(files)).variants
    assert [line.text for line in lines_of(variants)[0]] == expected


def test_the_lines_of_a_sentence() -> None:
    line = Line(7, "One of two lines.", ((11, 8),))
    assert [line.number_at(offset) for offset in (None, 0, 10, 11, 16)] == [7, 7, 7, 8, 8]
