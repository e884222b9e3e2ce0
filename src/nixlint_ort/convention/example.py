"""The example of a rule: how to break it in a variant that is right."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from nixlint_ort.convention.keys import EXAMPLE, needed
from nixlint_ort.convention.yaml_tree import YamlNode


class ExampleScope(StrEnum):
    """What an example's `bad` text is put in place of."""

    TEXT = "text"
    NAME = "name"
    EVERY = "every"
    COPY = "copy"
    REMOVED = "removed"
    UNTRACKED = "untracked"
    COMMIT = "commit"
    DOCUMENT = "document"
    TABLE = "table"
    NONE = "none"
    """There is no example."""


SCOPES = tuple(scope.value for scope in ExampleScope if scope is not ExampleScope.NONE)
"""What an example in a file may say."""


class Example(NamedTuple):
    """A mutation of a known good variant: where `good` is in it, `bad` breaks the rule.

    `scope` says whether that is a text in the file, the file's name, or a text in every variant at once; or whether
    there is a copy of the file by the name `bad`, no such file, or one that git does not track. `bad` is written in
    `encoding`, UTF-8 unless it is the encoding that is wrong.
    """

    variant: str
    scope: ExampleScope
    good: str
    bad: str
    branch: str | None = None
    encoding: str = "utf-8"
    also: tuple[tuple[str, str], ...] = ()
    """Texts of the file, each with what is put in its place first, so that only the rule's own fault shows."""

    def mended(self, data: bytes) -> bytes:
        """The bytes of the variant in which the example puts `bad` in the place of `good`."""
        for good, bad in self.also:
            data = data.replace(good.encode(), bad.encode())
        return data

    def broken(self, data: bytes) -> bytes:
        """The bytes of the variant with the example's fault in them, unless the fault is the file's name."""
        data = self.mended(data)
        if self.scope in (ExampleScope.TEXT, ExampleScope.EVERY):
            data = data.replace(self.good.encode(), self.bad.encode(self.encoding))
        return data


NO_EXAMPLE = Example("", ExampleScope.NONE, "", "")
"""Stands for the example of a rule that has none."""


def read_example(node: YamlNode) -> Example:
    """The key `example` of a rule; raises ConventionError at the line that is wrong."""
    keys = node.mapping("example", required=needed(EXAMPLE), optional=EXAMPLE)
    scope = keys["scope"].word("scope", SCOPES) if "scope" in keys else ExampleScope.TEXT
    return Example(
        variant=keys["variant"].scalar("variant"),
        scope=ExampleScope(scope),
        good=keys["good"].scalar("good"),
        bad=keys["bad"].scalar("bad"),
        branch=keys["branch"].scalar("branch") if "branch" in keys else None,
        encoding=keys["encoding"].word("encoding", ("utf-8", "latin-1")) if "encoding" in keys else "utf-8",
        also=tuple(
            (good, bad.scalar("a replacement"))
            for good, bad in (keys["also"].mapping("also", optional=None) if "also" in keys else {}).items()
        ),
    )
