"""Finds files whose source a fix has given another tag, beside a hash that is still that of the old one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixlint_ort.source import Source
from nixlint_ort.variant.variant import Variant

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention
    from nixlint_ort.fix.apply import FixedFile

TAG = "ort_src_tag"
_HASH = re.compile(rb'\b(?:hash|sha256)\s*=\s*"[^"]')


def keeps_old_hash(convention: Convention, file: FixedFile) -> bool:
    """Whether a fixed variant fetches another tag than before, though it states a hash.

    Nix finds what is fetched by its hash alone: with the old one it takes the old source, where it has that.
    """
    if _HASH.search(file.after) is None:  # no fix changes a hash
        return False
    before, after = (
        Variant(Source(path, data), convention).fact(TAG).value
        for path, data in ((file.path, file.before), (file.new_path, file.after))
    )
    return before is not None and before != after
