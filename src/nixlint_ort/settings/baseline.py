"""A baseline: the findings that were there when the tool was adopted, which are counted and fail nothing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nixlint_ort.convention.errors import ConventionError
from nixlint_ort.files import NotPlainError, read_plain, relative

if TYPE_CHECKING:
    from nixlint_ort.finding import Finding, Value

VERSION = 1
MAX_BYTES = 16_000_000
MAX_FINDINGS = 1_000_000
"""Of all files together; a count in a file that nobody has read may be any number."""
WORDS = frozenset({"hint", "table"})
"""Arguments of messages that tell no finding from another: what is near, and where a table is."""


class BaselineEntry(NamedTuple):
    """What tells a finding from others of its file wherever it stands: its rule, and the values that it names."""

    path: str
    rule: str
    values: tuple[tuple[str, Value], ...]


class Sorted(NamedTuple):
    """The findings of a run by a baseline: those that are new, those that it has, and its entries that are gone."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: tuple[BaselineEntry, ...]


class Baseline(NamedTuple):
    """The entries of a baseline, each with how often a file has it."""

    entries: Counter[BaselineEntry]
    problem: str | None = None
    """Why it has none, where that is no error."""

    def sort(self, findings: Iterable[Finding]) -> Sorted:
        """Which findings are in the baseline: as many alike in a file as it has."""
        left = self.entries.copy()
        new: list[Finding] = []
        known: list[Finding] = []
        for finding in findings:
            entry = entry_of(finding)
            if left[entry] > 0:
                left[entry] -= 1
                known.append(finding)
            else:
                new.append(finding)
        return Sorted(tuple(new), tuple(known), tuple(sorted(left.elements(), key=_order)))


def entry_of(finding: Finding) -> BaselineEntry:
    """What a baseline keeps of a finding: no line and no wording, so that both may change."""
    return BaselineEntry(finding.place.path, finding.rule, _told(finding.arguments))


def text_of(findings: Iterable[Finding]) -> str:
    """The file of a baseline, in JSON, sorted so that a change of it reads well."""
    import json

    counts = Counter(entry_of(finding) for finding in findings)
    rows = [
        {"path": one.path, "rule": one.rule, "values": dict(one.values), "count": count}
        for one, count in sorted(counts.items(), key=lambda item: _order(item[0]))
    ]
    return json.dumps({"version": VERSION, "findings": rows}, indent=2, ensure_ascii=True) + "\n"


def chosen_baseline(asked_for: Path | None, own: str | None, root: Path) -> Baseline | None:
    """The baseline that was asked for, else the repository's own, which must be below its root; None for neither.

    An own one that is not there has no entries: a branch to which only the settings were brought has none yet.
    """
    if asked_for is not None:
        return read_baseline(asked_for)
    if own is None:
        return None
    try:
        relative(root / own, root)
        is_there = os.path.lexists(root / own)
    except NotPlainError:
        is_there = True  # outside, which reading it says
    if is_there:
        return read_baseline(root / own, root)
    return Baseline(Counter(), f"there is no {own} yet, so nothing is set aside; --write-baseline writes it")


def read_baseline(path: Path, below: Path | None = None) -> Baseline:
    """The baseline in a file, `below` a folder. Raises ConventionError where it cannot be read, or is none."""
    import json

    name = str(path)
    try:
        document = json.loads(read_plain(path, MAX_BYTES, below=below))
    except OSError as error:
        raise ConventionError(name, f"cannot be read: {error.strerror} (--write-baseline writes it)") from None
    except (ValueError, RecursionError):
        raise ConventionError(name, "is not JSON; write a new one with --write-baseline") from None
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ConventionError(name, f"is not a baseline of version {VERSION}; write a new one with --write-baseline")
    entries: Counter[BaselineEntry] = Counter()
    try:
        for row in document["findings"]:
            entries[_read_entry(row)] += _read_count(row["count"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ConventionError(name, "has an invalid entry; write a new one with --write-baseline") from None
    if entries.total() > MAX_FINDINGS:
        raise ConventionError(name, f"has {entries.total():,} findings; nixlint-ort reads at most {MAX_FINDINGS:,}")
    return Baseline(entries)


def is_baseline(data: bytes) -> bool:
    """Whether a file looks like a baseline of any version, so that a new one may take its place."""
    import json

    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and {"version", "findings"} <= document.keys()


def _read_entry(row: Any) -> BaselineEntry:
    values = {str(name): _read_value(value) for name, value in row["values"].items()}
    return BaselineEntry(str(row["path"]), str(row["rule"]), _told(values))


def _read_count(count: Any) -> int:
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise ValueError(count)
    return count


def _order(entry: BaselineEntry) -> tuple[str, str, str]:
    """What entries are sorted by; a value may be a text in one of them and a list in another."""
    return (entry.path, entry.rule, repr(entry.values))


def _told(values: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted((name, value) for name, value in values.items() if name not in WORDS))


def _read_value(value: Any) -> Value:
    return tuple(map(str, value)) if isinstance(value, list) else str(value)
