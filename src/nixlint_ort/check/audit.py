"""Holds the convention's tables against what the vendor publishes; it informs, and judges no variant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.tables import FieldValue, Row
    from nixlint_ort.convention.yaml_tree import Node

VENDOR = "vendor"


class Disagreement(NamedTuple):
    """Where the tables and the vendor disagree: a place in a table (line and column from 1), and what each says."""

    path: str
    line: int
    column: int
    message: str


def audit(convention: Convention) -> list[Disagreement]:
    """Every disagreement, in the order of the tables; none where the convention has no vendor's figures."""
    if VENDOR not in convention.tables:
        return []
    found = [one for check in (_drivers, _capabilities, _stacks, _cells) for one in check(convention)]
    return sorted(found, key=lambda one: (one.path, one.line, one.column))


def _drivers(convention: Convention) -> Iterator[Disagreement]:
    """The driver that a stack asks for is of the vendor's major version."""
    for row in _rows(convention, "cuda"):
        version, driver = row.cells.get("version"), row.cells.get("driver")
        published = _published(convention, f"CUDA {version}", "driver")
        if published and isinstance(driver, str) and driver != published[0].partition(".")[0]:
            yield _at(
                row,
                "driver",
                f"CUDA {version} is said to need driver {driver}, but the vendor says {published[0]} ({published[1]}); "
                "by minor-version compatibility an older one of the same CUDA generation may do",
            )


def _capabilities(convention: Convention) -> Iterator[Disagreement]:
    """Each GPU stands under the SM that is its compute capability."""
    for row in _rows(convention, "gpu"):
        for name in _listed(row.cells.get("names", ())):
            published = _published(convention, name, "capability")
            if published and published[0].replace(".", "") != row.cells.get("sm"):
                message = f"{name} stands under SM{row.cells.get('sm')}, but its compute capability is {published[0]} "
                yield _at(row, "names", f"{message}({published[1]})")


def _stacks(convention: Convention) -> Iterator[Disagreement]:
    """A stack lists only architectures that its toolkit compiles for."""
    for row in _rows(convention, "cuda"):
        for sm, reason in _uncompiled(convention, row, _listed(row.cells.get("gpus", ()))):
            yield _at(row, "gpus", f"CUDA {row.cells.get('version')} is said to compile for SM{sm}, {reason}")


def _cells(convention: Convention) -> Iterator[Disagreement]:
    """Which of the cells that a release spans cannot be compiled, so that the matrix has to leave them out."""
    stacks = {str(row.cells["tag"]): row for row in _rows(convention, "cuda") if "tag" in row.cells}
    for release in convention.releases.rows:
        for tag in _listed(release.cells.get("cuda", ())):
            sms = _listed(release.cells.get("gpus", ()))
            for sm, reason in _uncompiled(convention, stacks[tag], sms) if tag in stacks else ():
                cell = f"the release {release.cells[convention.releases.key]} spans cuda{tag} and sm{sm}"
                yield _at(release, "gpus", f"{cell}, {reason}: it cannot be built")


def _uncompiled(convention: Convention, stack: Row, sms: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Those of some SMs that a stack's toolkit is too old for, and the first one that is not."""
    version = stack.cells.get("version")
    for sm in sms:
        published = _published(convention, f"SM{sm}", "toolkit")
        if published and isinstance(version, str) and _ordered(version) < _ordered(published[0]):
            yield sm, f"but the first toolkit for it is {published[0]} ({published[1]})"


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _rows(convention: Convention, table: str) -> tuple[Row, ...]:
    return convention.tables[table].rows if table in convention.tables else ()


def _listed(cell: FieldValue) -> tuple[str, ...]:
    return (cell,) if isinstance(cell, str) else cell


def _published(convention: Convention, subject: str, column: str) -> tuple[str, str] | None:
    """The vendor's figure, and where it is published."""
    row = convention.tables[VENDOR].row(subject, {})
    figure = row.cells.get(column) if row else None
    return (figure, str(row.cells.get("source", "unsourced"))) if row and isinstance(figure, str) else None


def _at(row: Row, column: str, message: str) -> Disagreement:
    node: Node = (row.node.entries or {})[column].value
    return Disagreement(node.path, node.line, node.column, message)
