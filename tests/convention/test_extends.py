"""`extends: shipped`: what a folder lays over the shipped convention, and what is left of that."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from nixlint_ort.convention import Convention, ConventionError, find_rules, load

RULE = (find_rules() / "header/header-driver.yaml").read_text("utf-8")


def over(folder: Path, files: Mapping[str, str]) -> Convention:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return load(folder)


def test_nothing_of_its_own_is_the_shipped_convention(tmp_path: Path) -> None:
    same, shipped = over(tmp_path, {"convention.yaml": "extends: shipped\n"}), load(find_rules())
    assert list(same.rules) == list(shipped.rules)
    assert [rule._replace(path="") for rule in same.rules.values()] != []
    assert same.fields == shipped.fields
    assert list(same.stems("main")) == list(shipped.stems("main"))


def test_rows_change_rows_by_their_key(tmp_path: Path) -> None:
    stacks = (
        "name: cuda\nkey: tag\nrows:\n  - {tag: '12_9', version: '12.9', driver: '575', python: '313', gpus: ['90']}\n"
    )
    stacks += "  - {tag: '13_0', version: '13.0', driver: '580', python: '313', gpus: ['90']}\n"
    one = over(tmp_path, {"convention.yaml": "extends: shipped\n", "tables/stacks.yaml": stacks})
    drivers = {str(row.cells["tag"]): row.cells.get("driver") for row in one.tables["cuda"].rows}
    assert drivers == {"12_4": "550", "cpu": None, "12_9": "575", "13_0": "580"}
    assert one.tables["cuda"].path == f"{tmp_path.name}/tables/stacks.yaml"
    assert one.tables["gpu"].path == "shipped:onnxruntime/tables/gpus.yaml"


def test_a_row_need_only_have_the_columns_that_differ(tmp_path: Path) -> None:
    stacks = "name: cuda\nkey: tag\nrows:\n  - {tag: '12_9', driver: '575'}\n"
    one = over(tmp_path, {"convention.yaml": "extends: shipped\n", "tables/stacks.yaml": stacks})
    (own,) = one.tables["cuda"].by_key["12_9"]
    (shipped,) = load(find_rules()).tables["cuda"].by_key["12_9"]
    assert own.cells == {**shipped.cells, "driver": "575"}


@pytest.mark.parametrize("rows", ["rows:\n", "rows:\n  # - {tag: '12_9', driver: '575'}\n", "rows: []\n"])
def test_a_table_whose_rows_are_all_in_comments_changes_none(rows: str, tmp_path: Path) -> None:
    one = over(
        tmp_path, {"convention.yaml": "extends: shipped\n", "tables/stacks.yaml": f"name: cuda\nkey: tag\n{rows}"}
    )
    assert one.tables["cuda"].keys == load(find_rules()).tables["cuda"].keys


def test_rows_of_one_key_replace_all_of_that_key(tmp_path: Path) -> None:
    gpus = "name: gpu\nkey: sm\nrows:\n  - {sm: '90', architecture: Hopper, names: [H100]}\n"
    one = over(tmp_path, {"convention.yaml": "extends: shipped\n", "tables/gpus.yaml": gpus})
    assert [row.cells["names"] for row in one.tables["gpu"].by_key["90"]] == [("H100",)]
    assert len(one.tables["gpu"].keys) == 7


def test_a_table_that_replaces_the_whole(tmp_path: Path) -> None:
    text = "replace: true\n" + (find_rules() / "tables/gpus.yaml").read_text("utf-8")
    one = over(tmp_path, {"convention.yaml": "extends: shipped\n", "tables/gpus.yaml": text})
    assert [row.node.path for row in one.tables["gpu"].rows] == [f"{tmp_path.name}/tables/gpus.yaml"] * 8


def test_a_rule_replaces_the_rule_of_its_path_and_another_comes_with_it(tmp_path: Path) -> None:
    files = {
        "convention.yaml": "extends: shipped\noff: [header-isa, unpinned-nixpkgs]\n",
        "header/header-driver.yaml": RULE.replace("severity: error", "severity: info"),
        "header/header-more.yaml": RULE.replace("id: header-driver", "id: header-more"),
    }
    with pytest.raises(ConventionError, match="a rule in `after` must be one of"):
        over(tmp_path, files)
    one = over(tmp_path, {**files, "convention.yaml": "extends: shipped\noff: [header-isa]\n"})
    assert one.rules["header-driver"].severity == "info"
    assert set(one.rules) - set(load(find_rules()).rules) == {"header-more"}
    assert set(load(find_rules()).rules) - set(one.rules) == {"header-isa"}


def test_keys_of_the_convention_replace_keys(tmp_path: Path) -> None:
    one = over(
        tmp_path,
        {
            "convention.yaml": """
extends: shipped
fields: {package: onnxruntime2}
shapes: {gpu.names: text}
helpers: [.flox/pkgs/lib/]
kinds:
  rocm:
    title: ROCm
    texts: {file.stem: {template: "{package}-rocm-{isa.name}"}}
"""
        },
    )
    assert (one.package, one.fields["pin.rev"]) == ("onnxruntime2", load(find_rules()).fields["pin.rev"])
    assert [kind.name for kind in one.kinds] == ["gpu", "cpu", "rocm"]
    assert one.helpers == (".flox/pkgs/lib/",)


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"convention.yaml": "extends: shipped\noff: [header-drivr]\n"}, ":2:7: a rule in `off` must be one of"),
        ({"convention.yaml": "extends: shipped\nkind: x\n"}, ":2:1: convention.yaml has no key 'kind'; did you mean kinds?"),
        ({"convention.yaml": "extends: shipped\n", "tables/gpus.yaml": "name: gpu\nkey: sm\nreplace: perhaps\n"}, ":3:10: replace must be one of true, false"),
        ({"convention.yaml": "extends: shipped\n", "tables/gpus.yaml": "rows:\n  - {sm: '90', archtecture: Hopper, names: [H100]}\n"}, ":2:16: no other row has a column 'archtecture'; did you mean architecture?"),
        ({"convention.yaml": "extends: shipped\n", "tables/gpus.yaml": "name: gpu\nkey: sm\nrows: []\n# a remark\n  - {sm: '90'}\n"}, ":3:7: items follow in line 5, so `rows: []` is not empty; write `rows:`"),
        ({"convention.yaml": "extends: shipped\n", "tables/gpus.yaml": "name: gpu\nkey: sm\nrows: 90\n"}, ":3:7: rows must be a list, not text"),
    ],
    ids=["off", "key", "replace", "column", "rows below an empty list", "rows that are text"],
)  # fmt: skip
def test_slips(files: Mapping[str, str], error: str, tmp_path: Path) -> None:
    with pytest.raises(ConventionError) as caught:
        over(tmp_path, files)
    assert error in str(caught.value)
