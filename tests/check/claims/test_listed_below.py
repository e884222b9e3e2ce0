"""A number of variants above a list of so many names counts that list."""

import pytest

from tests.support.documents import read, shipped_facts

TWO = "- `onnxruntime-python313-cuda12_9-sm90-avx2`: loads\n- `onnxruntime-python313-cuda12_9-sm90-avx512`: loads\n"
CASES = [
    ("# Tested builds\n\n## GPU builds (2 variants)\n\n" + TWO, []),
    ("# Tested builds\n\n## GPU builds (3 variants)\n\n" + TWO, ["3"]),
    ("## GPU builds (2 variants)\n\nAll of them load.\n\n" + TWO, []),
    (
        "## GPU builds (2 variants)\n\n"
        + TWO
        + "\nOf all GPUs here:\n\n- `onnxruntime-python313-cuda12_9-sm89-avx2`\n",
        [],
    ),
    ("## GPU builds (2 variants)\n\n" + TWO + "\n## CPU builds (6 variants)\n\n" + TWO, []),
    ("## GPU builds (2 variants)\n\n## Others\n\n" + TWO, ["2"]),
    ("**Verified variants: 2**\n\n" + TWO, []),
    ("**Verified variants: 3**\n\n" + TWO, ["3"]),
    ("## Variants: 2\n\n```\n" + TWO.replace("- `", "").replace("`: loads", "") + "```\n", []),
    ("## Variants: 2\n\n| Name | Loads |\n|---|---|\n" + TWO.replace("- ", "| ").replace(": ", " | ") + "\n", []),
    ("## Variants: 2\n\n" + TWO + TWO, []),
    ("## GPUs: 2 architectures\n\n" + TWO, ["2"]),
]


@pytest.mark.parametrize(("text", "wrong"), CASES)
def test_what_is_listed_below_a_number(text: str, wrong: list[str]) -> None:
    assert [one.actual for one in read(text, shipped_facts("main")).faults] == wrong
