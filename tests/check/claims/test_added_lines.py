"""A CUDA line that comes beside the others: lists of documents get it as they are written, rows and items are proposed."""

from __future__ import annotations

import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.facts import Facts
from nixlint_ort.check.claims.reading import Claims
from nixlint_ort.convention import find_rules, load
from nixlint_ort.finding import Edit
from nixlint_ort.fix.edits import apply_edits
from nixlint_ort.views.claims.model import with_proposals
from tests.support.documents import STYLES, facts_of, parsed, read, release_of, shipped_facts
from tests.support.running import replace_in

ALL = '["75", "80", "86", "89", "90", "100", "120"]'
ROWS = {"13_0": ("13.0", "580"), "12_6": ("12.6", "555"), "13_1": ("13.1", "590"), "13_2": ("13.2", "595")}
"""By their keys, the version and the driver of lines that may come."""


LAST = "  # The variants without CUDA.\n"


@cache
def with_lines(*keys: str, alone: bool = False) -> Facts:
    """What is true of main with the CUDA lines of these keys, in this order, which the releases beside it have or not."""
    with tempfile.TemporaryDirectory() as scratch:
        rules = Path(scratch) / "rules"
        shutil.copytree(find_rules(), rules)
        rows = "".join(
            f'  - {{tag: "{key}", version: "{version}", driver: "{driver}", python: "313", gpus: {ALL}}}\n'
            for key, (version, driver) in ROWS.items()
        )
        replace_in(rules / "tables/stacks.yaml", LAST, rows + LAST)
        listed = ", ".join(f'"{key}"' for key in keys)
        first = 'main, version: "1.23.2", status: stable, gpus: ["75", "80", "86", "89", "90", "100", ' if alone else ""
        replace_in(
            rules / "tables/releases.yaml", f'{first}"120"], cuda: ["12_4", "12_9"]', f'{first}"120"], cuda: [{listed}]'
        )
        return facts_of("main", load(rules))


def mended(claims: Claims) -> str:
    """A document with what the faults of its lists put in."""
    added = [one.addition for one in claims.faults if one.addition is not None]
    path, data = claims.source.path, claims.source.data
    return apply_edits(data, [Edit(path, *one.span, one.text) for one in added]).decode()


RIGHT = "nothing is missing"
AFTER = ("12_4", "12_9", "13_0")
BETWEEN = ("12_4", "12_6", "12_9")
FIVE = (*AFTER, "13_1", "13_2")
LISTS = [
    (AFTER, "> `main`: ONNX Runtime 1.23.2, CUDA 12.4/12.9, Driver 550+/560+", "> `main`: ONNX Runtime 1.23.2, CUDA 12.4/12.9/13.0, Driver 550+/560+/580+"),
    (AFTER, "> **main**: ONNX Runtime 1.23.2, CUDA `12.4`, `12.9`", "> **main**: ONNX Runtime 1.23.2, CUDA `12.4`, `12.9`, `13.0`"),
    (AFTER, "> `main`: ONNX Runtime 1.23.2, CUDA 12_4/12.9", "> `main`: ONNX Runtime 1.23.2, CUDA 12_4/12.9/13.0"),
    (AFTER, "> **main**: ONNX Runtime 1.23.2, CUDA 12.4 and 12.9", "> **main**: ONNX Runtime 1.23.2, CUDA 12.4, 12.9 and 13.0"),
    (AFTER, "> **main**: ONNX Runtime 1.23.2, CUDA **12.4** and **12.9**", "> **main**: ONNX Runtime 1.23.2, CUDA **12.4**, **12.9** and **13.0**"),
    (AFTER, "> **main**: ONNX Runtime 1.23.2, CUDA 12.9/12.4, Driver 560+/550+", "> **main**: ONNX Runtime 1.23.2, CUDA 13.0/12.9/12.4, Driver 580+/560+/550+"),
    (AFTER, "- **main**: ONNX Runtime 1.23.2 + CUDA 12.4/12.9, driver 550+/560+ (stable)", "- **main**: ONNX Runtime 1.23.2 + CUDA 12.4/12.9/13.0, driver 550+/560+/580+ (stable)"),
    (AFTER, "| Branch | CUDA | Driver |\n|---|---|---|\n| main | 12.4, 12.9 | 550+/560+ |", "| Branch | CUDA | Driver |\n|---|---|---|\n| main | 12.4, 12.9, 13.0 | 550+/560+/580+ |"),
    (BETWEEN, "> `main`: ONNX Runtime 1.23.2, CUDA 12.4/12.9, Driver 550+/560+", "> `main`: ONNX Runtime 1.23.2, CUDA 12.4/12.6/12.9, Driver 550+/555+/560+"),
    (BETWEEN, "> **main**: ONNX Runtime 1.23.2, CUDA 12.4 and 12.9", "> **main**: ONNX Runtime 1.23.2, CUDA 12.4, 12.6 and 12.9"),
    (FIVE, "> `main`: ONNX Runtime 1.23.2, CUDA 12.4/12.9/13.0/13.1", "> `main`: ONNX Runtime 1.23.2, CUDA 12.4/12.9/13.0/13.1/13.2"),
    # What is separated in two ways, has one item, or no order, is named and left.
    (FIVE, "> `main`: ONNX Runtime 1.23.2, CUDA 12.4/12.9, 13.0/13.1", None),
    (AFTER, "> **main**: ONNX Runtime 1.23.2, CUDA 12.9", None),
    (("12_4", "12_9", "cpu"), "> `main`: ONNX Runtime 1.23.2, CUDA 12.4/12.9", None),
    (("12_4", "13_0", "12_9", "12_6"), "> **main**: ONNX Runtime 1.23.2, CUDA 12.4/12.9/13.0", None),
    # Another branch, the past, and a list that has everything.
    (AFTER, "- **ort-1.22**: ONNX Runtime 1.22.2 + CUDA 12.4/12.9, driver 550+/560+ (compat)", RIGHT),
    (AFTER, "Until last year there were CUDA 12.4 and 12.9.", RIGHT),
    (AFTER, "> `main`: ONNX Runtime 1.23.2, CUDA 12.4/12.9/13.0, Driver 550+/560+/580+", RIGHT),
]  # fmt: skip
"""Lines of the release, what a document says, and what it says then; None where it only lacks something."""


@pytest.mark.parametrize(("keys", "text", "then"), LISTS)
def test_a_list_gets_what_it_lacks(keys: tuple[str, ...], text: str, then: str | None) -> None:
    claims = read(f"{text}\n", with_lines(*keys))
    assert mended(claims) == f"{text if then in (None, RIGHT) else then}\n"
    assert bool([one for one in claims.faults if one.check is Check.INCOMPLETE]) is (then != RIGHT)
    if then not in (None, RIGHT):
        assert read(mended(claims), with_lines(*keys)).faults == []


BULLETS = """\
- **CUDA 12.4 + Python 3.12** — requires **driver 550+**. Old.
- **CUDA 12.9 + Python 3.13** — requires **driver 560+** (R560).
"""
TABLE = """\
| What | Version | Driver |
|---|---|---|
| Toolkit | 12.4 | 550+ |
| Toolkit | 12.9 | 560+ |
| Python | 3.12 | — |
"""
HTML = """\
<table>
<tr><th>CUDA</th><th>Driver</th></tr>
<tr><td>12.4</td>
<td>550+</td></tr>
<tr><td>12.9</td>
<td>560+</td></tr>
</table>
"""
UNITS = {
    "items": (
        "- CUDA 12.4 needs driver 550+\n- CUDA 12.9 needs driver 560+\n",
        "- CUDA 12.4 needs driver 550+\n- CUDA 12.9 needs driver 560+\n+- CUDA 13.0 needs driver 580+\n",
    ),
    "items with prose": (
        f"{BULLETS}\nMore.\n",
        f"{BULLETS}+- **CUDA 13.0 + Python 3.13** — requires **driver 580+** (R580).\n\nMore.\n",
    ),
    "items without a last line end": (
        "- CUDA 12.4 needs driver 550+\n- CUDA 12.9 needs driver 560+",
        "- CUDA 12.4 needs driver 550+\n- CUDA 12.9 needs driver 560+\n+- CUDA 13.0 needs driver 580+",
    ),
    "rows, newest first": (
        "| CUDA | Driver |\n|---|---|\n| 12.9 | 560+ |\n| 12.4 | 550+ |\n",
        "| CUDA | Driver |\n|---|---|\n+| 13.0 | 580+ |\n| 12.9 | 560+ |\n| 12.4 | 550+ |\n",
    ),
    "rows among others": (TABLE, TABLE.replace("| Python", "+| Toolkit | 13.0 | 580+ |\n| Python")),
    "items with names of variants are named alone": (
        (
            "- CUDA 12.4 needs driver 550+ (`onnxruntime-python312-cuda12_4-*`)\n"
            "- CUDA 12.9 needs driver 560+ (`onnxruntime-python313-cuda12_9-*`)\n"
        ),
        "",
    ),
    "one item alone is no list": ("- CUDA 12.9 needs driver 560+\n- The weather\n", None),
    "items that say different things are none": (
        "- CUDA 12.4 needs driver 550+\n- Use CUDA 12.9 for newer GPUs\n",
        None,
    ),
    "rows of columns in HTML are named alone": (
        HTML,
        "",
    ),
}
"""What a document has, and with what is proposed, each such line marked by `+`; None where nothing is missing, an empty text where it is named alone."""


@pytest.mark.parametrize("name", UNITS)
def test_a_row_or_item_that_is_missing_is_proposed(name: str) -> None:
    text, then = UNITS[name]
    claims = read(text, with_lines(*AFTER))
    assert mended(claims) == text  # and not written
    missing = [one.expected for one in claims.faults if one.check is Check.INCOMPLETE]
    assert missing == ([] if then is None else ["13.0"])
    expected = re.sub(r"^\+", "", then, flags=re.MULTILINE) if then else text
    assert with_proposals(claims).after.decode() == expected
    if then:
        assert read(expected, with_lines(*AFTER)).faults == []


RELEASES = """\
| Branch | ORT | Blackwell |
|---|---|---|
| main | 1.23.2 | yes |
| ort-1.24 | 1.24.2 | yes |
| ort-1.23 | 1.23.2 | yes |
| ort-1.22 | 1.22.2 | no |
| ort-1.20 | 1.20.1 | no |
| ort-1.19 | 1.19.2 | no |
| ort-1.18 | 1.18.1 | no |
"""


@pytest.mark.parametrize("branch", ["ort-1.24", "ort-1.23", "ort-1.22", "ort-1.20"])
def test_a_release_is_proposed_as_one_with_its_targets_is_written(branch: str) -> None:
    lines = RELEASES.splitlines(keepends=True)
    text = "".join(line for line in lines if f" {branch} " not in line)
    assert with_proposals(read(text, shipped_facts("main"))).after.decode() == RELEASES


def test_a_release_with_another_cuda_line_is_proposed_as_one_with_as_many_is_written() -> None:
    others = "".join(
        f"| {branch} | {version} | 12.4/12.9 |\n"
        for branch, version in [("ort-1.24", "1.24.2"), ("ort-1.23", "1.23.2"), ("ort-1.22", "1.22.2")]
    )
    older = "".join(
        f"| ort-1.{minor} | 1.{minor}.{patch} | 12.4/12.9 |\n" for minor, patch in [(20, 1), (19, 2), (18, 1)]
    )
    head = "| Branch | ORT | CUDA |\n|---|---|---|\n"
    claims = read(head + others + older, with_lines("12_4", "13_0", alone=True))
    assert with_proposals(claims).after.decode() == f"{head}| main | 1.23.2 | 12.4/13.0 |\n{others}{older}"


def test_nothing_is_proposed_behind_an_item_of_two_lines() -> None:
    text = (
        "- `main`: 1.23.2\n- `ort-1.24`: 1.24.2\n- `ort-1.23`: 1.23.2,\n  stable\n- `ort-1.20`: 1.20.1\n"
        "- `ort-1.19`: 1.19.2\n- `ort-1.18`: 1.18.1\n"
    )
    claims = read(text, shipped_facts("main"))
    assert [one.expected for one in claims.faults] == ["ort-1.22"]
    assert with_proposals(claims).after.decode() == text


STYLES_OF_LINES = ("tables", "guide", "outline", "prose", "terse")


@pytest.mark.parametrize("style", STYLES_OF_LINES)
def test_a_document_of_two_lines_counts_all_variants_of_three(style: str) -> None:
    """Only what lacks the new line is said, and once that is written no count is off."""
    before = parsed(STYLES[style](release_of("main")))[0]
    facts = with_lines(*AFTER)
    text = mended(read(before, facts))
    for fault in sorted(read(text, facts).faults, key=lambda one: one.span, reverse=True):
        if fault.replacement is not None:
            data = text.encode()
            text = (data[: fault.span.start] + fault.replacement.encode() + data[fault.span.end :]).decode()
    left = read(with_proposals(read(text, facts)).after.decode(), facts).faults
    assert [(one.check, one.actual, one.expected) for one in left if one.check is not Check.INCOMPLETE] == []
