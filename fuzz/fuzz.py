"""`python fuzz/fuzz.py bytes|variants|documents|conventions`: runs one target under atheris until it is stopped or something breaks."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main() -> None:
    """Fuzz one target; what follows its name are options of libFuzzer, such as -runs=1000000.

    `python fuzz/fuzz.py random variants 1000` makes its own choices instead, and needs no atheris.
    """
    if sys.argv[1] == "random":
        _by_chance(_targets()[sys.argv[2]], int(sys.argv[3]))
        return
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    with atheris.instrument_imports(include=["nixlint_ort"]):
        target = _targets()[sys.argv[1]]
    seeds = Path(".fuzz") / sys.argv[1]
    seeds.mkdir(parents=True, exist_ok=True)
    atheris.Setup([sys.argv[0], *sys.argv[2:], str(seeds), *_corpus(sys.argv[1])], target)
    atheris.Fuzz()


def _targets() -> dict[str, Callable[[bytes], None]]:
    import invariants
    import mutants

    def conventions(data: bytes) -> None:
        chance = mutants.Choices(data)
        if chance.below(4):
            invariants.of_convention(mutants.convention(chance))
        else:
            invariants.of_settings(mutants.settings(chance))

    def variants(data: bytes) -> None:
        chance = mutants.Choices(data)
        invariants.of_variant(*mutants.variant(chance), all_of_it=chance.below(32) == 0)

    def documents(data: bytes) -> None:
        chance = mutants.Choices(data)
        invariants.of_document(*mutants.document(chance), all_of_it=chance.below(8) == 0)

    return {"bytes": invariants.of_bytes, "variants": variants, "documents": documents, "conventions": conventions}


def _corpus(target: str) -> list[str]:
    fixtures = Path(__file__).parent.parent / "tests/fixtures"
    return [str(fixtures / "crashes"), str(fixtures / "parser")] if target == "bytes" else []


def _by_chance(target: Callable[[bytes], None], runs: int) -> None:
    begin = time.monotonic()
    seed = time.time_ns()
    chance = random.Random(seed)  # only to make inputs
    for number in range(runs):
        data = chance.randbytes(chance.randrange(2, 60))
        try:
            target(data)
        except BaseException as error:
            print(f"seed {seed}, run {number}: {data.hex()}: {type(error).__name__}: {error}", flush=True)
            if not isinstance(error, Exception):
                raise
        if number % 1000 == 999:
            print(f"{number + 1} runs in {time.monotonic() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    main()
