"""Which cases of a long product the default suite takes; all others are behind the marker `full`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

import pytest

T = TypeVar("T")


def representative(
    cases: Iterable[T], chosen: Collection[T], name: Callable[[T], str] = str
) -> list[pytest.ParameterSet]:
    """All cases, for `parametrize`; those that are not chosen are for `make test-all`."""
    every = list(cases)
    assert all(one in every for one in chosen), "a case that is chosen is not there"
    return [pytest.param(one, marks=() if one in chosen else pytest.mark.full, id=name(one)) for one in every]
