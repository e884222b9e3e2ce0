"""A convention of one's own: `init --convention`, `rules --check`, and rules as JSON."""

import json
import shutil
from pathlib import Path

import pytest

from nixlint_ort.convention import find_rules, load
from tests.support.linting import GPU
from tests.support.running import replace_in, run

RULE = "rules/header/header-driver.yaml"


def test_init_writes_a_convention_that_changes_nothing(scratch: Path) -> None:
    before = run("--ignore", "nixpkgs", "--output-format", "json", cwd=scratch).stdout
    shutil.rmtree(scratch / "rules", ignore_errors=True)
    done = run("init", "--convention", cwd=scratch)
    assert (done.returncode, done.stderr) == (0, "")
    written = [line.rpartition("/")[2] for line in done.stdout.splitlines()]
    assert written == ["nixlint-ort.yaml", "convention.yaml", "releases.yaml", "stacks.yaml", "gpus.yaml", "isas.yaml", "pins.yaml"]  # fmt: skip
    assert list(load(scratch / "rules").stems("main")) == list(load(find_rules()).stems("main"))
    after = run("--ignore", "nixpkgs", "--output-format", "json", cwd=scratch).stdout
    assert json.loads(after) == json.loads(before)
    again = run("init", "--convention", cwd=scratch)
    assert (again.returncode, "convention.yaml" in again.stderr) == (2, True)


def test_a_commented_row_can_be_taken_out_of_its_comment(scratch: Path) -> None:
    shutil.rmtree(scratch / "rules", ignore_errors=True)
    run("init", "--convention", cwd=scratch)
    stacks = scratch / "rules/tables/stacks.yaml"
    text = stacks.read_text("utf-8")
    lines = [line.removeprefix("# ") if line.startswith("#   ") else line for line in text.splitlines()]
    stacks.write_text("\n".join(lines).replace('driver: "560"', 'driver: "575"') + "\n", "utf-8")
    drivers = {row.cells["tag"]: row.cells.get("driver") for row in load(scratch / "rules").tables["cuda"].rows}
    assert drivers == {"12_4": "550", "12_9": "575", "cpu": None}
    assert "575" in run(GPU, cwd=scratch).stdout


def test_the_examples_of_own_rules_are_run(scratch: Path) -> None:
    shutil.rmtree(scratch / "rules", ignore_errors=True)
    run("init", "--convention", cwd=scratch)
    done = run("rules", "--check", cwd=scratch)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "nixlint-ort: 0 of 0 examples run, 0 of them wrong\n")
    (scratch / RULE).parent.mkdir(exist_ok=True)
    shutil.copy(find_rules() / "header/header-driver.yaml", scratch / RULE)
    done = run("rules", "--check", cwd=scratch)
    assert (done.returncode, done.stderr) == (0, "nixlint-ort: 1 of 1 examples run, 0 of them wrong\n")
    for good, bad, said in (
        ('bad: "driver 535+"', 'bad: "driver 560+"', "`bad` gives no finding of this rule"),
        ('good: "driver 560+"', 'good: "driver 999+"', "`good` stands 0 times in"),
        (
            "variant: onnxruntime-python313",
            "variant: onnxruntime-python399",
            "there is no variant onnxruntime-python399",
        ),
    ):
        shutil.copy(find_rules() / "header/header-driver.yaml", scratch / RULE)
        replace_in(scratch / RULE, good, bad)
        done = run("rules", "--check", cwd=scratch)
        assert (done.returncode, done.stdout.startswith(f"{RULE}: {said}")) == (1, True), done.stdout


@pytest.mark.parametrize(
    ("off", "said"),
    [
        ("[syntax-error]", "no rule has `check: syntax`; "),
        ("[header-driver]", None),
    ],
)
def test_a_convention_without_the_basic_rules_is_noted(scratch: Path, off: str, said: str | None) -> None:
    shutil.rmtree(scratch / "rules", ignore_errors=True)
    run("init", "--convention", cwd=scratch)
    own = scratch / "rules/convention.yaml"
    own.write_text(f"{own.read_text('utf-8')}\noff: {off}\n", "utf-8")
    done = run("rules", "--check", cwd=scratch)
    assert done.returncode == 0
    assert (said in done.stderr) if said else ("no rule has" not in done.stderr)


def test_rules_as_json(scratch: Path) -> None:
    rules = json.loads(run("rules", "--output-format", "json", cwd=scratch).stdout)["rules"]
    (one,) = json.loads(run("explain", "header-driver", "--output-format", "json", cwd=scratch).stdout)["rules"]
    assert one in rules
    assert (one["family"], one["severity"], one["fix"]) == ("header", {"gpu": "error"}, "safe")
    family = json.loads(run("explain", "header", "--output-format", "json", cwd=scratch).stdout)["rules"]
    assert {rule["family"] for rule in family} == {"header"}
    text = run("explain", "header", cwd=scratch)
    assert (text.stdout.count("\n"), "nixlint-ort explain RULE" in text.stderr) == (len(family), True)


@pytest.mark.parametrize(("version", "found"), [("0.1", ["newer"]), ("0.2", []), ("1", []), ("x", None)])
def test_what_is_new_since_a_version(version: str, found: list[str] | None, scratch: Path) -> None:
    (scratch / "rules/header").mkdir(parents=True, exist_ok=True)
    if not (scratch / "rules/convention.yaml").exists():
        (scratch / "rules/convention.yaml").write_text("format: 2\nextends: shipped\n")
    shutil.copy(find_rules() / "header/header-driver.yaml", scratch / "rules/header/newer.yaml")
    replace_in(scratch / "rules/header/newer.yaml", "id: header-driver", 'id: newer\nsince: "0.2"')
    done = run("rules", "--new-since", version, cwd=scratch)
    assert done.returncode == (2 if found is None else 0)
    assert [line.split()[0] for line in done.stdout.splitlines()] == (found or [])


def test_rows_that_an_upgrade_brought_are_named_too(scratch: Path) -> None:
    shutil.copytree(find_rules(), scratch / "rules", dirs_exist_ok=True)
    replace_in(scratch / "rules/tables/stacks.yaml", '- tag: "12_9"\n', '- tag: "12_9"\n    since: "0.2"\n')
    assert run("rules", "--new-since", "0.1", cwd=scratch).stdout == "rules/tables/stacks.yaml: row 12_9\n"
    assert run("rules", "--new-since", "0.2", cwd=scratch).stderr.endswith(
        "0.2 has every rule and every row of the tables\n"
    )
    assert run("--ignore", "nixpkgs", "--branch", "main", cwd=scratch).stdout == "58 files checked, no findings\n"
    replace_in(scratch / "rules/tables/stacks.yaml", 'since: "0.2"', "since: soon")
    wrong = run(cwd=scratch)
    assert (wrong.returncode, "`since` must be a version of nixlint-ort, such as 0.2, not 'soon'" in wrong.stderr) == (
        2,
        True,
    )


def test_rules_besides_those_selected(scratch: Path) -> None:
    (scratch / "nixlint-ort.yaml").write_text("select: [meta]\n")
    replace_in(scratch / GPU, "driver 560+", "driver 535+")
    assert "header-driver" not in run(cwd=scratch).stdout
    assert "header-driver" in run("--extend-select", "header", cwd=scratch).stdout


def test_a_shipped_convention_is_named_by_an_option_as_in_the_settings(scratch: Path) -> None:
    done = run("rules", "--convention", "shipped:pytorch", cwd=scratch)
    (scratch / "nixlint-ort.yaml").write_text("convention: shipped:pytorch\n")
    assert (done.returncode, done.stdout) == (0, run("rules", cwd=scratch).stdout)
    assert done.stdout != run("rules", "--convention", "shipped", cwd=scratch).stdout
    wrong = run("rules", "--convention", "shipped:pytroch", cwd=scratch)
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "nixlint-ort: --convention: unknown shipped convention 'pytroch'; did you mean pytorch?\n",
    )
