"""Shows how two variants, or two states of a repository, differ by facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from nixlint_ort.report.escape import json_text, visible, without_commands
from nixlint_ort.report.table import TableCell, columns
from nixlint_ort.report.terminal import BOLD, DIM, GREEN, RED, Painter

if TYPE_CHECKING:
    from nixlint_ort.views.comparison.model import Comparison, Difference, Side

_FEW = 3  # names that are listed before the rest is only counted


def variants_as_text(before: str, after: str, found: Sequence[Difference], *, color: bool = False) -> str:
    """The differences of two variants, which `before` and `after` name."""
    paint = Painter(color=color)
    names = f"{paint(visible(before), RED)} → {paint(visible(after), GREEN)}\n"
    if not found:
        return without_commands(f"{names}  every fact is the same\n")
    return without_commands(names + columns([_cells(one) for one in found], paint, "  "))


def as_text(before: str, after: str, found: Comparison, *, color: bool = False) -> str:
    """The differences of two states of a repository, which `before` and `after` name."""
    paint = Painter(color=color)
    counts = [f"{found.total} variants in both"]
    others = (("added", found.added), ("removed", found.removed), ("renamed", found.renamed))
    counts += [f"{len(paths)} {word}" for word, paths in others if paths]
    lines = [f"{paint(visible(before), RED)} → {paint(visible(after), GREEN)}: {', '.join(counts)}\n"]
    if found.same:
        lines.append("  every fact is the same\n")
    total = found.total + len(found.renamed)
    rows = [[*_cells(one), TableCell(_holders(paths, total), DIM)] for one, paths in found.changed.items()]
    lines.append(columns(rows, paint, "  "))
    lines += [f"  {paint('+', GREEN)} {visible(path)}\n" for path in found.added]
    lines += [f"  {paint('-', RED)} {visible(path)}\n" for path in found.removed]
    lines += [
        f"  {paint('~', DIM)} {visible(old)} → {visible(PurePosixPath(new).name)}\n"
        for new, old in found.renamed.items()
    ]
    return without_commands("".join(lines))


def _cells(one: Difference) -> list[TableCell]:
    return [
        TableCell(one.fact, BOLD),
        TableCell(one.field or ""),
        TableCell(_shown(one.before), RED),
        TableCell("→", DIM),
        _after(one),
    ]


def _after(one: Difference) -> TableCell:
    return TableCell(_shown(one.after), GREEN)


def _shown(side: Side) -> str:
    if side.value is None:
        return f"({side.reason})" if side.reason else "(none)"
    return side.value if isinstance(side.value, str) else " ".join(side.value)


def _holders(paths: Sequence[str], total: int) -> str:
    if len(paths) == total > 1:
        return f"all {total}"
    names = ", ".join(PurePosixPath(path).stem for path in paths[:_FEW])
    return names if len(paths) <= _FEW else f"{len(paths)} variants: {names}, …"


def variants_as_json(before: str, after: str, found: Iterable[Difference]) -> str:
    """The differences of two variants as JSON, version 1."""
    document = {"version": 1, "before": before, "after": after, "differences": [_object(one) for one in found]}
    return json_text(document, indent=2) + "\n"


def as_json(before: str, after: str, found: Comparison) -> str:
    """The differences of two states of a repository as JSON, version 1."""
    document = {
        "version": 1,
        "before": before,
        "after": after,
        "both": found.total,
        "added": found.added,
        "removed": found.removed,
        "renamed": [{"before": old, "after": new} for new, old in found.renamed.items()],
        "differences": [{**_object(one), "paths": paths} for one, paths in found.changed.items()],
    }
    return json_text(document, indent=2) + "\n"


def _object(one: Difference) -> dict[str, Any]:
    return {
        "fact": one.fact,
        "field": one.field,
        "before": {"value": one.before.value, "reason": one.before.reason},
        "after": {"value": one.after.value, "reason": one.after.reason},
    }
