"""Documents in forms that few have: what is wrong is found, and what is about other times and projects is no alarm."""

from pathlib import Path

import pytest

from nixlint_ort.check.claims.document import read_claims
from nixlint_ort.source import Source
from tests.support.documents import shipped_facts
from tests.support.linting import ROOT

FOUND = {
    "line ends of Windows": (
        "# A\r\n\r\n| CUDA | Driver |\r\n|---|---|\r\n| 12.4 | 550+ |\r\n| 12.9 | 535+ |\r\n",
        {"535": "560"},
    ),
    "a byte order mark": ("\ufeff# A\n\nCUDA 12.9 needs driver 535+.\n", {"535": "560"}),
    "tabs in a table": ("|\tCUDA\t|\tDriver\t|\n|---|---|\n|\t12.4\t|\t550+\t|\n|\t12.9\t|\t535+\t|\n", {"535": "560"}),
    "lists in lists": ("- CUDA 12.9\n  - driver:\n    - 535+\n- CUDA 12.4\n  - driver:\n    - 550+\n", {"535": "560"}),
    "numbered lists": (
        "1. CUDA 12.9\n   1. Python 3.12\n   2. driver 560\n2. CUDA 12.4\n   1. driver 550\n",
        {"3.12": "3.13"},
    ),
    "a table in HTML": (
        "<table>\n<tr><th>CUDA</th><th>Driver</th></tr>\n<tr><td>12.9</td><td>535</td></tr>\n</table>\n",
        {"535": "560"},
    ),
    "a table in HTML in one line": (
        "<table><tr><th>CUDA</th><th>Driver</th></tr><tr><td>12.9</td><td>535</td></tr></table>\n",
        {"535": "560"},
    ),
    "links by reference": (
        "The [CUDA 12.9][t] line needs [driver 535+][d].\n\n[t]: https://example.org/12.4\n[d]: https://example.org/550\n",
        {"535": "560"},
    ),
    "a footnote": ("CUDA 12.9[^1] needs driver 560+.\n\n[^1]: CUDA 12.9 needs Python 3.12.\n", {"3.12": None}),
    "an underlined heading": ("ONNX Runtime 1.22.2\n===================\n\nmain\n", {"1.22.2": "1.23.2"}),
    "a list of tasks": ("- [x] CUDA 12.9 with driver 560+\n- [ ] CUDA 12.4 with driver 535+\n", {"535": "550"}),
    "escaped signs": ("CUDA 12\\.9 needs driver 535\\+.\n", {"535": "560"}),
    "characters by name": ("CUDA&nbsp;12.9 needs driver&nbsp;535+.\n", {"535": "560"}),
    "a note": ("> [!NOTE]\n> CUDA 12.9 needs driver 535+.\n", {"535": "560"}),
    "a definition": ("CUDA 12.9\n: driver 535+\n", {"535": "560"}),
    "a table on its side": ("| CUDA | 12.4 | 12.9 |\n|---|---|---|\n| Driver | 550+ | 535+ |\n", {"535": "560"}),
    "a release by its branch alone": (
        "| Blackwell | Version | Branch |\n|---|---|---|\n| no | 1.22.0 | ort-1.22 |\n",
        {"1.22.0": "1.22.2"},
    ),
}
SILENT = {
    "a row that an empty line parts from its table": (
        "| GPU | SM | Variants |\n|---|---|---|\n| RTX 3090, A40 | SM86 | 8 |\n\n| H100, L40S | SM90 | 12 |\n"
    ),
    "a changelog": "# Changelog\n\n## 1.22.2\n\n- CUDA 12.9 with driver 535+\n- 50 variants\n\n## 1.20.1\n\n- Python 3.11 for CUDA 12.4\n",
    "a changelog with dates": "## v1.22.2 (2025-10-01)\n\n* ONNX Runtime 1.22.2\n* 50 variants\n",
    "a changelog in brackets": "# Changelog\n\n## [1.24.0] - 2026-02-01\n### Changed\n- CUDA 12.9, driver 570+\n- 60 variants\n",
    "an upgrade": "# From 1.22 to 1.23\n\n1. ONNX Runtime 1.22.2 becomes 1.23.2.\n2. CUDA 12.4 needed driver 545+.\n3. SM100 is new.\n",
    "an upgrade with an arrow": "# Migration guide: 1.23 -> 1.24\n\nCUDA 12.9 with driver 575+; 70 variants\n",
    "a roadmap": "# Roadmap\n\n- CUDA 13.0, driver 580+, Python 3.14\n- ONNX Runtime 1.25.0\n- 80 variants\n",
    "a plan in a table": "# Plan\n\n| Quarter | CUDA | Driver | ONNX Runtime |\n|---|---|---|---|\n| Q1 | 13.0 | 580+ | 1.25.0 |\n",
    "other projects": "# Other projects\n\n| Project | Version | CUDA | Python |\n|---|---|---|---|\n| PyTorch | 2.10.0 | 12.8 | 3.11 |\n",
    "another project in prose": "TensorRT 10.9 needs CUDA 12.9 and driver 575+. PyTorch 2.8 is built with CUDA 12.8 and Python 3.11.\n",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_wrong_is_found(name: str) -> None:
    text, wrong = FOUND[name]
    claims = read_claims(Source("README.md", text.encode()), shipped_facts("main"))
    assert {claims.source.text(one.span): one.replacement for one in claims.faults} == wrong


@pytest.mark.parametrize("name", SILENT)
def test_what_is_about_other_times_and_projects_is_no_alarm(name: str) -> None:
    claims = read_claims(Source("README.md", SILENT[name].encode()), shipped_facts("main"))
    assert [claims.source.text(one.span) for one in claims.faults] == []


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_this_project_s_own_pages_pass(page: Path) -> None:
    claims = read_claims(Source(page.name, page.read_bytes()), shipped_facts("main"))
    assert [claims.source.text(one.span) for one in claims.faults] == []
