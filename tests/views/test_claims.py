"""The command `claims`: each mention marked, as text, JSON and a page."""

import json
from pathlib import Path

from nixlint_ort.report.escape import visible
from tests.support.running import run

DOCUMENT = """# Variants

CUDA 12.9 needs driver 535+, and CUDA 13.0 is planned.
"""


def shown(scratch: Path, *options: str) -> str:
    (scratch / "NOTES.md").write_text(DOCUMENT, "utf-8")
    return run("claims", "NOTES.md", "--branch", "main", *options, cwd=scratch).stdout


def test_the_marked_document(scratch: Path) -> None:
    assert shown(scratch) == (
        "NOTES.md\n"
        "    3  CUDA [?12.9] needs driver [?535]+, and CUDA [?13.0] is planned.\n"
        "3 mentions: 0 right, 0 wrong, 3 not understood; 0% understood\n"
    )
    assert "\x1b[33m[?13.0]\x1b[0m" in shown(scratch, "--color", "always")


def test_json_has_each_mention_with_its_bytes(scratch: Path) -> None:
    (scratch / "NOTES.md").write_text("CUDA 12.9 needs driver 535+.\n", "utf-8")
    done = run("claims", "NOTES.md", "--branch", "main", "--output-format", "json", cwd=scratch)
    (document,) = json.loads(done.stdout)["documents"]
    assert (document["path"], document["right"], document["wrong"], document["understood"]) == ("NOTES.md", 1, 1, 1.0)
    wrong = document["mentions"][1]
    assert (wrong["text"], wrong["what"], wrong["mark"], wrong["expected"]) == ("535", "cuda.driver", "wrong", "560")
    assert (wrong["range"]["start"]["offset"], wrong["range"]["end"]["offset"]) == (23, 26)


def test_the_page_escapes_what_the_document_says(scratch: Path) -> None:
    (scratch / "NOTES.md").write_text("<script>alert(1)</script> CUDA 12.9 needs driver 535+.\n", "utf-8")
    page = run("claims", "NOTES.md", "--branch", "main", "--output-format", "html", cwd=scratch).stdout
    assert "<script>" not in page
    assert 'class="badge error"' in page


def test_a_document_that_is_not_there(scratch: Path) -> None:
    done = run("claims", "gone.md", cwd=scratch)
    assert done.returncode == 2
    assert visible(done.stderr.rstrip("\n")).startswith("nixlint-ort: gone.md: the file cannot be read")
