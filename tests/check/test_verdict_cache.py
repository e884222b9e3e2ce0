"""What is remembered of earlier runs: it changes nothing but the time that a run takes."""

import marshal
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nixlint_ort.cache.store import SWITCH, Cache
from nixlint_ort.check.run import Checked, check
from nixlint_ort.check.verdict_cache import Remembered, VerdictCache
from nixlint_ort.lint import Session
from nixlint_ort.repository.document import Document
from nixlint_ort.repository.release import Release
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from nixlint_ort.source import Source
from nixlint_ort.variant.variant import Variant
from tests.support.damage import KINDS, Damage, damaged
from tests.support.linting import (
    CPU,
    GPU,
    PKGS,
    ROOT,
    convention,
    is_dropped_line,
    lint,
    original,
    path_of,
    replace_once,
    repository,
)
from tests.support.linting import session as in_memory

RULES = convention().rules
README = "README.md"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(SWITCH, str(tmp_path / "cache"))
    return tmp_path / "cache"


def run(changed: dict[str, bytes | None] | None = None, branch: str = "main", rules: tuple[str, ...] = ()) -> Checked:
    """A run of its own, as another process would make it."""
    chosen = {name: RULES[name] for name in rules or RULES}
    fresh = Repository(ROOT, convention()).with_files(changed or {})
    memory = VerdictCache(convention(), branch, chosen.values(), Cache.of_user())
    checked = check(fresh, Release(branch), chosen, memory)
    memory.save()
    return checked


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache as a run over this repository leaves it."""
    place = tmp_path_factory.mktemp("filled") / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SWITCH, str(place))
        assert found(run()) == []
    return place


@pytest.fixture
def filled(folder: Path, filled_once: Path) -> None:
    """An earlier run over this repository has left its cache."""
    shutil.copytree(filled_once, folder)


def found(checked: Checked) -> list[tuple[str, str, str]]:
    findings = [one for one, _ in checked.findings if not is_dropped_line(one)]
    return [(one.rule, one.place.path, one.message) for one in findings]


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the variants that are evaluated from now on."""
    paths: list[str] = []
    whole = Variant.__dict__["evaluation"]

    def evaluation(variant: Variant) -> object:
        paths.append(variant.path)
        return whole.func(variant)

    monkeypatch.setattr(Variant, "evaluation", property(evaluation))
    return paths


@pytest.mark.parametrize("rules", [(), ("pin-inconsistent",)], ids=["all rules", "one of all variants"])
def test_a_second_run_evaluates_nothing_and_says_the_same(rules: tuple[str, ...], evaluated: list[str]) -> None:
    first = run(rules=rules)
    assert {one.path for one in repository().variants} == set(evaluated)
    evaluated.clear()
    assert run(rules=rules) == first
    assert evaluated == []


@pytest.mark.usefixtures("filled")
def test_a_changed_file_is_the_only_one_that_is_evaluated(evaluated: list[str]) -> None:
    run({GPU: original(GPU) + b"\n"})
    assert set(evaluated) == {GPU}


FIRST_OF_A_PART = list({kind.name.partition(":")[0]: kind for kind in reversed(KINDS)}.values())
"""A kind of damage to each part of a variant: what is remembered depends on the bytes, not on what is wrong in a part."""


@pytest.mark.parametrize(
    "kind",
    [pytest.param(one, marks=() if one in FIRST_OF_A_PART[::2] else pytest.mark.full, id=one.name) for one in KINDS],
)
@pytest.mark.usefixtures("filled")
def test_each_damage_is_found_whatever_is_remembered(kind: Damage) -> None:
    changed = damaged(kind, most=1)
    fresh = [(one.rule, one.place.path, one.message) for one in lint(changed).findings]
    assert fresh
    assert found(run(changed)) == fresh
    assert found(run(changed)) == fresh
    assert found(run()) == []


def test_a_damage_that_the_first_run_finds_is_remembered_of_no_later_one() -> None:
    changed = damaged(KINDS[0], most=1)
    fresh = found(run(changed))
    assert fresh
    assert found(run()) == []
    assert found(run(changed)) == fresh


@pytest.mark.parametrize(
    "other",
    [
        lambda: run(branch="ort-1.24"),
        lambda: run({GPU: None}),
        lambda: run({GPU.replace("avx512", "avx2"): original(GPU)}),
        lambda: run({GPU.replace("sm90-avx512", "sm90-avx512-copy"): original(GPU)}),
    ],
    ids=["another release", "a file less", "the same bytes under another's name", "under a name of no variant"],
)
def test_what_is_remembered_of_one_question_is_no_answer_to_another(
    other: Callable[[], Checked], folder: Path, filled_once: Path
) -> None:
    fresh = found(other())
    assert fresh
    shutil.rmtree(folder)
    shutil.copytree(filled_once, folder)
    assert found(other()) == fresh


def test_rules_that_were_not_chosen_are_not_taken_for_kept() -> None:
    broken: dict[str, bytes | None] = {GPU: replace_once(original(GPU), "driver 560+", "driver 535+")}
    assert found(run(broken, rules=("pname",))) == []
    assert [rule for rule, *_ in found(run(broken, rules=("pname", "header-driver")))] == ["header-driver"]


@pytest.mark.parametrize(("driver", "rules"), [("535", []), ("560", ["unused-suppression"])], ids=["used", "not used"])
def test_a_file_with_a_suppression_is_judged_each_time(driver: str, rules: list[str]) -> None:
    ignored = f"driver {driver}+ # nixlint-ort: ignore[header-driver] old\n"
    data = replace_once(original(GPU), "driver 560+\n", ignored)
    for _ in range(2):
        assert [rule for rule, *_ in found(run({GPU: data}, rules=("header-driver", "unused-suppression")))] == rules


@pytest.mark.usefixtures("filled")
def test_a_document_that_became_false_is_read_again() -> None:
    assert README not in {path for _, path, _ in found(run())}
    assert README in {path for _, path, _ in found(run({GPU: None}))}


@pytest.mark.usefixtures("filled")
def test_a_document_is_read_again_where_variants_fetch_another_version() -> None:
    source = 'cutlass = fetchFromGitHub { owner = "NVIDIA"; repo = "cutlass"; rev = "v4.1.0"; hash = ""; };'
    fetching = replace_once(original(GPU), "\nin\n", f"\n  {source}\nin\n")
    readme = (ROOT / README).read_bytes() + b"\nThe build takes cutlass 4.1.0 from its repository.\n"
    told: dict[str, bytes | None] = {README: readme, GPU: fetching}
    assert README not in {path for _, path, _ in found(run(told))}
    told[GPU] = fetching.replace(b"v4.1.0", b"v4.2.0")
    assert README in {path for _, path, _ in found(run(told))}


@pytest.mark.usefixtures("filled")
def test_a_document_is_read_again_where_a_file_took_the_name_of_another() -> None:
    """The names that files have and those that they should have are the same as before, taken together."""
    document: dict[str, bytes | None] = {README: b"There are 58 variants.\n"}
    assert found(run(document)) == []
    other = path_of("onnxruntime-python312-cuda12_4-sm90-avx2")
    changed = {**document, other: original(GPU), GPU: None}
    assert ("document-count", README, "document says 58 variants, but there are 57") in found(run(changed))


@pytest.mark.usefixtures("filled")
def test_a_document_is_read_again_where_a_file_of_the_same_name_should_have_another() -> None:
    other = path_of("onnxruntime-python312-cuda12_4-sm90-avx2")
    told: dict[str, bytes | None] = {README: b"There are 22 variants for CUDA 12.4.\n", GPU: None}
    assert README not in {path for _, path, _ in found(run(told))}
    assert ("filename-of-missing", other) in {one[:2] for one in found(run({**told, other: original(GPU)}))}
    assert README in {path for _, path, _ in found(run({**told, other: original(GPU)}))}


@pytest.mark.usefixtures("filled")
def test_of_a_document_that_is_true_this_is_remembered() -> None:
    stems = {one.stem for one in repository().variants}
    remembered = VerdictCache(convention(), "main", RULES.values(), Cache.of_user())
    documents = Repository(ROOT, convention()).documents
    assert [one.source.path for one in documents if remembered.is_true(one, stems)] == [README]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("damage", [b"", b"\0\0\0\0\xe9", b"no checksum"])
def test_a_damaged_memory_is_as_good_as_none(damage: bytes, folder: Path, evaluated: list[str]) -> None:
    (kept,) = folder.glob("sound-*")
    kept.write_bytes(damage)
    assert found(run()) == []
    assert len(set(evaluated)) == len(repository().variants)


def test_without_a_cache_nothing_is_remembered(monkeypatch: pytest.MonkeyPatch, evaluated: list[str]) -> None:
    monkeypatch.setenv(SWITCH, "")
    run(rules=("pname",))
    evaluated.clear()
    run(rules=("pname",))
    assert len(set(evaluated)) == len(repository().variants)


def test_of_a_variant_that_breaks_nothing_no_tree_is_held() -> None:
    fresh = Repository(ROOT, convention())
    verdicts = VerdictCache(convention(), "main", RULES.values())
    check(fresh, Release("main"), RULES, verdicts)
    for one in fresh.variants:
        assert verdicts.recall(one)
        assert not {"document", "evaluation", "derivation"} & one.__dict__.keys()
    (first, *_) = fresh.variants
    assert first.fact("pname").value == first.stem  # and is worked out again where it is asked for


@pytest.mark.usefixtures("filled")
def test_another_program_remembers_nothing_of_this_one(monkeypatch: pytest.MonkeyPatch, evaluated: list[str]) -> None:
    monkeypatch.setattr("nixlint_ort.check.verdict_cache.program_digest", lambda _: b"another")
    run()
    assert len(set(evaluated)) == len(repository().variants)


def memory(branch: str = "main", *, digest: str | None = None, rules: tuple[str, ...] = ("pname",)) -> VerdictCache:
    """The memory of a process of its own."""
    judged_by = convention()._replace(digest=digest or convention().digest)
    return VerdictCache(judged_by, branch, [RULES[rule] for rule in rules], Cache.of_user())


def variant(path: str = GPU, data: bytes = b"{}") -> Variant:
    return Variant(Source(path, data), convention())


KEPT = Remembered({"pname": "onnxruntime", "platforms": None}, b"outline")
DOCUMENT = Document(Source(README, b"Two variants.\n"))


@pytest.fixture
def noted() -> None:
    first = memory()
    first.note(variant(), KEPT)
    first.note_true(DOCUMENT, ["b", "a"])
    first.save()


@pytest.mark.usefixtures("noted")
def test_what_was_noted_is_known_to_another_run() -> None:
    again = variant()
    assert memory().recall(again) == KEPT
    assert again.is_judged  # so an edit of another file does not make it anew
    assert memory().is_true(DOCUMENT, ["a", "b"])


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize(
    "other",
    [variant(data=b"{ }"), variant(path=GPU + "x"), variant(path="", data=GPU.encode() + b"\0{}")],
    ids=["other bytes", "another path", "the path among the bytes"],
)
def test_another_variant_is_not_known(other: Variant) -> None:
    assert memory().recall(other) is None


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize("names", [[], ["a"], ["a", "b", "c"], ["a", "c"]])
def test_what_a_document_says_is_true_beside_the_same_variants_only(names: list[str]) -> None:
    assert not memory().is_true(DOCUMENT, names)


@pytest.mark.usefixtures("noted")
def test_another_document_is_not_known() -> None:
    assert not memory().is_true(Document(Source(README, b"Three variants.\n")), ["a", "b"])
    assert not memory().is_true(Document(Source("CLAUDE.md", b"Two variants.\n")), ["a", "b"])


def test_what_a_document_holds_is_no_name_beside_it() -> None:
    one = memory()
    one.note_true(Document(Source(README, b"Z\0README.md\0Two variants.\n")), ["A"])
    one.save()
    assert not memory().is_true(DOCUMENT, ["A", README, "Z"])


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize(
    "other",
    [
        lambda: memory("ort-1.24"),
        lambda: memory(digest="0" * 64),
        lambda: memory(rules=("pname", "header-driver")),
    ],
    ids=["another release", "another convention", "other rules"],
)
def test_by_another_measure_nothing_is_known(other: Callable[[], VerdictCache]) -> None:
    assert other().recall(variant()) is None
    assert not other().is_true(DOCUMENT, ["a", "b"])


def test_where_there_is_no_cache_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "")
    one = memory()
    one.note(variant(), KEPT)
    one.note_true(DOCUMENT, [])
    one.save()
    assert memory().recall(variant()) is None
    assert not memory().is_true(DOCUMENT, [])


def test_the_memory_is_written_only_where_it_changes(folder: Path) -> None:
    def save(*paths: str) -> int:
        one = memory()
        for path in paths:
            one.note(variant(path), KEPT)
        one.save()
        (entry,) = folder.glob("sound-*")
        return entry.stat().st_ino

    first = save(GPU, README)
    assert save(README, GPU) == first  # what is replaced is another file
    assert save(GPU) != first
    assert memory().recall(variant(README)) is None


def test_a_name_that_is_no_text_is_remembered_too() -> None:
    one = memory()
    one.note(variant(".flox/pkgs/\udce9.nix"), KEPT)
    one.save()
    assert memory().recall(variant(".flox/pkgs/\udce9.nix")) == KEPT


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize("content", [b"", b"?", b"i", marshal.dumps([KEPT.outline]), marshal.dumps(None)])
def test_a_memory_that_is_whole_but_holds_something_else_is_as_good_as_none(content: bytes, folder: Path) -> None:
    (entry,) = folder.glob("sound-*")
    Cache(str(folder)).write(entry.name, content)
    one = memory()
    assert one.recall(variant()) is None
    one.note(variant(), KEPT)
    one.save()
    assert memory().recall(variant()) == KEPT


IMPORTING = {
    "a file": ("./common.nix", f"{PKGS}/common.nix"),
    "a folder": ("./common", f"{PKGS}/common/default.nix"),
}


def let_go(session: Session, variant: Variant) -> None:
    session.lint()
    variant.value("pname")
    variant.let_go()


BEFORE: dict[str, Callable[[Session, Variant], object]] = {
    "not judged yet": lambda _, __: None,
    "asked for a fact": lambda _, variant: variant.value("pname"),
    "judged": lambda session, _: session.lint(),
    "judged, and asked for a fact again": lambda session, variant: (session.lint(), variant.value("pname")),
    "judged, asked and let go": let_go,
}
"""What is worked out of a variant before a file changes that it imports."""


@pytest.mark.parametrize("imported", IMPORTING)
@pytest.mark.parametrize("before", BEFORE)
def test_a_variant_is_judged_again_where_what_it_imports_has_changed(imported: str, before: str) -> None:
    written, path = IMPORTING[imported]
    data = original(GPU).replace(b'gpuArchCMake = "90";', f"gpuArchCMake = (import {written}).arch;".encode())
    files = {GPU: data, CPU: original(CPU), path: b'{ arch = "90"; }\n'}
    changed = {path: b'{ arch = "80"; }\n'}
    for how in ("edited", "read again"):
        repository = Repository(ROOT, convention(), tree=InMemory(files))
        assert judged(in_memory(repository), repository) == []
        repository = Repository(ROOT, convention(), tree=InMemory(files))
        session = in_memory(repository)
        session.repository = repository
        BEFORE[before](session, next(one for one in repository.variants if one.path == GPU))
        if how == "edited":
            other = repository.with_files(changed)
        else:
            other = Repository(ROOT, convention(), tree=InMemory({**files, **changed}))
            other.reuse(repository)
        assert judged(session.edited(other), other) == ["cuda-architectures"], how


def judged(session: Session, repository: Repository) -> list[str]:
    return [one.rule for one in session.lint(repository).findings if one.place.path == GPU]
