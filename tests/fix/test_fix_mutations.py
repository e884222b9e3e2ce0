"""Every kind of fault of the mutation test that has a fix, in variants of each kind: the original bytes come back."""

import pytest

from tests.check.test_mutations import KINDS, filled
from tests.support.faults import FAULTS, Fault
from tests.support.linting import REPRESENTATIVES, fix, original, repository

KEEPS_MORE = ("another version", "another source")
"""Faults that add an attribute: its value is mended, and that its peers have no such attribute is still reported."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: f"{one.family}: {one.name}")
def test_what_has_a_fix_is_as_it_was(fault: Fault) -> None:
    damaged = damaged_everywhere(fault)
    is_mended({path: damaged[path] for path in [one for one in REPRESENTATIVES if one in damaged][:2]}, fault)


@pytest.mark.full
@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: f"{one.family}: {one.name}")
def test_what_has_a_fix_is_as_it_was_everywhere(fault: Fault) -> None:
    is_mended(damaged_everywhere(fault), fault)


def is_mended(damaged: dict[str, bytes | None], fault: Fault) -> None:
    assert damaged
    fixed = fix(damaged, unsafe=True)
    assert not fixed.dropped
    if fault.name in KEEPS_MORE and fault.family == "toolchain":
        mended = {path: (data or b"").replace(b"1.22.0", b"1.23.2") for path, data in damaged.items()}
        assert fixed.contents == mended
    else:
        assert fixed.contents in ({}, {path: original(path) for path in damaged})


def damaged_everywhere(fault: Fault) -> dict[str, bytes | None]:
    """Every variant that can have the fault, with it."""
    damaged: dict[str, bytes | None] = {}
    for variant in repository().variants:
        if KINDS[fault.kind] in variant.stem:
            text = variant.source.data.decode()
            good, bad = filled(fault.good, variant), filled(fault.bad, variant)
            damaged[variant.path] = text.replace(good, bad, 1).encode("utf-8", "surrogateescape")
    return damaged
