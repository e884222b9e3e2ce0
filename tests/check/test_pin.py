"""What rules say by a row that was read from a tree of nixpkgs, and by one that was inferred."""

import shutil
from pathlib import Path

import pytest

from nixlint_ort.convention import load
from nixlint_ort.finding import Finding
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support import scratch
from tests.support.linting import GPU, OLDER, ROOT, convention, original, repository, session
from tests.support.nixpkgs import tree
from tests.support.running import replace_in, run

LAYER = "onnxruntimeCpp = (nixpkgs_pinned.onnxruntime.override {\n"
WRAPPER = "  onnxruntime = onnxruntimeCpp;\n"


def found(folder: Path, changed: dict[str, bytes | None]) -> list[Finding]:
    """The findings of the rules about the pin, by the convention in a folder."""
    one = Repository(ROOT, load(folder / "rules")).with_files(changed)
    names = {"pin-lacks-attribute", "override-unknown-argument", "pin-unknown"}
    return [finding for finding in session(one).lint(one).findings if finding.rule in names]


@pytest.fixture
def read(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder whose convention has the row of a state of nixpkgs, as `pin --write` makes it."""
    scratch.init(tmp_path)
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    scratch.commit(tmp_path, {one.path: one.source.data for one in repository().variants})
    assert run("pin", "--from", str(tree(request.param)), "--write", cwd=tmp_path).returncode == 0
    return tmp_path


@pytest.mark.parametrize(("has_table", "said"), [(True, ["pin-unknown"]), (False, [])])
def test_a_pin_is_unknown_only_where_a_table_lists_pins(has_table: bool, said: list[str]) -> None:
    roles = convention().roles
    rules = convention()._replace(roles=roles if has_table else roles._replace(pin=None))
    other = original(GPU).replace(str(convention().fields["pin.rev"]).encode(), b"0" * 40)
    there = Repository(ROOT, rules, tree=InMemory({GPU: other}))
    chosen = {name: rules.rules[name] for name in ("pin-unknown", "pin-lacks-attribute", "override-unknown-argument")}
    assert [one.rule for one in session(there, rules=chosen).lint(there).findings] == said


@pytest.mark.parametrize("read", ["after"], indirect=True)
def test_by_a_row_that_was_read_a_throw_is_an_error_with_its_words(read: Path) -> None:
    findings = found(read, {})
    assert {(one.rule, one.severity.value, one.cause) for one in findings} == {
        ("pin-lacks-attribute", "error", findings[0].cause)
    }
    assert len(findings) == 22
    assert findings[0].message == (
        "cudaPackages_12_4 is an alias that throws in the pinned nixpkgs, so Nix cannot evaluate this variant:"
        " CUDA 12.4 has been removed from this nixpkgs, as nothing maintains it (did you mean cudaPackages_12_6?)"
    )


@pytest.mark.parametrize("read", ["before"], indirect=True)
def test_before_the_drop_nothing_is_said_but_of_a_set_that_there_is_not(read: Path) -> None:
    assert found(read, {}) == []
    more = b"    buildInputs = [ nixpkgs_pinned.cudaPackages_12_5.cudnn ];\n    preConfigure = "
    (finding,) = found(read, {OLDER: original(OLDER).replace(b"    preConfigure = ", more)})
    assert (finding.actual, finding.severity.value) == ("cudaPackages_12_5", "error")


@pytest.mark.parametrize("read", ["next"], indirect=True)
def test_an_argument_that_the_next_onnx_runtime_does_not_take_is_found_in_every_variant(read: Path) -> None:
    arguments = [one for one in found(read, {}) if one.rule == "override-unknown-argument"]
    assert {(one.actual, one.severity.value) for one in arguments} == {("pythonSupport", "error")}
    assert len(arguments) == 58


@pytest.mark.parametrize(
    ("good", "bad", "arguments"),
    [
        (WRAPPER, f"{WRAPPER}  cudaSupport = true;\n", ["cudaSupport"]),
        (WRAPPER, f"{WRAPPER}  pythonSupport = true;\n  cudaSupport = true;\n", ["pythonSupport", "cudaSupport"]),
        (WRAPPER, f"{WRAPPER}  numpy = nixpkgs_pinned.python3Packages.numpy;\n", []),
        (LAYER, f"{LAYER}    ncclSupport = true;\n", []),
    ],
)
def test_by_an_inferred_row_only_what_is_known_not_to_be_taken_is_a_warning(
    good: str, bad: str, arguments: list[str], tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    (tmp_path / "variant.nix").write_bytes(original(GPU))
    replace_in(tmp_path / "variant.nix", good, bad)
    findings = found(tmp_path, {GPU: (tmp_path / "variant.nix").read_bytes()})
    own = [one for one in findings if one.rule == "override-unknown-argument"]
    assert [(one.actual, one.severity.value) for one in own] == [(name, "warning") for name in arguments]
