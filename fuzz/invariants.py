"""What must hold of any input: no exception, places inside the file, reports that can be read, fixes that settle."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from choices import ROOT, VARIANTS
from mutants import RULES

from nixlint_ort.check.all_predicates import CHECKS
from nixlint_ort.check.result import Result
from nixlint_ort.convention import Convention, ConventionError
from nixlint_ort.convention.build import convention_of
from nixlint_ort.convention.built import digest_of
from nixlint_ort.convention.convention import Kind
from nixlint_ort.convention.folder import SPEECH, WORDS
from nixlint_ort.convention.tables import Fields
from nixlint_ort.convention.vocabulary import FACTS
from nixlint_ort.convention.yaml_tree import YamlNode, read_yaml
from nixlint_ort.finding import Place
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.lint import Session
from nixlint_ort.nix.parse import parse
from nixlint_ort.report import FORMATS, render
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository, RepositoryError
from nixlint_ort.repository.tree import InMemory
from nixlint_ort.settings.settings import parse_settings
from nixlint_ort.source import Source, encoding_problem
from nixlint_ort.variant.variant import Variant

T = TypeVar("T")
PACKAGES = ".flox/pkgs"
PLACES = (f"{PACKAGES}/{{}}.nix", f"{PACKAGES}/{{}}/default.nix")
PEERS = ("onnxruntime-python313-cuda12_9-sm90-avx2", "onnxruntime-python313-cpu-avx2")


@lru_cache(maxsize=4096)
def _tree(name: str, data: bytes) -> YamlNode:
    return read_yaml(name, data)


def load(files: Mapping[str, bytes]) -> Convention:
    """A convention from its files in memory, with the shipped words where it has none; raises ConventionError."""
    words = f"rules/{WORDS}"
    if f"rules/{SPEECH}" in files and words not in files:
        files = {**files, words: RULES[words]}
    trees = {name.removeprefix("rules/"): _tree(name, data) for name, data in files.items()}
    return convention_of(ROOT / "rules", trees, digest_of(files), CHECKS)


class Remembering(Convention):
    """A convention that works out only once what depends on nothing but itself: most of the time goes there."""

    def stems(self, branch: str | None, fixed: Mapping[str, str] | None = None) -> Iterator[str]:
        """As of any convention."""
        key = ("stems", branch, *sorted((fixed or {}).items()))
        return iter(_remembered(key, lambda: tuple(super(Remembering, self).stems(branch, fixed))))

    def expected(self, kind: Kind, named: Mapping[str, str], branch: str | None) -> Fields:
        """As of any convention."""
        key = ("expected", kind.name, branch, *sorted(named.items()))
        return dict(_remembered(key, lambda: super(Remembering, self).expected(kind, named, branch)))


_worked_out: dict[tuple[object, ...], Any] = {}


def _remembered(key: tuple[object, ...], work: Callable[[], T]) -> T:
    if key not in _worked_out:
        if len(_worked_out) > 50_000:
            _worked_out.clear()
        _worked_out[key] = work()
    value: T = _worked_out[key]
    return value


@cache
def shipped() -> Convention:
    """The convention that is shipped."""
    return Remembering(*load(RULES))


def of_bytes(data: bytes) -> None:
    """Any bytes as one file: it can be parsed and evaluated, and every fact is told."""
    problem = encoding_problem(data)
    tells(Variant(Source(f"{PACKAGES}/{PEERS[0]}.nix", data), shipped(), problem))


def tells(variant: Variant) -> None:
    """A file can be parsed and evaluated, and every fact of it is known or unknown at a place of the file."""
    for one in variant.document.problems:
        inside(Place(variant.source, one.span))
    if variant.judgeable:
        for name in FACTS:
            inside(Place(variant.source, variant.fact(name).span))


@cache
def peers() -> Repository:
    """Two good variants, read once."""
    return Repository(ROOT, shipped(), tree=InMemory({f"{PACKAGES}/{stem}.nix": VARIANTS[stem] for stem in PEERS}))


@cache
def peers_with_folders() -> Repository:
    """The same, where a README.md and a CLAUDE.md in any folder below the root are documents too."""
    everywhere = (*shipped().documents, *(f"*/{name}" for name in shipped().documents))
    convention = shipped()._replace(documents=everywhere)
    return Repository(ROOT, convention, tree=peers().tree)


def of_variant(name: str, data: bytes, *, all_of_it: bool = True) -> None:
    """A file beside two good variants: linted; with `all_of_it`, also shown in every format, and fixed for good."""
    path = f"{PACKAGES}/{name}.nix"
    _holds(peers().with_files({path: data}), {path: data}, all_of_it=all_of_it)


def of_variants(named: Iterable[tuple[str, bytes]], *, all_of_it: bool = True) -> None:
    """Files that are a repository together, and more of them where several have one name, as for one variant."""
    rest = [*named]
    while rest:
        files: dict[str, bytes] = {}
        names: Counter[str] = Counter()
        later = []
        for name, data in rest:
            names[name] += 1
            if names[name] > len(PLACES):
                later.append((name, data))
            else:
                files[PLACES[names[name] - 1].format(name)] = data
        _holds(Repository(ROOT, shipped(), tree=InMemory(files)), files, all_of_it=all_of_it)
        rest = later


def of_document(name: str, data: bytes, *, all_of_it: bool = True) -> None:
    """A document beside two good variants: as a variant is, and a fix writes nothing but the document."""
    changed = _holds(peers().with_files({name: data}), {name: data}, all_of_it=all_of_it)
    assert changed <= {name}, changed


def of_documents(named: Iterable[tuple[str, bytes]], *, all_of_it: bool = True) -> None:
    """Documents in a folder each, beside two good variants: as for one document."""
    files = {f"{number}/{name}": data for number, (name, data) in enumerate(named)}
    repository = peers_with_folders().with_files(files)
    assert len(repository.documents) == len(files)
    changed = _holds(repository, files, all_of_it=all_of_it)
    assert changed <= files.keys(), changed


def of_many_bytes(contents: Sequence[bytes], *, all_of_it: bool = True) -> None:
    """Any bytes as the files of a repository: each can be read and evaluated, and together they can be checked."""
    files = {f"{PACKAGES}/{stem}.nix": data for stem, data in zip(VARIANTS, contents, strict=False)}
    assert len(files) == len(contents)
    repository = Repository(ROOT, shipped(), tree=InMemory(files))
    for variant in repository.variants:
        tells(variant)
    _holds(repository, files, all_of_it=all_of_it)


def _holds(repository: Repository, files: Mapping[str, bytes], *, all_of_it: bool) -> set[str]:
    """The paths of what fixes have changed."""
    result = lint(repository)
    judged(result, repository)
    if not all_of_it:
        return set()
    readable(result)
    changed: set[str] = set()
    for unsafe in (False, True):
        fixed = fix_all(repository, lint, unsafe=unsafe)
        for path in files:
            same = files[path] == fixed.contents.get(path, files[path])
            assert same or not path.endswith(".nix") or parse(files[path]).problems == (), (
                "a file with an error was changed"
            )
        assert not any(one.is_fault for one in fixed.dropped), [one.reason for one in fixed.dropped]
        after: dict[str, bytes | None] = {one.path: None for one in fixed.files.values()}
        after.update(fixed.contents)
        mended = repository.with_files(after)
        again = fix_all(mended, lint, unsafe=unsafe)
        assert again.contents == {}, "fixing twice is not fixing once"
        judged(again.remaining, mended)
        changed |= fixed.contents.keys()
    return changed


def of_convention(files: Mapping[str, bytes]) -> None:
    """A convention is refused in one line, or it judges without an exception."""
    try:
        convention = load(files)
        variants = {f"{PACKAGES}/{stem}.nix": VARIANTS[stem] for stem in PEERS}
        repository = Repository(ROOT, convention, tree=InMemory(variants))
    except (ConventionError, RepositoryError) as error:
        one_line(str(error))
        return
    branch = next(iter(convention.releases.keys), None)
    session = Session(ROOT, convention, convention.rules)
    session.release = Release(branch)
    result = session.lint(repository)
    judged(result, repository)
    for finding in result.findings:
        assert isinstance(finding.message, str)
    fix_all(repository, session.lint, unsafe=True)


def of_settings(data: bytes) -> None:
    """Settings are refused in one line, or can be applied."""
    try:
        settings = parse_settings(data)
        settings.check_words(shipped().rules)
    except ConventionError as error:
        one_line(str(error))
        return
    settings.excludes(f"{PACKAGES}/{PEERS[0]}.nix")
    settings.ignored_in(f"{PACKAGES}/{PEERS[0]}.nix", shipped().rules)


def lint(repository: Repository) -> Result:
    """The result by all rules of the repository's convention, on the branch main."""
    session = Session(repository.root, repository.convention, repository.convention.rules)
    session.release = Release("main")
    return session.lint(repository)


def judged(result: Result, repository: Repository) -> None:
    """Every place and edit of a result is inside its file."""
    sources = [*(one.source for one in repository.variants), *(one.source for one in repository.documents)]
    sizes = {source.path: len(source.data) for source in sources}
    for finding in (*result.findings, *(one.finding for one in result.suppressed)):
        inside(finding.place)
        for related in finding.related:
            inside(related.place)
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.start <= edit.end <= sizes[edit.path], edit


def inside(place: Place) -> None:
    """The place is a span of its file."""
    assert 0 <= place.span.start <= place.span.end <= len(place.source.data), place
    assert place.start.line <= place.end.line


READERS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("json", "gitlab", "sarif", "rdjson"), json.loads),
    "junit": ET.fromstring,  # what this tool itself has written
}


def readable(result: Result) -> None:
    """Every report is text, and what is for programs can be read by them."""
    for name in FORMATS:
        report = render(name, result)
        report.encode("utf-8")
        READERS.get(name, str)(report)


def one_line(message: str) -> None:
    """The message is one line, as all errors are."""
    assert message.strip()
    assert "\n" not in message, message


CRASHES = Path(__file__).resolve().parent.parent / "tests/fixtures/crashes"
