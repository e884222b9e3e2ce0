"""What no rule knows of a variant, in comments and strings, follows a new name as the other variants have it."""

import re
from itertools import cycle, product

import pytest

from nixlint_ort.fix.new import make
from tests.support.linting import GPU, convention, path_of, repository, session
from tests.support.representative import representative

MAJOR = {"100": "10.0", "120": "12.0"}


def told(path: str, data: bytes) -> bytes:
    """A GPU variant whose comments, bindings and script also tell what it is for."""
    match = re.search(r"cuda(\d+)_(\d+)-sm(\d+)-(\w+)", path)
    if match is None:
        return data
    major, minor, sm, isa = match.groups()
    capability = MAJOR.get(sm, f"{sm[0]}.{sm[1]}")
    text = data.decode()
    text = text.replace("let\n", f"let\n  # Nothing is above this but SM{sm}\n", 1)
    text = text.replace(
        "  gpuArchCMake =", f'  # Kernels for SM{sm} alone\n  gpuArchNum = "{capability}";\n  gpuArchCMake =', 1
    )
    text = text.replace(
        "  cpuFlags =", f'  cpuISA = "{isa}"; # as in cuda{major}_{minor}-sm{sm}-{isa}\n  cpuFlags =', 1
    )
    script = f'      echo "CUDA {major}.{minor} on sm_{sm} ({isa})"\n      export CXXFLAGS'
    return text.replace("      export CXXFLAGS", script, 1).encode()


EVERY = {one.path: told(one.path, one.source.data) for one in repository().variants}
TELLING = repository().with_files(EVERY)
NAMES = [
    "onnxruntime-python313-cuda12_9-sm90-avx512",
    "onnxruntime-python313-cuda12_9-sm86-avx2",
    "onnxruntime-python313-cuda12_9-sm90-armv9",
    "onnxruntime-python312-cuda12_4-sm75-avx512bf16",
    "onnxruntime-python313-cuda12_9-sm120-avx512vnni",
]


SOURCES = [None, "onnxruntime-python313-cuda12_9-sm80-avx512"]


TURNS = list(zip(NAMES, cycle(SOURCES), strict=False))


@pytest.mark.parametrize("case", representative(product(NAMES, SOURCES), TURNS))
def test_one_that_was_lost_is_made_again_with_all_that_it_tells(case: tuple[str, str | None]) -> None:
    name, source = case
    path = path_of(name)
    there = TELLING.with_files({path: None})
    (made,), fixed = make(there, [name], "main", session(there).lint, source)
    assert made.data.decode() == EVERY[path].decode()
    assert (made.left, [one for one in fixed.remaining.findings if one.rule != "pin-lacks-attribute"]) == ((), [])


def test_what_no_variant_tells_is_written_with_other_values_where_that_is_what_the_others_have() -> None:
    path = path_of("onnxruntime-python313-cuda12_9-sm90-armv9")
    few = {one: data for one, data in EVERY.items() if "sm90" not in one}
    there = repository().with_files({**dict.fromkeys(EVERY), **few})
    (made,), _ = make(there, ["onnxruntime-python313-cuda12_9-sm90-armv9"], "main", session(there).lint)
    text = made.data.decode()
    assert "# Kernels for SM90 alone" in text
    assert "# as in cuda12_9-sm90-armv9" in text
    assert 'echo "CUDA 12.9 on sm_90 (armv9)"' in text
    assert re.search(r'gpuArchNum = "\d+\.\d"', text)
    assert path == made.path


@pytest.mark.parametrize("text", ["The variant for SM90 was tried in Oslo", "Tuned kernels for SM90 alone."])
def test_what_is_of_one_variant_alone_stays_and_is_told_of(text: str) -> None:
    data = EVERY[GPU].replace(b"  cpuISA =", f"  # {text}\n  cpuISA =".encode())
    name = "onnxruntime-python313-cuda12_9-sm86-avx512"
    there = TELLING.with_files({GPU: data, path_of(name): None})
    (made,), _ = make(there, [name], "main", session(there).lint, "onnxruntime-python313-cuda12_9-sm90-avx512")
    (line,) = made.left
    assert made.data.decode().split("\n")[line - 1] == f"  # {text}"
    assert convention().rules


def test_what_stands_below_a_text_is_no_part_of_its_place() -> None:
    """Where each variant has a binding with a name of its own below."""
    path = path_of("onnxruntime-python313-cuda12_9-sm90-avx512")
    own = {
        one: re.sub(rb"\nin\n", b"\n  of_%d = null;\nin\n" % number, data)
        for number, (one, data) in enumerate(EVERY.items())
    }
    there = repository().with_files({**own, path: None})
    name, source = "onnxruntime-python313-cuda12_9-sm90-avx512", "onnxruntime-python313-cuda12_9-sm80-avx512"
    (made,), _ = make(there, [name], "main", session(there).lint, source)
    assert 'gpuArchNum = "9.0"' in made.data.decode()
