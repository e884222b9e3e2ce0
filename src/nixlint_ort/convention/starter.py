"""The files that `init --convention` writes: a convention that extends the shipped one."""

from __future__ import annotations

from collections.abc import Iterator

from nixlint_ort.convention.convention import Convention
from nixlint_ort.convention.folder import DEFAULT, MAIN, SHIPPED
from nixlint_ort.convention.language import FORMAT

_MAIN = """\
# The convention of this repository: it extends the one that comes with nixlint-ort, so it needs only what differs.
# docs/conventions.md of nixlint-ort explains each key; `nixlint-ort schema --convention` is a schema for editors.
format: {format}
extends: {extends}

# Rules that do not hold here.
# off: [{rule}]

# Which files are variants, and which of them are helpers.
# variants: {variants}
# helpers: [{home}/lib/]

# Fields of every variant. The pin is one commit of nixpkgs, in full.
# fields:
{fields}
"""
_TABLE = """\
# {summary}
# A row needs its key and the columns that you change; the rest stays as shipped. With `replace: true`, only the
# rows here apply. The shipped rows are below: to change one, uncomment it.
name: {name}
key: {key}
rows:
{rows}
"""


def starter_files(convention: Convention, name: str = DEFAULT) -> Iterator[tuple[str, str]]:
    """The paths and texts of a folder that extends the shipped convention of that name, which is `convention`."""
    yield (
        MAIN,
        _MAIN.format(
            format=FORMAT,
            extends=SHIPPED if name == DEFAULT else f"{SHIPPED}:{name}",
            rule=next(iter(convention.rules)),
            variants=convention.variants,
            home=convention.home,
            fields="\n".join(f"#   {field}: {convention.fields[field]}" for field in _stated(convention)),
        ),
    )
    roles = convention.roles
    for role in (roles.release, roles.stack, roles.target, roles.isa, roles.pin):
        if role is None or role.key.partition(".")[0] not in convention.tables:
            continue
        table = convention.table_of(role.key)
        path = table.path.partition("/")[2]
        text = (convention.folder / path).read_text("utf-8")
        yield path, _table(text, table.name, table.key)


def _stated(convention: Convention) -> list[str]:
    """The fields that the convention itself states, and not a row of a table."""
    pin = convention.roles.pin
    return ["package", *([pin.key] if pin else [])]


def _table(text: str, name: str, key: str) -> str:
    head, _, rows = text.partition("\nrows:\n")
    summary = next((line for line in head.splitlines() if line.startswith("summary:")), "summary: Rows.")
    commented = "\n".join(f"# {line}".rstrip() for line in rows.rstrip().splitlines())
    return _TABLE.format(summary=summary.removeprefix("summary:").strip(), name=name, key=key, rows=commented)
