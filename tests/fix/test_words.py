"""A wrong word by which a file chooses its values is mended itself: no row, branch or argument of other variants is."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.linting import GPU, PKGS, fix, lint, original, replace_once
from tests.support.oracle import evaluate_variants

STEM = "onnxruntime-python313-cuda12_9-sm90-avx512"
NAME = f'variantName = "{STEM}";'
FLAGS = """cpuFlags = [
    "-mavx512f"
    "-mavx512dq"
    "-mavx512vl"
    "-mavx512bw"
    "-mfma"
  ];"""
ARCHITECTURE = 'gpuArchCMake = "90";'
OVERLAY = "cudaPackages = final.cudaPackages_12_9;"
PYTHON = "(nixpkgs_pinned.python3Packages.onnxruntime"
PNAME = "pname = variantName;"
DESCRIPTION = 'description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]";'

AVX512 = '[ "-mavx512f" "-mavx512dq" "-mavx512vl" "-mavx512bw" "-mfma" ]'
AVX2 = '[ "-mavx2" "-mfma" ]'
ROWS = f"{{ avx2 = {AVX2}; avx512 = {AVX512}; }}"
PARTS = f"""{NAME}
  parts = lib.splitString "-" variantName;
  isa = lib.last parts;
  sm = lib.removePrefix "sm" (builtins.elemAt parts 3);"""
ISA = f'{NAME}\n  isa = "avx512";'
SM = f'{NAME}\n  smArch = "sm90";'
CUDA = f'{NAME}\n  cudaLine = "12_9";'
PY = f'{NAME}\n  python = "313";'
WORDS = f'{NAME}\n  isa = "avx512";\n  smArch = "sm90";'

OTHER_ISA, OTHER_SM, OTHER_STACK = (
    STEM.replace("avx512", "avx2"),
    STEM.replace("sm90", "sm89"),
    "onnxruntime-python312-cuda12_4-sm90-avx512",
)
LABELS = 'labels = { avx2 = "AVX2"; avx512 = "AVX-512"; };\n  '
LABELLED = DESCRIPTION.replace("AVX-512", "${labels.${isa}}")
GPUS = 'gpus = { sm89 = "RTX 4090/L4/L40"; sm90 = "H100/L40S"; };\n  '
DESCRIBED = DESCRIPTION.replace("H100/L40S (SM90)", '${gpus.${smArch}} (SM${lib.removePrefix "sm" smArch})')

Changes = dict[str, str]
CASES: dict[str, tuple[Changes, str, str]] = {
    # what a file derives: what replaces what in the shipped variant, and the wrong word in place of the right one
    "flags of a table by a part of the name": ({NAME: PARTS, FLAGS: f"cpuFlags = {ROWS}.${{isa}};"}, STEM, OTHER_ISA),
    "flags of a table with a name": (
        {NAME: PARTS, FLAGS: f"flagsOf = {ROWS};\n  cpuFlags = flagsOf.${{isa}};"},
        STEM,
        OTHER_ISA,
    ),
    "flags by getAttr": ({NAME: PARTS, FLAGS: f"cpuFlags = builtins.getAttr isa {ROWS};"}, STEM, OTHER_ISA),
    "flags by hasSuffix": (
        {FLAGS: f'cpuFlags = if lib.hasSuffix "avx512" variantName then {AVX512} else {AVX2};'},
        STEM,
        OTHER_ISA,
    ),
    "flags by if of a part": (
        {NAME: PARTS, FLAGS: f'cpuFlags = if isa == "avx2" then {AVX2} else {AVX512};'},
        STEM,
        OTHER_ISA,
    ),
    "flags by if of a word": (
        {NAME: ISA, FLAGS: f'cpuFlags = if isa == "avx2" then {AVX2} else {AVX512};'},
        'isa = "avx512"',
        'isa = "avx2"',
    ),
    "flags of a table by a word": (
        {NAME: ISA, FLAGS: f"cpuFlags = {ROWS}.${{isa}};"},
        'isa = "avx512"',
        'isa = "avx2"',
    ),
    "flags of a table by a fixed name": ({FLAGS: f"cpuFlags = {ROWS}.avx512;"}, "}.avx512", "}.avx2"),
    "flags with names": (
        {FLAGS: f"avx2Flags = {AVX2};\n  avx512Flags = {AVX512};\n  cpuFlags = avx512Flags;"},
        "cpuFlags = avx512Flags",
        "cpuFlags = avx2Flags",
    ),
    "flags by a function": (
        {FLAGS: f'flagsOf = cpu: if cpu == "avx512" then {AVX512} else {AVX2};\n  cpuFlags = flagsOf "avx512";'},
        'flagsOf "avx512"',
        'flagsOf "avx2"',
    ),
    "flags by the condition of optionals": (
        {NAME: PARTS, FLAGS: f'cpuFlags = lib.optionals (isa == "avx512") {AVX512};'},
        'isa == "avx512"',
        'isa == "avx2"',
    ),
    "flags put together by optionals": (
        {
            NAME: ISA,
            FLAGS: 'cpuFlags = lib.optionals (isa == "avx2") [ "-mavx2" ] ++ lib.optionals (isa == "avx512") '
            '[ "-mavx512f" "-mavx512dq" "-mavx512vl" "-mavx512bw" ] ++ [ "-mfma" ];',
        },
        'isa = "avx512"',
        'isa = "avx2"',
    ),
    "flags and a label by one word": (
        {NAME: ISA, FLAGS: f"{LABELS}cpuFlags = {ROWS}.${{isa}};", DESCRIPTION: LABELLED},
        'isa = "avx512"',
        'isa = "avx2"',
    ),
    "an architecture by a part of the name": ({NAME: PARTS, ARCHITECTURE: "gpuArchCMake = sm;"}, STEM, OTHER_SM),
    "an architecture of a table": (
        {NAME: SM, ARCHITECTURE: 'gpuArchCMake = { sm89 = "89"; sm90 = "90"; }.${smArch};'},
        'smArch = "sm90"',
        'smArch = "sm89"',
    ),
    "an architecture and GPUs of tables": (
        {
            NAME: SM,
            ARCHITECTURE: f'{GPUS}gpuArchCMake = lib.removePrefix "sm" smArch;',
            DESCRIPTION: DESCRIBED,
        },
        'smArch = "sm90"',
        'smArch = "sm89"',
    ),
    "CUDA packages by if": (
        {
            NAME: CUDA,
            OVERLAY: 'cudaPackages = if cudaLine == "12_9" then final.cudaPackages_12_9 else final.cudaPackages_12_4;',
        },
        'cudaLine = "12_9"',
        'cudaLine = "12_4"',
    ),
    "CUDA packages by a name that is put together": (
        {NAME: CUDA, OVERLAY: 'cudaPackages = final.${"cudaPackages_" + cudaLine};'},
        'cudaLine = "12_9"',
        'cudaLine = "12_4"',
    ),
    "Python by if": (
        {
            NAME: f'{PY}\n  pythonPackages = if python == "313" then nixpkgs_pinned.python3Packages'
            " else nixpkgs_pinned.python312Packages;",
            PYTHON: "(pythonPackages.onnxruntime",
        },
        'python = "313"',
        'python = "312"',
    ),
    "Python by a name that is put together": (
        {NAME: PY, PYTHON: '(nixpkgs_pinned."python${python}Packages".onnxruntime'},
        'python = "313"',
        'python = "312"',
    ),
    "a name that is put together": (
        {
            NAME: 'isa = "avx512";\n  variantName = "onnxruntime-python313-cuda12_9-sm90-${isa}";',
            FLAGS: f"cpuFlags = {ROWS}.${{isa}};",
            PNAME: 'pname = "onnxruntime-python313-cuda12_9-sm90-${isa}";',
        },
        'isa = "avx512"',
        'isa = "avx2"',
    ),
    "two words, both wrong": (
        {
            NAME: WORDS,
            FLAGS: f"cpuFlags = {ROWS}.${{isa}};",
            ARCHITECTURE: 'gpuArchCMake = lib.removePrefix "sm" smArch;',
        },
        'isa = "avx512";\n  smArch = "sm90"',
        'isa = "avx2";\n  smArch = "sm89"',
    ),
    "the name and a word, both wrong": (
        {NAME: ISA, FLAGS: f"cpuFlags = {ROWS}.${{isa}};"},
        ISA,
        ISA.replace("avx512", "avx2"),
    ),
}


def derived(changes: Changes) -> bytes:
    """The shipped variant with parts of its code that are derived instead."""
    data = original(GPU)
    for good, other in changes.items():
        data = replace_once(data, good, other)
    return data


@pytest.mark.parametrize("case", CASES)
def test_the_word_alone_is_mended(case: str) -> None:
    changes, good, bad = CASES[case]
    right = derived(changes)
    wrong = replace_once(right, good, bad)
    assert fix({GPU: wrong}, unsafe=True).contents == {GPU: right}


LIB = "  inherit (nixpkgs_pinned) lib;\n"
ROW = ({NAME: PARTS, FLAGS: f"flagsOf = {ROWS};\n  cpuFlags = flagsOf.${{isa}};"}, '"-mavx512bw"', '"-mavx512vnni"')
DERIVED_TRUTH = f'has512 = lib.hasSuffix "avx512" variantName;\n  cpuFlags = if has512 then {AVX512} else {AVX2};'
PLATFORMS = '    platforms = [ "x86_64-linux" ];\n  }'
ABSENT = f'{PLATFORMS} // lib.optionalAttrs (isa != "avx512") {{\n    {DESCRIPTION}\n  }}'
HUNDRED = '"avx2" ' * 101
BESIDE = {
    "a truth that is worked out": (({FLAGS: DERIVED_TRUTH}, '"-mavx512bw"', '"-mavx512vnni"'), LIB, LIB),
    "a word that takes the text away": (
        (
            {NAME: f'{NAME}\n  isa = "avx2";', f"    {DESCRIPTION}\n": "", PLATFORMS: ABSENT},
            "(SM90) + AVX-512",
            "(SM90) + AVX2",
        ),
        LIB,
        LIB,
    ),
    "a comment": (
        CASES["flags of a table by a word"],
        f"  # built for CUDA 12.9\n{LIB}",
        f"  # built for CUDA 12.4\n{LIB}",
    ),
    "nothing": (ROW, LIB, LIB),
    "a name in long quotes": (({}, PNAME, f"pname = ''{OTHER_ISA}'';"), LIB, LIB),
}


@pytest.mark.parametrize("name", BESIDE)
def test_a_word_or_an_own_row_is_mended_beside(name: str) -> None:
    (changes, good, bad), right_text, wrong_text = BESIDE[name]
    right = derived(changes)
    wrong = replace_once(replace_once(right, good, bad), LIB, wrong_text)
    assert fix({GPU: wrong}, unsafe=True).contents == {GPU: replace_once(right, LIB, right_text)}


@pytest.mark.parametrize("case", CASES)
def test_a_safe_fix_leaves_what_a_word_chooses(case: str) -> None:
    changes, good, bad = CASES[case]
    assert fix({GPU: replace_once(derived(changes), good, bad)}).contents == {}


def test_nix_says_the_same_of_each_as_of_the_shipped_variant(tmp_path: Path) -> None:
    files = {tmp_path / str(number) / f"{STEM}.nix": derived(case[0]) for number, case in enumerate(CASES.values())}
    files[tmp_path / f"{STEM}.nix"] = original(GPU)
    for path, data in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    told = [replace(one, derivation=None) for one in evaluate_variants([*files]).values()]
    python = {one.python_packages for one in told}
    assert python == {"python3Packages", "python313Packages"}  # two names of one set
    assert {str(replace(one, python_packages=None)) for one in told} == {str(replace(told[-1], python_packages=None))}


@pytest.mark.parametrize(
    ("changes", "good", "bad"),
    [
        # a word of no table chooses: whether it or what is chosen is wrong, nobody can tell
        (
            {FLAGS: f'host = "server";\n  cpuFlags = {{ desktop = {AVX2}; server = {AVX512}; }}.${{host}};'},
            'host = "server"',
            'host = "desktop"',
        ),
        (
            {FLAGS: f"isServer = true;\n  cpuFlags = if isServer then {AVX512} else {AVX2};"},
            "isServer = true",
            "isServer = false",
        ),
        (
            {
                FLAGS: f'host = "server";\n  rows = {{ desktop = {AVX2}; server = {AVX512}; }};\n  cpuFlags = rows.${{host}};'
            },
            'host = "server"',
            'host = "desktop"',
        ),
        (
            {FLAGS: f"level = 4;\n  cpuFlags = if level == 4 then {AVX512} else {AVX2};"},
            "level = 4;",
            "level = 3;",
        ),
        # of two words that are wrong, each alone would do
        (
            {
                NAME: f'{NAME}\n  one = "avx512";\n  two = "avx512";',
                FLAGS: f'cpuFlags = if one == "avx512" || two == "avx512" then {AVX512} else {AVX2};',
            },
            'one = "avx512";\n  two = "avx512"',
            'one = "avx2";\n  two = "avx2"',
        ),
        # so many words are about many variants
        (
            {NAME: f"{ISA}\n  all = [ {HUNDRED}];", FLAGS: f"cpuFlags = {ROWS}.${{isa}};"},
            'isa = "avx512"',
            'isa = "avx2"',
        ),
        # what is meant for others is wrong for them, too
        (
            {NAME: PARTS, FLAGS: f"cpuFlags = {ROWS.replace('avx512 =', 'avx512bf16 =')}.avx512bf16;"},
            '"-mavx512bw"',
            '"-mavx512vnni"',
        ),
        (
            {
                NAME: f'{NAME}\n  other = lib.removeSuffix "_" "avx512bf16_";',
                FLAGS: f"flagsOf = {ROWS.replace('avx512 =', 'avx512bf16 =')};\n  cpuFlags = flagsOf.${{other}};",
            },
            '"-mavx512bw"',
            '"-mavx512vnni"',
        ),
        (
            {
                NAME: f'{NAME}\n  inherit (lib) optionals;\n  other = lib.removeSuffix "_" "avx512bf16_";',
                FLAGS: f'cpuFlags = optionals (other == "avx512bf16") {AVX512};',
            },
            '"-mavx512bw"',
            '"-mavx512vnni"',
        ),
        # all that are not named have what stands behind the last else
        (
            {NAME: PARTS, FLAGS: f'cpuFlags = if isa == "avx2" then {AVX2} else {AVX512};'},
            '"-mavx512bw"',
            '"-mavx512vnni"',
        ),
        # and a literal in place of all branches is wrong for those that are named
        (
            {NAME: PARTS, ARCHITECTURE: 'gpuArchCMake = if sm == "89" then "89" else "90";'},
            'else "90"',
            'else "86"',
        ),
    ],
    ids=[
        "a name of no table",
        "a truth",
        "a name of a table with a name",
        "a number",
        "two words",
        "a hundred words",
        "a row of others",
        "a row of others in a table with a name",
        "what is optional for others",
        "what is left for all others",
        "one text for all",
    ],
)
def test_what_may_be_right_of_others_is_not_changed(changes: Changes, good: str, bad: str) -> None:
    wrong = replace_once(derived(changes), good, bad)
    assert {one.rule for one in lint({GPU: wrong}).findings} & {"isa-flags", "cuda-architectures"}
    assert fix({GPU: wrong}, unsafe=True).contents == {}


@pytest.mark.parametrize(
    "flags", [f"cpuFlags = {ROWS}.${{isa}};", f'cpuFlags = if isa == "avx512" then {AVX512} else {AVX2};']
)
def test_what_this_variant_chooses_is_mended(flags: str) -> None:
    right = derived({NAME: PARTS, FLAGS: flags})
    assert fix({GPU: replace_once(right, '"-mavx512bw"', '"-mavx512vnni"')}, unsafe=True).contents == {GPU: right}


@pytest.mark.parametrize(
    ("other", "good", "bad"),
    [(OTHER_ISA, 'isa = "avx512";', 'isa = "avx2";'), (OTHER_SM, 'smArch = "sm90";', 'smArch = "sm89";')],
)
def test_a_file_with_another_name_gets_its_words_from_that(other: str, good: str, bad: str) -> None:
    path = f"{PKGS}/{other}.nix"
    data = derived(
        {
            NAME: WORDS,
            FLAGS: f"cpuFlags = {ROWS}.${{isa}};",
            ARCHITECTURE: f'{LABELS}{GPUS}gpuArchCMake = lib.removePrefix "sm" smArch;',
            DESCRIPTION: DESCRIBED.replace("AVX-512", "${labels.${isa}}"),
        }
    )
    code = data[data.index(b"{ pkgs") :]
    right = original(path).partition(b"{ pkgs")[0] + replace_once(replace_once(code, STEM, other), good, bad)
    assert fix({path: data}, unsafe=True).contents == {path: right}
