"""The names of variants in documents: what gives one that is renamed its new name there too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from nixlint_ort.finding import Edit

if TYPE_CHECKING:
    from nixlint_ort.repository.document import Document


def renamed_mentions(documents: Iterable[Document], old: str, new: str) -> list[Edit]:
    """The edits that write a new name wherever documents have the old one, also behind `result-`."""
    pattern = re.compile(rb"(?<!\w)%b(?![\w-])" % re.escape(old.encode()))
    return [
        Edit(document.source.path, *match.span(), new)
        for document in documents
        for match in pattern.finditer(document.source.data)
    ]
