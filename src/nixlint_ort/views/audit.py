"""Compares the convention's tables with what the vendor publishes; it informs, and judges no variant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention.roles import rendered
from nixlint_ort.convention.tables import numbers_in

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.roles import Roles, StackRole, TargetRole, VendorRole
    from nixlint_ort.convention.tables import FieldValue, Row, Table
    from nixlint_ort.convention.yaml_tree import YamlNode
    from nixlint_ort.template import Template


class Disagreement(NamedTuple):
    """Where the tables and the vendor disagree: a place in a table (line and column from 1), and what each says."""

    path: str
    line: int
    column: int
    message: str


class Figure(NamedTuple):
    """What the vendor publishes of a subject, and where."""

    value: str
    source: str


def audit(convention: Convention) -> list[Disagreement]:
    """Every disagreement, in the order of the tables; none where the convention has no vendor's figures."""
    vendor = convention.roles.vendor
    if vendor is None:
        return []
    found = list(_Audit(convention, vendor).disagreements())
    return sorted(found, key=lambda one: (one.path, one.line, one.column))


class _Audit:
    """The tables beside the vendor's."""

    def __init__(self, convention: Convention, vendor: VendorRole) -> None:
        self.convention = convention
        self.roles: Roles = convention.roles
        self.vendor = vendor
        self.published: Table = convention.table_of(vendor.key)

    def disagreements(self) -> Iterator[Disagreement]:
        stack, target = self.roles.stack, self.roles.target
        if stack is not None:
            yield from self._drivers(stack)
        if target is not None:
            yield from self._capabilities(target)
        if stack is not None and target is not None:
            yield from self._stacks(stack, target)
            yield from self._cells(stack, target)

    def _drivers(self, stack: StackRole) -> Iterator[Disagreement]:
        """The driver that a stack asks for is of the vendor's major version."""
        for row in self.convention.table_of(stack.key).rows:
            subject, driver = self._subject(self.vendor.stack, row), row.fields.get(stack.driver or "")
            published = self._figure(subject, self.vendor.driver)
            if published and isinstance(driver, str) and driver != published.value.partition(".")[0]:
                message = (
                    f"the table says driver {driver} for {subject}, but the vendor says {published.value} "
                    f"({published.source}); an older driver may be enough, by minor-version compatibility"
                )
                yield _at(row, stack.driver, message)

    def _capabilities(self, target: TargetRole) -> Iterator[Disagreement]:
        """Each GPU is under the target that is its compute capability."""
        for row in self.convention.table_of(target.key).rows:
            for name in _listed(row.fields.get(target.gpus or "", ())):
                published = self._figure(name, self.vendor.capability)
                if published and published.value.replace(".", "") != row.fields[target.key]:
                    where = self._subject(self.vendor.target, row)
                    message = f"the table lists {name} under {where}, but its compute capability"
                    yield _at(row, target.gpus, f"{message} is {published.value} ({published.source})")

    def _stacks(self, stack: StackRole, target: TargetRole) -> Iterator[Disagreement]:
        """A stack lists only targets that its toolkit compiles for."""
        for row in self.convention.table_of(stack.key).rows:
            subject = self._subject(self.vendor.stack, row)
            for key, reason in self._uncompiled(stack, target, row, _listed(row.fields.get(stack.targets or "", ()))):
                yield _at(row, stack.targets, f"the table lists {self._target(target, key)} for {subject}, {reason}")

    def _cells(self, stack: StackRole, target: TargetRole) -> Iterator[Disagreement]:
        """Which of the cells that a release spans cannot be compiled, so that the matrix has to leave them out."""
        release = self.roles.release
        stacks = {str(row.fields[stack.key]): row for row in self.convention.table_of(stack.key).rows}
        for row in self.convention.releases.rows:
            for key in _listed(row.fields.get(release.stacks or "", ())):
                targets = _listed(row.fields.get(release.targets or "", ()))
                for one, reason in self._uncompiled(stack, target, stacks[key], targets) if key in stacks else ():
                    where = f"{self._subject(self.vendor.stack, stacks[key])} and {self._target(target, one)}"
                    message = (
                        f"release {row.fields[release.key]} lists {where}, {reason}; the two cannot be built together"
                    )
                    yield _at(row, release.targets, message)

    def _uncompiled(
        self, stack: StackRole, target: TargetRole, row: Row, targets: tuple[str, ...]
    ) -> Iterator[tuple[str, str]]:
        """Those of some targets that a stack's toolkit is too old for, and the first toolkit that is not."""
        version = row.fields.get(stack.version or "")
        for one in targets:
            published = self._figure(self._target(target, one), self.vendor.toolkit)
            if published and isinstance(version, str) and numbers_in(version) < numbers_in(published.value):
                yield (
                    one,
                    f"but {self._target(target, one)} needs toolkit {published.value} or newer ({published.source})",
                )

    def _target(self, target: TargetRole, key: str) -> str:
        """The vendor's subject of a target, by its key."""
        return (rendered(self.vendor.target, {target.key: key}) if self.vendor.target else None) or key

    @staticmethod
    def _subject(template: Template | None, row: Row) -> str:
        return (rendered(template, row.fields) if template else None) or ""

    def _figure(self, subject: str, column: str | None) -> Figure | None:
        row = self.published.row(subject, {})
        value = row.fields.get(column or "") if row else None
        if row is None or not isinstance(value, str):
            return None
        return Figure(value, str(row.fields.get(self.vendor.source or "", "no source")))


def _listed(cell: FieldValue) -> tuple[str, ...]:
    return (cell,) if isinstance(cell, str) else cell


def _at(row: Row, field: str | None, message: str) -> Disagreement:
    node: YamlNode = (row.node.entries or {})[str(field).partition(".")[2]].value
    return Disagreement(node.path, node.line, node.column, message)
