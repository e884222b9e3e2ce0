"""What a file's name says: its kind, and the fields of its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention.vocabulary import STEM

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.convention import Kind
    from nixlint_ort.convention.tables import Fields
    from nixlint_ort.template import Field


class Identity(NamedTuple):
    """The identity that a file's name states: each field with its place in the name, in code points from 0."""

    stem: str
    kind: Kind
    fields: Mapping[str, Field]

    def expected(self, convention: Convention, branch: str | None) -> Fields:
        """Every field that this identity has on a branch, by the convention's tables."""
        named = {name: field.text for name, field in self.fields.items()}
        return {**convention.expected(self.kind, named, branch), STEM: self.stem}


def identify(stem: str, convention: Convention) -> Identity | None:
    """The identity of a file name without `.nix`; None where the name is not that of a variant."""
    for kind in convention.kinds:
        fields = kind.texts[STEM].fit(stem)
        if fields is not None and all(
            fields[name].text == text for name, text in convention.fields.items() if name in fields
        ):
            return Identity(stem, kind, fields)
    return None
