"""Fuzzes `bytes`, `variants`, `documents` or `conventions`: by chance in batches, or led by atheris.

python fuzz/fuzz.py random variants 100000 1     so many inputs of that seed; any two seeds can run side by side
python fuzz/fuzz.py one variants 0a1b 2c         the inputs of a fault again, with its traceback
python fuzz/fuzz.py variants -runs=1000          under atheris, with options of libFuzzer, until something breaks
"""

from __future__ import annotations

import gc
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from campaign import Campaign, Target
from choices import VARIANTS, Choices

FIXTURES = Path(__file__).resolve().parent.parent / "tests/fixtures"


def main() -> int:
    """Runs what the arguments say; 1 where something broke."""
    words = sys.argv[1:]
    if words[0] == "random":
        target = targets()[words[1]]
        gc.freeze()  # what is loaded by now is never garbage
        return 1 if Campaign(target, int(words[2]), int(words[3]) if len(words) > 3 else 0).run() else 0
    if words[0] == "one":
        targets()[words[1]].judge([bytes.fromhex(word.strip("-")) for word in words[2:]], True)
        return 0
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    with atheris.instrument_imports(include=["nixlint_ort"]):
        target = targets()[words[0]]
    seeds = Path(".fuzz") / words[0]
    seeds.mkdir(parents=True, exist_ok=True)
    corpus = [str(seeds), *_corpus(words[0])]
    atheris.Setup(
        [sys.argv[0], *words[1:], *corpus], lambda data: target.judge([data], Choices(data[::-1]).below(32) == 0)
    )
    atheris.Fuzz()
    return 0


def targets() -> dict[str, Target]:
    """What can be fuzzed, by name."""
    import invariants
    import mutants

    pieces = [*_pieces(), *VARIANTS.values()]

    def conventions(inputs: Sequence[bytes], _: bool) -> None:
        for data in inputs:
            chance = Choices(data)
            if chance.below(4):
                invariants.of_convention(mutants.convention(chance))
            else:
                invariants.of_settings(mutants.settings(chance))

    def variants(inputs: Sequence[bytes], in_full: bool) -> None:
        made = [mutants.variant(Choices(data)) for data in inputs]
        if len(made) == 1:
            invariants.of_variant(*made[0], all_of_it=in_full)
        else:
            invariants.of_variants(made, all_of_it=in_full)

    def documents(inputs: Sequence[bytes], in_full: bool) -> None:
        made = [mutants.document(Choices(data)) for data in inputs]
        if len(made) == 1:
            invariants.of_document(*made[0], all_of_it=in_full)
        else:
            invariants.of_documents(made, all_of_it=in_full)

    def any_bytes(inputs: Sequence[bytes], in_full: bool) -> None:
        invariants.of_many_bytes(inputs, all_of_it=in_full)

    return {
        one.name: one
        for one in (
            Target("bytes", lambda chance: mutants.garbage(chance, pieces), any_bytes, batch=58, full=64),
            Target("variants", _choices, variants, batch=58, full=32, alone=128),
            Target("documents", _choices, documents, batch=20, full=32, alone=64),
            Target("conventions", _choices, conventions, batch=20, full=1),
        )
    }


def _choices(chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(8, 60))


def _pieces() -> Iterator[bytes]:
    for folder in _corpus("bytes"):
        yield from (path.read_bytes() for path in sorted(Path(folder).iterdir()))


def _corpus(target: str) -> list[str]:
    return [str(FIXTURES / "crashes"), str(FIXTURES / "parser")] if target == "bytes" else []


if __name__ == "__main__":
    sys.exit(main())
