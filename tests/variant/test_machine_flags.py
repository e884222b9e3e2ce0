"""Which flags choose instructions, and that all others stay where they are: also on the releases that have some."""

import pytest

from nixlint_ort.fix.apply import fix_all
from nixlint_ort.source import Source
from nixlint_ort.variant.machine_flags import is_machine_flag
from nixlint_ort.variant.variant import Variant
from tests.support import releases
from tests.support.linting import GPU, convention, fix, lint, lint_repository, original, replace_once, repository, shown
from tests.support.representative import representative

CHOOSES = [
    *(
        "-mavx2",
        "-mfma",
        "-mno-avx512f",
        "-msse4.2",
        "-mfpmath=sse",
        "-mprefer-vector-width=256",
        "-mgeneral-regs-only",
    ),
    *("-march=armv8.2-a+fp16+dotprod", "-march=native", "-mtune=native", "-mcpu=neoverse-n1", "-msve-vector-bits=128"),
]
CHOOSES_NONE = [
    *("-Wno-error", "-O3", "-Iinclude", "-DNDEBUG", "-I", "include", "-fPIC", "-pthread", "--march", "avx2"),
    *("-m64", "-m32", "-mcmodel=large", "-mabi=lp64", "-mno-omit-leaf-frame-pointer", "-momit-leaf-frame-pointer"),
    *("-mno-red-zone", "-mstackrealign", "-mtls-dialect=gnu2", "-mbranch-protection=standard", "-mpc64", "-mglibc"),
]


@pytest.mark.parametrize("flag", [*CHOOSES, *CHOOSES_NONE])
def test_a_machine_flag_chooses_instructions(flag: str) -> None:
    assert is_machine_flag(flag) is (flag in CHOOSES)


FLAGS = '"${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"'
LIST = "cpuFlags = [\n"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (FLAGS, FLAGS.replace('"$', '"-Wno-error $', 1)),
        (FLAGS, FLAGS.replace('"$', '"-Iinclude -Wno-error $', 1)),
        (FLAGS, FLAGS.replace("$C", "-m64 -O3 $C")),
        (LIST, f'{LIST}    "-O3"\n'),
        (LIST, f'{LIST}    # gcc 14\n    "-Wno-error" # stays\n'),
    ],
)
def test_another_flag_is_no_machine_flag_and_stays_where_a_machine_flag_is_mended(good: str, bad: str) -> None:
    stack: dict[str, bytes | None] = {
        one.path: one.source.data.replace(good.encode(), bad.encode()) for one in repository().variants
    }
    assert lint(stack).findings == ()
    whole = stack[GPU] or b""
    damaged = replace_once(whole, '"-mavx512vl"', '"-mavx512vnni"')
    assert fix({**stack, GPU: damaged}, unsafe=True).contents == {GPU: whole}


@pytest.mark.parametrize("branch", representative(releases.NO_WARNINGS_STOP_THEM, ["ort-1.18"]))
@pytest.mark.parametrize("unsafe", [False, True])
def test_the_releases_that_export_another_flag_stay_byte_for_byte(branch: str, unsafe: bool) -> None:
    files = dict.fromkeys(one.path for one in repository().variants) | releases.files(branch)
    there = repository().with_files(files)
    assert shown(lint_repository(there, branch)) == []
    fixed = fix_all(there, lambda one: lint_repository(one, branch), unsafe=unsafe)
    assert (fixed.contents, fixed.dropped) == ({}, [])
    variant = Variant(Source(GPU, files[GPU] or b""), convention())
    assert b"-Wno-error" in variant.source.data
    assert variant.fact("cxx_flags").value == variant.fact("c_flags").value
    assert variant.source.data != original(GPU)
