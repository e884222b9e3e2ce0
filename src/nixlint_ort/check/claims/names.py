"""Names of variants in documents: whether they are there, on this release or on the one that is spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.reading import Fault, Mark, Marked, Reading
from nixlint_ort.check.claims.rows.votes import matches
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.scope import is_excluded
from nixlint_ort.convention.comparisons import Comparisons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.tokens import Token
    from nixlint_ort.variant.identity import Identity

_CHOICE = re.compile(r"\{([^{}]*[,|][^{}]*)\}|\(([^()]*\|[^()]*)\)|<([^<>]*\|[^<>]*)>")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_VERSIONED = re.compile(r"(.+)-\d+(?:\.\d+)+")
"""What a path in the store is called."""
_RESULT = "result-"
"""What `flox build` puts before a variant's name."""
_ENDS = ".,;:!?)]}'\"*_"
MAX_PATTERNS = 64


class Names:
    """Judges the names that a document uses, keeping which release its commands have checked out."""

    def __init__(self, facts: Facts, readings: Mapping[Unit, Reading]) -> None:
        self.facts = facts
        self.readings = readings
        self.checked_out: dict[int, str] = {}
        """The branch that a fence has checked out last, by the fence."""
        self.compared = Comparisons()
        self.is_undecided = False
        """Whether a text was not compared with the names of the variants, since too many were."""
        self.matched = lru_cache(maxsize=512)(self._matched)

    def note_checkout(self, reading: Reading) -> None:
        """Remember what `git checkout` and `git switch` check out."""
        found = re.search(r"\bgit\s+(?:checkout|switch)\s+(?:-\S+\s+)*(?:origin/)?(\S+)", reading.low)
        if found:
            self.checked_out[reading.unit.table] = found[1]

    def branches(self, reading: Reading) -> set[str]:
        """The branches that a unit names, or else the nearest unit above it."""
        for unit in (reading.unit, *reading.unit.context):
            other = self.readings.get(unit)
            found = (
                {one.value for one in other.mentions if one.column == self.facts.lexicon.branch_column}
                if other
                else set()
            )
            if found:
                return found
        return set()

    def judge(self, reading: Reading) -> Iterator[tuple[Marked, Fault | None]]:
        """The names in a unit."""
        for token in reading.found.of("name"):
            if not self.is_done(reading, token.start):
                continue
            branches = self.branches(reading)
            if reading.unit.table in self.checked_out and reading.unit.kind is UnitKind.CODE:
                branches = {self.checked_out[reading.unit.table]}
            yield from self.name(reading, token, branches)

    def is_done(self, reading: Reading, start: int) -> bool:
        """Whether a command of a session does something with a variant that is there; of all else, nobody asks."""
        if reading.unit.kind is not UnitKind.LISTING or not reading.low.startswith("$"):
            return True
        return bool(self.facts.lexicon.grammar.tasks.search(reading.low)) or reading.low[:start].endswith(_RESULT)

    def name(self, reading: Reading, token: Token, branches: set[str]) -> Iterator[tuple[Marked, Fault | None]]:
        """One name, or what a pattern of names stands for."""
        raw = token.text
        start = token.start
        raw = re.split(r"\.nix\b|/|\\|@|#|\^", raw)[0]
        open_end = bool(re.match(r"(?:…|\.\.\.)", raw[len(raw.rstrip("….")) :])) or raw.endswith("-")
        name = raw.rstrip("…") if open_end else self.trimmed(raw)
        is_code = reading.unit.kind in (UnitKind.CODE, UnitKind.EXAMPLE) or reading.unit.text.is_code(start)
        if is_code and raw.startswith(f"{name}*"):
            name += "*"
        versioned = _VERSIONED.fullmatch(name)
        if versioned and self.facts.identity_of(versioned[1]):
            name = versioned[1]
        if not name:
            return
        span = reading.unit.text.span(start, start + len(name))
        if self.is_pattern(name) or open_end:
            is_gone = is_excluded(reading.unit, reading.low, start, self.facts.lexicon)
            known = self.is_known(name, branches, open_end=open_end)
            if known is None or (is_gone and not known):
                yield Marked(span, "name", Mark.UNKNOWN), None
            elif known:
                yield Marked(span, "name", Mark.RIGHT), None
            else:
                yield Marked(span, "name", Mark.WRONG), Fault(Check.NAME, span, name, "")
            return
        yield self.exact(reading, name, branches, start)

    def exact(self, reading: Reading, name: str, branches: set[str], start: int) -> tuple[Marked, Fault | None]:
        """One name in full."""
        span = reading.unit.text.span(start, start + len(name))
        stems = self.facts.stems
        others = branches - {self.facts.branch}
        there = name in stems if not others else any(name in self.facts.stems_of(one) for one in self.known(others))
        if there or (others and name in stems and self.facts.branch in branches):
            return Marked(span, "name", Mark.RIGHT), None
        if others and not self.known(others):
            return Marked(span, "name", Mark.UNKNOWN), None
        if not self.is_meant(reading, name, start):
            return Marked(span, "name", Mark.UNKNOWN), None
        pool = sorted(
            stems if not others else {one for other in self.known(others) for one in self.facts.stems_of(other)}
        )
        near = self.compared.nearest(name, pool) or ""
        return Marked(span, "name", Mark.WRONG, near), self.fault(reading, name, near, pool, start)

    def fault(self, reading: Reading, name: str, near: str, pool: list[str], start: int) -> Fault:
        """The fault, with a replacement where one name alone differs in one part."""
        text = reading.unit.text
        whole = text.span(start, start + len(name))
        parts = name.split("-")
        close = self.likeliest(reading, [one for one in pool if _differ_in_one(parts, one.split("-"))])
        if len(close) != 1 or self.facts.identity_of(name) is None:
            return Fault(Check.NAME, whole, name, near)
        at = next(number for number, (a, b) in enumerate(zip(parts, close[0].split("-"), strict=True)) if a != b)
        first = start + len("-".join(parts[:at])) + bool(at)
        return Fault(Check.NAME, text.span(first, first + len(parts[at])), name, close[0], close[0].split("-")[at])

    def likeliest(self, reading: Reading, names: list[str]) -> list[str]:
        """Of some names those that most of what is beside speaks of."""
        if len(names) < 2:
            return names
        scores: dict[str, int] = {}
        for name in names:
            identity = self.facts.identity_of(name)
            rows = {one.column: self.facts.world.subjects.get(one.column, "") for one in reading.mentions}
            entities = (
                {subject: self.facts.entity_of(identity, subject) for subject in set(rows.values())} if identity else {}
            )
            scores[name] = sum(
                (row := entities.get(rows[one.column])) is not None and matches(one, row) for one in reading.mentions
            )
        most = max(scores.values())
        return [name for name in names if scores[name] == most]

    def known(self, branches: set[str]) -> list[str]:
        """Those of some branches that are releases."""
        return [one for one in branches if one in self.facts.convention.releases.keys]

    def is_meant(self, reading: Reading, name: str, start: int) -> bool:
        """Whether a text that is not a name of a variant is meant as one: it is like one, and nothing is left open."""
        if reading.unit.is_shown_wrong or self.is_denied(reading, start + len(name)):
            return False
        if is_excluded(reading.unit, reading.low, start, self.facts.lexicon) and reading.unit.kind is not UnitKind.CODE:
            return False
        if self.facts.identity_of(name) is not None:
            return True
        if len(name.split("-")) < 3:
            return False
        if any(stem.startswith(f"{name}-") for stem in self.facts.all_planned):
            is_made = self.facts.lexicon.grammar.tasks.search(reading.low)
            return bool(is_made) or reading.low[:start].endswith(_RESULT)
        is_like = self.compared.nearest(name, self.facts.stems, 0.8) is not None
        self.is_undecided |= not is_like and self.compared.is_spent
        return is_like

    def is_denied(self, reading: Reading, end: int) -> bool:
        """Whether prose says behind a name, in its clause, that there is no such variant."""
        if reading.unit.kind in (UnitKind.CODE, UnitKind.EXAMPLE, UnitKind.LISTING):
            return False
        lexicon = self.facts.lexicon
        stop = lexicon.grammar.clause_end.search(reading.low, end)
        return (
            lexicon.telling["denying"].search(reading.low, end, stop.start() if stop else len(reading.low)) is not None
        )

    def is_pattern(self, name: str) -> bool:
        """Whether a name stands for several."""
        return any(sign in name for sign in "*?{}[]<>$|…") or bool(self.facts.lexicon.grammar.open_part.search(name))

    @staticmethod
    def trimmed(name: str) -> str:
        """A name without what ends a sentence or a phrase."""
        while (
            name and name[-1] in _ENDS and not (name[-1] in "}])" and {"}": "{", "]": "[", ")": "("}[name[-1]] in name)
        ):
            if name.endswith("-*"):
                break
            name = name[:-1]
        return name

    def is_known(self, pattern: str, branches: set[str], *, open_end: bool) -> bool | None:
        """Whether there are variants for all that a pattern stands for; None where it stands for too much."""
        stems: frozenset[str] = self.facts.stems
        for branch in self.known(branches - {self.facts.branch}):
            stems |= self.facts.stems_of(branch)
        whole = pattern + ("*" if open_end and not pattern.endswith("*") else "")
        open_part = self.facts.lexicon.grammar.open_part
        patterns = expanded(whole, open_part)
        if patterns and all(any(self.matched(one, stems) for one in options) for options in patterns):
            return True
        alternatives = each_alternative(whole, open_part)
        if not alternatives:
            return False if patterns else None
        return all(
            any(self.matched(glob, stems) for options in expanded(one, open_part) for glob in options)
            for one in alternatives
        )

    @staticmethod
    def _matched(pattern: str, stems: frozenset[str]) -> bool:
        match = re.compile(translate(pattern)).match
        return any(match(stem) for stem in stems)


def identities_of(raw: str, facts: Facts) -> list[Identity]:
    """What the names say that a pattern stands for; nothing where it leaves anything open, or one is of no variant."""
    patterns = expanded(Names.trimmed(raw), facts.lexicon.grammar.open_part)
    found = [facts.identity_of(options[0]) for options in patterns if len(options) == 1 and options[0] in facts.stems]
    return [one for one in found if one is not None] if len(found) == len(patterns) else []


def expanded(pattern: str, open_part: re.Pattern[str]) -> list[list[str]]:
    """What a pattern stands for: for each choice in braces the globs of which one has to match.

    What is in brackets may be left out; an `open_part`, such as what is in braces or after a `$`, is any text.
    """
    choices: list[list[str]] = []
    rest = pattern
    while (found := _CHOICE.search(rest)) and len(choices) < 6:
        inside = found[1] or found[2] or found[3]
        choices.append(re.split(r"[,|]", inside))
        rest = f"{rest[: found.start()]}\0{len(choices) - 1}\0{rest[found.end() :]}"
    rest = open_part.sub("*", rest)
    wholes = [rest]
    while (found := _OPTIONAL.search(wholes[0])) and len(wholes) < 16:
        wholes = [one for whole in wholes for one in _without_optional(whole)]
    if any(sign in whole for whole in wholes for sign in "[]{}<>$|"):
        return []
    combined: list[list[str]] = []
    for combination in product(*choices):
        if len(combined) > MAX_PATTERNS:
            return []
        options = []
        for whole in wholes:
            one = whole
            for number, choice in enumerate(combination):
                one = one.replace(f"\0{number}\0", choice.strip())
            options.append(one)
        combined.append(options)
    return combined


def each_alternative(pattern: str, open_part: re.Pattern[str]) -> list[str]:
    """A grammar such as `{a|b}-{c|d}` once for each of its words, with any text for the other choices.

    None where there is one choice, or where two with commas say that all combinations are meant, as they do to a
    shell, and nothing is left open; none of more than MAX_PATTERNS words.
    """
    choices = list(_CHOICE.finditer(pattern))
    is_open = open_part.search(_CHOICE.sub("", pattern)) is not None or len(choices) > 2
    words = sum(len(re.split(r"[,|]", one[0])) for one in choices)
    if len(choices) < 2 or words > MAX_PATTERNS or (any("," in one[0] for one in choices) and not is_open):
        return []
    found: list[str] = []
    for chosen in choices:
        for word in re.split(r"[,|]", chosen[1] or chosen[2] or chosen[3]):
            text = pattern
            for one in reversed(choices):
                text = f"{text[: one.start()]}{word if one is chosen else '*'}{text[one.end() :]}"
            found.append(text)
    return found


def _without_optional(whole: str) -> list[str]:
    found = _OPTIONAL.search(whole)
    if found is None:
        return [whole]
    before, after = whole[: found.start()], whole[found.end() :]
    return [before + found[1] + after, before + after]


def _differ_in_one(parts: list[str], others: list[str]) -> bool:
    return len(parts) == len(others) and sum(a != b for a, b in zip(parts, others, strict=True)) == 1
