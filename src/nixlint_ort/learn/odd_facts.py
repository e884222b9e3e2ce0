"""Facts that are odd where no line of the file is: a list that is empty, or one that lacks an item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nixlint_ort.convention.vocabulary import Subject, own_fact
from nixlint_ort.learn.dependence import ABSENT, Dependence, Odd
from nixlint_ort.learn.finding import Finding, Oddity, Where, likes_of
from nixlint_ort.learn.study import Site, Study

_THERE = "set"


def odd_facts(study: Study, known: Sequence[Finding], small: frozenset[int]) -> list[Finding]:
    """The first odd fact of each variant of which nothing is `known` to be odd, so that no cause is told twice."""
    taken = {where.number for one in known for where in one.places} | small
    found: list[Finding] = []
    for site in sorted(study.sites, key=_is_used):
        for one in (*_values(study, site), *_settings(study, site)):
            if one.places[0].number not in taken:
                taken.add(one.places[0].number)
                found.append(one)
    return found


def _is_used(site: Site) -> bool:
    """Whether a fact is read where a binding is used; what is in the binding itself is nearer to the cause."""
    own = own_fact(site.name)
    return own is None or own.subject is not Subject.BINDING


def _values(study: Study, site: Site) -> Iterator[Finding]:
    if not site.dependence.is_reasonless:
        for odd in site.dependence.odd:
            yield _finding(study, site, site.dependence, odd)


def _settings(study: Study, site: Site) -> Iterator[Finding]:
    """Where a fact is not set at all, while those that are alike set it, each in its own way."""
    values = [None if value is None else ABSENT if value == ABSENT else _THERE for value in site.values]
    presence = study.frame.explain(values)
    for odd in presence.odd:
        if odd.actual == ABSENT:
            yield _finding(study, site, presence, odd)


def _finding(study: Study, site: Site, found: Dependence, odd: Odd) -> Finding:
    oddity = Oddity.LACKS if odd.actual == ABSENT else Oddity.DIFFERS if odd.expected != ABSENT else Oddity.EXTRA
    where = Where(odd.number, _line(study, site, odd.number))
    likes = likes_of(study, found, odd.number)
    return Finding(oddity, (where,), site.name, odd.actual, odd.expected, odd.agree, odd.total, likes)


def _line(study: Study, site: Site, number: int) -> int:
    """The line (from 1) in which a fact is written, or the one in which it would be."""
    fact, source = site.facts.get(number), study.variants[number].source
    return source.position(min(fact.span.start, len(source.data))).line if fact is not None else 1
