"""The engine that applies fixes: what it refuses, what it reports, and when it comes to rest."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nixlint_ort.check.result import Result
from nixlint_ort.finding import Edit, Finding, Fix, Place, Safety, Severity
from nixlint_ort.fix.apply import Dropped, Fixed, FixedFile, fix_all
from nixlint_ort.fix.edits import without_overlaps
from nixlint_ort.repository.repository import Repository
from nixlint_ort.source import Source, Span
from tests.support import scratch
from tests.support.linting import (
    CPU,
    GPU,
    OLDER,
    convention,
    lint,
    lint_repository,
    original,
    path_of,
    replace_once,
    repository,
)
from tests.support.running import CLEAN, last_line, run

BROKEN = replace_once(original(GPU), "driver 560+", "driver 535+")


def finding(start: int, end: int, text: str, facts: frozenset[str] = frozenset(), rule: str = "made-up") -> Finding:
    """A finding whose fix writes a text over some bytes."""
    place = Place(Source(GPU, BROKEN), Span(start, end))
    edits = (Edit(GPU, start, end, text),)
    return Finding(rule, Severity.ERROR, "made up", place, fix=Fix(Safety.SAFE, edits, facts=facts))


def fixed_with(*findings: Finding) -> Fixed:
    """What becomes of the broken variant by these findings, and by none once it has changed."""

    def judge(one: Repository) -> Result:
        data = {variant.path: variant.source.data for variant in one.variants}
        return Result(findings if data.get(GPU) == BROKEN else (), 1)

    return fix_all(repository().with_files({GPU: BROKEN}), judge)


def at(text: str) -> tuple[int, int]:
    start = BROKEN.index(text.encode())
    return start, start + len(text)


def test_fixes_that_overlap_wait_for_another_round() -> None:
    one, touching, apart = finding(0, 4, "a"), finding(4, 5, "b"), finding(9, 10, "c")
    assert without_overlaps([one, touching, apart]) == [one, apart]
    assert without_overlaps([apart, touching, one]) == [apart, touching]
    unfixed = touching._replace(fix=None)
    assert without_overlaps([one, unfixed, apart]) == [one, unfixed, apart]


def test_a_fix_whose_own_edits_overlap_is_dropped_and_reported() -> None:
    edits = (Edit(GPU, 0, 4, "# a"), Edit(GPU, 4, 5, "b"))
    harmful = finding(0, 5, "")._replace(fix=Fix(Safety.SAFE, edits, facts=frozenset({"header.line1"})))
    fixed = fixed_with(harmful)
    assert (fixed.contents, fixed.dropped) == ({}, [Dropped(harmful, "its edits overlap", is_fault=True)])


def test_fixes_that_do_no_harm_alone_are_tried_together() -> None:
    line = frozenset({"header.line2"})
    good, other = finding(*at("535"), "560", line), finding(*at("# CUDA"), "#  CUDA", line, "spaces")
    harmful = finding(*at("in\n"), "")
    fixed = fixed_with(harmful, good, other)
    assert fixed.contents == {GPU: original(GPU).replace(b"# CUDA", b"#  CUDA")}
    assert [one.finding for one in fixed.dropped] == [harmful]
    assert fixed.files[GPU].mended == [good, other]


@pytest.mark.parametrize("is_alone", [True, False])
def test_of_a_files_fixes_only_the_one_that_breaks_a_rule_is_left_to_people(is_alone: bool) -> None:
    good = finding(*at("535"), "560", frozenset({"header.line2"}))
    harmful = finding(*at("# CUDA"), "#  CUDA", frozenset({"header.line2"}), "spaces")
    found = (harmful,) if is_alone else (harmful, good)

    def judge(one: Repository) -> Result:
        data = {variant.path: variant.source.data for variant in one.variants}[GPU]
        broken = frozenset({("header-line-2", GPU)}) if b"#  CUDA" in data else frozenset()
        return Result(found if data == BROKEN else (), 1, rules=convention().rules, broken=broken)

    fixed = fix_all(repository().with_files({GPU: BROKEN}), judge)
    assert fixed.contents == ({} if is_alone else {GPU: original(GPU)})
    reason = f"it would break rule header-line-2 in {GPU}; change it by hand"
    assert fixed.dropped == [Dropped(harmful, reason, is_fault=False)]


@pytest.mark.parametrize("breaks_in", ["its own file", "another file"])
def test_fixes_of_many_files_are_held_to_the_rules_together(breaks_in: str) -> None:
    """Each file has a fix that breaks nothing; in three files another one breaks a rule, there or elsewhere."""
    files = {variant.path: variant.source.data for variant in repository().variants if "cuda12_9" in variant.stem}
    harmful = sorted(files)[::9][:3]
    broken = {path: data.replace(b"driver 560+", b"driver 535+") for path, data in files.items()}
    checked = 0

    def one(path: str, text: str, new: str, rule: str) -> Finding:
        start = broken[path].index(text.encode())
        fix = Fix(Safety.SAFE, (Edit(path, start, start + len(text), new),), facts=frozenset({"header.line2"}))
        return Finding(
            rule, Severity.ERROR, rule, Place(Source(path, broken[path]), Span(start, start + len(text))), fix=fix
        )

    def judge(there: Repository) -> Result:
        nonlocal checked
        checked += 1
        data = {variant.path: variant.source.data for variant in there.variants}
        spoilt = [path for path in harmful if b"#  CUDA" in data[path]]
        at_fault = {("header-line-2", path if breaks_in == "its own file" else CPU) for path in spoilt}
        found = [one(path, "535", "560", "driver") for path in files if data[path] == broken[path]]
        found += [one(path, "# CUDA", "#  CUDA", "spaces") for path in harmful if data[path] == broken[path]]
        return Result(tuple(found), len(data), rules=convention().rules, broken=frozenset(at_fault))

    fixed = fix_all(repository().with_files(broken), judge)
    assert len(files) > 25
    assert fixed.contents == files
    assert {dropped.finding.place.path for dropped in fixed.dropped} == set(harmful)
    assert {dropped.finding.rule for dropped in fixed.dropped} == {"spaces"}
    assert checked < len(files)
    where = {path if breaks_in == "its own file" else CPU for path in harmful}
    reasons = {f"it would break rule header-line-2 in {path}; change it by hand" for path in where}
    assert {one.reason for one in fixed.dropped} == reasons


def test_of_many_fixes_of_one_file_the_one_that_breaks_a_rule_is_found_by_halves() -> None:
    data = "".join(f"Line {number} is wrong.\n" for number in range(2000)).encode()
    places = [data.index(b"Line %d is wrong" % number) for number in range(2000)]
    checked = 0

    def judge(there: Repository) -> Result:
        nonlocal checked
        checked += 1
        (document,) = there.documents
        now = document.source.data
        found = [
            Finding(
                "words", Severity.ERROR, "words", Place(document.source, Span(at, at + 4)),
                fix=Fix(Safety.SAFE, (Edit("README.md", at, at + 4, f"Row {number}"),)),
            )
            for number, at in enumerate(places)
        ]  # fmt: skip
        broken = frozenset({("document-count", "README.md")} if b"Row 1234" in now else ())
        return Result(tuple(found) if now == data else (), 1, rules=convention().rules, broken=broken)

    fixed = fix_all(repository().with_files({"README.md": data}), judge)
    assert [dropped.finding.fix and dropped.finding.fix.edits[0].text for dropped in fixed.dropped] == ["Row 1234"]
    assert fixed.contents["README.md"].count(b"Row ") == 1999
    assert checked < 50


# A rule that does not hold once a header is fixed, what else is in the file, and whether the header is fixed.
FAILS_THEN = {
    "it held": ("platforms", "", True, False),
    "nothing could tell": (
        "platforms",
        "    platforms = builtins.fromJSON (builtins.readFile ./platforms);\n",
        True,
        True,
    ),
    "nothing could tell of another fact": (
        "platforms",
        "    description = builtins.readFile ./about;\n",
        True,
        False,
    ),
    "it is about no fact": ("odd-one-out", "", True, False),
    "the run does not have it": ("platforms", "", False, False),
}


@pytest.mark.parametrize("case", FAILS_THEN)
def test_a_rule_that_held_is_not_broken(case: str) -> None:
    rule, line, is_known, is_fixed = FAILS_THEN[case]
    name = line.partition(" =")[0]
    data = re.sub(rf"(?m)^{name} = .*\n", lambda _: line, BROKEN.decode()).encode() if line else BROKEN
    assert (line == "") is (data == BROKEN)
    good = finding(*at("535"), "560", frozenset({"header.line2"}))

    def judge(one: Repository) -> Result:
        is_broken = {variant.path: variant.source.data for variant in one.variants}[GPU] != data
        rules = convention().rules if is_known else {}
        return Result(
            () if is_broken else (good,), 1, rules=rules, broken=frozenset({(rule, GPU)} if is_broken else ())
        )

    assert bool(fix_all(repository().with_files({GPU: data}), judge).contents) is is_fixed


def test_a_file_gets_a_name_that_is_free_before_anything_else() -> None:
    good = finding(*at("535"), "560", frozenset({"header.line2"}))
    taken, free = (
        good._replace(rule=rule, fix=Fix(Safety.SAFE, rename=path)) for rule, path in (("a", OLDER), ("b", "free.nix"))
    )
    fixed = fixed_with(good, taken, free)
    assert fixed.files == {"free.nix": FixedFile(GPU, "free.nix", BROKEN, BROKEN, [free])}
    assert fixed.dropped == [Dropped(taken, f"{OLDER} already exists", is_fault=False)]


def test_unsafe_fixes_wait_until_they_are_asked_for() -> None:
    unsafe = finding(*at("535"), "560", frozenset({"header.line2"}))
    unsafe = unsafe._replace(fix=Fix(Safety.UNSAFE, unsafe.fix.edits, facts=unsafe.fix.facts) if unsafe.fix else None)
    assert fixed_with(unsafe).contents == {}


def test_what_each_round_mends_is_counted_together(tmp_path: Path) -> None:
    wrong = path_of("onnxruntime-python313-cuda12_4-sm90-avx512")
    broken = replace_once(original(OLDER), "driver 550+", "driver 535+")
    scratch.write(tmp_path, {wrong: broken.replace(b"python312-", b"python313-")})
    fixed = fix_all(Repository(tmp_path, convention()), lint_repository, unsafe=True)
    (file,) = fixed.files.values()
    assert (file.path, file.new_path, file.renamed) == (wrong, OLDER, True)
    assert (file.before, file.after) == (broken.replace(b"python312-", b"python313-"), original(OLDER))
    assert [one.rule for one in file.mended] == ["filename-stack", "header-driver", "variant-name"]
    assert {one.rule for one in fixed.remaining.findings} == {"matrix-gap"}


def test_a_document_is_mended_beside_the_variants() -> None:
    data = b"# Builds\n\n> **main**: ONNX Runtime 1.22.0, CUDA 12.4/12.9, driver 550+/535+, 57 variants\n"
    there = repository().with_files({GPU: BROKEN, "README.md": data})
    fixed = fix_all(there, lint_repository)
    right = data.replace(b"1.22.0", b"1.23.2").replace(b"535+", b"560+").replace(b"57", b"58")
    assert fixed.contents == {GPU: original(GPU), "README.md": right}
    document = fixed.files["README.md"]
    assert (document.path, document.new_path, document.before) == ("README.md", "README.md", data)
    assert {one.rule for one in document.mended} == {"document-branch", "document-version", "document-count"}
    assert fixed.remaining.findings == ()


def test_a_document_that_does_not_name_a_renamed_file_is_not_mended_by_its_rename(tmp_path: Path) -> None:
    wrong = path_of("onnxruntime-python313-cuda12_4-sm90-avx512")
    scratch.write(tmp_path, {wrong: original(OLDER), "README.md": b"CUDA 12.4 needs driver 535+.\n"})
    fixed = fix_all(Repository(tmp_path, convention()), lint_repository, unsafe=True)
    assert fixed.contents == {OLDER: original(OLDER), "README.md": b"CUDA 12.4 needs driver 550+.\n"}
    assert {path: [one.rule for one in file.mended] for path, file in fixed.files.items()} == {
        OLDER: ["filename-stack"],
        "README.md": ["document-version"],
    }


def test_a_fix_that_breaks_the_syntax_is_dropped_and_reported() -> None:
    harmful = finding(*at("in\n"), "")
    good = finding(*at("535"), "560", frozenset({"header.line2"}), "header-driver")
    fixed = fixed_with(harmful, good)
    assert fixed.contents == {GPU: original(GPU)}
    ((dropped),) = fixed.dropped
    assert (dropped.finding, dropped.is_fault) == (harmful, True)
    assert dropped.reason == "it would break the syntax of the file"


def test_a_fix_that_changes_another_fact_is_dropped_and_reported() -> None:
    harmful = finding(*at('"90"'), '"80"', frozenset({"header.line2"}))
    fixed = fixed_with(harmful)
    assert fixed.contents == {}
    ((dropped),) = fixed.dropped
    assert dropped.reason == "it would also change cmake_cuda_architectures"


def test_fixes_that_never_come_to_rest_leave_the_file_as_it_was() -> None:
    def further(one: Repository) -> Result:
        data = next(variant.source.data for variant in one.variants if variant.path == GPU)
        start = data.index(b"driver ") + len("driver ")
        edits = (Edit(GPU, start, start + 3, str(int(data[start : start + 3]) + 1)),)
        fix = Fix(Safety.SAFE, edits, facts=frozenset({"header.line2"}))
        place = Place(Source(GPU, data), Span(start, start + 3))
        return Result((Finding("made-up", Severity.ERROR, "made up", place, fix=fix),), 1)

    fixed = fix_all(repository().with_files({GPU: BROKEN}), further)
    assert fixed.contents == {}
    (dropped,) = fixed.dropped
    assert (dropped.finding.rule, dropped.is_fault) == ("made-up", True)
    assert dropped.finding.fix is not None
    assert dropped.finding.fix.edits[0].text == "546"
    assert dropped.reason == "the fixes of its file still change it after 10 rounds, so the file was left unchanged"


def test_a_fault_of_the_tool_ends_the_run_with_2_and_the_rest_is_written(tmp_path: Path, monkeypatch: object) -> None:
    from nixlint_ort.fix.apply_to_disk import carry_out

    scratch.write(tmp_path, {GPU: BROKEN})
    fixed = fixed_with(
        finding(*at("in\n"), ""), finding(*at("535"), "560", frozenset({"header.line2"}), "header-driver")
    )
    there = Repository(tmp_path, repository().convention)
    outcome = carry_out(there, fixed)
    assert outcome.done == [f"fixed {GPU} (header-driver)"]
    (line,) = outcome.failed
    assert line.startswith("internal error: the fix for made-up in ")
    assert (tmp_path / GPU).read_bytes() == original(GPU)


def test_two_files_never_get_one_name(tmp_path: Path) -> None:
    names = ("onnxruntime-python311-cuda12_4-sm90-avx512", "onnxruntime-python313-cuda12_4-sm90-avx512")
    for name in names:
        scratch.write(tmp_path, {path_of(name): original(OLDER).replace(b"python312-", name[12:21].encode() + b"-")})
    fixed = fix_all(Repository(tmp_path, convention()), lint_repository, unsafe=True)
    (renamed,) = fixed.files.values()
    (dropped,) = fixed.dropped
    assert (renamed.path, renamed.new_path, renamed.after) == (path_of(names[0]), OLDER, original(OLDER))
    assert (dropped.finding.rule, dropped.finding.place.path) == ("filename-stack", path_of(names[1]))
    assert (dropped.reason, dropped.is_fault) == (f"{OLDER} already exists", False)
    assert dropped.finding.fix == Fix(Safety.UNSAFE, rename=OLDER)


def test_a_file_that_says_nowhere_what_it_is_gets_no_name() -> None:
    path = path_of("onnxruntime-x")
    (finding,) = (one for one in lint({path: b"{ }: 1\n"}).findings if one.rule == "filename-format")
    assert (finding.place.path, finding.fix) == (path, None)


def test_a_whole_stack_under_the_wrong_python_is_put_right_and_git_sees_renames(tmp_path: Path) -> None:
    scratch.init(tmp_path / "r")
    right = {one.path: one.source.data for one in repository().variants}
    wrong = {
        path.replace("python312", "python313"): data.replace(b"python312-", b"python313-")
        for path, data in right.items()
    }
    scratch.commit(tmp_path / "r", dict(wrong))
    assert len(set(wrong) - set(right)) == 22
    done = run("--fix", "--unsafe-fixes", cwd=tmp_path / "r")
    assert (done.returncode, last_line(done.stdout)) == (0, CLEAN)
    pkgs = tmp_path / "r/.flox/pkgs"
    assert {f".flox/pkgs/{path.name}": path.read_bytes() for path in pkgs.iterdir()} == right
    scratch.git(tmp_path / "r", "add", "--all")
    told = scratch.git(tmp_path / "r", "diff", "--cached", "--name-status", "-M").splitlines()
    assert [line[0] for line in told] == ["R"] * 22


def test_with_some_rules_only_what_they_are_about_is_mended(tmp_path: Path) -> None:
    scratch.init(tmp_path / "r")
    broken = replace_once(BROKEN, 'variantName = "onnxruntime-python313', 'variantName = "onnxruntime-python312')
    scratch.commit(tmp_path / "r", {GPU: broken})
    done = run("--fix", "--unsafe-fixes", "--select", "variant-name", cwd=tmp_path / "r")
    assert (done.returncode, done.stderr) == (0, "nixlint-ort: fixed variant-name: 1 finding in 1 file\n")
    assert (tmp_path / "r" / GPU).read_bytes() == BROKEN


def test_what_is_suggested_can_be_applied_by_others() -> None:
    (one,) = lint({GPU: BROKEN}).findings
    assert one.fix is not None
    (edit,) = one.fix.edits
    assert BROKEN[: edit.start] + edit.text.encode() + BROKEN[edit.end :] == original(GPU)
    assert one.fix._replace(facts=frozenset()) == Fix(Safety.SAFE, one.fix.edits)
    judge: Callable[[Repository], Result] = lint_repository
    assert fix_all(repository(), judge, unsafe=True).files == {}


def test_what_was_checked_with_the_fixes_is_not_checked_again() -> None:
    """Before, with the fixes, and nothing more: a repository was checked once more after each round."""
    checked: list[Repository] = []
    files = repository().with_files({GPU: BROKEN})
    judge = lint_repository

    def counted(one: Repository) -> Result:
        checked.append(one)
        return judge(one)

    fixed = fix_all(files, counted)
    assert list(fixed.files) == [GPU]
    assert len(checked) == 2
    assert fixed.remaining.count(Severity.ERROR) == 0
