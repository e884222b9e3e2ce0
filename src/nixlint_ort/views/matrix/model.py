"""The build matrix of a release: for each stack a grid of targets, and what there is of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from nixlint_ort.convention.roles import rendered
from nixlint_ort.convention.tables import numbers_in
from nixlint_ort.finding import Finding, Severity
from nixlint_ort.variant.identity import identify
from nixlint_ort.variant.path import stem_of

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention, KindName
    from nixlint_ort.convention.convention import Kind
    from nixlint_ort.convention.roles import IsaRole, Roles, StackRole, TargetRole
    from nixlint_ort.convention.tables import Fields
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.variant.variant import Variant


NamedRole: TypeAlias = "StackRole | TargetRole | IsaRole"
"""A role that variants' names have a key of."""


class State(StrEnum):
    """What there is of a target in a stack."""

    PRESENT = "present"
    MISSING = "missing"
    UNBUILDABLE = "unbuildable"
    UNPLANNED = "unplanned"


class Target(NamedTuple):
    """What a variant is built for within its stack: a GPU architecture, empty for none, and an instruction set."""

    gpu: str
    isa: str


@dataclass(slots=True)
class MatrixCell:
    """One target in one stack. A target that has no file has the name that its file would have, where it is wanted."""

    target: Target
    state: State
    stem: str = ""
    variants: list[Variant] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_planned: bool = False
    """Whether the release's matrix has it."""
    is_buildable: bool = True
    """Whether the stack's toolkit knows the architecture, as far as the tables say."""

    @property
    def worst(self) -> Severity | None:
        """The worst severity among the findings of its variants; that there is none is its state."""
        if not self.variants:
            return None
        return min((finding.severity for finding in self.findings), key=list(Severity).index, default=None)


class Stack(NamedTuple):
    """A stack of one kind of variant: its key, and its fields by the tables."""

    kind: Kind
    key: str
    fields: Fields


class GridRow(NamedTuple):
    """A row of a grid: the key of its target, what that is called in short, and its architecture's name."""

    target: str
    title: str
    architecture: str

    @property
    def label(self) -> str:
        """The row in words, such as `SM90 Hopper`."""
        return f"{self.title} {self.architecture}".rstrip()


@dataclass(slots=True)
class Grid:
    """One stack: its fields by the tables, and its cells, row by row."""

    kind: Kind
    stack: str
    roles: Roles
    fields: Fields
    cells: dict[Target, MatrixCell]
    rows: tuple[GridRow, ...]
    """One without a target for a kind that has none."""

    @property
    def title(self) -> str:
        """The stack in words; one that the tables do not know, as the names of its files have it."""
        template = self.roles.stack.title if self.roles.stack else None
        if self.kind.title is not None or template is None:
            return self.kind.title or " ".join(filter(None, (self.kind.name.upper(), self.stack)))
        return rendered(template, {**dict.fromkeys(template.fields, self.stack), **self.fields}) or self.stack

    @property
    def details(self) -> str:
        """What else the tables say of the stack."""
        templates = self.roles.stack.details if self.roles.stack else ()
        return ", ".join(text for one in templates if (text := rendered(one, self.fields)) is not None)

    def title_of(self, target: Target) -> str:
        """What the row of a target is called in short."""
        return next((row.title for row in self.rows if row.target == target.gpu), target.gpu)

    def count(self, state: State) -> int:
        """How many cells are in a state."""
        return sum(cell.state is state for cell in self.cells.values())


class Matrix(NamedTuple):
    """The matrix of a release, and the findings that belong to none of its cells."""

    branch: str | None
    version: str | None
    package: str
    columns: tuple[str, ...]
    grids: tuple[Grid, ...]
    elsewhere: tuple[Finding, ...]

    @property
    def cells(self) -> list[MatrixCell]:
        """The cells of all stacks."""
        return [cell for grid in self.grids for cell in grid.cells.values()]

    @property
    def findings(self) -> list[Finding]:
        """The findings of all cells."""
        return [finding for cell in self.cells for finding in cell.findings]

    @property
    def planned(self) -> int:
        """How many targets the release's matrix has."""
        return sum(cell.is_planned for cell in self.cells)

    @property
    def present(self) -> int:
        """How many of them have a file."""
        return sum(cell.is_planned and bool(cell.variants) for cell in self.cells)

    @property
    def duplicates(self) -> int:
        """How many further files there are for targets of the matrix that have one."""
        return sum(len(cell.variants) - 1 for cell in self.cells if cell.is_planned and cell.variants)

    @property
    def unbuildable(self) -> int:
        """How many variants are there that cannot be built."""
        return sum(len(cell.variants) for cell in self.cells if not cell.is_buildable)

    @property
    def unplanned(self) -> int:
        """How many variants are there that could be built, and that the matrix does not have."""
        return sum(len(cell.variants) for cell in self.cells if cell.is_buildable and not cell.is_planned)

    def count(self, state: State) -> int:
        """How many cells of all stacks are in a state."""
        return sum(grid.count(state) for grid in self.grids)

    @property
    def kinds(self) -> Counter[str]:
        """How many variants there are of each kind."""
        kinds: Counter[str] = Counter()
        for grid in self.grids:
            kinds[grid.kind.name] += sum(len(cell.variants) for cell in grid.cells.values())
        return kinds


def lay_out(repository: Repository, branch: str | None, findings: Iterable[Finding]) -> Matrix:
    """The matrix of the release of a branch as it is in a repository, with what was found there."""
    convention = repository.convention
    roles = convention.roles
    kinds = {kind.name: kind for kind in convention.kinds}
    places: dict[tuple[KindName, str], dict[Target, MatrixCell]] = {}
    fields: dict[tuple[KindName, str], Fields] = {}

    def cell_of(stem: str) -> MatrixCell | None:
        identity = identify(stem, convention)
        if identity is None:
            return None
        own = identity.expected(convention, branch)
        stack, gpu, isa = (
            identity.fields[role.key].text if role and role.key in identity.fields else _key(role, own)
            for role in (roles.stack, roles.target, roles.isa)
        )
        key = (identity.kind.name, stack)
        fields.setdefault(key, own)
        target = Target(gpu, isa)
        return places.setdefault(key, {}).setdefault(target, MatrixCell(target, State.MISSING, stem))

    for stem in convention.stems(branch):
        planned = cell_of(stem)
        if planned is not None:
            planned.is_planned = True
    wanted = {target for cells in places.values() for target in cells}
    for variant in repository.variants:
        cell = cell_of(variant.stem)
        if cell is not None:
            cell.state = State.PRESENT
            cell.variants.append(variant)
    elsewhere = [one for one in findings if not _put(one, cell_of(stem_of(one.place.path)))]
    columns = _in_order(convention, roles.isa, {target.isa for cells in places.values() for target in cells})
    grids = [
        _grid(convention, Stack(kinds[kind], stack, fields[kind, stack]), cells, wanted)
        for (kind, stack), cells in places.items()
    ]
    row = convention.releases.row(branch, {}) if branch else None
    version = row.fields.get(roles.release.version or "") if row else None
    stated = version if isinstance(version, str) else None
    return Matrix(branch, stated, convention.package, columns, _sorted(grids), tuple(elsewhere))


def _key(role: NamedRole | None, fields: Fields) -> str:
    value = fields.get(role.key, "") if role else ""
    return value if isinstance(value, str) else ""


def _put(finding: Finding, cell: MatrixCell | None) -> bool:
    if cell is None or not finding.place.path.endswith(".nix"):
        return False
    cell.findings.append(finding)
    return True


def _grid(convention: Convention, stack: Stack, cells: dict[Target, MatrixCell], wanted: set[Target]) -> Grid:
    kind, key, fields = stack
    roles = convention.roles
    buildable = fields.get(roles.stack.targets or "") if roles.stack else None
    gpus = {target.gpu for target in cells}
    if gpus != {""}:
        gpus |= {target.gpu for target in wanted if target.gpu}
    rows = _in_order(convention, roles.target, gpus)
    known = convention.table_of(roles.target.key).keys if roles.target else ()
    for cell in cells.values():
        refused = isinstance(buildable, tuple) and cell.target.gpu in known and cell.target.gpu not in buildable
        cell.is_buildable = not refused
    for target in wanted:
        if target.gpu in rows and target not in cells:
            refused = isinstance(buildable, tuple) and target.gpu not in buildable
            cells[target] = MatrixCell(target, State.UNBUILDABLE if refused else State.UNPLANNED)
    named = tuple(_row(convention, gpu) if gpu else GridRow("", kind.name.upper(), "") for gpu in rows)
    return Grid(kind, key, roles, fields, cells, named)


def _row(convention: Convention, target: str) -> GridRow:
    """The row of a target, with what the table says that its architecture is called."""
    role = convention.roles.target
    if role is None:
        return GridRow(target, target, "")
    row = convention.table_of(role.key).row(target, {})
    name = row.fields.get(role.architecture or "", "") if row else ""
    title = rendered(role.title, {role.key: target}) if role.title else None
    return GridRow(target, title or target, name if isinstance(name, str) else "")


def _in_order(convention: Convention, role: NamedRole | None, values: set[str]) -> tuple[str, ...]:
    """Keys of a role in the order of their table; those that it does not have come last."""
    keys = list(convention.table_of(role.key).keys) if role else []
    return tuple(sorted(values, key=lambda one: (keys.index(one) if one in keys else len(keys), one)))


def _sorted(grids: Sequence[Grid]) -> tuple[Grid, ...]:
    """Stacks with the newest first, and those without a version last."""

    def version(grid: Grid) -> tuple[int, ...]:
        field = grid.roles.stack.version if grid.roles.stack else None
        return numbers_in(str(grid.fields.get(field or "", "")))

    return tuple(sorted(grids, key=version, reverse=True))


def rows_of(matrix: Matrix, grid: Grid) -> Iterator[tuple[GridRow, list[MatrixCell]]]:
    """Each row of a grid with a cell for every column."""
    for row in grid.rows:
        targets = [Target(row.target, isa) for isa in matrix.columns]
        yield row, [grid.cells.get(target) or MatrixCell(target, State.UNPLANNED) for target in targets]
