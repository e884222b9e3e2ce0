"""Completion: names of rules in settings and suppressions, and what headers and descriptions should say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lsprotocol import types

from nixlint_ort.lsp.positions import Lines
from nixlint_ort.settings.keys import FILE_NAME, KEYS
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.lsp.folder import Folder

_SUPPRESSION = re.compile(r"nixlint-ort:\s*ignore(?:-file)?\[[^\]]*$")
_KEY = re.compile(r"[a-z-]*")


def completions(folder: Folder, path: str, position: types.Position, encoding: str) -> Iterator[types.CompletionItem]:
    """What may stand at a position."""
    lines = Lines(folder.data(path), encoding)
    at = lines.offset(position)
    start = lines.offset(types.Position(position.line, 0))
    before = lines.data[start:at].decode("utf-8", "replace")
    if path == FILE_NAME and _KEY.fullmatch(before):
        for key in KEYS.values():
            yield types.CompletionItem(key.name, kind=types.CompletionItemKind.Property, documentation=key.about)
    elif path == FILE_NAME or _SUPPRESSION.search(before):
        yield from _rules(folder)
    elif path.endswith(".nix"):
        end = lines.data.find(b"\n", at)
        whole = lines.range(Span(start, len(lines.data) if end < 0 else end))
        yield from _texts(folder, path, before, whole)


def _rules(folder: Folder) -> Iterator[types.CompletionItem]:
    rules = folder.session.convention.rules if folder.session else {}
    for family in dict.fromkeys(rule.family for rule in rules.values()):
        yield types.CompletionItem(family, kind=types.CompletionItemKind.Module, detail="a family of rules")
    for rule in rules.values():
        yield types.CompletionItem(rule.id, kind=types.CompletionItemKind.Reference, detail=rule.summary)


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
