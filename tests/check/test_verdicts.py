"""The conventions on hand-broken variants: the right rule, at the right line and column, and the fix."""

from typing import NamedTuple

import pytest

from nixlint_ort.finding import Finding
from tests.support.linting import (
    CPU,
    GPU,
    OLDER,
    convention,
    fix,
    lint,
    original,
    path_of,
    replace_once,
    repository,
    session,
    shown,
)

PIN = "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"


FIRST_LINE = "# ONNX Runtime 1.23.2 for NVIDIA Hopper (SM90: H100, L40S) + AVX-512\n"
HEAD = "{ pkgs ? import <nixpkgs> {} }:\n"
PINNED = f"""import (builtins.fetchTarball {{
    url = "https://github.com/NixOS/nixpkgs/archive/{PIN}.tar.gz";
  }}) {{"""
DESCRIPTION = '    description = "ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]";\n'
PLATFORMS = '    platforms = [ "x86_64-linux" ];\n'
CXXFLAGS = '      export CXXFLAGS="${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"\n'
CFLAGS = '      export CFLAGS="${lib.concatStringsSep " " cpuFlags} $CFLAGS"\n'


class Fault(NamedTuple):
    """One replacement in one variant, and the finding it should give: `rule:line:column`."""

    path: str
    good: str
    bad: str
    finding: str
    fixable: bool = False


FAULTS = [
    Fault(GPU, "driver 560+", "driver 535+", "header-driver:2:38", fixable=True),
    Fault(OLDER, "driver 550+", "driver 560+", "header-driver:2:38", fixable=True),
    Fault(GPU, "driver 560+", "driver 56+", "header-driver:2:38", fixable=True),
    Fault(GPU, "driver 560+", "driver 60+", "header-driver:2:38", fixable=True),
    Fault(GPU, "# CUDA 12.9", "# CUDA 12.4", "header-cuda-version:2:8", fixable=True),
    Fault(GPU, "# ONNX Runtime 1.23.2", "# ONNX Runtime 1.22.0", "header-ort-version:1:16", fixable=True),
    Fault(CPU, "# ONNX Runtime 1.23.2", "# ONNX Runtime 1.22.0", "header-ort-version:1:16", fixable=True),
    Fault(CPU, "# ONNX Runtime 1.23.2 CPU", "# ONNX Runtime CPU", "header-ort-version:1:1", fixable=True),
    Fault(GPU, "# CUDA 12.9 —", "# CUDA 12.9 -", "header-format:2:1", fixable=True),
    Fault(GPU, "\n# CUDA 12.9 — Requires NVIDIA driver 560+", "", "header-missing:2:1", fixable=True),
    Fault(GPU, "(SM90: H100, L40S)", "(SM90: H100/L40S)", "header-separator:1:52"),
    Fault(CPU, '+ AVX2";', '+ AVX2 [CUDA 12.9]";', "description-cuda-tag:34:62", fixable=True),
    Fault(GPU, "[CUDA 12.9]", "[CUDA 12.4]", "description-cuda-tag:46:84", fixable=True),
    Fault(GPU, " [CUDA 12.9]", "", "description-cuda-tag:46:19", fixable=True),
    Fault(GPU, '"ONNX Runtime 1.23.2 for', '"ONNX Runtime 1.22.0 for', "description-ort-version:46:33", fixable=True),
    Fault(GPU, '"ONNX Runtime 1.23.2 for', '"ONNX Runtime for', "description-ort-version:46:19", fixable=True),
    Fault(GPU, "H100/L40S (SM90)", "H100, L40S (SM90)", "description-gpu:46:51", fixable=True),
    Fault(GPU, 'Name = "onnxruntime-python313', 'Name = "onnxruntime-python312', "variant-name:18:30"),
    Fault(GPU, 'Name = "onnxruntime-python313', 'Name = "onnxruntime-python31', "variant-name:18:30"),
    Fault(GPU, 'Name = "onnxruntime-python313', 'Name = "onnxruntime-ython313', "variant-name:18:30"),
    Fault(GPU, "pname = variantName", 'pname = "onnxruntime"', "pname:44:12"),
    Fault(GPU, "(nixpkgs_pinned.python3Packages", "(nixpkgs_pinned.python312Packages", "python-packages:41:17"),
    Fault(GPU, "ed142ab1b3", "fd142ab1b3", "pin-inconsistent:6:53"),
    Fault(GPU, "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", "nixos-24.11", "pin-not-a-commit:6:53"),
    Fault(GPU, "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", "ed142ab", "pin-not-a-commit:6:53"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: f"{one.finding} {one.bad}")
def test_fault(fault: Fault) -> None:
    broken = replace_once(original(fault.path), fault.good, fault.bad)
    findings = lint({fault.path: broken}).findings
    assert [brief(one) for one in findings] == [fault.finding]
    fixed = fix({fault.path: broken})
    assert fixed.contents == ({fault.path: original(fault.path)} if fault.fixable else {})


def brief(finding: Finding) -> str:
    start = finding.place.start
    return f"{finding.rule}:{start.line}:{start.column}"


@pytest.mark.parametrize(
    ("faults", "findings"),
    [
        (
            [("(SM90: H100, L40S)", "(SM90: A100)"), ("# ONNX Runtime 1.23.2", "# ONNX Runtime")],
            ["header-ort-version:1:1"],
        ),
        ([(FIRST_LINE, ""), ("# CUDA 12.9 —", "# CUDA 12.9 -")], ["header-missing:1:1", "header-format:1:1"]),
        (
            [("L40S) + AVX-512\n", "L40S), AVX-512\n"), ("# CUDA 12.9 —", "# CUDA 12.9 -")],
            ["header-format:1:1", "header-format:2:1"],
        ),
        ([(FIRST_LINE, ""), (DESCRIPTION, "")], ["header-missing:1:1", "description-missing:44:10"]),
        ([(PLATFORMS, ""), (DESCRIPTION, "")], ["description-missing:45:10", "platforms:45:10"]),
        ([(CXXFLAGS, ""), (CFLAGS, "")], ["isa-flags:34:20"]),
        ([(HEAD, ""), (PINNED, "import <nixpkgs> {")], ["unpinned-nixpkgs:4:27"]),
    ],
    ids=[
        "a line without a part, in which another part is wrong",
        "a line that is missing, and the next is wrong",
        "two lines that are wrong",
        "missing at two places",
        "two missing at one place",
        "two facts of one rule that are missing at one place",
        "no function, and a nixpkgs that is not pinned",
    ],
)
def test_two_faults(faults: list[tuple[str, str]], findings: list[str]) -> None:
    data = original(GPU)
    for good, bad in faults:
        data = replace_once(data, good, bad)
    assert [brief(one) for one in lint({GPU: data}).findings] == findings


def test_two_facts_of_one_rule_that_are_missing_are_said_to_lack_the_same() -> None:
    data = replace_once(replace_once(original(GPU), CXXFLAGS, ""), CFLAGS, "")
    (finding,) = lint({GPU: data}).findings
    flags = ("-mavx512f", "-mavx512dq", "-mavx512vl", "-mavx512bw", "-mfma")
    assert (finding.actual, finding.expected) == (None, flags)
    assert finding.message == f"compiler flags are not set; avx512 needs {', '.join(flags[:-1])} and {flags[-1]}"


def test_a_python_that_is_not_the_one_of_its_cuda_line_is_one_finding() -> None:
    wrong = "onnxruntime-python313-cuda12_4-sm90-avx512"
    data = original(OLDER).replace(b"python312-", b"python313-").replace(b"python312Packages", b"python3Packages")
    result = lint({OLDER: None, path_of(wrong): data})
    assert shown(result) == [f"filename-stack {wrong}.nix:1:1"]


def test_a_wrong_interpolated_value_is_blamed_at_its_literal() -> None:
    data = replace_once(
        original(GPU),
        'variantName = "onnxruntime-python313-cuda12_9-sm90-avx512";',
        'py = "313";\n  cudaTag = "12_4";\n  variantName = "onnxruntime-python${py}-cuda${cudaTag}-sm90-avx512";',
    )
    (finding,) = lint({GPU: data}).findings
    assert brief(finding) == "variant-name:19:14"
    assert [one.place.start.line for one in finding.related][:1] == [20]
    assert lint({GPU: data.replace(b'"12_4"', b'"12_9"')}).findings == ()


@pytest.mark.parametrize(
    ("bindings", "place", "mended"),
    [
        ('a = "py"; b = "thon"; c = "312";', "variant-name:18:30", 'a = "py"; b = "thon"; c = "313";'),
        ('a = "python"; b = "2"; c = "13";', "variant-name:18:22", 'a = "python"; b = "3"; c = "13";'),
        ('a = "pyton"; b = "3"; c = "13";', "variant-name:18:8", 'a = "python"; b = "3"; c = "13";'),
        ('a = "pyton"; b = "31"; c = "3";', "variant-name:18:8", 'a = "python"; b = "31"; c = "3";'),
        ('a = "pyton"; b = ""; c = "313";', "variant-name:18:8", 'a = "python"; b = ""; c = "313";'),
        ('a = "python"; b = ""; c = "312";', "variant-name:18:30", 'a = "python"; b = ""; c = "313";'),
    ],
)
def test_of_a_word_out_of_several_literals_the_wrong_one_is_blamed_and_mended(
    bindings: str, place: str, mended: str
) -> None:
    name = 'variantName = "onnxruntime-'
    data = replace_once(original(GPU), name + "python313", f"{bindings}\n  {name}${{a}}${{b}}${{c}}")
    (finding,) = lint({GPU: data}).findings
    assert brief(finding) == place
    fixed = fix({GPU: data}, unsafe=True)
    assert fixed.contents == {GPU: replace_once(data, bindings, mended)}
    assert fixed.remaining.findings == ()


def test_a_description_put_together_by_plus_is_read() -> None:
    good = '"ONNX Runtime 1.23.2 for NVIDIA H100/L40S (SM90) + AVX-512 [CUDA 12.9]"'
    parts = '"ONNX Runtime 1.23.2 for NVIDIA "\n      + "H100/L40S (SM90) + AVX-512" + " [CUDA 12.9]"'
    data = replace_once(original(GPU), good, parts)
    assert lint({GPU: data}).findings == ()
    (finding,) = lint({GPU: data.replace(b"[CUDA 12.9]", b"[CUDA 12.4]")}).findings
    assert brief(finding) == "description-cuda-tag:47:48"
    fixed = fix({GPU: data.replace(b"[CUDA 12.9]", b"[CUDA 12.4]")})
    assert fixed.contents == {GPU: data}


def test_a_pin_in_its_own_binding_is_read() -> None:
    rev = "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"
    data = replace_once(original(GPU), f"archive/{rev}.tar", "archive/${rev}.tar")
    data = replace_once(data, "let\n", f'let\n  rev = "{rev}";\n')
    assert lint({GPU: data}).findings == ()
    (finding,) = lint({GPU: data.replace(rev.encode(), b"0" * 40)}).findings
    assert brief(finding) == "pin-inconsistent:5:10"


def test_bindings_may_have_any_name() -> None:
    data = original(GPU)
    for name in ("nixpkgs_pinned", "gpuArchCMake", "cpuFlags", "onnxruntimeCpp", "oldAttrs"):
        data = data.replace(name.encode(), f"{name[::-1]}_".encode())
    assert lint({GPU: data}).findings == ()
    broken = replace_once(data, "driver 560+", "driver 535+")
    assert [brief(one) for one in lint({GPU: broken}).findings] == ["header-driver:2:38"]


def test_nixfmt_habits_change_no_verdict() -> None:
    data = replace_once(original(GPU), "{ pkgs ? import <nixpkgs> {} }:", "{\n  pkgs ? import <nixpkgs> { },\n}:")
    data = replace_once(data, '[ "x86_64-linux" ]', '[\n      "x86_64-linux"\n    ]')
    data = replace_once(data, '[ "big-parallel" ]', '[\n      "big-parallel"\n    ]')
    assert lint({GPU: data}).findings == ()
    broken = replace_once(data, "driver 560+", "driver 535+")
    assert [brief(one) for one in lint({GPU: broken}).findings] == ["header-driver:2:38"]


def test_windows_line_ends_break_the_script_and_stay_where_the_header_is_fixed() -> None:
    data = original(GPU).replace(b"\n", b"\r\n")
    (finding,) = lint({GPU: data}).findings
    assert brief(finding) == "unresolved-fact:34:22"
    assert finding.message.endswith(
        "a carriage return stands in this script, which bash takes for part of the command;"
        " save the file with LF line ends"
    )
    broken = replace_once(data, "driver 560+", "driver 535+")
    assert fix({GPU: broken}).contents == {GPU: data}
    no_header = data.split(b"\r\n", 2)[2]
    assert fix({GPU: no_header}).contents == {GPU: data}


def test_a_file_with_a_syntax_error_has_no_other_finding_and_is_not_fixed() -> None:
    data = replace_once(original(GPU), "driver 560+", "driver 535+")
    data = replace_once(data, "inherit (nixpkgs_pinned) lib;", "inherit (nixpkgs_pinned lib;")
    assert {one.rule for one in lint({GPU: data}).findings} == {"syntax-error"}
    assert fix({GPU: data}, unsafe=True).contents == {}


def test_one_cause_for_which_many_facts_are_unknown_is_one_finding_that_names_the_first() -> None:
    data = replace_once(original(GPU), "(nixpkgs_pinned.python3Packages", "(nixpkgs_pinned.${builtins.readFile ./x}")
    (finding,) = lint({GPU: data}).findings
    assert brief(finding) == "unresolved-fact:41:19"
    assert finding.message.startswith("cannot determine the URL from which the wrapper's nixpkgs is fetched, ")
    assert finding.message.endswith(" and 14 more without building: nixlint-ort does not evaluate builtins.readFile")
    assert len(finding.arguments["name"]) == 18


def test_two_causes_for_which_facts_are_unknown_are_two_findings() -> None:
    data = replace_once(original(GPU), "pname = variantName;", "pname = builtins.readFile ./x;")
    data = replace_once(data, '[ "big-parallel" ]', "[ (builtins.readFile ./y) ]")
    assert [one.message for one in lint({GPU: data}).findings] == [
        "cannot determine the layer's `requiredSystemFeatures` without building: nixlint-ort does not evaluate builtins.readFile",
        "cannot determine the wrapper's `pname` without building: nixlint-ort does not evaluate builtins.readFile",
    ]


def test_the_minority_is_told_how_many_files_hold_which_pin() -> None:
    data = replace_once(original(GPU), "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", "0" * 40)
    (finding,) = lint({GPU: data}).findings
    assert finding.message.endswith("but 57 of 58 variants are pinned to ed142ab1b3a092c4d149245d0c4126a5d7ea00b0")


HEADER = original(GPU).split(b"\n")[:2]
REST = original(GPU).split(b"\n", 2)[2]
CPU_HEADER = original(CPU).split(b"\n")[0]


@pytest.mark.parametrize(
    ("head", "findings"),
    [
        ([b"# my remark", *HEADER], ["header-format:2:1"]),
        ([b"", *HEADER], ["header-format:2:1"]),
        ([HEADER[0], b"", HEADER[1]], ["header-format:3:1"]),
        ([HEADER[1], HEADER[0]], ["header-format:2:1"]),
        ([HEADER[0], HEADER[0], HEADER[1], HEADER[1]], ["header-format:3:1", "header-format:2:1"]),
        ([*HEADER, HEADER[1].replace(b"560", b"550")], ["header-format:3:1"]),
        ([*HEADER, CPU_HEADER], ["header-format:3:1"]),
        ([*HEADER, b"# Built for the cluster in Oslo."], []),
    ],
    ids=[
        "a remark before",
        "a blank line before",
        "a blank line between",
        "swapped",
        "doubled",
        "contradicted",
        "both kinds",
        "a remark after",
    ],
)
def test_a_header_that_is_not_at_the_top_or_not_alone(head: list[bytes], findings: list[str]) -> None:
    data = b"\n".join([*head, REST])
    assert sorted(brief(one) for one in lint({GPU: data}).findings) == sorted(findings)
    mended = fix({GPU: data}).contents
    assert set(mended) == ({GPU} if findings else set())
    assert all(one.startswith(b"\n".join(HEADER)) and lint({GPU: one}).findings == () for one in mended.values())


@pytest.mark.parametrize(("name", "content"), [(GPU, CPU), (CPU, GPU)], ids=["CPU as GPU", "GPU as CPU"])
def test_a_file_copied_over_one_of_another_kind_gets_that_kinds_header_alone(name: str, content: str) -> None:
    fixed = fix({name: original(content)}, unsafe=True)
    lines = original(name).split(b"\n{", 1)[0]
    assert fixed.contents[name].split(b"\n{", 1)[0] == lines


@pytest.mark.parametrize("target", ["sm110-avx512", "sm90-avx512x"])
def test_a_target_that_no_table_knows_is_one_finding_and_nothing_is_written_for_it(target: str) -> None:
    path = GPU.replace("sm90-avx512", target)
    data = original(GPU).replace(b"sm90-avx512", target.encode())
    assert [one.rule for one in lint({path: data}).findings if one.place.path == path] == ["filename-unknown-target"]
    assert fix({path: data}).contents == {}


@pytest.mark.parametrize(
    ("copy", "rules"),
    [
        ("onnxruntime-python313-cuda12_8-sm90-avx512", ["filename-unknown-target", "variant-name"]),
        ("onnxruntime-python312-cuda12_9-sm90-avx512", ["filename-stack"]),
    ],
)
def test_a_copy_under_a_wrong_name_is_told_what_is_wrong_with_the_name(copy: str, rules: list[str]) -> None:
    assert [one.rule for one in lint({path_of(copy): original(GPU)}).findings] == rules


def test_a_header_after_a_licence_comment_is_put_in_and_nothing_is_lost() -> None:
    data = b"# SPDX-License-Identifier: MIT\n" + original(GPU).split(b"\n", 2)[2]
    fixed = fix({GPU: data})
    header = original(GPU).split(b"\n")[:2]
    assert fixed.contents[GPU] == b"\n".join(header) + b"\n" + data


@pytest.mark.parametrize(
    ("gone", "what"),
    [
        (3, "missing variant {0}: it is in the matrix of release main; run: nixlint-ort new {0}"),
        (4, "4 of 6 CPU variants in the matrix of release main are missing: {0}, {1}, {2} and {3}; `nixlint-ort new`"),
        (
            5,
            "5 of 6 CPU variants in the matrix of release main are missing: {0}, {1}, {2}, {3} and {4}; `nixlint-ort new`",
        ),
    ],
)
def test_many_gaps_of_one_stack_are_one_finding(gone: int, what: str) -> None:
    stems = [f"onnxruntime-python313-cpu-{isa}" for isa in ("avx2", "avx512", "avx512bf16", "avx512vnni", "armv8_2")]
    findings = lint(dict.fromkeys(map(path_of, stems[:gone]))).findings
    assert [one.rule for one in findings] == ["matrix-gap"] * (gone if gone == 3 else 1)
    assert findings[0].message.startswith(what.format(*stems))


def test_a_nixpkgs_without_a_pin_is_told_the_pin_and_where_it_is_used() -> None:
    data = original(GPU)
    start, end = data.index(b"import (builtins.fetchTarball"), data.index(b"}) {", data.index(b"fetchTarball")) + 2
    (finding,) = lint({GPU: data[:start] + b"import <nixpkgs>" + data[end:]}).findings
    assert finding.rule == "unpinned-nixpkgs"
    assert finding.message.startswith("this nixpkgs is not pinned; fetch it with builtins.fetchTarball at ed142ab1b3a0")
    assert [one.message for one in finding.related] == [
        "a package is taken from it here",
        "this also breaks rule pin-not-a-commit",
    ]


@pytest.mark.parametrize("other", ["0" * 40, "f" * 40])
def test_where_as_many_files_hold_either_pin_the_declared_one_is_right(other: str) -> None:
    paths = [variant.path for variant in repository().variants]
    half = set(paths[::2])
    changed = {path: original(path).replace(PIN.encode(), other.encode()) for path in half}
    findings = lint(changed).findings
    assert {(one.rule, one.place.path) for one in findings} == {("pin-inconsistent", path) for path in half}


FEATURES = [
    ('(oldAttrs.requiredSystemFeatures or [ ]) ++ [ "big-parallel" ]', []),
    ('(oldAttrs.requiredSystemFeatures or [ ]) ++ [ "kvm" ]', ["unresolved-fact"]),
    ("(oldAttrs.requiredSystemFeatures or [ ])", ["big-parallel"]),
]
"""What the builder needs, and the rules that are broken: what is required may stand in a part that is known."""


@pytest.mark.parametrize(("value", "rules"), FEATURES)
def test_a_list_need_be_known_only_as_far_as_a_rule_asks(value: str, rules: list[str]) -> None:
    data = replace_once(original(GPU), '[ "big-parallel" ]', value)
    found = [one.rule for one in lint({GPU: data}).findings if one.rule != "odd-one-out"]
    assert found == rules


@pytest.mark.parametrize("chosen", [["unresolved-fact"], ["unresolved-fact", "big-parallel"]])
def test_what_is_not_known_is_said_also_where_no_chosen_rule_needs_it(chosen: list[str]) -> None:
    data = replace_once(original(GPU), '[ "big-parallel" ]', '(oldAttrs.requiredSystemFeatures or [ ]) ++ [ "kvm" ]')
    rules = {name: rule for name, rule in convention().rules.items() if name in chosen}
    one = repository().with_files({GPU: data})
    assert [finding.rule for finding in session(one, "main", rules).lint(one).findings] == ["unresolved-fact"]
