"""Drafts of each release and of the PyTorch variants: no rule is left out, and all variants are clean under them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixlint_ort.convention.load import load_shipped
from nixlint_ort.learn.draft import Draft, make_draft
from nixlint_ort.learn.proof import breaking
from nixlint_ort.learn.reading import VARIANTS, nothing_known
from nixlint_ort.learn.study import study
from nixlint_ort.learn.table_file import rows_of
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from nixlint_ort.variant.variant import Variant
from tests.support import pytorch_set, releases
from tests.support.representative import representative


def drafted(files: dict[str, bytes], branch: str) -> tuple[Draft, list[Variant]]:
    root = Path("/repository")
    variants = list(Repository(root, nothing_known(root), tree=InMemory(files)).variants)
    return make_draft(study(variants, [branch] * len(variants)), load_shipped(), VARIANTS), variants


RELEASES = ["ort-1.18", "ort-1.19", "ort-1.20", "ort-1.22", "ort-1.23", "ort-1.24"]


@pytest.mark.parametrize("branch", representative(RELEASES, ["ort-1.18", "ort-1.24"]))
def test_the_draft_of_a_release(branch: str) -> None:
    draft, variants = drafted({path: data for path, data in releases.files(branch).items() if data is not None}, branch)
    assert (draft.dropped, breaking(draft.files, variants, branch)) == ([], {})


def test_the_draft_of_pytorch() -> None:
    draft, variants = drafted(pytorch_set.files(), "main")
    assert (draft.dropped, breaking(draft.files, variants, "main")) == ([], {})
    stacks = {cells["tag"]: cells["pin"] for _, cells in rows_of(draft.plan.tables.all["cuda"])}
    assert stacks == {tag: stack.pin for tag, stack in pytorch_set.STACKS.items()}
    gpus = {cells["tag"]: cells["names"] for _, cells in rows_of(draft.plan.tables.all["sm"])}
    assert gpus == {sm: tuple(gpus.split(", ")) for sm, (_, gpus, _) in pytorch_set.GPUS.items()}


def test_a_rule_that_many_break_is_left_out() -> None:
    """Every third variant has another platform than its name says: so nothing is said of platforms by the name."""
    files = pytorch_set.files()
    for path in sorted(files)[::3]:
        files[path] = files[path].replace(b"platforms = [ ", b'platforms = [ "riscv64-linux" ')
    draft, variants = drafted(files, "main")
    broken = breaking(draft.files, variants, "main")
    assert sum(len(paths) for paths in broken.values()) * 10 <= len(variants) * max(len(broken), 1)
