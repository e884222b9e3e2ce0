"""Completion in variants: rules in suppressions, and what headers and descriptions should say; and in YAML files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lsprotocol import types

from nixlint_ort.lsp.positions import Lines
from nixlint_ort.lsp.yaml_completion import items_in_yaml, items_of_rules
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.lsp.folder import Folder

_SUPPRESSION = re.compile(r"nixlint-ort:\s*ignore(?:-file)?\Z")
"""What is before the bracket in which rules are named."""


def completions(folder: Folder, path: str, position: types.Position, encoding: str) -> Iterator[types.CompletionItem]:
    """What may be at a position."""
    lines = Lines(folder.data(path), encoding)
    at = lines.offset(position)
    start = lines.offset(types.Position(position.line, 0))
    before = lines.data[start:at].decode("utf-8", "replace")
    opening, bracket, named = before.rpartition("[")
    if bracket and "]" not in named and _SUPPRESSION.search(opening):
        yield from items_of_rules(folder)
    elif path.endswith(".yaml"):
        yield from items_in_yaml(folder, path, lines.data[:start].decode("utf-8", "replace").splitlines(), before)
    elif path.endswith(".nix"):
        end = lines.data.find(b"\n", at)
        whole = lines.range(Span(start, len(lines.data) if end < 0 else end))
        yield from _texts(folder, path, before, whole)


def _texts(folder: Folder, path: str, before: str, line: types.Range) -> Iterator[types.CompletionItem]:
    """The header lines of a variant, and its description, as its name and the tables make them."""
    variant, session = folder.variant(path), folder.session
    if variant is None or variant.identity is None or session is None:
        return
    fields = variant.identity.expected(session.convention, session.release.branch)
    for name, text in variant.identity.kind.texts.items():
        wording = text.chosen(fields)
        try:
            whole = wording.render(fields) if wording else ""
        except KeyError:
            continue
        if name.startswith("header.") and before.lstrip().startswith("#"):
            edit = types.TextEdit(line, whole)
            yield types.CompletionItem(whole, kind=types.CompletionItemKind.Text, text_edit=edit, filter_text=before)
        elif name == "description" and before.rstrip().endswith('"'):
            yield types.CompletionItem(whole, kind=types.CompletionItemKind.Text)
