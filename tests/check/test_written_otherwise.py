"""What is written otherwise than most variants write it: what means the same is no alarm, and its neighbour is odd.

The facts and the reading of Nix are compared elsewhere; here it is about what differs and says the same.
"""

import pytest

from tests.support.linting import GPU, lint, original, replace_once

PREDICATE = '(flag: !lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" flag)'
LIB = "  inherit (nixpkgs_pinned) lib;\n"
SCRIPT_END = "    '' + (oldAttrs.preConfigure or \"\");"
LAYER = "}).overrideAttrs (oldAttrs: {\n    cmakeFlags"
META = "(oldAttrs.meta or {}) // {"
WRAPPER = "}).overrideAttrs (oldAttrs: {\n  pname"

SAME = {
    "another name of a parameter": {PREDICATE: PREDICATE.replace("flag", "f")},
    "parentheses": {PREDICATE: '(flag: !(lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" flag))'},
    "a function of lib that is inherited": {LIB: f"{LIB}  inherit (lib) hasPrefix;\n", "!lib.has": "!has"},
    "a function of lib by with": {LAYER: LAYER.replace("{", "with lib; {"), "!lib.has": "!has"},
    "a prefix through a binding": {
        LIB: f'{LIB}  arch = "-DCMAKE_CUDA_ARCHITECTURES";\n',
        PREDICATE: "(flag: !lib.hasPrefix arch flag)",
    },
    "a predicate through a binding": {
        LIB: f"{LIB}  isOther = {PREDICATE[1:-1]};\n",
        PREDICATE: "isOther",
    },
    "a function that is given a part of its arguments": {
        LIB: f'{LIB}  isArch = lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES";\n',
        PREDICATE: "(flag: !isArch flag)",
    },
    "a function that another one gives": {PREDICATE: f"((a: ({PREDICATE[1:-1]})) null)"},
    "an SM in its flag": {"ARCHITECTURES=${gpuArchCMake}": "ARCHITECTURES=90"},
    "an interpolation at the end of a script": {SCRIPT_END: "      ${oldAttrs.preConfigure or \"\"}\n    '';"},
    "an address by itself": {
        "(builtins.fetchTarball {\n    url = ": "(builtins.fetchTarball ",
        '.tar.gz";\n  }) {': '.tar.gz") {',
    },
    "a set pattern for the wrapper": {WRAPPER: WRAPPER.replace("oldAttrs:", "{ meta ? {}, ... }:"), META: "meta // {"},
    "a set pattern for the layer": {
        LAYER: LAYER.replace("oldAttrs:", '{ cmakeFlags ? [], preConfigure ? "", ... }:'),
        "(oldAttrs.cmakeFlags or [])": "cmakeFlags",
        '(oldAttrs.preConfigure or "")': "preConfigure",
    },
}
ODD = {
    "another predicate": {PREDICATE: PREDICATE.replace("!lib", "lib")},
    "another prefix": {PREDICATE: PREDICATE.replace("-DCMAKE_CUDA", "-DCUDA")},
    "another function of lib": {PREDICATE: PREDICATE.replace("hasPrefix", "hasInfix")},
    "the arguments in another order": {
        PREDICATE: '(flag: !lib.hasPrefix flag "-DCMAKE_CUDA_ARCHITECTURES")',
    },
    "a function that is given another part of its arguments": {
        LIB: f'{LIB}  isArch = lib.hasPrefix "-DCMAKE_CUDA";\n',
        PREDICATE: "(flag: !isArch flag)",
    },
    "a name for what is fetched": {'.tar.gz";\n  }) {': '.tar.gz";\n    name = "nixpkgs";\n  }) {'},
    "a line in front of the script's end": {SCRIPT_END: f"      echo\n{SCRIPT_END}"},
}


def _found(changes: dict[str, str]) -> list[str]:
    data = original(GPU)
    for good, other in changes.items():
        data = replace_once(data, good, other)
    return [one.rule for one in lint({GPU: data}).findings]


@pytest.mark.parametrize("name", SAME)
def test_what_means_the_same_is_no_alarm(name: str) -> None:
    assert _found(SAME[name]) == []


@pytest.mark.parametrize("name", ODD)
def test_what_means_something_else_is_odd(name: str) -> None:
    assert set(_found(ODD[name])) in ({"odd-one-out"}, {"cuda-architectures"}, {"unresolved-fact"})
