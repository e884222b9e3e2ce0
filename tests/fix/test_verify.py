"""What edits do to the facts of a file."""

import pytest

from nixlint_ort.finding import Edit
from nixlint_ort.fix.verify import harm, written_at
from tests.support.linting import GPU, original, replace_once, repository

DATA = original(GPU)
VARIANT = next(one for one in repository().variants if one.path == GPU)
SM = DATA.index(b'gpuArchCMake = "90"') + len('gpuArchCMake = "')
NAME = DATA.index(b'variantName = "') + len('variantName = "')


@pytest.mark.parametrize(
    ("edits", "facts"),
    [
        ([(SM, SM + 2)], {"cmake_cuda_architectures"}),
        ([(SM, SM)], {"cmake_cuda_architectures"}),
        ([(SM + 2, SM + 2)], {"cmake_cuda_architectures"}),
        ([(SM - 3, SM)], {"cmake_cuda_architectures"}),
        ([(SM - 3, SM - 1), (SM + 3, SM + 4)], set()),
        ([(NAME, NAME + 4)], {"variant_name", "pname"}),
        ([(NAME, NAME + 4), (SM, SM + 1)], {"variant_name", "pname", "cmake_cuda_architectures"}),
        ([], set()),
    ],
)
def test_a_fact_is_written_where_an_edit_touches_one_of_its_literals(
    edits: list[tuple[int, int]], facts: set[str]
) -> None:
    assert written_at(VARIANT, [Edit(GPU, start, end, "x") for start, end in edits]) == facts


# A text of a variant, what it becomes, the facts that may change, and the harm that it does.
HARM = [
    ("variantName;", "variantName", set(), "it would break the syntax of the file"),
    ("560+", "560\udcff", set(), "it would break the syntax of the file"),
    ('gpuArchCMake = "90"', 'gpuArchCMake = "80"', set(), "it would also change cmake_cuda_architectures"),
    ('gpuArchCMake = "90"', 'gpuArchCMake = "80"', {"cmake_cuda_architectures"}, None),
    (
        'variantName = "onnxruntime-python313',
        'variantName = "onnxruntime-python312',
        set(),
        "it would also change pname, variant_name",
    ),
    ('variantName = "onnxruntime-python313', 'variantName = "onnxruntime-python312', {"pname", "variant_name"}, None),
    ("ed142ab1b3", "fd142ab1b3", {"nixpkgs_rev"}, None),
    ("ed142ab1b3", "fd142ab1b3", {"nixpkgs_url"}, "it would also change nixpkgs_rev"),
    ("    requiredSystemFeatures", "    # requiredSystemFeatures", set(), "it would also change system_features"),
    ("  pname = variantName;", '  pname = "${variantName}"; # the same', set(), None),
]


@pytest.mark.parametrize(("good", "bad", "meant", "expected"), HARM)
def test_the_harm_that_a_change_does(good: str, bad: str, meant: set[str], expected: str | None) -> None:
    data = replace_once(DATA, good, bad.replace("\udcff", "ÿ")).replace("560ÿ".encode(), b"560\xff")
    assert harm(VARIANT, data, frozenset(meant)) == expected
