"""Texts inside variants, in words of many maintainers: right ones, and wrong ones with what is wrong marked.

Each is the variant, the place that it is written in, and the text. `⟦wrong|right⟧` marks a wrong mention with what should
stand there, which is empty where nobody can tell.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nixlint_ort.check.context import Context
from nixlint_ort.check.predicates.texts import texts
from nixlint_ort.check.verdict_cache import VerdictCache
from nixlint_ort.check.wording import word
from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.fix.make import fix_of
from nixlint_ort.source import Source
from nixlint_ort.variant.variant import Variant
from tests.support.linting import FIXTURES, ROOT, convention, replace_once, repository

GPU = "onnxruntime-python313-cuda12_9-sm90-avx512"
AMPERE = "onnxruntime-python312-cuda12_4-sm80-avx2"
CPU = "onnxruntime-python313-cpu-avx2"
VARIANTS = {
    "hopper": GPU,
    "ampere": AMPERE,
    "blackwell": "onnxruntime-python313-cuda12_9-sm120-avx512vnni",
    "datacenter": "onnxruntime-python313-cuda12_9-sm100-avx512",
    "consumer": "onnxruntime-python312-cuda12_4-sm86-avx512bf16",
    "grace": "onnxruntime-python313-cuda12_9-sm90-armv9",
    "cpu": CPU,
    "graviton": "onnxruntime-python313-cpu-armv8_2",
}
Row = tuple[str, str, str]


def _rows(part: str) -> list[Row]:
    text = (
        (FIXTURES / "documents/variant_texts.txt").read_text("utf-8").partition(f"## {part}\n")[2].partition("\n##")[0]
    )
    rows = [line.split("\t") for line in text.splitlines() if line]
    return [(VARIANTS[name], place, said.replace("\\n", "\n")) for name, place, said in rows]


RIGHT, WRONG = _rows("right"), _rows("wrong")
_MARK = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")
_PLACES = {
    "comment": ("  inherit (nixpkgs_pinned) lib;\n", "{}  inherit (nixpkgs_pinned) lib;\n"),
    "end": ("  variantName = ", "  spare = null;  {}  variantName = "),
    "block": ("  inherit (nixpkgs_pinned) lib;\n", "  /* {} */\n  inherit (nixpkgs_pinned) lib;\n"),
    "echo": ("    preConfigure = ''\n", "    preConfigure = ''\n{}"),
    "phase": ("    preConfigure = ''\n", "    preConfigure = ''\n{}"),
    "long": ("    description = ", "    longDescription = ''\n{}    '';\n    description = "),
}


class Case(NamedTuple):
    """A text in a variant: the file's path, the bytes, and what is wrong at which bytes with what should be there."""

    path: str
    place: str
    data: bytes
    wrong: tuple[tuple[int, int, str], ...]
    good: bytes
    """The file with all that is wrong replaced."""


def case(stem: str, place: str, text: str) -> Case:
    """The variant with the text written into it."""
    path = f".flox/pkgs/{stem}.nix"
    before, after = _PLACES[place]
    lines = text.split("\n")
    written = {
        "comment": lambda: "".join(f"  # {line}\n" for line in lines),
        "end": lambda: f"# {text}\n",
        "block": lambda: text,
        "echo": lambda: "".join(f'      echo "{line}"\n' for line in lines),
        "phase": lambda: "".join(f"      # {line}\n" for line in lines),
        "long": lambda: "".join(f"      {line}\n" for line in lines),
    }[place]()
    whole = (ROOT / path).read_bytes()
    marked = replace_once(whole, before, after.replace("{}", written)).decode()
    wrong, plain, good, done = [], "", "", 0
    for found in _MARK.finditer(marked):
        plain += marked[done : found.start()]
        good += marked[done : found.start()]
        start = len(plain.encode())
        plain += found[1]
        good += found[2] or found[1]
        wrong.append((start, len(plain.encode()), found[2]))
        done = found.end()
    return Case(path, place, (plain + marked[done:]).encode(), tuple(wrong), (good + marked[done:]).encode())


def with_text(stem: str, changes: Mapping[str, str]) -> Case:
    """The variant with texts in it replaced."""
    path = f".flox/pkgs/{stem}.nix"
    data = (ROOT / path).read_bytes()
    for good, bad in changes.items():
        data = replace_once(data, good, bad)
    return Case(path, "", data, (), data)


class Outcome(NamedTuple):
    """What the rule makes of a text: the bytes that it blames, and the file as its fixes leave it."""

    blamed: frozenset[tuple[int, int]]
    mended: bytes
    said: tuple[str, ...]


def judged(one: Case) -> Outcome:
    """What the rule says of the variant with that text in it."""
    rule = convention().rules["text-claim"]
    context = Context(repository(), "main", (rule,), VerdictCache(convention(), "main", (rule,)))
    violations = list(texts(rule, Variant(Source(one.path, one.data), convention()), context))
    fixes = [fix for fix in map(fix_of, violations) if fix is not None]
    data = apply_edits(one.data, [edit for fix in fixes for edit in fix.edits])
    return Outcome(
        frozenset((one.span.start, one.span.end) for one in violations),
        data,
        tuple(word(one).message for one in violations),
    )


def report() -> Iterator[str]:
    """A line for each text that is judged wrongly, and the numbers."""
    alarms = caught = mended = clear = mentions = 0
    for row in RIGHT:
        outcome = judged(case(*row))
        if outcome.blamed:
            alarms += 1
            yield f"alarm {row} {outcome.said}"
    for row in WRONG:
        one = case(*row)
        outcome = judged(one)
        wanted = frozenset((start, end) for start, end, _ in one.wrong)
        is_clear = all(right for _, _, right in one.wrong)
        mentions += len(wanted)
        caught += outcome.blamed == wanted
        clear += is_clear
        mended += is_clear and outcome.mended == one.good
        if outcome.blamed != wanted or outcome.mended != one.good:
            yield f"wrong {row} {outcome.said} {outcome.mended != one.good}"
    yield f"{len(RIGHT)} right, {alarms} alarms; {len(WRONG)} wrong, {caught} caught whole, {mended} of {clear} mended"


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in report()))
