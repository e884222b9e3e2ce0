"""A tree in which every family of rules about files has something to find."""

from __future__ import annotations

from nixlint_ort.check.result import Result
from nixlint_ort.convention.example import ExampleScope
from tests.support.linting import convention, lint, original, path_of, repository

ELSEWHERE = frozenset({"commits"})
"""Families that judge no files."""


def families() -> set[str]:
    """All families of rules about files."""
    return {rule.family for rule in convention().rules.values()} - ELSEWHERE


def everything_broken() -> dict[str, bytes | None]:
    """Files of the repository, each broken as the example of another rule breaks it."""
    changed: dict[str, bytes | None] = {}
    for rule in convention().rules.values():
        example = rule.example
        if example.scope is not ExampleScope.TEXT or rule.family in ELSEWHERE:
            continue
        own = path_of(example.variant)
        others = [variant.path for variant in repository().variants]
        for path in (own, *others):
            if path not in changed and original(path).count(example.good.encode()) == 1:
                changed[path] = example.broken(original(path))
                break
    return {**changed, path_of("not-a-variant"): b"{}\n"}


def result() -> Result:
    """What is found in that tree, which has a document that states another driver too."""
    stale = b"- CUDA: 12.9 via `cudaPackages_12_9` overlay \xe2\x80\x94 **requires NVIDIA driver 535+**\n"
    return lint({**everything_broken(), "README.md": stale})
