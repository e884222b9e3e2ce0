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
EXPORTS = """      export CXXFLAGS="${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"
      export CFLAGS="${lib.concatStringsSep " " cpuFlags} $CFLAGS"
"""
SCRIPT = f"    preConfigure = ''\n{EXPORTS}{SCRIPT_END}\n"
JOINED = '${lib.concatStringsSep " " cpuFlags}'
FLAGS = 'lib.concatStringsSep " " cpuFlags'
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
    "a comment in a script": {EXPORTS: f"      # for the host\n\n{EXPORTS}\n"},
    "the exports in another order": {EXPORTS: "".join(reversed(EXPORTS.splitlines(keepends=True)))},
    "one export": {EXPORTS: f'      export CXXFLAGS="{JOINED} $CXXFLAGS" CFLAGS="{JOINED} $CFLAGS"\n'},
    "flags behind others": {
        EXPORTS: f"""      export CXXFLAGS="$CXXFLAGS {JOINED}"
      export CFLAGS="$CFLAGS {JOINED}"\n"""
    },
    "nixpkgs' own script first": {
        SCRIPT: f"    preConfigure = (oldAttrs.preConfigure or \"\") + ''\n{EXPORTS}    '';\n"
    },
    "a loop": {
        EXPORTS: f"""      for v in CXXFLAGS CFLAGS; do
        export "$v={JOINED} ''${{!v:-}}"
      done\n"""
    },
    "a variable of the script's own": {
        EXPORTS: f"""      flags="{JOINED}"
      export CXXFLAGS="$flags $CXXFLAGS" CFLAGS="$flags $CFLAGS"\n"""
    },
    "another phase": {SCRIPT: f"    postPatch = (oldAttrs.postPatch or \"\") + ''\n{EXPORTS}    '';\n"},
    "variables of the build": {SCRIPT: f"    CXXFLAGS = {FLAGS};\n    CFLAGS = {FLAGS};\n"},
    "the environment": {SCRIPT: f"    env = (oldAttrs.env or {{}}) // {{ CXXFLAGS = {FLAGS}; CFLAGS = {FLAGS}; }};\n"},
    "flags of the compiler's wrapper": {
        SCRIPT: f"    env = (oldAttrs.env or {{}}) // {{ NIX_CFLAGS_COMPILE = {FLAGS}; }};\n"
    },
    "a Python's own packages": {"nixpkgs_pinned.python3Packages": "nixpkgs_pinned.python313.pkgs"},
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
    "a script without nixpkgs' own": {SCRIPT_END: "    '';"},
    "a script with nixpkgs' own of another phase": {
        SCRIPT_END: SCRIPT_END.replace("oldAttrs.preConfigure", "oldAttrs.preBuild")
    },
    "a flag more that chooses no instructions": {
        "      export CFLAGS=": "      export CFLAGS=-g\n      export CFLAGS="
    },
    "flags for one of the compilers": {EXPORTS: EXPORTS.splitlines(keepends=True)[0]},
    "a variable that is exported besides": {
        EXPORTS: f"""      export FLAGS="{JOINED}"
      export CXXFLAGS="$FLAGS $CXXFLAGS" CFLAGS="$FLAGS $CFLAGS"\n"""
    },
    "a variable that nothing is set from": {EXPORTS: f'      FLAGS="{JOINED}"\n{EXPORTS}'},
    "a variable that is printed": {
        EXPORTS: f"""      flags="{JOINED}"
      echo "$flags"
      export CXXFLAGS="$flags $CXXFLAGS" CFLAGS="$flags $CFLAGS"\n"""
    },
    "a variable of stdenv": {EXPORTS: f"      dontStrip=1\n{EXPORTS}"},
    "an environment without nixpkgs' own": {SCRIPT: f"    env = {{ CXXFLAGS = {FLAGS}; CFLAGS = {FLAGS}; }};\n"},
    "another variable in the environment": {SCRIPT: f"{SCRIPT}    env = (oldAttrs.env or {{}}) // {{ X = 1; }};\n"},
    "a document in a script": {EXPORTS: f"{EXPORTS}      cat > a <<END\n      # b\n      END\n"},
    "another document in a script": {EXPORTS: f"      cat <<END\n      export A=1\n      END\n{EXPORTS}"},
    "a condition": {EXPORTS: f"      if true; then\n{EXPORTS}      fi\n"},
    "a flag of CMake in a script": {EXPORTS: f'{EXPORTS}      cmakeFlagsArray+=("-DA=B")\n'},
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
    assert set(_found(ODD[name])) in (
        {"odd-one-out"},
        {"cuda-architectures"},
        {"unresolved-fact"},
        {"isa-flags"},
    )


PLACES = {
    "a filter": {"hasPrefix": "hasInfix"},
    "a statement": {SCRIPT_END: f"      echo\n{SCRIPT_END}"},
    "an attribute": {"    requiredS": "    doCheck = false;\n    requiredS"},
    "of meta": {"    platforms": '    homepage = "";\n    platforms'},
    "meta itself": {"(oldAttrs.meta or {}) // {": "{"},
    "an argument": {"    pythonSupport": "    ncclSupport = true;\n    pythonSupport"},
    "the configuration": {"allowUnfree = true": "allowUnfree = false"},
}
"""By what differs: the change, whose line is the only one to tell of."""
AROUND = (
    ("oldAttrs: {\n    cmakeFlags", "final: prev: {\n    cmakeFlags"),
    ("oldAttrs: {\n  pname", "final: prev: {\n  pname"),
    ("oldAttrs", "prev"),
    ('  gpuArchCMake = "90";\n', '  gpuArchCMake = "${toString sm}";\n  sm = 90;\n'),
)
"""What is written otherwise in the same file: it means the same."""


@pytest.mark.parametrize("name", PLACES)
def test_a_difference_is_told_of_where_it_is_in_a_file_that_is_written_otherwise(name: str) -> None:
    plain, data = original(GPU), original(GPU)
    for good, other in PLACES[name].items():
        data = replace_once(data, good, other)
    for good, other in AROUND:
        plain, data = (one.replace(good.encode(), other.encode()) for one in (plain, data))
    assert lint({GPU: plain}).findings == ()
    (finding,) = lint({GPU: data}).findings
    changed = [line for line in data.decode().splitlines() if line not in plain.decode().splitlines()]
    assert finding.rule == "odd-one-out"
    assert [finding.place.source.line_text(finding.place.start.line).rstrip("\n")] == changed
    assert not [note for note in finding.related if note.place.path == GPU]


FEATURES = "requiredSystemFeatures = "
SYSTEM_FEATURES = {
    "nixpkgs' own and ours": ('(oldAttrs.requiredSystemFeatures or [ ]) ++ [ "big-parallel" ]', set()),
    "ours and nixpkgs' own": ('[ "big-parallel" ] ++ (oldAttrs.requiredSystemFeatures or [ ])', set()),
    "each once": ('lib.unique ((oldAttrs.requiredSystemFeatures or [ ]) ++ [ "big-parallel" ])', set()),
    "others too": ('(oldAttrs.requiredSystemFeatures or [ ]) ++ [ "kvm" "big-parallel" ]', set()),
    "only others": ('(oldAttrs.requiredSystemFeatures or [ ]) ++ [ "kvm" ]', {"unresolved-fact"}),
    "nixpkgs' own less some": (
        'lib.remove "big-parallel" ((oldAttrs.requiredSystemFeatures or [ ]) ++ [ "big-parallel" ])',
        {"unresolved-fact"},
    ),
}


@pytest.mark.parametrize("name", SYSTEM_FEATURES)
def test_a_list_that_has_what_a_rule_requires_need_not_be_known_in_full(name: str) -> None:
    text, rules = SYSTEM_FEATURES[name]
    assert set(_found({f'{FEATURES}[ "big-parallel" ]': FEATURES + text})) - {"odd-one-out"} == rules


def test_each_script_that_does_something_else_is_told_of() -> None:
    data = replace_once(
        original(GPU), SCRIPT_END, f"      export VERBOSE=1\n{SCRIPT_END}\n    postPatch = ''\n      echo\n    '';"
    )
    data = data.replace(b"oldAttrs", b"old").replace(b"old: {\n  pname", b"final: old: {\n  pname")
    (finding,) = lint({GPU: data}).findings
    notes = [note.message for note in finding.related if note.place.path == GPU]
    assert finding.message == "this file has `export VERBOSE=1`, which 29 of 30 CUDA 12.9 variants do not have"
    assert notes == ["besides, this file has `postPatch = ''…`, which 29 of 30 CUDA 12.9 variants do not have"]
