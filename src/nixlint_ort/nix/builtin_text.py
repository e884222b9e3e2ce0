"""Builtins that take text apart: regular expressions, versions, names of files, JSON and hashes."""

from __future__ import annotations

from nixlint_ort.nix import versions
from nixlint_ort.nix.builtin_strings import cut, pieces_list
from nixlint_ort.nix.coercion import text_pieces
from nixlint_ort.nix.machine import Machine
from nixlint_ort.nix.primitives import Table, integer, primitive, string
from nixlint_ort.nix.stuck import Stuck, unknown
from nixlint_ort.nix.values import (
    NixPath,
    NixString,
    Origin,
    Thunk,
    Value,
    done,
)
from nixlint_ort.source import Span

TABLE: Table = {}


def _whole(machine: Machine, thunk: Thunk, span: Span) -> tuple[NixString, str]:
    value = machine.string(thunk, span)
    return value, machine.text(done(value), span)


def unsure(span: Span) -> Stuck:
    """What to raise where Python's own tools may not agree with Nix's."""
    return unknown("nixlint-ort does not evaluate this text: Nix's versions may read it differently", span)


@primitive(TABLE, "splitVersion")
def split_version(machine: Machine, span: Span, version: Thunk) -> Value:
    """The components of a version as a list of strings."""
    whole, text = _whole(machine, version, span)
    parts = []
    at = 0
    for component in versions.components(text):
        start = text.index(component, at)
        at = start + len(component)
        parts.append(cut(whole, len(text[:start].encode()), len(text[:at].encode())))
    return pieces_list(parts, span)


@primitive(TABLE, "compareVersions", arity=2)
def compare_versions(machine: Machine, span: Span, one: Thunk, other: Thunk) -> Value:
    """-1, 0 or 1 for an older, the same or a newer version."""
    try:
        return integer(versions.compare(machine.text(one, span), machine.text(other, span)), span)
    except versions.UnsureError:
        raise unsure(span) from None


@primitive(TABLE, "baseNameOf")
def _base_name_of(machine: Machine, span: Span, path: Thunk) -> Value:
    value = machine.need(path)
    if isinstance(value, NixPath):
        if value.text.rpartition("/")[2] in ("", ".", ".."):
            raise unknown("nixlint-ort does not evaluate where this path is on the disk", span)
        value = string(value.text, span)
    whole = NixString(tuple(text_pieces(machine, done(value), span)), Origin(span))
    raw = machine.text(done(whole), span).encode()
    end = len(raw) - 1 if len(raw) > 1 and raw.endswith(b"/") else len(raw)
    return NixString(tuple(cut(whole, raw.rfind(b"/", 0, end) + 1, end)), Origin(span))


@primitive(TABLE, "unsafeDiscardStringContext", "unsafeDiscardOutputDependency")
def _discard_context(machine: Machine, span: Span, text: Thunk) -> Value:
    return NixString(tuple(text_pieces(machine, text, span)), Origin(span))
