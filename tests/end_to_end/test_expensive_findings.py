"""Files and repositories with very many findings: work and memory grow with their number, and little for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pytest

from nixlint_ort.check.second_process import MAX_IN_VAIN, reports_of
from nixlint_ort.convention import Convention
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.report import FORMATS, render
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from nixlint_ort.source import Source
from nixlint_ort.variant.kept import Kept
from nixlint_ort.variant.variant import Variant
from nixlint_ort.views.matrix.model import lay_out
from nixlint_ort.views.matrix.text import as_markdown
from tests.support.linting import CPU, GPU, PKGS, ROOT, convention, lint, lint_repository, original, session
from tests.support.representative import representative
from tests.support.work import most_memory, steps

FILE = original(GPU)
BEGIN = FILE.index(b"let\n")


def before_code(text: bytes) -> bytes:
    return FILE[:BEGIN] + text + FILE[BEGIN:]


def within(mark: bytes, text: bytes) -> bytes:
    assert FILE.count(mark) == 1
    return FILE.replace(mark, text)


CLAIMS: dict[str, Callable[[int], bytes]] = {
    "one comment of many lines": lambda n: before_code(b"/*\n" + b"CUDA 12.4.\n" * n + b"*/\n"),
    "one line of many sentences": lambda n: before_code(b"# " + b"CUDA 12.4. " * n + b"\n"),
    "comments below each other": lambda n: before_code(b"# CUDA 12.4.\n" * n),
    "comments apart": lambda n: before_code(b"# CUDA 12.4.\n\n" * n),
    "a long description": lambda n: within(b"description =", b"longDescription = ''\n%s'';\n    description =" % (b"CUDA 12.4.\n" * n)),
    "what a phase prints": lambda n: within(b"preConfigure = ''", b"preConfigure = ''\n" + b'echo "CUDA 12.4."\n' * n),
    "a comment of a script": lambda n: within(b"preConfigure = ''", b"preConfigure = ''\n" + b"# CUDA 12.4.\n" * n),
    "comments that silence": lambda n: before_code(b"# nixlint-ort: ignore[pname]\n\n" * n),
}  # fmt: skip
OF_ONE = 1350
"""Steps for one more finding of a file: it takes from 600 to 1,230; comparing all within a kilobyte took 2,600."""
OF_A_LINE = 1400
"""Steps for one more line of a list or table: it takes from 450 to 1,260, as many for the 400th as for the 1,600th."""


PARAGRAPHS: dict[str, str] = {
    "links": "[CUDA 12.4](x) driver 999+. ",
    "code": "`CUDA 12.4` driver 999+. ",
    "emphasis": "**CUDA** 12.4 *driver* 999+. ",
    "badges": "![CUDA 12.4](https://img.shields.io/badge/CUDA-12.4-red) driver 999+. ",
}


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_a_paragraph_is_cut_into_sentences_with_work_in_proportion_to_it(name: str) -> None:
    """For each sentence, all links of the paragraph were looked at: 3,500 took 3 s."""
    few, many = ({GPU: FILE, "README.md": PARAGRAPHS[name].encode() * number} for number in (50, 800))
    lint(few)
    assert steps(lambda: lint(many)) - steps(lambda: lint(few)) < 750 * 2 * OF_ONE


@pytest.mark.parametrize("name", CLAIMS)
def test_a_file_of_very_many_wrong_texts_takes_work_in_proportion_to_their_number(name: str) -> None:
    few, many = (CLAIMS[name](number) for number in (100, 500))
    lint({GPU: few})
    assert len(lint({GPU: many}).findings) >= 500
    assert steps(lambda: lint({GPU: many})) - steps(lambda: lint({GPU: few})) < 400 * OF_ONE


SENTENCES = {
    "claims": b"CUDA 12.4 driver 550 ",
    "values": b"CUDA 12.9 SM90 ",
    "names of columns": b"driver CUDA architecture ",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_of_many_values_takes_work_in_proportion_to_their_number(name: str) -> None:
    """What is to be known of a sentence was worked out for each of its values: four such sentences took 20 seconds."""
    few, many = (before_code(b"# " + SENTENCES[name] * number + b".\n\n") for number in (20, 80))
    lint({GPU: few})
    assert steps(lambda: lint({GPU: many})) - steps(lambda: lint({GPU: few})) < 60 * 3 * OF_ONE


@pytest.mark.parametrize(
    ("text", "most"),
    [
        (b"# " + b"CUDA 12.4 " * 300 + b"\n", "2,000 characters"),
        (b"# " + b"CUDA 12.4 " * 17_000 + b"\n", "2,000 characters"),
        (b"# " + b"sm90 " * 399 + b"\n", None),
        (b"# " + b"90 " * 450 + b"\n", "400 words of the tables"),
        (b"# " + b"-" * 3000 + b"\n", None),
        (b"# " + b"word " * 500 + b"\n", None),
    ],
)
def test_a_sentence_that_is_too_long_to_be_read_is_a_finding(text: bytes, most: str | None) -> None:
    said = [one.message for one in lint({GPU: before_code(text)}).findings if one.rule == "text-claim"]
    wanted = f"this comment has a sentence of more than {most}, which is not read; split it"
    assert [one for one in said if "not read" in one] == ([wanted] if most else [])


LISTS: dict[str, Callable[[int], str]] = {
    "items that are alike": lambda _: "- CUDA 12.4, driver 550+\n",
    "items with words of their own": lambda number: f"- CUDA 12.4 w{number}, driver 550+\n",
    "items of which each second lacks a value": lambda number: f"- CUDA 12.4 w{number}{', driver 550+' * (number % 2)}\n",
    "items that name variants": lambda _: "- onnxruntime-python313-cuda12_9-sm90-avx512\n",
    "rows that are alike": lambda _: "| 12.4 | 550+ |\n",
    "rows with an empty cell": lambda number: f"| 12.4 | {'550+' * (number % 2)} |\n",
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_or_table_takes_work_in_proportion_to_its_lines(name: str) -> None:
    """Each was compared with each other one: 9,000 items took more than a minute."""

    def document(number: int) -> bytes:
        head = "| CUDA | driver |\n|---|---|\n" if name.startswith("rows") else "Of CUDA:\n\n"
        return (head + "".join(LISTS[name](one) for one in range(number))).encode()

    few, many = ({GPU: FILE, "README.md": document(number)} for number in (100, 400))
    lint(few)
    assert steps(lambda: lint(many)) - steps(lambda: lint(few)) < 300 * OF_A_LINE


def fixed(changed: Mapping[str, bytes]) -> int:
    repository = Repository(ROOT, convention(), tree=InMemory({CPU: original(CPU), **changed}))
    return sum(len(file.mended) for file in fix_all(repository, lint_repository, unsafe=True).files.values())


@pytest.mark.parametrize("name", representative(CLAIMS, ["comments apart", "comments that silence"]))
def test_mending_very_many_takes_work_in_proportion_to_their_number(name: str) -> None:
    few, many = ({GPU: CLAIMS[name](number)} for number in (100, 400))
    assert fixed(many) >= 400
    assert steps(lambda: fixed(many)) < 5 * steps(lambda: fixed(few))


def test_differences_beside_many_wrong_texts_are_not_compared_with_each() -> None:
    """What explains that a file is unlike its peers is looked up by its line."""

    def odd(number: int) -> bytes:
        code = b"".join(b"  odd%d = %d;\n  # CUDA 12.4.\n" % (one, one) for one in range(number))
        return FILE.replace(b"let\n", b"let\n" + code, 1)

    few, many = odd(30), odd(120)
    lint({GPU: few})
    assert len(lint({GPU: many}).findings) >= 120
    assert steps(lambda: lint({GPU: many})) < 6 * steps(lambda: lint({GPU: few}))


def test_a_matrix_takes_work_in_proportion_to_its_findings() -> None:
    """The worst severity of a cell was looked for again for each of its findings."""
    took: list[int] = []
    for number in (100, 400):
        repository = Repository(ROOT, convention(), tree=InMemory({GPU: CLAIMS["comments apart"](number)}))
        matrix = lay_out(repository, "main", session(repository).lint(repository).findings)
        took.append(steps(lambda matrix=matrix: as_markdown(matrix)))  # type: ignore[misc]
    assert took[1] < 5 * took[0]


def stems(number: int) -> list[str]:
    return [f"{PKGS}/onnxruntime-python313-cuda12_9-sm90-avx512x{one}.nix" for one in range(number)]


WRONG: dict[str, bytes] = {
    "header": FILE.replace(b"driver 560+", b"driver 535+"),
    "target": FILE.replace(b"driver 560+", b"driver 535+").replace(b"12_9", b"12_4").replace(b"sm90", b"sm80"),
    "code": before_code(b"") .replace(b"let\n", b"let\n  odd = 1;\n", 1),
    "comment": FILE + b"# CUDA 12.4.\n",
    "silencing": before_code(b"# nixlint-ort: ignore[pname]\n"),
    "unknown": FILE.replace(b"preConfigure", b"postConfigure"),
    "syntax": FILE + b"}\n",
}  # fmt: skip


def of_files(data: bytes, number: int) -> Repository:
    return Repository(ROOT, convention(), tree=InMemory(dict.fromkeys(stems(number), data)))


def linted(data: bytes, number: int) -> None:
    repository = of_files(data, number)
    result = session(repository).lint(repository)
    assert len({one.place.path for one in result.findings}) >= number
    for name in FORMATS:
        render(name, result)


def mended(data: bytes, number: int) -> None:
    repository = of_files(data, number)
    fix_all(repository, session(repository).lint, unsafe=True)


OF_A_FILE = 80_000
"""Bytes for one more wrong file of 7,000, with all reports; what was worked out of it took 260,000."""


@pytest.mark.parametrize("name", representative(WRONG, ["header", "code"]))
@pytest.mark.parametrize("do", [linted, mended])
def test_very_many_wrong_files_keep_little_each(
    name: str, do: Callable[[bytes, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nixlint_ort.variant.kept.MAX_KEPT", 2 * len(FILE))
    do(WRONG[name], 3)  # modules are imported
    few, many = (  # the less of two, since what other tests have left may be counted
        min(most_memory(partial(do, WRONG[name], number)) for _ in range(2)) for number in (6, 16)
    )
    assert (many - few) / 10 < OF_A_FILE


@pytest.mark.parametrize("name", WRONG)
def test_what_is_let_go_is_worked_out_again_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> str:
        repository = Repository(ROOT, convention(), tree=InMemory({**dict.fromkeys(stems(3), WRONG[name]), CPU: FILE}))
        return render("json", session(repository).lint(repository))

    kept = found()
    monkeypatch.setattr("nixlint_ort.variant.kept.MAX_KEPT", 0)
    assert found() == kept


def test_files_whose_names_and_code_differ_are_judged_by_each_name_once() -> None:
    few, many = (partial(linted, WRONG["target"], number) for number in (4, 16))
    few()
    assert steps(many) < 5 * steps(few)


def test_to_keep_one_more_small_file_takes_no_more_work_where_there_are_many() -> None:
    """What is kept of each was looked through for each file: of 8,000 files of one byte, 32 million times."""
    kept = Kept()
    variants = [Variant(Source(f"{number}.nix", b"1"), convention()) for number in range(2000)]

    def put(some: list[Variant]) -> None:
        for one in some:
            kept.put(one)

    first = steps(lambda: put(variants[:1000]))
    assert steps(lambda: put(variants[1000:])) < 2 * first


def test_the_names_of_all_variants_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    stems_of = Convention.stems

    def counted(self: Convention, branch: str | None, fixed: Mapping[str, str] | None = None) -> object:
        asked.append(branch)
        return stems_of(self, branch, fixed)

    monkeypatch.setattr(Convention, "stems", counted)
    convention().every_stem.clear()
    strange = {f"{PKGS}/foo-{number}-onnxruntime.nix": FILE for number in range(5)}
    repository = Repository(ROOT, convention(), tree=InMemory(strange))
    assert {one.rule for one in session(repository).lint(repository).findings} >= {"not-a-variant"}
    assert len(asked) <= len(convention().releases.keys) + 1


@pytest.mark.parametrize(
    ("sound", "judged"), [("", MAX_IN_VAIN), ("s", MAX_IN_VAIN + 1), ("ws" * 20, 20 + MAX_IN_VAIN), ("s" * 40, 40 + MAX_IN_VAIN)]
)  # fmt: skip
def test_a_second_process_judges_few_in_vain(sound: str, judged: int) -> None:
    """What breaks something is judged by the first process again, so where all do, the second one is of no use."""
    seen: list[Variant] = []

    def judge(variant: Variant) -> object:
        seen.append(variant)
        return ("facts",) if variant.source.data == b"s" else None

    variants = [Variant(Source(CPU, sign.encode()), convention()) for sign in sound + "w" * 60]
    reports = reports_of(variants, judge)
    assert len(reports) == len(variants)
    assert len(seen) == judged


def test_words_of_other_variants_take_work_in_proportion_to_their_number() -> None:
    """For each, the whole file was looked through for what chooses it: 9,000 took 24 s."""
    wrong = within(b"cudaPackages_12_9", b"cudaPackages_12_4")
    few, many = (
        wrong.replace(b"variantName =", b"others = [ %s];\n  variantName =" % (b'"cuda12_4" ' * number), 1)
        for number in (200, 1200)
    )
    assert lint({GPU: few}).findings
    assert steps(lambda: lint({GPU: many})) - steps(lambda: lint({GPU: few})) < 1000 * OF_ONE
