"""Tables: cells that are put together, two keys, rows that are for some variants only."""

import pytest

from nixlint_ort.convention import ConventionError
from nixlint_ort.convention.tables import FieldValue, Table, filled, read_table
from nixlint_ort.convention.yaml_tree import read_yaml


def table(yaml: str, *, templates: bool = True) -> Table:
    return read_table(read_yaml("t.yaml", yaml.encode()), templates=templates)


MADE = """
name: cuda
key: tag
rows:
  - {tag: "12_9", version: "12.9", set: "cudaPackages_{cuda.tag}", more: ["{cuda.set}.a", b], odd: "{gpu.none}"}
"""


def test_a_cell_that_is_put_together() -> None:
    row = table(MADE).rows[0]
    assert row.fields == {"cuda.tag": "12_9", "cuda.version": "12.9"}
    assert filled(row.fields, [row]) == {
        **row.fields,
        "cuda.set": "cudaPackages_12_9",
        "cuda.more": ("cudaPackages_12_9.a", "b"),
    }
    assert table(MADE).columns == {"cuda.tag", "cuda.version", "cuda.set", "cuda.more", "cuda.odd"}


def test_cells_that_go_round_in_a_circle_are_left_out() -> None:
    row = table("{name: t, key: k, rows: [{k: x, a: '{t.b}', b: '{t.a}'}]}").rows[0]
    assert filled(row.fields, [row]) == {"t.k": "x"}


def test_braces_of_the_first_format_are_plain() -> None:
    assert table("{name: t, key: k, rows: [{k: x, a: '{t.b}'}]}", templates=False).rows[0].fields["t.a"] == "{t.b}"


TWO = """
name: build
key: [cuda.tag, gpu.sm]
rows:
  - {cuda.tag: "12_4", gpu.sm: "90", arch: "9.0"}
  - {cuda.tag: "12_4", gpu.sm: "80", arch: "8.0"}
  - {cuda.tag: "12_9", gpu.sm: "90", arch: "9.0a"}
"""


@pytest.mark.parametrize(
    ("fields", "arch"),
    [
        ({"cuda.tag": "12_4", "gpu.sm": "90"}, "9.0"),
        ({"cuda.tag": "12_4", "gpu.sm": "80"}, "8.0"),
        ({"cuda.tag": "12_9", "gpu.sm": "90"}, "9.0a"),
        ({"cuda.tag": "12_9", "gpu.sm": "80"}, None),
        ({"cuda.tag": "12_9"}, None),
    ],
)
def test_a_row_by_two_keys(fields: dict[str, FieldValue], arch: str | None) -> None:
    build = table(TWO)
    row = build.row(str(fields["cuda.tag"]), fields)
    assert (row.fields["build.arch"] if row else None) == arch
    assert (build.key_field, build.owns_key, set(build.columns)) == ("cuda.tag", False, {"build.arch"})


@pytest.mark.parametrize(
    ("yaml", "error"),
    [
        ("{name: t, key: k, rows: []}", "1:25: a table must have at least one row"),
        ("{name: t.x, key: k, rows: [{k: a}]}", "1:8: 't.x' is not a valid table name"),
        (
            "{name: t, key: [k, l], rows: [{k: a, l: b}, {k: a, l: c}, {k: a, l: b}]}",
            "duplicate row for k a; the first one is in line 1",
        ),
        ("{name: t, key: [k, l], rows: [{k: a}]}", "a row needs the key 'l'"),
    ],
)
def test_tables_that_cannot_be(yaml: str, error: str) -> None:
    with pytest.raises(ConventionError) as caught:
        table(yaml)
    assert error in str(caught.value)
