"""Proves a draft on the variants that it is drawn from: a rule that many of them break is not a convention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from nixlint_ort.check.all_predicates import CHECKS
from nixlint_ort.convention.build import convention_of
from nixlint_ort.convention.yaml_tree import Budget, read_yaml
from nixlint_ort.learn.plan import DEFAULT_BRANCH
from nixlint_ort.lint import Session
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository
from nixlint_ort.source import Unreadable, encoding_problem
from nixlint_ort.variant.variant import Variant

MOST = 0.1
"""The share of a branch's variants that may break a rule; one that more break is left out."""


class Dropped(NamedTuple):
    """A rule that is left out of a draft, and how many variants break it, of how many."""

    id: str
    breaking: int
    total: int


class _Variants(NamedTuple):
    """The variants of one branch by path, and the files beside them that they import."""

    by_path: Mapping[str, Variant]

    def glob(self, pattern: str) -> Iterable[str]:
        """The paths of the variants; there are no documents."""
        return self.by_path if pattern.endswith(".nix") else ()

    def read(self, path: str) -> tuple[bytes, Unreadable | None]:
        """The bytes of a file, and why it cannot be judged if that is so."""
        variant = self.by_path.get(path)
        if variant is not None:
            return variant.source.data, variant.problem
        read = next(iter(self.by_path.values())).read
        data = read(path) if read is not None else "there is no such file"
        return (b"", Unreadable(data)) if isinstance(data, str) else (data, encoding_problem(data))

    def tracked(self, folder: str) -> None:
        """Nothing to tell: whether git has a file is not a matter of a draft."""


def broken_rules(
    files: Mapping[str, str], variants: Sequence[Variant], branches: Sequence[str | None]
) -> list[Dropped]:
    """The rules of a draft that too many variants break, by its files; branches are judged one by one."""
    counts: dict[str, int] = {}
    for branch in dict.fromkeys(branches):
        own = [variant for variant, one in zip(variants, branches, strict=True) if one == branch]
        for rule, paths in breaking(files, own, branch or DEFAULT_BRANCH).items():
            counts[rule] = counts.get(rule, 0) + len(paths)
    most = MOST * len(variants)
    return [Dropped(rule, count, len(variants)) for rule, count in sorted(counts.items()) if count > most]


def breaking(files: Mapping[str, str], variants: Sequence[Variant], branch: str) -> dict[str, set[str]]:
    """The paths of the variants that break each rule."""
    budget = Budget()
    trees = {path: read_yaml(path, text.encode(), budget) for path, text in files.items()}
    convention = convention_of(Path(), trees, "", CHECKS)
    session = Session(Path(), convention, convention.rules)
    session.repository = Repository(Path(), convention, tree=_Variants({one.path: one for one in variants}))
    session.release = Release(branch)
    found: dict[str, set[str]] = {}
    for finding in session.lint().findings:
        found.setdefault(finding.rule, set()).add(finding.place.path)
    return found
