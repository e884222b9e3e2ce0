"""A pin for each CUDA line: the table of CUDA lines has it, and every rule about pins holds a variant against its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixlint_ort.check.all_predicates import CHECKS
from nixlint_ort.convention import Convention, ConventionError, load
from nixlint_ort.lint import Session
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import CPU, GPU, OLDER, original

OWN = "ed142ab1b3a092c4d149245d0c4126a5d7ea00b0"
OTHER = "6a08e6bb4e46ff7fcbb53d409b253f6bad8a28ce"
MAIN = (
    "extends: shipped\noff: [pin-inconsistent, matrix-gap, pin-unknown]\nroles:\n  pin: {key: pin.rev, of: cuda.pin}\n"
)
STACKS = """\
name: cuda
key: tag
rows:
  - {tag: "12_4", version: "12.4", driver: "550", python: "312", gpus: ["90"], pin: %s}
  - {tag: "12_9", version: "12.9", driver: "560", python: "313", gpus: ["90"]}
"""


def convention(folder: Path, pin: str = OTHER) -> Convention:
    (folder / "tables").mkdir()
    (folder / "convention.yaml").write_text(MAIN)
    (folder / "tables/stacks.yaml").write_text(STACKS % pin)
    return load(folder, lambda: CHECKS)


@pytest.mark.parametrize(
    ("pins", "wrong"),
    [
        ({OLDER: OTHER, GPU: OWN, CPU: OWN}, {}),
        ({OLDER: OWN, GPU: OWN, CPU: OWN}, {OLDER: (OWN, OTHER)}),
        ({OLDER: OTHER, GPU: OTHER, CPU: OWN}, {GPU: (OTHER, OWN)}),
        ({OLDER: OTHER, GPU: OWN, CPU: OTHER}, {CPU: (OTHER, OWN)}),
    ],
    ids=["each its own", "the older line", "the newer line", "without CUDA"],
)
def test_each_variant_is_held_against_the_pin_of_its_line(
    tmp_path: Path, pins: dict[str, str], wrong: dict[str, tuple[str, str]]
) -> None:
    found = convention(tmp_path)
    files = {path: original(path).replace(OWN.encode(), pin.encode()) for path, pin in pins.items()}
    session = Session(tmp_path, found, found.rules)
    session.repository = Repository(tmp_path, found, tree=InMemory(files))
    session.release = Release("main")
    told = {
        one.place.path: (one.actual, one.expected) for one in session.lint().findings if one.rule == "pin-undeclared"
    }
    assert told == wrong


def test_what_nixpkgs_has_is_that_of_the_own_pin(tmp_path: Path) -> None:
    found = convention(tmp_path)
    kind = found.kinds[0]
    older = found.expected(kind, {"cuda.tag": "12_4"}, "main")
    newer = found.expected(kind, {"cuda.tag": "12_9"}, "main")
    assert (older["pin.rev"], older.get("pin.ort")) == (OTHER, None)
    assert (newer["pin.rev"], newer.get("pin.ort")) == (OWN, "1.23.2")


@pytest.mark.parametrize(("text", "message"), [("6a08e6b", "full hash"), ("[a]", "full hash")])
def test_a_pin_that_is_no_commit_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConventionError, match=message):
        convention(tmp_path, text)


def test_a_column_that_there_is_not_is_refused(tmp_path: Path) -> None:
    (tmp_path / "convention.yaml").write_text(MAIN.replace("cuda.pin", "cuda.pins"))
    with pytest.raises(ConventionError, match="the column that has the pin"):
        load(tmp_path)
