"""True statements in any words are no alarm."""

import pytest

from tests.support.documents import read, shipped_facts
from tests.support.right_statements import STATEMENTS


@pytest.mark.parametrize("name", STATEMENTS)
def test_true_statements_are_no_alarm(name: str) -> None:
    alarms = {text: [str(one) for one in read(f"{text}\n", shipped_facts("main")).faults] for text in STATEMENTS[name]}
    assert {text: found for text, found in alarms.items() if found} == {}


def test_there_are_enough() -> None:
    assert sum(map(len, STATEMENTS.values())) > 190


FALSE = [
    ("CUDA 12.4 variants need driver 560 or newer.", "560", None),
    ("For CUDA 12.9 you need at least driver 535.", "535", "560"),
    ("CUDA 12.4 / Python 3.13 / driver 550+", "3.13", "3.12"),
    ("CUDA 12.4/12.9 with driver 550+/550+", "550", "560"),
    ("`cuda12_4` variants are built for `python311`.", "311", "312"),
    ("CUDA 12.8 goes with Python 3.12.", "12.8", None),
    ("This branch builds ONNX Runtime 1.22.2.", "1.22.2", "1.23.2"),
    ("There are 57 variants in total.", "57", "58"),
    ("Six GPU architectures", "Six", "Seven"),
    ("H100, A100, L40S → sm90", "A100", "Grace Hopper"),
    ("An RTX 5090 has SM90.", "90", None),
    ("AVX2 means `-mavx2 -mavx512f`.", "-mavx512f", "-mfma"),
    ("For Blackwell use `ort-1.20`.", "ort-1.20", None),
    (
        "nixpkgs is pinned to 0123456789abcdef0123456789abcdef01234567.",
        "0123456789abcdef0123456789abcdef01234567",
        None,
    ),
    ("`flox build onnxruntime-python313-cuda12_9-avx512`", "onnxruntime-python313-cuda12_9-avx512", None),
    ("`onnxruntime-python312-cuda12_9-*`", "onnxruntime-python312-cuda12_9-*", None),
    ("Driver 550+ is what `onnxruntime-python313-cuda12_9-sm90-avx512` needs.", "550", "560"),
    ("Driver 550+/550+, as for `onnxruntime-python313-cuda12_9-sm90-avx512`.", "550", "560"),
    ("> You are on the `ort-1.22` branch: ONNX Runtime 1.23.2", "ort-1.22", "main"),
]


@pytest.mark.parametrize(("text", "wrong", "right"), FALSE)
def test_false_statements_are_found(text: str, wrong: str, right: str | None) -> None:
    claims = read(f"{text}\n", shipped_facts("main"))
    found = {claims.source.text(one.span): one.replacement for one in claims.faults}
    assert wrong in found
    if right is not None:
        assert found[wrong] == right
