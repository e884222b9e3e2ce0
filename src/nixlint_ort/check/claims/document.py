"""Reads one document: its units, their mentions, and what is to be said of each."""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.blocks.blocks import units_of
from nixlint_ort.check.claims.blocks.data_records import named_by_keys
from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.counts.counts import Counter
from nixlint_ort.check.claims.names import Names, identities_of
from nixlint_ort.check.claims.needs import Needs
from nixlint_ort.check.claims.outputs import Outputs
from nixlint_ort.check.claims.pins import judge_pins, judge_sources
from nixlint_ort.check.claims.reading import ABSENT, BESIDE, ROW, Claims, Fault, Mark, Marked, Reading, Stated
from nixlint_ort.check.claims.releases import Releases
from nixlint_ort.check.claims.rows.column_votes import name_columns
from nixlint_ort.check.claims.rows.examples import Examples
from nixlint_ort.check.claims.rows.rows import Judge
from nixlint_ort.check.claims.rows.settling import Settler
from nixlint_ort.check.claims.rows.strangers import strange_branches
from nixlint_ort.check.claims.rows.tables_of_others import (
    leave_out_histories,
    leave_out_strangers,
    leave_out_tables_of_others,
)
from nixlint_ort.check.claims.rows.votes import matches
from nixlint_ort.check.claims.tables.list_additions import list_faults
from nixlint_ort.check.claims.tables.tables import incomplete
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.finder import Finder
from nixlint_ort.check.claims.words.found import Found
from nixlint_ort.check.claims.words.grammar import phrases_of
from nixlint_ort.check.claims.words.idle import MAX_CHARS
from nixlint_ort.check.claims.words.mention import Mention
from nixlint_ort.check.claims.words.scope import mark
from nixlint_ort.check.claims.words.tokens import MAX_TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nixlint_ort.check.claims.facts import Facts
    from nixlint_ort.check.claims.rows.votes import Verdict
    from nixlint_ort.check.claims.text.units import Unit
    from nixlint_ort.check.claims.words.entities import Entity
    from nixlint_ort.check.claims.words.lexicon import Lexicon
    from nixlint_ort.source import Source, Span

MAX_WORDS = 8_000
"""Words of the tables in one document: one with more is not read, which is said. Each costs about 0.1 ms."""

_TOO_MANY_NAMES = (
    "the document has too many unknown names, of which not all are compared with those of the variants; split it"
)
_TOO_MANY_WORDS = f"the document has more than {MAX_WORDS:,} words of the tables, and is not read; split it"


def read_claims(source: Source, facts: Facts) -> Claims:
    """What a document in UTF-8 claims, by the facts of its repository."""
    units, comments = units_of(
        source, facts.speech.fences, facts.lexicon.grammar.abbreviated, facts.lexicon.excluding, facts.idle
    )
    readings = _readings(units, facts)
    if readings is None:
        return Claims(source, comments=comments, too_much=_TOO_MANY_WORDS)
    too_much = _too_much(units, readings)
    _leave_out_others(readings, facts)
    _link(readings)
    claims = Claims(source, comments=comments, too_much=too_much)
    judge = Judge(facts, readings)
    judge.run()
    leave_out_strangers(readings.values(), judge.verdicts, facts)
    releases = Releases(facts, readings, judge.verdicts)
    releases.run()
    judge.verdicts.update(strange_branches(facts, judge.verdicts, judge.spoken))
    Settler(facts, judge.verdicts, releases.children).run(readings)
    Examples(facts, judge.verdicts).run(readings.values())
    Needs(facts, judge.verdicts).run(one for one in judge.spoken if not releases.speaks_of_others(one))
    names, outputs = Names(facts, readings), Outputs(facts)
    short = frozenset(one.reading.unit for one in releases.lists.short if len(one.mentions) > 1)
    counter = Counter(facts, readings, judge.verdicts, short)
    found: list[tuple[Marked, Fault | None]] = []
    read = [one for one in readings.values() if not one.unit.is_idle]
    for reading in read:
        names.note_checkout(reading)
        found += names.judge(reading)
        found += outputs.judge(reading)
        if reading.unit.kind in (UnitKind.DATA, UnitKind.LISTING):
            continue
        found += judge_pins(reading, facts)
        found += judge_sources(reading, facts)
        if reading.found.is_whole and not releases.speaks_of_others(reading):
            found += [*counter.judge(reading), *outputs.judge_prose(reading)]
    claims.marked += [marked for marked, _ in found]
    faults = [fault for _, fault in found if fault]
    faults += [fault for one in releases.lists.short for fault in list_faults(one, source, facts)]
    absent = {id(one): (one, entity) for _, one, entity in releases.missing_members()}
    for reading in read:
        for one in reading.mentions:
            verdict = judge.verdicts.get(one)
            if id(one) in absent:
                claims.marked.append(_marked(reading, one, Mark.WRONG, ""))
                faults.append(_fault(reading, one, judge.verdicts, facts, is_absent=True))
                continue
            state = Mark.UNKNOWN if verdict is None else Mark.RIGHT if verdict.is_right else Mark.WRONG
            claims.marked.append(_marked(reading, one, state, (verdict.expected or "") if verdict else ""))
            if verdict and not verdict.is_right:
                faults.append(_fault(reading, one, judge.verdicts, facts))
    if names.is_undecided and not too_much:
        claims.too_much = _TOO_MANY_NAMES
    claims.stated = lambda: [_stated(one, judge, names) for one in read if one.found.tokens]
    faults += incomplete(facts, readings, judge.verdicts, source)
    claims.marked.sort(key=lambda one: one.span)
    claims.faults += _first_of_each(faults)
    return claims


def _first_of_each(faults: Iterable[Fault]) -> Iterator[Fault]:
    """The faults in their order, one for each place: what is wrong comes before what is missing."""
    seen: set[Span] = set()
    for fault in sorted(faults, key=lambda one: (one.span, one.check is Check.INCOMPLETE)):
        if fault.span not in seen:
            seen.add(fault.span)
            yield fault


def _stated(reading: Reading, judge: Judge, names: Names) -> Stated:
    verdicts = {one: judge.verdicts[one] for one in reading.mentions if one in judge.verdicts}
    rows = {one: verdict.entity for one, verdict in verdicts.items() if verdict.entity is not None}
    return Stated(reading, rows, frozenset(names.branches(reading)))


def _readings(units: Iterable[Unit], facts: Facts) -> dict[Unit, Reading] | None:
    """What is in each unit that is not too long; None where there are too many words in all of them."""
    readings: dict[Unit, Reading] = {}
    words = 0
    for unit in units:
        if unit.is_idle or len(unit.text.chars) <= MAX_CHARS:
            readings[unit] = _read(unit, facts)
            words += 0 if unit.is_idle else _weight(readings[unit].found)
        if words > MAX_WORDS:
            return None
    return readings


def _weight(found: Found) -> int:
    """How many words of the tables a unit has; of one with too many, so many as were looked at."""
    return len(found.tokens) if found.is_whole else MAX_TOKENS


def _too_much(units: Iterable[Unit], readings: Mapping[Unit, Reading]) -> str:
    """What is said of the first unit that is too long to be read; empty if there is none."""
    for unit in units:
        if unit not in readings:
            return f"the text at line {unit.line} has more than {MAX_CHARS:,} characters, and is not read"
        if not unit.is_idle and not readings[unit].found.is_whole:
            return f"the text at line {unit.line} has more than {MAX_TOKENS} words of the tables, and is not read"
    return ""


def _read(unit: Unit, facts: Facts) -> Reading:
    look = partial(_look, facts.lexicon)
    if unit.is_idle:
        return Reading(unit, look)
    low, found = look(unit)
    reading = Reading(unit, look, (low, found), found.mentions)
    if found.mentions:
        mark(unit, low, found.mentions, facts.lexicon)
    for token in found.of("name"):
        name = token.text.split(".nix")[0].split("/")[0].rstrip(".,;:!?)]}'\"*_")
        is_one = name in facts.stems or name in facts.all_planned
        identity = facts.identity_of(name) if is_one else None
        identities = [identity] if identity is not None else identities_of(token.text, facts)
        if identities:
            reading.identities += identities
        else:
            reading.has_unknown_names = True
    return reading


def _leave_out_others(readings: Mapping[Unit, Reading], facts: Facts) -> None:
    """Mark what is of others as outside: what was refused, and histories and tables of others."""
    _leave_out_refused(readings, facts)
    leave_out_histories(readings.values(), facts)
    name_columns(facts, readings.values())
    leave_out_tables_of_others(readings.values(), facts)


def _leave_out_refused(readings: Mapping[Unit, Reading], facts: Facts) -> None:
    """Mark what a sentence is about as outside where the next one says that it was refused, and nothing else."""
    refusing, speech = facts.lexicon.excluding["refusing"], facts.speech
    starts = re.compile(
        rf"\W*(?:(?:{phrases_of((*speech.pronouns, *speech.telling['own'])).pattern})|{refusing.pattern})"
    )
    for (before, said), (unit, reading) in pairwise(readings.items()):
        is_next = unit.block == before.block and unit.kind is UnitKind.SENTENCE
        if not is_next or not said.mentions or reading.mentions:
            continue
        low = unit.text.chars.lower()
        if refusing.search(low) and starts.match(low):
            for one in said.mentions:
                one.is_outside = True


def _look(lexicon: Lexicon, unit: Unit) -> tuple[str, Found]:
    """A unit's text in lower case, and what is in it."""
    finder = Finder(lexicon, unit.text)
    found = finder.find(unit.cells, is_head=unit.kind is UnitKind.ROW and unit.depth < 0)
    if unit.kind is UnitKind.LISTING:
        found = Found([], found.of("name"), found.is_whole)
    elif unit.kind is UnitKind.DATA and unit.cells:
        found = Found(named_by_keys(unit, found.mentions, lexicon), found.tokens, found.is_whole)
    return finder.low, found


def _link(readings: Mapping[Unit, Reading]) -> None:
    """Tell rows what is above their cells, and comments in fences which commands they are above."""
    heads: dict[int, Reading] = {}
    comment: Reading | None = None
    for unit, reading in readings.items():
        if unit.is_idle:
            if unit.depth < 0:
                heads[unit.table] = reading
            continue
        reading.above = [readings[one] for one in unit.context if one in readings]
        if unit.kind is UnitKind.ROW and unit.depth < 0:
            heads[unit.table] = reading
        elif unit.table in heads:
            above = heads[unit.table]
            reading.heads = [
                [one for one in above.mentions if one.cell == number] for number in range(len(above.unit.cells))
            ]
        if unit.kind is UnitKind.CODE:
            if reading.low.lstrip().startswith(("#", "//")):
                comment = reading
            elif comment is not None and comment.unit.block == unit.block and not comment.identities:
                comment.identities += reading.identities
                comment.has_unknown_names |= reading.has_unknown_names
        else:
            comment = None


def _marked(reading: Reading, mention: Mention, state: Mark, expected: str) -> Marked:
    return Marked(reading.unit.text.span(mention.start, mention.end), mention.column, state, expected)


def _fault(
    reading: Reading, mention: Mention, verdicts: Mapping[Mention, Verdict], facts: Facts, *, is_absent: bool = False
) -> Fault:
    verdict = None if is_absent else verdicts.get(mention)
    text = reading.unit.text
    span = text.span(mention.start, mention.end)
    actual = text.chars[mention.start : mention.end]
    expected = verdict.expected if verdict else None
    check = Check.VERSION
    table = facts.world.subjects.get(mention.column)
    names_branch = any(one.column == facts.lexicon.branch_column for one in reading.mentions)
    if reading.unit.kind is UnitKind.EXAMPLE:
        check = Check.EXAMPLE
    elif names_branch and (table == facts.releases or reading.unit.kind in (UnitKind.ROW, UnitKind.ITEM)):
        check = Check.BRANCH
    is_sure = expected is not None and verdict is not None and verdict.is_decided
    is_word_in_form = mention.is_formed and not (expected or "").strip("+")[:1].isdigit()
    replacement = mention.rendered(expected or "") if is_sure and not is_word_in_form else None
    if replacement and replacement.isalpha() and replacement.islower() and actual[:1].isupper():
        replacement = replacement.capitalize()
    what = facts.called(mention.column)
    entity = verdict.entity if verdict else None
    row = facts.title(entity) if entity else facts.nothing(mention.column, verdict)
    names_row = entity is not None and mention.column in facts.naming(entity.subject)
    case = ROW if expected and names_row else None if entity else ABSENT
    beside = _beside(reading, verdicts, entity, facts) if entity and not expected else ""
    return Fault(check, span, actual, expected or "", replacement, what, row, BESIDE if beside else case, beside)


def _beside(reading: Reading, verdicts: Mapping[Mention, Verdict], entity: Entity, facts: Facts) -> str:
    """The first value in a unit that only one row has, which is this one, and that does not name it."""
    chars, names, rows = reading.unit.text.chars, facts.naming(entity.subject), facts.world.entities[entity.subject]
    right = (one for one in reading.mentions if (said := verdicts.get(one)) and said.is_right and said.entity is entity)
    alone = (one for one in right if one.column not in names and sum(matches(one, row) for row in rows) == 1)
    return next((chars[one.start : one.end] for one in alone), "")
