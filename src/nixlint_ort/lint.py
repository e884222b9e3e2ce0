"""The one way to check a repository: a session holds a run's settings, convention, rules and release, and lints.

Every command, the tests and the fuzzers go through it, so that settings mean the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.cache.store import NO_CACHE, Cache
from nixlint_ort.convention import Convention, ConventionError, Rule
from nixlint_ort.convention.folder import NOTHING
from nixlint_ort.convention.rule import Check
from nixlint_ort.repository.repository import NoVariantsError, Repository, RepositoryError, relative_path
from nixlint_ort.repository.root import find_root, outermost_root
from nixlint_ort.repository.tree import Edited, Overlay, Tree, WorkTree
from nixlint_ort.settings import FILE_NAME, Settings, UnknownRuleError, read_settings, rules_named
from nixlint_ort.settings.which_convention import Loading, NoConventionError, choose_convention

if TYPE_CHECKING:
    from nixlint_ort.check.result import Result
    from nixlint_ort.check.verdict_cache import VerdictCache
    from nixlint_ort.check.violation import TextViolation, Violation
    from nixlint_ort.finding import Finding
    from nixlint_ort.repository.release import Release
    from nixlint_ort.settings.baseline import Baseline
    from nixlint_ort.variant.variant import Variant


class LintError(Exception):
    """A run that cannot be made, and why, in one line that names the place."""


class NothingToLintError(LintError):
    """There are no variants at all."""


class Options(NamedTuple):
    """What is asked for besides the repository's settings, and outweighs them."""

    convention: Path | None = None
    """The convention's folder, or `shipped:NAME`, in place of the repository's own or the shipped one."""
    branch: str | None = None
    select: str | None = None
    """Names of rules and families, separated by commas."""
    ignore: str | None = None
    extend_select: str | None = None
    """Those that are checked besides what is selected."""
    given: bytes | None = None
    """What the only path holds, whatever is on disk."""
    baseline: Path | None = None
    """Findings that are counted, and fail nothing."""
    uses_baseline: bool = True
    """Whether the baseline counts, also that of the settings."""
    remember: bool = False
    """Whether verdicts are kept in the user's cache."""
    cached: bool = True
    """Whether the user's cache is used at all."""
    unsaved: Mapping[Path, bytes] = NOTHING
    """What files hold that an editor has open, by their absolute paths, whatever is on disk."""
    cache_folder: Path | None = None
    """The folder of the cache, in place of the one that the environment says."""


@dataclass(eq=False)
class Session:
    """One run: what a repository is checked by. Nothing is read of its variants before it is needed."""

    root: Path
    convention: Convention
    rules: Mapping[str, Rule]
    """The rules that are selected and not ignored, by id."""
    settings: Settings = field(default_factory=Settings)
    options: Options = field(default_factory=Options)
    paths: Sequence[Path] = ()
    cache: Cache = NO_CACHE
    progress: Callable[[Sequence[Variant]], Iterable[Variant]] = iter
    """Is handed the variants as they are checked, for a progress bar."""
    in_two_processes: bool = False
    """Whether many variants may be judged in two processes at once: only where no other thread runs."""

    @classmethod
    def open(cls, paths: Sequence[Path] = (), options: Options | None = None) -> Session:
        """The session for the repository around the first path, or around the working directory.

        Raises LintError where the settings, the convention or the names of rules are wrong.
        """
        options = options or Options()
        root = find_root(paths[0] if paths else Path.cwd())
        with _one_line():
            settings = read_settings(root, options.unsaved.get(root / FILE_NAME))
            cache = Cache.of_user(outermost_root(root), options.cache_folder) if options.cached else NO_CACHE
            convention = choose_convention(root, settings, options.convention, Loading(_checks, cache, options.unsaved))
            settings.check_words(convention.rules)
            convention = convention._replace(rules=settings.with_severities(convention.rules))
            rules = _chosen(convention.rules, settings, options)
        return cls(root, convention, rules, settings, options, paths, cache=cache)

    @cached_property
    def repository(self) -> Repository:
        """The repository, with the files that the paths name as chosen. Raises LintError where one is not there."""
        with _one_line():
            tree: Tree = WorkTree(self.root)
            if self.options.given is not None:
                tree = Overlay(tree, {relative_path(self.root, path): self.options.given for path in self.paths})
            if unsaved := self.options.unsaved:
                tree = Edited(tree, {relative_path(self.root, path): data for path, data in unsaved.items()})
            return self.read(tree, self.paths)

    @cached_property
    def release(self) -> Release:
        """The release that the repository is checked against. Raises LintError where a named branch is none."""
        from nixlint_ort.repository.release import find_release

        with _one_line():
            return find_release(self.repository, self.options.branch or self.settings.branch)

    def read(self, tree: Tree, paths: Sequence[Path] = ()) -> Repository:
        """The repository as it is in a tree. Raises RepositoryError where it has no variants of the package."""
        repository = Repository(self.root, self.convention, paths, tree, exclude=self.settings.excludes)
        if repository.is_of_another_package:
            package, home = self.convention.package, self.convention.home or "."
            raise RepositoryError(
                f"no variants of {package}: none of the files in {home} has or uses this name;"
                " `convention:` in nixlint-ort.yaml names the convention of another package"
            )
        return repository

    def of_branch(self, name: str, tree: Tree) -> Session:
        """The same for a branch whose files are in a tree. Raises RepositoryError where it has no variants."""
        from nixlint_ort.repository.release import release_of_branch

        other = copy(self)
        other.repository = self.read(tree)
        other.release = release_of_branch(other.repository, name)
        other.__dict__.pop("verdicts", None)
        return other

    def edited(self, repository: Repository) -> Session:
        """The same for another state of the repository's files; what was judged by the same release is remembered."""
        other = copy(self)
        other.repository = repository
        other.__dict__.pop("release", None)
        if other.release.branch != self.release.branch:
            other.__dict__.pop("verdicts", None)
        return other

    def with_rules(self, rules: Mapping[str, Rule]) -> Session:
        """The same by other rules."""
        other = copy(self)
        other.rules = rules
        other.__dict__.pop("verdicts", None)
        return other

    @property
    def lint_whole(self) -> Callable[[Repository], Result] | None:
        """Lints by all rules that the settings select, where the options select others; None where they do not."""
        if self.options.select is None and self.options.ignore is None:
            return None
        return self.with_rules(_chosen(self.convention.rules, self.settings, Options())).lint

    def lint(self, repository: Repository | None = None) -> Result:
        """Check a repository: the findings of the chosen files, each with its fix where it has one.

        Findings are left out where a comment silences them, where the settings ignore the rule for the file, and
        where they exclude the file.
        """
        from nixlint_ort.check.result import Result
        from nixlint_ort.check.run import check

        repository = repository or self.repository
        checked = check(
            repository,
            self.release,
            self.rules,
            self.verdicts,
            self.progress,
            in_two_processes=self.in_two_processes,
        )
        self.verdicts.save()
        kept = [found for found in checked.findings if not self.ignores(found[0])]
        findings = self._undisputed(((_with_fix(*found, repository), found[1]) for found in kept), repository)
        unset = self._baseline.problem if self._baseline is not None else None
        own = [one for one in (self.cache.problem, self.release.note, unset) if one]
        result = Result(
            tuple(findings),
            len(repository.chosen),
            (*own, *repository.notes),
            checked.suppressed,
            self.rules,
            checked.broken,
        )
        if self._baseline is None:
            return result
        new, known, gone = self._baseline.sort(findings)
        return result._replace(findings=new, known=known, gone=gone if repository.is_whole else ())

    def _undisputed(
        self, found: Iterable[tuple[Finding, Violation | TextViolation]], repository: Repository
    ) -> list[Finding]:
        """The findings, without safe fixes that follow a name that may be wrong where the code is right."""
        every = list(found)
        if all(finding.fix is None for finding, _ in every):
            return [finding for finding, _ in every]
        from nixlint_ort.check.context import Context
        from nixlint_ort.check.other_names import Disputes

        disputes = Disputes(Context(repository, self.release.branch, tuple(self.rules.values()), self.verdicts))
        return [disputes.settled(*one) for one in every]

    def ignores(self, finding: Finding) -> bool:
        """Whether the settings say that a finding is not to be shown."""
        path = finding.place.path
        return (
            finding.rule not in self.rules
            or self.settings.excludes(path)
            or finding.rule in self.settings.ignored_in(path, self.rules)
        )

    @cached_property
    def _baseline(self) -> Baseline | None:
        chosen = (self.options.baseline, self.settings.baseline)
        if not self.options.uses_baseline or chosen == (None, None):
            return None
        from nixlint_ort.settings.baseline import chosen_baseline

        with _one_line():
            return chosen_baseline(*chosen, self.root)

    @cached_property
    def verdicts(self) -> VerdictCache:
        """Which files break no rule by themselves."""
        from nixlint_ort.check.verdict_cache import VerdictCache

        cache = self.cache if self.options.remember else NO_CACHE
        return VerdictCache(self.convention, self.release.branch, self.rules.values(), cache)


@contextmanager
def _one_line() -> Iterator[None]:
    """Whatever a file of the user's makes impossible becomes a LintError."""
    try:
        yield
    except NoVariantsError as error:
        raise NothingToLintError(str(error)) from None
    except (ConventionError, NoConventionError, RepositoryError, UnknownRuleError) as error:
        raise LintError(str(error)) from None


def _checks() -> Mapping[str, Check]:
    """What rules may name, which is asked only where a convention is built."""
    from nixlint_ort.check.all_predicates import CHECKS

    return CHECKS


def _chosen(rules: Mapping[str, Rule], settings: Settings, options: Options) -> dict[str, Rule]:
    """The rules of a run: who selects a rule by an option wants to see it, whatever the repository sets."""
    chosen = settings.selected(rules) if options.select is None else set(_named(options.select, rules))
    chosen.update(_named(options.extend_select or "", rules))
    chosen.difference_update(_named(options.ignore or "", rules))
    return {name: rule for name, rule in rules.items() if name in chosen}


def _named(listed: str, rules: Mapping[str, Rule]) -> Iterator[str]:
    for word in filter(None, map(str.strip, listed.split(","))):
        yield from rules_named(word, rules)


def _with_fix(finding: Finding, violation: Violation | TextViolation, repository: Repository) -> Finding:
    if not violation.may_have_fix:
        return finding
    from nixlint_ort.check.violation import TextViolation
    from nixlint_ort.fix.make import fix_of  # not where there is nothing to fix

    fix = fix_of(violation)
    if fix is not None and fix.rename is not None and not isinstance(violation, TextViolation):
        from nixlint_ort.finding import Place, Related
        from nixlint_ort.fix.mentions import renamed_mentions
        from nixlint_ort.source import Span

        in_the_way = next((one for one in repository.variants if one.path == fix.rename), None)
        if in_the_way is not None:
            note = Related(Place(in_the_way.source, Span(0, 0)), "this file has that name, so nothing is renamed")
            return finding._replace(related=(*finding.related, note))
        old, new = violation.variant.stem, violation.corrected_stem or violation.variant.stem
        fix = fix._replace(edits=(*fix.edits, *renamed_mentions(repository.documents, old, new)))
    return finding._replace(fix=fix)
