"""Where the bindings of a file stand, and what of the file refers to them or to the file itself."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nixlint_ort.nix.syntax import Binding, Name
from nixlint_ort.source import Span

if TYPE_CHECKING:
    from nixlint_ort.nix.parse import Document
    from nixlint_ort.variant.variant import Variant

_POSITIONS = frozenset({"__curPos", "unsafeGetAttrPos"})


def bindings(document: Document) -> Iterator[Binding]:
    """Every binding of a file, in no order."""
    waiting = [document.expression] if document.expression is not None else []
    seen = set()
    while waiting:
        node = waiting.pop()
        if node in seen:  # what is inherited from stands below each name
            continue
        seen.add(node)
        if isinstance(node, Binding):
            yield node
        waiting.extend(node.children())


def binding_at(document: Document, name: Span) -> Span | None:
    """The bytes of the whole `name = value;` whose name is there; None where none does."""
    found = next((one for one in bindings(document) if one.name.span == name and not one.inherited), None)
    return found.span if found else None


def only_in_meta(variant: Variant, span: Span) -> bool:
    """Whether a place belongs to a binding of `meta` which nothing outside of it refers to."""
    document = variant.document
    own = [one.span for one in bindings(document) if _is_of_meta(one)]
    mentions = [token.span for token in document.tokens if token.text == "meta"]
    return any(_within(span, one) for one in own) and all(any(_within(at, one) for one in own) for at in mentions)


def _is_of_meta(binding: Binding) -> bool:
    return isinstance(binding.name, Name) and binding.name.text == "meta" and not binding.inherited


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def sees_itself(variant: Variant) -> bool:
    """Whether the file's own text or its line numbers can be a part of what it evaluates to."""
    return any(
        token.text in _POSITIONS or (token.kind.startswith("path") and _leads_to(token.text, variant.path))
        for token in variant.document.tokens
    )


def _leads_to(path: str, file: str) -> bool:
    """Whether a path in a file leads to it or to a folder around it; where the repository stands nobody knows."""
    if path.startswith(("/", "~")):
        return True
    target = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
    return target in (".", file) or target.startswith("..") or file.startswith(f"{target}/")
