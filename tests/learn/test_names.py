"""The parts of names: what is fixed, what varies, and which names are of one kind."""

from __future__ import annotations

import pytest

from nixlint_ort.learn.names import read_names

CASES = {
    "one kind": (
        "x-python312-a1 x-python313-a1 x-python312-a2",
        {"x": ["x", "python{python}", "a{a}"]},
        {"python": "312 313 312", "a": "1 1 2"},
    ),
    "a word that is a part as a whole": (
        "x-sm80-avx2 x-sm80-avx512 x-sm90-armv9 x-sm90-avx2",
        {"x": ["x", "sm{sm}", "{word3}"]},
        {"sm": "80 80 90 90", "word3": "avx2 avx512 armv9 avx2"},
    ),
    "kinds of other lengths share their parts": (
        "x-cuda12_9-sm80-avx2 x-cuda12_9-sm90-avx512 x-cuda12_9-sm90-armv9 x-cpu-avx2 x-cpu-armv9",
        {"cuda": ["x", "cuda{cuda}", "sm{sm}", "{word4}"], "cpu": ["x", "cpu", "{word4}"]},
        {"cuda": "12_9 12_9 12_9 - -", "sm": "80 90 90 - -", "word4": "avx2 avx512 armv9 avx2 armv9"},
    ),
    "kinds of one length": (
        "x-py313-cpu-avx2 x-py313-cpu-avx512 x-py313-cpu-armv9 x-py313-darwin-mps",
        {"cpu": ["x", "py{py}", "cpu", "{word4}"], "darwin_mps": ["x", "py{py}", "darwin", "mps"]},
        {"py": "313 313 313 313", "word4": "avx2 avx512 armv9 -"},
    ),
    "another first word is another kind": (
        "torch-sm80 torch-sm90 torch-sm75 audio-sm80",
        {"torch": ["torch", "sm{sm}"], "audio": ["audio", "sm{sm}"]},
        {"sm": "80 90 75 80"},
    ),
    "plain words that go with the same values": (
        "x-gpu-ampere-avx2 x-gpu-ampere-armv9 x-gpu-hopper-avx2 x-gpu-hopper-armv9 x-cpu-any-avx2 x-cpu-any-armv9",
        {"gpu": ["x", "gpu", "{word3}", "{word4}"], "cpu_any": ["x", "cpu", "any", "{word4}"]},
        {"word3": "ampere ampere hopper hopper - -", "word4": "avx2 armv9 avx2 armv9 avx2 armv9"},
    ),
    "plain words that are all that differs": (
        "x-gpu-ampere x-gpu-hopper x-gpu-turing x-cpu-avx2 x-cpu-armv9",
        {"gpu": ["x", "gpu", "{word3}"], "cpu": ["x", "cpu", "{word3_}"]},
        {"word3": "ampere hopper turing - -", "word3_": "- - - avx2 armv9"},
    ),
    "two plain words that differ are kinds": (
        "x-release x-debug",
        {"release": ["x", "release"], "debug": ["x", "debug"]},
        {},
    ),
    "kinds that share some values": (
        "x-gpu-sm80 x-gpu-sm90 x-gpu-sm75 x-server-sm80",
        {"gpu": ["x", "gpu", "sm{sm}"], "server": ["x", "server", "sm{sm}"]},
        {"sm": "80 90 75 80"},
    ),
    "underscores between words": (
        "x_cu124_sm80 x_cu129_sm90",
        {"x": ["x", "cu{cu}", "sm{sm}"]},
        {"cu": "124 129", "sm": "80 90"},
    ),
    "a single name": ("x-cuda12_9-sm80", {"x": ["x", "cuda{cuda}", "sm{sm}"]}, {"cuda": "12_9", "sm": "80"}),
}


@pytest.mark.parametrize(("stems", "kinds", "parts"), CASES.values(), ids=CASES)
def test_names(stems: str, kinds: dict[str, list[str]], parts: dict[str, str]) -> None:
    names = read_names(stems.split())
    shown = {
        kind.name: [f"{word.text}{{{word.part}}}" if word.part else word.text for word in kind.words]
        for kind in names.kinds
    }
    assert shown == kinds
    assert {part.name: " ".join(value or "-" for value in part.values) for part in names.parts} == parts
