"""Writes what is generated into a document: between two comments, so that the rest of it stays its author's."""

from __future__ import annotations


class MarkerError(ValueError):
    """A document does not have the two markers between which something belongs."""


def between(document: str, name: str, text: str) -> str:
    """A document with the text between `<!-- nixlint-ort NAME -->` and `<!-- /nixlint-ort NAME -->`.

    Raises MarkerError where it does not have both of them once, in their order.
    """
    begin, end = f"<!-- nixlint-ort {name} -->", f"<!-- /nixlint-ort {name} -->"
    before, found, rest = document.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed or begin in rest or end in after:
        raise MarkerError(f"needs the lines {begin} and {end}, once each; the matrix is written between them")
    newline = "\r\n" if "\r\n" in document else "\n"
    return f"{before}{begin}" + f"\n\n{text}\n".replace("\n", newline) + f"{end}{after}"
