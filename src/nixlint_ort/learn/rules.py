"""The rules that a study proposes: one for each fact that follows from the name, as the text of its file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nixlint_ort.convention.vocabulary import FACTS, NAME_BINDING, STEM, Subject, binding_fact, own_fact
from nixlint_ort.learn.dependence import ABSENT, Dependence
from nixlint_ort.learn.names import NameKind
from nixlint_ort.learn.study import BRANCH, KIND, NAME, Site, Study
from nixlint_ort.learn.tables import KEY, Tables, column_name
from nixlint_ort.learn.yaml_text import flow, plain_template, scalar, value

_LEFT_OUT = ("nixpkgs_url", "nixpkgs_rev", "description", binding_fact(NAME_BINDING))
"""Facts that have rules of their own."""
_NAMED = re.compile(r"(?<!\{)\{([\w.]+)\}")
_LONGEST = 300
"""Code points of a value that a rule states."""


class Proposal(NamedTuple):
    """What is expected of a fact in some kinds of variant."""

    kinds: tuple[str, ...]
    operator: str
    """A line of YAML, such as `equals: "{cuda.driver}"`."""
    only: dict[str, str]
    missing: bool
    """Whether the fact has to be set."""


class RuleFile(NamedTuple):
    """One file of `rules/`."""

    path: str
    text: str


def site_rules(study: Study, tables: Tables) -> Iterator[RuleFile]:
    """A file for each expectation of each fact; facts that are not known of a kind have none there."""
    for site in study.sites:
        if site.name in _LEFT_OUT:
            continue
        seen: dict[str, int] = {}
        for proposal in _proposals(study, site, tables):
            base = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", site.name).lower()).strip("-")
            seen[base] = seen.get(base, 0) + 1
            identifier = base if seen[base] == 1 else f"{base}-{seen[base]}"
            yield _file(study, site, proposal, identifier)


def _proposals(study: Study, site: Site, tables: Tables) -> Iterator[Proposal]:
    kinds = [kind for kind in study.names.kinds if _is_known(site, kind)]
    if KIND not in site.dependence.parts and len(kinds) == len(study.names.kinds):
        yield from _of_kinds(study, site, site.dependence, kinds, tables)
        return
    for kind in kinds:
        members = set(kind.members)
        values = [one if number in members else None for number, one in enumerate(site.values)]
        yield from _of_kinds(study, site, study.frame.explain(values), [kind], tables)


def _is_known(site: Site, kind: NameKind) -> bool:
    """Whether a fact is known of enough variants of a kind: what is not known is a finding by another rule."""
    return 4 * sum(site.values[number] is None for number in kind.members) <= len(kind.members)


def _of_kinds(
    study: Study, site: Site, found: Dependence, kinds: Sequence[NameKind], tables: Tables
) -> Iterator[Proposal]:
    if found.is_reasonless or not found.rows:
        return
    names = tuple(kind.name for kind in kinds)
    is_list = any(fact.is_list for fact in site.facts.values())
    if any(len(text) > _LONGEST for text in found.rows.values()):
        return
    if found.is_constant:
        text = next(iter(found.rows.values()))
        if text == ABSENT:
            yield Proposal(names, "present: false", {}, missing=False)
        else:
            yield Proposal(names, _constant(text, is_list=is_list), {}, missing=True)
        return
    if found.notation == "as written":
        name = STEM if found.parts == (NAME,) else tables.key_field(found.parts[0])
        yield Proposal(_having(study, found, kinds), f'equals: "{{{name}}}"', {}, missing=True)
    else:
        field = tables.field_for(found, column_name(site.name), is_list=is_list)
        if field is not None:
            only, is_always = _where_set(study, found, tables)
            yield Proposal(names, f'equals: "{{{field}}}"', only, missing=is_always)
    yield from _absences(study, found, kinds, tables)


def _where_set(study: Study, found: Dependence, tables: Tables) -> tuple[dict[str, str], bool]:
    """What the rule on a fact is only for, and whether the fact is set in all such variants: some may not set it."""
    having = [key for key, text in found.rows.items() if text != ABSENT]
    if len(having) == len(found.rows):
        return {}, True
    part, value = found.parts[0], having[0][0]
    if len(having) != 1 or len(found.parts) != 1 or value is None or part in (NAME, BRANCH):
        return {}, False
    return {tables.key_field(part): value}, part in study.frame.parts


def _having(study: Study, found: Dependence, kinds: Sequence[NameKind]) -> tuple[str, ...]:
    """The kinds whose names have the part that a fact is."""
    if found.parts == (NAME,):
        return tuple(kind.name for kind in kinds)
    values = study.frame.parts[found.parts[0]]
    return tuple(kind.name for kind in kinds if values[kind.members[0]] is not None)


def _absences(study: Study, found: Dependence, kinds: Sequence[NameKind], tables: Tables) -> Iterator[Proposal]:
    """Where the fact is not to be set: in whole kinds, or for values of the one part that tells it."""
    if len(found.parts) != 1 or found.parts[0] in (NAME, BRANCH):
        return
    part = found.parts[0]
    values = study.frame.parts[part]
    for (key,), text in found.rows.items():
        if text != ABSENT:
            continue
        having = tuple(kind.name for kind in kinds if any(values[one] == key for one in kind.members))
        if having:
            only = {} if key is None else {tables.key_field(part): key}
            yield Proposal(having, "present: false", only, missing=False)


def _constant(text: str, *, is_list: bool) -> str:
    items = text.split("\n") if is_list else [text]
    if len(items) == 1:
        return f"equals: {scalar(plain_template(items[0]))}"
    return f"contains_all: {value(tuple(map(plain_template, items)))}"


def rule_text(identifier: str, keys: Mapping[str, str], messages: Mapping[str, str], note: str = "") -> str:
    """The text of a rule's file: `keys` are YAML already, `messages` are texts, whose fields are listed."""
    named = dict.fromkeys(name for one in messages.values() for name in _NAMED.findall(one))
    lines = [f"# Drafted by `nixlint-ort learn`{note}.", f"id: {identifier}"]
    lines += [f"{name}: {text}" for name, text in keys.items()]
    lines += ["severity: error"] + ([f"arguments: {value(tuple(named))}"] if named else [])
    lines += [f"{name}: {scalar(text)}" for name, text in messages.items()]
    return "\n".join([*lines, "why: Most variants agree on it; say here why it matters."]) + "\n"


def _file(study: Study, site: Site, proposal: Proposal, identifier: str) -> RuleFile:
    own = own_fact(site.name)
    if own is None:
        kind = FACTS[site.name]
        fact, what = site.name, site.name.replace("_", " ")
        family = "meta" if kind.in_meta else "toolchain"
    elif own.subject is Subject.BINDING:
        fact, what, family = flow({"binding": own.path}), f"the binding {own.path}", "toolchain"
    else:
        of = "layer" if own.subject is Subject.LAYER else "wrapper"
        fact, what = flow({"attribute": own.path, "of": of}), f"the {of}'s {own.path}"
        family = "meta" if own.path.startswith("meta.") else "toolchain"
    keys = {"summary": scalar(_summary(what, proposal)), "fact": fact}
    operator, _, operand = proposal.operator.partition(": ")
    keys[operator] = operand
    if len(proposal.kinds) < len(study.names.kinds):
        keys["applies"] = value(proposal.kinds)
    if proposal.only:
        keys["only"] = flow(proposal.only)
    if operator == "present":
        messages = {"message": f"{what} is set here, but most such variants do not set it"}
    else:
        messages = {"message": f"{what} is {{actual}}; most such variants have {{expected}}"}
    if proposal.missing:
        messages["missing"] = f"{what} is not set; most such variants have {{expected}}"
    agree = f": {site.dependence.agree} of {site.dependence.total} variants agree"
    return RuleFile(f"{family}/{identifier}.yaml", rule_text(identifier, keys, messages, agree))


def _summary(what: str, proposal: Proposal) -> str:
    if proposal.operator == "present: false":
        return _capital(f"{what} is not set.")
    return _capital(
        f"{what} is what the file name says." if "{" in proposal.operator else f"{what} is always the same."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def part_rules(study: Study, tables: Tables) -> Iterator[RuleFile]:
    """Rules about the name itself: a part that follows from another one, such as a Python from a CUDA line."""
    known: set[frozenset[str]] = set()
    for kind in study.names.kinds:
        parts = [word.part for word in kind.words if word.part]
        for part in parts:
            values = next(one.values for one in study.parts if one.name == part)
            for other in parts:
                pair = frozenset((part, other))
                if other == part or pair in known or not _follows(study, kind, values, other):
                    continue
                column = tables.field_for(_single(study, kind, values, other), part)
                if column is None:
                    continue
                known.add(pair)
                identifier = f"filename-{part}"
                keys = {
                    "summary": scalar(f"The {part} of the file name belongs to its {other}."),
                    "fact": STEM,
                    "field": tables.key_field(part),
                    "equals": f'"{{{column}}}"',
                    "applies": scalar(kind.name),
                }
                message = f"file name says {part} {{actual}}, but {other} {{{other}.{KEY}}} goes with {{expected}}"
                yield RuleFile(f"naming/{identifier}.yaml", rule_text(identifier, keys, {"message": message}))
                break


def _follows(study: Study, kind: NameKind, values: Sequence[str | None], other: str) -> bool:
    """Whether one part follows from another in a kind: several values, each of the other with exactly one of them."""
    others = next(one.values for one in study.parts if one.name == other)
    pairs = {(others[number], values[number]) for number in kind.members}
    keys = {key for key, _ in pairs}
    return len({one for _, one in pairs}) > 1 and len(pairs) == len(keys) and 3 * len(keys) <= len(kind.members)


def _single(study: Study, kind: NameKind, values: Sequence[str | None], other: str) -> Dependence:
    others = next(one.values for one in study.parts if one.name == other)
    rows: dict[tuple[str | None, ...], str] = {}
    counts: dict[tuple[str | None, ...], int] = {}
    for number in kind.members:
        rows[others[number],] = str(values[number])
        counts[others[number],] = counts.get((others[number],), 0) + 1
    return Dependence((other,), None, rows, {key: (count, count) for key, count in counts.items()}, (), ())
