"""The build matrix of a release: for each stack a grid of targets, and what there is of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention import Applies
from nixlint_ort.finding import Finding, Severity
from nixlint_ort.variant.identity import identify

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.tables import Fields
    from nixlint_ort.variant.repository import Repository
    from nixlint_ort.variant.variant import Variant

STACK, GPU, ISA = "cuda.tag", "gpu.sm", "isa.name"
"""The fields of a variant's name by which the matrix is laid out."""


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
class Cell:
    """One target in one stack. A target that has no file has the name that its file would have, where it is wanted."""

    target: Target
    state: State
    stem: str = ""
    variants: list[Variant] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def worst(self) -> Severity | None:
        """The worst severity among the findings."""
        return min((finding.severity for finding in self.findings), key=list(Severity).index, default=None)


@dataclass(slots=True)
class Grid:
    """One stack: its fields by the tables, and its cells, row by row."""

    kind: Applies
    stack: str
    fields: Fields
    cells: dict[Target, Cell]
    rows: tuple[tuple[str, str], ...]
    """The GPU architectures, each with what it is called; one row with empty texts for a kind that has none."""

    @property
    def title(self) -> str:
        """The stack in words; one that the tables do not know, as the names of its files have it."""
        return "CPU only" if self.kind is Applies.CPU else f"CUDA {self.fields.get('cuda.version', self.stack)}"

    @property
    def details(self) -> str:
        """What else the tables say of the stack."""
        parts = [f"driver {self.fields['cuda.driver']}+"] if "cuda.driver" in self.fields else []
        parts += [f"Python {self.fields['python.version']}"] if "python.version" in self.fields else []
        return ", ".join(parts)

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
    def findings(self) -> list[Finding]:
        """The findings of all cells."""
        return [finding for grid in self.grids for cell in grid.cells.values() for finding in cell.findings]

    def count(self, state: State) -> int:
        """How many cells of all stacks are in a state."""
        return sum(grid.count(state) for grid in self.grids)

    @property
    def kinds(self) -> Counter[str]:
        """How many variants there are of each kind."""
        kinds: Counter[str] = Counter()
        for grid in self.grids:
            kinds[grid.kind.value] += sum(len(cell.variants) for cell in grid.cells.values())
        return kinds


def lay_out(repository: Repository, branch: str | None, findings: Iterable[Finding]) -> Matrix:
    """The matrix of the release of a branch as it is in a repository, with what was found there."""
    convention = repository.convention
    places: dict[tuple[Applies, str], dict[Target, Cell]] = {}
    fields: dict[tuple[Applies, str], Fields] = {}

    def cell_of(stem: str) -> Cell | None:
        identity = identify(stem, convention)
        if identity is None:
            return None
        own = identity.expected(convention, branch)
        stack, gpu, isa = (
            identity.fields[name].text if name in identity.fields else str(own.get(name, ""))
            for name in (STACK, GPU, ISA)
        )
        key = (identity.kind.applies, stack)
        fields.setdefault(key, own)
        target = Target(gpu, isa)
        return places.setdefault(key, {}).setdefault(target, Cell(target, State.MISSING, stem))

    for stem in convention.stems(branch):
        cell_of(stem)
    wanted = {target for cells in places.values() for target in cells}
    for variant in repository.variants:
        cell = cell_of(variant.stem)
        if cell is not None:
            cell.state = State.PRESENT
            cell.variants.append(variant)
    elsewhere = [one for one in findings if not _put(one, cell_of(PurePosixPath(one.place.path).stem))]
    columns = _in_order(convention, ISA, {target.isa for cells in places.values() for target in cells})
    grids = [_grid(convention, key, fields[key], cells, wanted) for key, cells in places.items()]
    row = convention.releases.row(branch, {}) if branch else None
    version = str(row.cells["version"]) if row and "version" in row.cells else None
    return Matrix(branch, version, convention.package, columns, _sorted(grids), tuple(elsewhere))


def _put(finding: Finding, cell: Cell | None) -> bool:
    if cell is None or not finding.place.path.endswith(".nix"):
        return False
    if cell.state is State.PRESENT:
        cell.findings.append(finding)
    return True


def _grid(
    convention: Convention, key: tuple[Applies, str], fields: Fields, cells: dict[Target, Cell], wanted: set[Target]
) -> Grid:
    buildable = fields.get("cuda.gpus")
    gpus = {target.gpu for target in cells}
    if gpus != {""}:
        gpus |= {target.gpu for target in wanted if target.gpu}
    rows = _in_order(convention, GPU, gpus)
    for target in wanted:
        if target.gpu in rows and target not in cells:
            refused = isinstance(buildable, tuple) and target.gpu not in buildable
            cells[target] = Cell(target, State.UNBUILDABLE if refused else State.UNPLANNED)
    return Grid(*key, fields, cells, tuple((gpu, _architecture(convention, gpu)) for gpu in rows))


def _architecture(convention: Convention, gpu: str) -> str:
    """What the table says an architecture is called; an empty text where it does not say."""
    table = next((table for table in convention.tables.values() if table.key_field == GPU), None)
    row = table.row(gpu, {}) if table else None
    return str(row.cells.get("architecture", "")) if row else ""


def _in_order(convention: Convention, name: str, values: set[str]) -> tuple[str, ...]:
    """Values of a field in the order of its table; those that it does not have come last."""
    table = next((table for table in convention.tables.values() if table.key_field == name), None)
    keys = list(table.keys) if table else []
    return tuple(sorted(values, key=lambda one: (keys.index(one) if one in keys else len(keys), one)))


def _sorted(grids: Sequence[Grid]) -> tuple[Grid, ...]:
    """Stacks with the newest first, and those without a version last."""
    return tuple(sorted(grids, key=lambda grid: _numbers(str(grid.fields.get("cuda.version", ""))), reverse=True))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def rows_of(matrix: Matrix, grid: Grid) -> Iterator[tuple[str, str, list[Cell]]]:
    """Each row of a grid: its architecture, what that is called, and a cell for every column."""
    for gpu, name in grid.rows:
        targets = [Target(gpu, isa) for isa in matrix.columns]
        yield gpu, name, [grid.cells.get(target) or Cell(target, State.UNPLANNED) for target in targets]
