"""What tables and columns are for the program: which one is the stack, the target, the release, the pin.

Nothing outside `rules/` names a table or a column. A role that a convention leaves out is a feature that it does not
use: without `stack`, for example, the matrix has one grid for each kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from nixlint_ort.convention.errors import nearest
from nixlint_ort.convention.language import Language, read_template
from nixlint_ort.convention.tables import FieldValue, Table
from nixlint_ort.convention.yaml_tree import YamlNode
from nixlint_ort.template import Template


class ReleaseRole(NamedTuple):
    """A branch, and what is released from it."""

    key: str
    version: str | None = None
    status: str | None = None
    stacks: str | None = None
    """The column that lists the stacks of a release, by their keys."""
    targets: str | None = None
    """The column that lists the targets of a release, by their keys."""


class StackRole(NamedTuple):
    """A toolkit's line, such as CUDA 12.9, with its driver."""

    key: str
    version: str | None = None
    driver: str | None = None
    targets: str | None = None
    """The column that lists the targets that the toolkit can compile for."""
    title: Template | None = None
    details: tuple[Template, ...] = ()


class TargetRole(NamedTuple):
    """A GPU architecture."""

    key: str
    architecture: str | None = None
    gpus: str | None = None
    title: Template | None = None


class IsaRole(NamedTuple):
    """A CPU instruction set."""

    key: str
    label: str | None = None
    flags: str | None = None
    platform: str | None = None


class PythonRole(NamedTuple):
    """A version of Python, and the package sets of nixpkgs that have it."""

    key: str
    version: str | None = None
    packages: str | None = None


class PinRole(NamedTuple):
    """The commit of nixpkgs, which is one of the convention's `fields`, and what nixpkgs has there."""

    key: str
    of: str | None = None
    """The column of another table that has the commit, where variants are pinned by a part of their names."""
    version: str | None = None
    """The package's version."""
    python: str | None = None
    """The package set that nixpkgs builds for by default."""
    read: str | None = None
    source: str | None = None
    pythons: str | None = None
    cuda: str | None = None
    throws: str | None = None
    has: str | None = None
    lacks: str | None = None
    takes: str | None = None
    refuses: str | None = None
    default_set: Template | None = None
    """The attribute that is `python`'s set where a variant names no version."""
    python_set: Template | None = None
    """How the sets in `pythons` are named."""
    cuda_set: Template | None = None
    """How the sets in `cuda` are named."""


class VendorRole(NamedTuple):
    """What a vendor publishes, by subject: a stack, a target or a GPU."""

    key: str
    driver: str | None = None
    toolkit: str | None = None
    capability: str | None = None
    source: str | None = None
    stack: Template | None = None
    """The subject of a stack's row, such as `CUDA {cuda.version}`."""
    target: Template | None = None
    """The subject of a target's row, such as `SM{gpu.sm}`."""


class Roles(NamedTuple):
    """All roles of a convention; only `release` is always there. Each name in a role is a field, `table.column`."""

    release: ReleaseRole
    stack: StackRole | None = None
    target: TargetRole | None = None
    isa: IsaRole | None = None
    python: PythonRole | None = None
    pin: PinRole | None = None
    vendor: VendorRole | None = None

    @property
    def identity(self) -> tuple[str, ...]:
        """The fields that tell variants of one kind apart: stack, Python, target and instruction set."""
        return tuple(role.key for role in (self.stack, self.python, self.target, self.isa) if role is not None)

    def stack_of(self, fields: Mapping[str, FieldValue]) -> str:
        """The key of a variant's stack; an empty text where it has none."""
        return _text(fields, self.stack.key) if self.stack else ""

    def stack_title(self, fields: Mapping[str, FieldValue]) -> str | None:
        """A variant's stack in words, where the tables have all that its title names."""
        title = self.stack.title if self.stack else None
        return rendered(title, fields) if title else None


_Role = ReleaseRole | StackRole | TargetRole | IsaRole | PythonRole | PinRole | VendorRole
_OF: dict[str, type[_Role]] = {
    "release": ReleaseRole,
    "stack": StackRole,
    "target": TargetRole,
    "isa": IsaRole,
    "python": PythonRole,
    "pin": PinRole,
    "vendor": VendorRole,
}
_TEMPLATES = {("stack", "title"), ("target", "title"), ("vendor", "stack"), ("vendor", "target")}
_TEMPLATES |= {("pin", "default_set"), ("pin", "python_set"), ("pin", "cuda_set")}
ROLES = tuple(_OF)


def parts_of_role(name: str) -> tuple[str, ...]:
    """The keys of a role, of which the first is its own key."""
    return _OF[name]._fields


def rendered(template: Template, fields: Mapping[str, FieldValue]) -> str | None:
    """A template with the fields that are texts; None where one that it names is not there."""
    try:
        return template.render({name: value for name, value in fields.items() if isinstance(value, str)})
    except KeyError:
        return None


def read_roles(
    node: YamlNode,
    tables: Mapping[str, Table],
    fields: Mapping[str, str],
    language: Language,
) -> Roles:
    """The key `roles` of a convention; raises ConventionError at the line that is wrong."""
    nodes = node.mapping("roles", required=("release",), optional=ROLES)
    columns = {table.key_field: sorted(table.columns) for table in tables.values() if table.owns_key}
    read: dict[str, _Role] = {}
    for name, role in nodes.items():
        allowed = columns if name != "pin" else {**{field: sorted(fields) for field in fields}, **columns}
        read[name] = _read_role(name, role, allowed, language)
    return Roles(**read)  # type: ignore[arg-type]  # each name has the type that _OF gives it


def _read_role(name: str, node: YamlNode, columns: Mapping[str, list[str]], language: Language) -> _Role:
    cls = _OF[name]
    optional = cls._fields[1:]
    nodes = node.mapping(f"the role {name}", required=("key",), optional=optional)
    key = nodes["key"].word(f"the key of the role {name}", columns)
    values: dict[str, object] = {"key": key}
    for part, value in nodes.items():
        if (name, part) in _TEMPLATES:
            values[part] = read_template(value, language)
        elif part == "details":
            values[part] = tuple(read_template(item, language) for item in value.sequence(part))
        elif (name, part) == ("pin", "of"):
            values[part] = value.word(
                "the column that has the pin", sorted({one for some in columns.values() for one in some})
            )
        elif part != "key":
            unfilled = _unfilled(value, key, columns[key]) if name == "pin" else []
            values[part] = value.word(f"the {part} of the role {name}", [*columns[key], *unfilled])
    return cls(**values)  # type: ignore[arg-type]  # as its fields say


def _unfilled(node: YamlNode, key: str, columns: list[str]) -> list[str]:
    """A column of the pins' table that is in no row yet, since `nixlint-ort pin` fills it, and that is not a slip."""
    table, _, column = node.scalar("a column").partition(".")
    known = [one.partition(".")[2] for one in columns]
    is_new = table == key.partition(".")[0] and nearest(column, known, likeness=0.75) is None
    return [f"{table}.{column}"] if is_new else []


def _text(fields: Mapping[str, FieldValue], name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""
