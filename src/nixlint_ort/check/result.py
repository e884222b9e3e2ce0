"""What a run of the checks found, as every report receives it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nixlint_ort.convention import Rule
    from nixlint_ort.settings.baseline import BaselineEntry


class Suppressed(NamedTuple):
    """A finding that a comment in the file silences, and the reason given there."""

    finding: Finding
    reason: str | None


class Result(NamedTuple):
    """The findings of one run, sorted by path and place, and what else there is to say about it."""

    findings: tuple[Finding, ...]
    files: int
    notes: tuple[str, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    rules: Mapping[str, Rule] = MappingProxyType({})
    broken: frozenset[tuple[str, str]] = frozenset()
    """Each rule that does not hold with the path of the file, also where that is silenced or an effect of another."""
    known: tuple[Finding, ...] = ()
    """Findings that the baseline has: counted, and not shown."""
    gone: tuple[BaselineEntry, ...] = ()
    """Entries of the baseline that are no longer found."""

    def count(self, severity: Severity) -> int:
        """How many findings there are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def fixable(self) -> int:
        """How many findings have a fix, safe or unsafe."""
        return sum(finding.fix is not None for finding in self.findings)

    def without(self, ignored: Callable[[Finding], bool]) -> Result:
        """The same except for the findings that are ignored."""
        return self._replace(findings=tuple(finding for finding in self.findings if not ignored(finding)))

    def failed(self, *, strict: bool) -> bool:
        """Whether the run ends with exit code 1: at an error, or when strict at a warning too."""
        return bool(self.count(Severity.ERROR) or (strict and self.count(Severity.WARNING)))
