"""The HTML pages in a real browser: they load nothing, run nothing, fit a telephone, and are reached by keyboard."""

import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path

import pytest

from nixlint_ort.convention import FACTS
from nixlint_ort.report.html import tag
from tests.support import scratch
from tests.support.browser import Browser, browser
from tests.support.linting import GPU, path_of
from tests.support.running import run
from tests.views.test_matrix import MISSING, broken, broken_once  # noqa: F401  # fixtures

SHOWN = "document.querySelector('[popover]:popover-open')"
HOSTILE = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as one:
        yield one


@pytest.fixture(scope="module")
def page(broken_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """The matrix of a repository that has faults, one of them in a file with HTML in it."""
    broken = shutil.copytree(broken_once, tmp_path_factory.mktemp("page"), dirs_exist_ok=True)  # noqa: F811
    hostile = broken / path_of("onnxruntime-python313-cuda12_9-sm89-avx2")
    hostile.write_bytes(hostile.read_bytes().replace(b"NVIDIA Ada", f"NVIDIA {HOSTILE}".encode(), 1))
    path = broken / "matrix.html"
    path.write_text(run("matrix", "--output-format", "html", cwd=broken).stdout, "utf-8")
    return path


def open_cell(chromium: Browser, label: str) -> None:
    chromium.run(f"document.querySelector('button[aria-label*=\"{label}\"]').focus()")
    chromium.press("Enter", 13, "\r")


def test_what_is_learned_fits_and_runs_nothing(page: Path, chromium: Browser) -> None:
    path = page.with_name("learned.html")
    path.write_text(run("learn", "--output-format", "html", cwd=page.parent).stdout, "utf-8")
    chromium.show(path, width=400, dark=False)
    assert chromium.run("document.documentElement.scrollWidth") == 400
    assert chromium.run("document.title") != "run"
    assert chromium.run("document.querySelectorAll('img').length") == 0


@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_fits_and_is_legible(width: int, dark: bool, page: Path, chromium: Browser, tmp_path: Path) -> None:
    chromium.show(page, width=width, dark=dark)
    assert chromium.run("document.documentElement.scrollWidth") == width
    background = chromium.run("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(20, 23, 27)" if dark else "rgb(255, 255, 255)")
    hidden = (
        "[...document.querySelectorAll('.grid button')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    )
    assert chromium.run(hidden) == 0
    chromium.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 20_000


def test_what_is_wrong_in_a_line_is_in_sight_on_a_telephone(page: Path, chromium: Browser) -> None:
    chromium.show(page, width=400)
    places = "[...document.querySelectorAll('section mark, ul.findings mark')].map(one => one.getBoundingClientRect())"
    assert chromium.run(f"{places}.length") > 0
    assert chromium.run(f"{places}.filter(one => one.right > 400).length") == 0


def test_nothing_is_loaded_and_nothing_is_run(page: Path, chromium: Browser) -> None:
    chromium.show(page, width=1400)
    asked = [one["params"]["request"]["url"] for one in chromium.events if one["method"] == "Network.requestWillBeSent"]
    assert asked == [page.as_uri()]
    assert chromium.run("document.title") == "onnxruntime 1.23.2: build matrix"
    assert chromium.run("document.querySelectorAll('script, img, link, iframe').length") == 0
    assert HOSTILE[:20] in chromium.run("document.body.textContent")


def test_a_cell_opens_by_keyboard_and_escape_leads_back(page: Path, chromium: Browser) -> None:
    chromium.show(page, width=1400)
    label = "SM90, avx512: 1 error"
    open_cell(chromium, label)
    text = chromium.run(f"{SHOWN}.innerText")
    assert Path(GPU).stem in text
    assert f"nixlint-ort --fix {GPU}" in text
    assert "header says driver 535+" in text
    assert chromium.run(f"{SHOWN}.querySelector('mark').textContent") == "535"
    assert chromium.run(f"[...{SHOWN}.querySelectorAll('.facts tr')].length") == len(FACTS)
    chromium.press("Escape", 27)
    assert chromium.run(f"{SHOWN}") is None
    assert chromium.run("document.activeElement.ariaLabel") == label


@pytest.mark.parametrize(
    ("label", "texts"),
    [
        ("SM120, avx512vnni: missing", [MISSING, f"nixlint-ort new {MISSING}"]),
        ("SM120, avx2: cannot be built", ["The toolkit of CUDA 12.4 cannot compile for SM120."]),
        ("SM75, avx2: no findings", ["flox build onnxruntime-", "cmake_cuda_architectures", "line 19, via"]),
    ],
)
def test_what_a_cell_says(label: str, texts: list[str], page: Path, chromium: Browser) -> None:
    chromium.show(page, width=400)
    open_cell(chromium, label)
    shown = chromium.run(f"{SHOWN}.innerText")
    assert [text for text in texts if text not in shown] == []
    assert chromium.run(f"{SHOWN}.scrollWidth") <= 400


def test_every_open_cell_is_a_stop_of_the_tab_key(page: Path, chromium: Browser) -> None:
    chromium.show(page, width=1400)
    for _ in range(3):
        chromium.press("Tab", 9)
    assert chromium.run("document.activeElement.ariaLabel").startswith("SM75, avx512bf16: ")


def test_print_shows_the_grid_and_no_panel(page: Path, chromium: Browser) -> None:
    chromium.show(page, width=800, media="print")
    assert chromium.run("getComputedStyle(document.querySelector('[popover]')).display") == "none"
    assert chromium.call("Page.printToPDF")["data"].startswith("JVBERi0")


def test_branches_on_a_page(broken: Path, chromium: Browser) -> None:  # noqa: F811
    scratch.commit(broken, {})
    path = broken / "branches.html"
    done = run("branches", "main", "--output-format", "html", cwd=broken)
    path.write_text(done.stdout, "utf-8")
    assert done.returncode == 1
    for width in (400, 1400):
        chromium.show(path, width=width)
        assert chromium.run("document.documentElement.scrollWidth") == width
    assert "1 branch, 58 variants, 1 with errors" in chromium.run("document.body.innerText")
    assert "header-driver" in chromium.run("document.body.innerText")


INJECTED = """<script>document.title='run'</script>
<img src="{url}/img" onerror="document.title='run'"><link rel="stylesheet" href="{url}/css"><iframe src="{url}/frame"></iframe>
<style>@import url({url}/import); body {{ background: url({url}/background) }}</style><base href="{url}/">
<form action="{url}/form"><input autofocus onfocus="document.title='run'"></form><svg onload="document.title='run'"></svg>
<video src="{url}/video"></video><object data="{url}/object"></object><p style="background: url({url}/attribute)">x</p>"""


def asked_of(server: socket.socket) -> bytes:
    """What is asked of a server within half a second; a browser may open a connection before it has anything to ask."""
    asked = b""
    with suppress(TimeoutError):
        while True:
            connection, _ = server.accept()
            connection.settimeout(0.5)
            with connection, suppress(TimeoutError):
                asked += connection.recv(1000)
    return asked


def test_the_policy_of_a_page_holds_even_if_a_text_were_not_escaped(
    page: Path, chromium: Browser, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        injected = tmp_path / "injected.html"
        injected.write_text(page.read_text("utf-8").replace("<main>", f"<main>{INJECTED.format(url=url)}"), "utf-8")
        chromium.show(injected, width=1400)
        assert asked_of(server) == b""
    assert chromium.run("document.title") == "onnxruntime 1.23.2: build matrix"
    assert chromium.run("getComputedStyle(document.body).backgroundImage") == "none"


@pytest.mark.parametrize("text", ["a\n::error::b", "::error::b", "a\n  ::error::b", "a\r::error::b", "::", "\n\n::x"])
def test_no_line_of_a_page_is_a_command_of_ci(text: str) -> None:
    shown = str(tag("p", text, title=text))
    assert not re.search(r"^\s*::", shown, re.MULTILINE)
    assert unescape(shown).count("::") == 2 * text.count("::")
