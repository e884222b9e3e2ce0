"""Judges every branch of a repository, and what must hold across them: one pin, and each release's row true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention.tables import numbers_in
from nixlint_ort.finding import Finding, Severity
from nixlint_ort.repository.git_folder import GitError
from nixlint_ort.repository.release import stated_versions
from nixlint_ort.repository.repository import RepositoryError
from nixlint_ort.repository.revision import Objects, Revision

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.tables import Row
    from nixlint_ort.lint import Session
    from nixlint_ort.repository.revision import Branch

PIN = "nixpkgs_rev"


class BranchProblem(NamedTuple):
    """What does not hold of a branch as a whole, by the id of what should."""

    id: str
    message: str


@dataclass(slots=True)
class BranchState:
    """One branch: what its variants are, and what is wrong with it. A branch that is not there has no commit."""

    name: str
    row: Row | None = None
    stated: tuple[str, ...] = ()
    """The version and the status that its row gives."""
    ref: str | None = None
    commit: str | None = None
    variants: int = 0
    stacks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The drivers that headers ask for, by CUDA line."""
    pins: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    targets: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: list[BranchProblem] = field(default_factory=list)
    note: str | None = None

    @property
    def pin(self) -> str | None:
        """The pin that most variants have."""
        return next((pin for pin, _ in self.pins.most_common(1)), None)

    @property
    def release(self) -> str:
        """The version and the status that the release table gives, or an empty text."""
        return " ".join(self.stated)

    def count(self, severity: Severity) -> int:
        """How many findings there are of a severity; a problem of the branch as a whole is an error."""
        whole = len(self.problems) if severity is Severity.ERROR else 0
        return whole + sum(finding.severity is severity for finding in self.findings)


def chosen_branches(
    convention: Convention, known: dict[str, Branch], names: Sequence[str], *, everything: bool
) -> list[str]:
    """The names that were asked for; else every branch, or those that the release table lists."""
    if names:
        return list(names)
    releases = list(convention.releases.keys)
    return [*releases, *(name for name in known if name not in releases)] if everything else releases


def judge_branches(session: Session, known: dict[str, Branch], names: Iterable[str]) -> list[BranchState]:
    """Check the branches of those names by the session's convention and settings; nothing is checked out."""
    with Objects(session.root) as objects:
        states = [_judged(session, objects, name, known.get(name)) for name in names]
    _compare_pins(states)
    for state in states:
        state.problems.extend(_false_row(session.convention, state))
    return states


def _judged(session: Session, objects: Objects, name: str, branch: Branch | None) -> BranchState:
    convention = session.convention
    role = convention.roles.release
    row = convention.releases.row(name, {})
    told = [row.fields.get(column) for column in (role.version, role.status) if column] if row else []
    state = BranchState(name, row, tuple(one for one in told if isinstance(one, str)))
    if branch is None:
        state.note = "no such branch"
        return state
    try:
        _judge(session, objects, state, branch)
    except GitError as error:  # of one branch: the others may be as they should be
        objects.close()
        state = BranchState(name, row, state.stated, note="cannot be read")
        state.problems.append(BranchProblem("branch-unreadable", f"git cannot read {branch.ref}: {error}"))
    return state


def _judge(session: Session, objects: Objects, state: BranchState, branch: Branch) -> None:
    """Fill in what is known of a branch that is there. Raises GitError where git cannot read it."""
    name = branch.name
    revision = Revision(objects, branch.ref)
    state.ref, state.commit = branch.ref, revision.commit
    try:
        own = session.of_branch(name, revision)
    except RepositoryError:
        state.note = "no variants"
        if state.row is not None:
            state.problems.append(BranchProblem("branch-variants", f"release {name} has no variants"))
        return
    state.note = own.release.note
    state.findings = own.lint().findings
    _describe(state, own)


def _describe(state: BranchState, session: Session) -> None:
    repository, known = session.repository, session.verdicts
    stacks: dict[str, dict[str, None]] = {}
    targets: set[str] = set()
    state.variants = len(repository.variants)
    roles = repository.convention.roles
    stack, target = roles.stack, roles.target
    for variant in repository.variants:
        if variant.identity is None or not known.is_judgeable(variant):
            continue
        fields = variant.identity.expected(repository.convention, state.name)
        state.versions.update(stated_versions(variant))
        pin = known.value(variant, PIN)
        if isinstance(pin, str):
            state.pins[pin] += 1
        if target and isinstance(key := fields.get(target.key), str):
            targets.add(key)
        if stack and stack.version and isinstance(cuda := fields.get(stack.version), str):
            driver = (variant.stated("header.line2") or {}).get(stack.driver or "")
            stacks.setdefault(cuda, {}).update({driver: None} if driver else {})
    state.stacks = {
        cuda: tuple(drivers) for cuda, drivers in sorted(stacks.items(), key=lambda one: numbers_in(one[0]))
    }
    state.targets = tuple(sorted(targets, key=numbers_in))


def _compare_pins(states: Sequence[BranchState]) -> None:
    pins = Counter(state.pin for state in states if state.pin is not None)
    if len(pins) < 2:
        return
    common, count = pins.most_common(1)[0]
    for state in states:
        if state.pin not in (None, common):
            others = "the other branch is" if count == 1 else f"{count} branches are"
            message = f"nixpkgs is pinned to {state.pin}, but {others} pinned to {common}"
            state.problems.append(BranchProblem("branch-pin", message))


def _false_row(convention: Convention, state: BranchState) -> Iterator[BranchProblem]:
    """Where the variants of a release are not what its row in the release table says."""
    if state.row is None:
        return
    where = f"{convention.releases.path}:{state.row.node.line}"
    role = convention.roles.release
    version = state.row.fields.get(role.version or "")
    stated = next((stated for stated, _ in state.versions.most_common(1)), None)
    if version is not None and stated is not None and stated != version:
        count = f"{state.versions[stated]} of {state.variants}"
        yield BranchProblem("branch-release", f"{where} says {version}, but variants say {stated} ({count})")
    targets = state.row.fields.get(role.targets or "")
    if isinstance(targets, tuple) and state.targets and set(targets) != set(state.targets):
        lacking = [f"SM{sm}" for sm in targets if sm not in state.targets]
        beyond = [f"SM{sm}" for sm in state.targets if sm not in targets]
        parts = []
        if lacking:
            parts.append(f"lists {', '.join(lacking)}, but there are no such variants")
        if beyond:
            parts.append(f"does not list {', '.join(beyond)}, but there are such variants")
        yield BranchProblem("branch-release", f"{where} {'; it '.join(parts)}")
