"""Runs the examples of rules: `bad` must give the rule's finding and no other, and the fix must give `good` back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from typing import NamedTuple

from nixlint_ort.check.commits import Message, judge_messages
from nixlint_ort.convention import Rule
from nixlint_ort.convention.example import ExampleScope
from nixlint_ort.finding import Finding, Safety
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.lint import Session
from nixlint_ort.repository.commit_message import Cleanup, subject_of
from nixlint_ort.repository.release import Release
from nixlint_ort.source import Source

_UNRUN = (ExampleScope.UNTRACKED, ExampleScope.DOCUMENT, ExampleScope.NONE)
"""Examples that need git or a document as they are in no tree in memory, and those that are not there."""

Key = tuple[str, str, str]


class ExampleProblem(NamedTuple):
    """What an example does otherwise than it should."""

    rule: Rule
    message: str


def own_rules(session: Session) -> list[Rule]:
    """The rules that are not shipped: those that are in the repository's own convention."""
    return [rule for rule in session.convention.rules.values() if not rule.path.startswith("shipped:")]


def run_examples(session: Session, rules: Iterable[Rule]) -> Iterator[ExampleProblem]:
    """What the examples of rules do otherwise than they should, on the variants of the session's repository."""
    for rule in rules:
        message = _of_commit(session, rule) if rule.example.scope is ExampleScope.COMMIT else _of_file(session, rule)
        if message is not None:
            yield ExampleProblem(rule, message)


def is_run(rule: Rule) -> bool:
    """Whether a rule's example can be run at all."""
    return rule.example.scope not in _UNRUN


def _of_commit(session: Session, rule: Rule) -> str | None:
    for text, wanted in ((rule.example.good, False), (rule.example.bad, True)):
        source = Source("COMMIT_EDITMSG", text.encode())
        message = Message(source, subject_of(source, Cleanup()))
        found = {one.rule for one in judge_messages(session.convention, [], [message], {rule.id: rule}).findings}
        if (rule.id in found) != wanted:
            return f"`{'bad' if wanted else 'good'}` gives {'no' if wanted else 'a'} finding of this rule"
    return None


def _of_file(session: Session, rule: Rule) -> str | None:
    if not is_run(rule):
        return None
    session = session.with_rules(session.convention.rules)
    if rule.example.branch is not None:
        session = copy(session)
        session.release = Release(rule.example.branch)
    repository = session.repository
    paths = {variant.stem: variant.path for variant in repository.variants}
    path = paths.get(rule.example.variant)
    if path is None:
        return f"there is no variant {rule.example.variant} in this repository"
    sources = {variant.path: variant.source.data for variant in repository.variants}
    files = _broken(session, rule, path, sources)
    if isinstance(files, str):
        return files
    before = {_key(one) for one in session.lint(repository).findings}
    broken = repository.with_files(files)
    found = [one for one in session.lint(broken).findings if _key(one) not in before]
    others = sorted({one.rule for one in found} - {rule.id})
    if not any(one.rule == rule.id for one in found):
        return "`bad` gives no finding of this rule" + (f", but of {', '.join(others)}" if others else "")
    if others:
        return f"`bad` gives findings of other rules too: {', '.join(others)}"
    if rule.fix is None or rule.example.scope is ExampleScope.NAME:
        return None
    fixed = fix_all(broken, session.lint, unsafe=rule.fix is Safety.UNSAFE)
    wanted = {one: rule.example.mended(sources[one]) for one in files if one in sources}
    if any(fixed.contents.get(one) != data for one, data in wanted.items()):
        return "the fix does not give `good` back"
    return None


def _broken(session: Session, rule: Rule, path: str, sources: dict[str, bytes]) -> dict[str, bytes | None] | str:
    """The files as the example breaks them; what is wrong with it where it cannot."""
    example, convention = rule.example, session.convention
    data = sources[path]
    if example.scope is ExampleScope.NAME:
        return {path: None, convention.path_of(example.bad): example.broken(data)}
    if example.scope is ExampleScope.COPY:
        return {convention.path_of(example.bad): example.broken(data)}
    if example.scope is ExampleScope.REMOVED:
        return {path: None}
    if example.scope is ExampleScope.EVERY:
        return {one: example.broken(source) for one, source in sources.items()}
    count = example.mended(data).count(example.good.encode())
    if count != 1:
        return f"`good` stands {count} times in {path}; it must stand there once"
    return {path: example.broken(data)}


def _key(finding: Finding) -> Key:
    return (finding.rule, finding.place.path, finding.message)
