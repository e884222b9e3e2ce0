"""What makes a variant the odd one out among its peers, and what is only written differently."""

import pytest

from linting import GPU, lint, original, replace_once, repository, shown

ARCHIVE = '0.tar.gz";'
HEAD = "{ pkgs ? import <nixpkgs> {} }:"
FLAG = '"-DCMAKE_CUDA_ARCHITECTURES=${gpuArchCMake}"'
PEERS = [variant.path for variant in repository().variants]
CASES = {
    "a hash": (ARCHIVE, f'{ARCHIVE}\n    sha256 = "0";', ["odd-one-out 7:5"]),
    "a name for the store": (ARCHIVE, f'{ARCHIVE} name = "nixpkgs";', ["odd-one-out 6:103"]),
    "another system": ("    overlays", '    system = "i686-linux";\n    overlays', ["odd-one-out 12:5"]),
    "an argument that nobody passes": (HEAD, HEAD.replace(" }:", ", cudaVersoin }:"), ["odd-one-out 3:29"]),
    "another layout of the head": (HEAD, "{\n  pkgs ? import <nixpkgs> { },\n}:", []),
    "a flag with its type": (FLAG, '(lib.cmakeFeature "CMAKE_CUDA_ARCHITECTURES" gpuArchCMake)', []),
    "a flag that is a path": (
        FLAG,
        '(lib.cmakeOptionType "path" "CMAKE_CUDA_ARCHITECTURES" gpuArchCMake)',
        ["odd-one-out 33:12"],
    ),
}


def found(data: bytes) -> list[str]:
    name = GPU.rsplit("/", 1)[-1]
    return [one.replace(f"{name}:", "") for one in shown(lint({GPU: data}))]


@pytest.mark.parametrize(("good", "bad", "expected"), CASES.values(), ids=CASES)
def test_one_change(good: str, bad: str, expected: list[str]) -> None:
    assert found(replace_once(original(GPU), good, bad)) == expected


@pytest.mark.parametrize("flag", [CASES["a flag with its type"][1], CASES["a flag that is a path"][1]])
def test_a_wrong_value_explains_what_is_odd_where_it_is_used(flag: str) -> None:
    data = replace_once(original(GPU), 'gpuArchCMake = "90"', 'gpuArchCMake = "86"')
    assert found(replace_once(data, FLAG, flag)) == ["cuda-architectures 19:19"]


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
    assert (finding.rule, finding.actual) == ("odd-one-out", "nothing")
    assert finding.expected is not None
    assert 'have `url = "https://' in finding.expected
    assert finding.place.source.text(finding.place.span) == ";"


def test_another_hash_than_that_of_its_peers_is_odd() -> None:
    good, bad = (f'{ARCHIVE} sha256 = "{digit}";' for digit in "01")
    data = {path: replace_once(original(path), ARCHIVE, good) for path in PEERS}
    data[GPU] = replace_once(original(GPU), ARCHIVE, bad)
    assert [one.split(":")[0] for one in shown(lint(data))] == [f"odd-one-out {GPU.rsplit('/', 1)[-1]}"]
