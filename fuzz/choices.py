"""What all mutants are made of: this repository's variants, and choices out of a fuzzer's bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
VARIANTS = {path.stem: path.read_bytes() for path in sorted((ROOT / ".flox/pkgs").glob("*.nix"))}


class Choices:
    """Choices out of a fuzzer's bytes, two for each; always the first one where there are no more."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def below(self, end: int) -> int:
        """A number from 0 to `end`, exclusive."""
        word = self.data[self.at : self.at + 2]
        self.at += 2
        return int.from_bytes(word, "little") % end

    def of(self, things: Sequence[T]) -> T:
        """One of several things."""
        return things[self.below(len(things))]

    @property
    def more(self) -> bool:
        """Whether there are bytes left."""
        return self.at < len(self.data)
