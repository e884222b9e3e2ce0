"""Fixes what is made beside others, and leaves what most of them break to a fix of them all."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING

from nixlint_ort.check.predicates.registry import OF_TEXTS
from nixlint_ort.fix.apply import Fixed, Lint, fix_all

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.repository.repository import Repository

FEWEST = 4
"""Variants that must break a rule, so that it counts as one that most break."""


def fix_beside(repository: Repository, contents: Mapping[str, bytes | None], lint: Lint) -> Fixed:
    """The fixes of new contents of some files, by path, and what remains to be found in these.

    Rules that at least half of the variants break as they are now are left alone. After a new pin, that is every file:
    to bring only some of them to it would make these the odd ones. Sentences of a copied file are left to people: what
    was tried on one GPU was not tried on another.
    """
    broken: dict[str, set[str]] = {}
    for finding in lint(repository).findings:
        broken.setdefault(finding.rule, set()).add(finding.place.path)
    paths = {variant.path for variant in repository.variants}
    common = {rule for rule, places in broken.items() if len(places & paths) >= max(FEWEST, len(paths) / 2)}
    unchosen = copy(repository)
    unchosen.chosen = frozenset()
    changed = unchosen.with_files(contents)
    common |= {rule.id for rule in repository.convention.rules.values() if rule.check == OF_TEXTS}
    seen: list[tuple[Result, Result]] = []

    def without_common(one: Repository) -> Result:
        every = lint(one)
        seen.append((every.without(lambda finding: finding.rule in common), every))
        return seen[-1][0]

    fixed = fix_all(changed, without_common, unsafe=True)
    if any(file.renamed for file in fixed.files.values()):  # the old files are still there
        fixed.remaining = lint(changed.with_files(fixed.contents))
    else:
        fixed.remaining = next(every for some, every in seen if some is fixed.remaining)
    return fixed
