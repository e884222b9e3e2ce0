"""Every kind of damage, done to variants of each kind that have the damaged part: fixing gives their bytes back."""

import re
from dataclasses import replace

import pytest

from nixlint_ort.check.judge import judge
from nixlint_ort.finding import Safety
from nixlint_ort.fix.make import fix_of
from tests.support.damage import KINDS, MENDED, Damage, damaged
from tests.support.linting import CPU, GPU, OLDER, fix, lint, original, replace_once, repository

LAYER_PYTHON = "    python3Packages = nixpkgs_pinned.python312Packages;\n"


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.name)
def test_a_variant_is_as_it_was(kind: Damage) -> None:
    is_mended(damaged(kind, most=2), kind)


@pytest.mark.full
@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.name)
def test_each_variant_is_as_it_was(kind: Damage) -> None:
    is_mended(damaged(kind), kind)


def is_mended(there: dict[str, bytes | None], kind: Damage) -> None:
    """Whether fixing gives the bytes back; nothing is done without a fix, and unsafe ones are made only when asked for."""
    assert there
    fixed = fix(there, unsafe=True)
    assert not fixed.dropped
    if kind.safety is None:
        assert fixed.contents == {}
    elif kind.mended:
        assert fixed.contents == {path: original(path) for path in there}
    else:  # the value is right again, and that its peers have no such attribute is still reported
        assert fixed.contents == {path: (data or b"").replace(b"1.22.0", b"1.23.2") for path, data in there.items()}
    assert fix(there).contents == (fixed.contents if kind.safety is Safety.SAFE else {})


def test_windows_line_ends_stay() -> None:
    whole = original(OLDER).replace(b"\n", b"\r\n")
    followed = [kind for kind in MENDED if not kind.name.startswith("flags:")]  # no script with such ends is followed
    for data in filter(None, (kind.done_to(original(OLDER), OLDER) for kind in followed)):
        assert fix({OLDER: data.replace(b"\n", b"\r\n")}, unsafe=True).contents == {OLDER: whole}


# A part of a variant as somebody else writes it, and the same with a fault: fixing gives the first back.
TEXT = 'description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.4]";'
SYSTEMS = 'platforms = [ "x86_64-linux" ];'
META = r"meta = \(oldAttrs\.meta or \{\}\) // \{[^}]*\};"

LAYOUTS = {
    "meta of nothing": (
        META,
        f"meta = (oldAttrs.meta or {{}}) // {{\n    {TEXT}\n    {SYSTEMS}\n  }};",
        "meta = (oldAttrs.meta or {}) // {\n  };",
    ),
    "meta of nothing in one line": (META, f"meta = {{ {TEXT} {SYSTEMS} }};", "meta = { };"),
    "meta of nothing without a blank": (META, f"meta = {{ {TEXT} {SYSTEMS} }};", "meta = {};"),
    "flags in one line": (
        r"cpuFlags = \[[^]]*\];",
        'cpuFlags = [ "-mavx512f" "-mavx512dq" "-mavx512vl" "-mavx512bw" "-mfma" ];',
        'cpuFlags = [ "-mavx512f" "-mavx512vl" "-mfma" ];',
    ),
    "flags in one line, too many": (
        r"cpuFlags = \[[^]]*\];",
        'cpuFlags = ["-mavx512f"  "-mavx512dq"  "-mavx512vl"  "-mavx512bw"  "-mfma"];',
        'cpuFlags = ["-mavx2"  "-mavx512f"  "-mavx512dq"  "-mavx512vl"  "-mavx512bw"  "-mfma"];',
    ),
    "flags with comments": (
        r"cpuFlags = \[[^]]*\];",
        'cpuFlags = [\n    "-mavx512f" # foundation\n    "-mavx512dq"\n    "-mavx512vl"\n    "-mavx512bw"\n    "-mfma" # last\n  ];',
        'cpuFlags = [\n    "-mavx512f" # foundation\n    "-mavx512dq"\n    "-mavx512bw"\n    "-mfma" # last\n  ];',
    ),
    "flags in two lists": (
        r"cpuFlags = \[[^]]*\];",
        'cpuFlags = [ "-mavx512f" "-mavx512dq" ] ++ [ "-mavx512vl" "-mavx512bw" "-mfma" ];',
        'cpuFlags = [ "-mavx512f" "-mavx512dq" ] ++ [ "-mavx512vl" "-mfma" ];',
    ),
    "flags as one text": (
        r"cpuFlags = \[[^]]*\];",
        'cpuFlags = [ "-mavx512f -mavx512dq -mavx512vl -mavx512bw -mfma" ];',
        'cpuFlags = [ "-mavx512f -mavx512vl -mavx2 -mfma" ];',
    ),
    "a version of which a part has a name": (
        r'description = "ONNX Runtime 1\.23\.2',
        'description = let minor = "23"; in "ONNX Runtime 1.${minor}.2',
        'description = let minor = "22"; in "ONNX Runtime 1.${minor}.2',
    ),
    "the SM through two bindings": (
        r'gpuArchCMake = "90";',
        'sm = "90";\n  gpuArchCMake = sm;',
        'sm = "80";\n  gpuArchCMake = sm;',
    ),
    "the override in one line": (
        r"override \{\n    cudaSupport = true;\n    pythonSupport = true;\n    python3Packages = [^\n]*\n  \}",
        "override { cudaSupport = true; pythonSupport = true; python3Packages = nixpkgs_pinned.python312Packages; }",
        "override { cudaSupport = true; pythonSupport = true; }",
    ),
    "a comment after the last argument": (
        r"    pythonSupport = true;\n",
        "    pythonSupport = true; # for the wheel\n",
        "    pythonSupport = false; # for the wheel\n",
    ),
    "another name for nixpkgs": (r"nixpkgs_pinned", "pinned", "pinned"),
    "an indented string": (
        r'description = "([^"]*)";',
        r"description = ''\1'';",
        r"description = ''ONNX Runtime 1.22.0 for nobody'';",
    ),
}


@pytest.mark.parametrize("name", [name for name in LAYOUTS if name != "an indented string"])
def test_the_layout_stays(name: str) -> None:
    pattern, good, bad = LAYOUTS[name]
    text = original(OLDER).decode()
    whole, damaged = re.sub(pattern, good, text), re.sub(pattern, bad, text)
    if good == bad:
        damaged = damaged.replace(LAYER_PYTHON.replace("nixpkgs_pinned", good), "")
    assert damaged != whole
    assert fix({OLDER: whole.encode()}, unsafe=True).contents == {}
    assert fix({OLDER: damaged.encode()}, unsafe=True).contents == {OLDER: whole.encode()}


# What CMAKE_CUDA_ARCHITECTURES and the binding gpuArchCMake are, and what they are fixed to.
LITERALS = [
    (("70;${gpuArchCMake}", "90"), ("${gpuArchCMake}", "90")),
    (("70;${gpuArchCMake}", "70"), ("${gpuArchCMake}", "90")),
    (("${gpuArchCMake};70", "80"), ("${gpuArchCMake}", "90")),
    (("70;${gpuArchCMake};75", "80"), ("${gpuArchCMake}", "90")),
    (("8${gpuArchCMake}", "0"), ("9${gpuArchCMake}", "0")),
    (("8${toString 0}", "90"), ("9${toString 0}", "90")),
    (("70;${gpuArchCMake}${lib.concatStrings [ ]}", "80"), ("${gpuArchCMake}${lib.concatStrings [ ]}", "90")),
    (("${gpuArchCMake};${gpuArchCMake}", "80"), None),
    (("${gpuArchCMake};${variantName}", "80"), None),
    (("${gpuArchCMake}1${toString 0}", "7"), None),
    (("70;80", "90"), ("90", "90")),
]


@pytest.mark.parametrize(("wrong", "right"), LITERALS)
def test_of_several_literals_that_make_up_a_wrong_text_the_named_one_takes_it_all(
    wrong: tuple[str, str], right: tuple[str, str] | None
) -> None:
    damaged, whole = (
        replace_once(
            replace_once(original(GPU), 'gpuArchCMake = "90"', f'gpuArchCMake = "{binding}"'),
            "CUDA_ARCHITECTURES=${gpuArchCMake}",
            f"CUDA_ARCHITECTURES={flag}",
        )
        for flag, binding in (wrong, right or wrong)
    )
    finding = next(one for one in lint({GPU: damaged}).findings if one.rule == "cuda-architectures")
    edits = finding.fix.edits if finding.fix else ()
    assert all(edit.path == GPU and damaged[edit.start : edit.end] != edit.text.encode() for edit in edits)
    assert fix({GPU: damaged}, unsafe=True).contents == ({GPU: whole} if right else {})


def test_the_fix_of_another_rule_serves_only_where_both_blame_the_same_place() -> None:
    data = replace_once(
        original(GPU),
        "1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [",
        "1.22.0 for NVIDIA H100/L40S (SM80) + AVX-512 [",
    )
    variant = next(one for one in repository().with_files({GPU: data}).variants if one.path == GPU)
    assert variant.identity is not None
    rules = tuple(variant.convention.rules.values())
    target, version = judge(variant, rules, variant.identity.expected(variant.convention, "main"))
    assert (version.rule.id, target.rule.id) == ("description-ort-version", "description-gpu")
    unfixed = replace(version, rule=version.rule._replace(fix=None))
    assert fix_of(replace(unfixed, reaches=[])) is None
    assert fix_of(replace(unfixed, reaches=[target])) is None
    assert fix_of(replace(unfixed, reaches=[target, version])) == fix_of(version)


def test_a_part_that_is_not_written_as_one_literal_has_no_fix_and_stays() -> None:
    computed = replace_once(original(GPU), 'gpuArchCMake = "90";', 'gpuArchCMake = "${toString (7 + 1)}0";')
    (finding,) = lint({GPU: computed}).findings
    assert (finding.rule, finding.fix) == ("cuda-architectures", None)
    assert fix({GPU: computed}, unsafe=True).contents == {}


def test_a_literal_that_others_read_rightly_is_not_edited() -> None:
    data = replace_once(original(GPU), 'gpuArchCMake = "90";', 'gpuArchCMake = arch;\n  arch = "80";')
    data = replace_once(data, "(SM90) + AVX-512 [", '(SM90) + AVX-512${if arch == "80" then "" else " fast"} [')
    (finding,) = lint({GPU: data}).findings
    assert (finding.rule, finding.fix) == ("cuda-architectures", None)


def test_a_description_that_the_build_reads_is_not_safe_to_mend() -> None:
    text = 'description = "ONNX Runtime 1.22.0 CPU-only + AVX2";'
    seen = replace_once(original(CPU), 'description = "ONNX Runtime 1.23.2 CPU-only + AVX2";', text)
    seen = replace_once(
        seen,
        ".overrideAttrs (oldAttrs: {\n  pname",
        ".overrideAttrs (final: oldAttrs: {\n  name = final.meta.description;\n  pname",
    )
    (finding,) = (one for one in lint({CPU: seen}).findings if one.rule == "description-ort-version")
    assert finding.fix is not None
    assert finding.fix.safety is Safety.UNSAFE


@pytest.mark.parametrize(
    ("description", "binding", "safety"),
    [
        ("text", "text = {};", Safety.UNSAFE),
        ("let text = {}; in text", "", Safety.SAFE),
        ("meta.text", "meta = {{ text = {}; }};", Safety.SAFE),
        ("{}", "seen = lib.meta;", Safety.UNSAFE),
        ("{}", "seen = lib.metadata;", Safety.SAFE),
    ],
)
def test_a_description_that_only_meta_reads_is_safe_to_mend(description: str, binding: str, safety: Safety) -> None:
    right = '"ONNX Runtime 1.23.2 CPU-only + AVX2"'
    wrong = right.replace("1.23.2", "1.22.0")
    data = replace_once(original(CPU), right, description.format(wrong))
    data = replace_once(data, "let\n", f"let\n  {binding.format(wrong)}\n")
    (finding,) = (one for one in lint({CPU: data}).findings if one.rule == "description-ort-version")
    assert finding.fix is not None
    assert finding.fix.safety is safety


# What a variant reads, and whether its own header can be a part of that.
READS = {
    "src = ./.;": True,
    "src = ./onnxruntime-python313-cuda12_9-sm90-avx512.nix;": True,
    "src = ./${variantName}.nix;": True,
    "src = ../pkgs/./onnxruntime-python313-cuda12_9-sm90-avx512.nix;": True,
    "src = ../pkgs;": True,
    "src = ../../.flox;": True,
    "src = ../..;": True,
    "src = ../../..;": True,
    "src = /srv/packages;": True,
    "src = ~/packages;": True,
    "x = __curPos.line;": True,
    'x = builtins.unsafeGetAttrPos "pname" { };': True,
    "src = ./a.patch;": False,
    "src = ../pkgs/onnxruntime;": False,
    "src = ../../.flo;": False,
    "src = <nixpkgs>;": False,
    'x = "./.";': False,
    "# ./.": False,
}


@pytest.mark.parametrize("own", READS)
def test_a_header_that_the_build_can_see_is_not_safe_to_mend(own: str) -> None:
    data = replace_once(original(GPU), "driver 560+", "driver 535+")
    data = replace_once(data, "  pname = variantName;\n", f"  pname = variantName;\n  {own}\n")
    (finding,) = (one for one in lint({GPU: data}).findings if one.rule == "header-driver")
    assert finding.fix is not None
    assert finding.fix.safety is (Safety.UNSAFE if READS[own] else Safety.SAFE)


# Where the list of flags is put elsewhere too, a flag that is put in changes more than the flags of the ISA.
FLAGS_ELSEWHERE = {
    "words between them, as flags of their own": ('" " cpuFlags} $CFLAGS"', '" -x " cpuFlags} $CFLAGS"'),
    "words between them in both variables": ('concatStringsSep " " cpuFlags}', 'concatStringsSep " (x: x) " cpuFlags}'),
    "joined to one word of another flag": ('" " cpuFlags} $CFLAGS"', '"," cpuFlags} $CFLAGS"'),
}


@pytest.mark.parametrize("name", FLAGS_ELSEWHERE)
def test_no_fix_changes_flags_that_are_not_about_the_fact(name: str) -> None:
    good, bad = FLAGS_ELSEWHERE[name]
    data = original(GPU).replace(good.encode(), bad.encode()).replace(b'    "-mavx512f"\n', b"")
    assert data.count(bad.encode()) >= 1
    fixed = fix({GPU: data}, unsafe=True)
    assert [one.reason for one in fixed.dropped] == []
    after = repository().with_files({GPU: fixed.contents.get(GPU, data)})
    before = repository().with_files({GPU: data})
    others = [
        next(one.fact("other_c_flags").value for one in each.variants if one.path == GPU) for each in (before, after)
    ]
    assert others[0] == others[1]
