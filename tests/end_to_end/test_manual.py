"""The manual is current: the rules' pages, every output and the picture; and its site is whole, in a real browser too."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from manual import DOCS
from manual.examples import BLOCK, renewed
from manual.examples import scratch as scratch_copy
from manual.files import generated, hand_written, left_over
from manual.picture import drawing, pieces
from manual.site import BrokenLinkError, Page, anchor, broken_links, build, read
from nixlint_ort.cli import cli
from nixlint_ort.convention.example import SCOPES, ExampleScope
from nixlint_ort.convention.rule import Operator
from tests.support.browser import Browser, browser
from tests.support.linting import GPU, ROOT, convention
from tests.support.running import CLEAN, break_driver, last_line, run
from tests.support.scratch import git, init

FILES = {**generated(), **hand_written()}
JSON_COMMANDS = (
    ("--output-format", "json", "--show-suppressed"),
    ("facts", GPU, "--output-format", "json"),
    ("matrix", "--output-format", "json"),
    ("branches", "--output-format", "json"),
    ("compare", GPU, GPU.replace("avx512", "avx2"), "--output-format", "json"),
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_it_is_current(path: Path) -> None:
    assert path.read_text("utf-8") == FILES[path](), "`make docs` writes it anew"


def test_the_man_page_has_every_command_and_option() -> None:
    page = (ROOT / "man/nixlint-ort.1").read_text("utf-8").replace("\\-", "-")
    sections = re.split(r"^\.S[HS] ", page, flags=re.MULTILINE)
    own = {section.split()[0]: section for section in sections if section.split()}
    for name in cli.modules:
        assert name in own, name
        section = own["OPTIONS"] if name == "check" else own[name]
        for option in cli.command_named(name).params:
            if isinstance(option, click.Option):
                assert all(word in section for word in option.opts), (name, option.opts)
    lines = [line for line in page.splitlines() if line.startswith((".", "'"))]
    assert {line.split()[0] for line in lines} <= {
        ".TH",
        ".SH",
        ".SS",
        ".TP",
        ".B",
        ".P",
        ".br",
        ".RI",
        ".IR",
        ".nf",
        ".fi",
    }


def test_every_rule_has_a_page_and_no_page_is_left_over() -> None:
    assert {path.stem for path in (DOCS / "rules").glob("*.md")} == {*convention().rules, "index"}
    assert left_over() == []


def test_the_readme_links_to_what_there_is() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)]+)\)", (ROOT / name).read_text("utf-8")):
            path, _, fragment = target.partition("#")
            if not path.startswith("http"):
                assert (ROOT / path).is_file(), target
            if fragment:
                assert fragment in {one for _, one in Page(path, (ROOT / path).read_text("utf-8")).headings}, target


def test_an_output_that_has_changed_is_noticed() -> None:
    page = (
        "# A\n\n```console\n$ echo one; echo two >&2\nold\n$ cat <<X\n> three\n> X\n```\n\n"
        "<!-- file: a/b.txt -->\n```text\nfour\n```\n\n```console\n$ cat a/b.txt\n```\n\n"
        "<!-- show: a/b.txt -->\n```text\nold\n```\n\n```sh\n$ untouched\n```\n"
    )
    assert renewed(page) == (
        "# A\n\n```console\n$ echo one; echo two >&2\none\ntwo\n$ cat <<X\n> three\n> X\nthree\n```\n\n"
        "<!-- file: a/b.txt -->\n```text\nfour\n```\n\n```console\n$ cat a/b.txt\nfour\n```\n\n"
        "<!-- show: a/b.txt -->\n```text\nfour\n```\n\n```sh\n$ untouched\n```\n"
    )


def test_no_command_of_the_manual_is_unknown() -> None:
    shown = "".join(found["text"] for path in DOCS.glob("*.md") for found in BLOCK.finditer(path.read_text("utf-8")))
    assert "$ nixlint-ort" in shown
    assert [wrong for wrong in ("No such", "not found", "internal error", "Traceback") if wrong in shown] == []


def test_the_scratch_repository_is_as_a_clone() -> None:
    with scratch_copy() as repository:
        assert last_line(repository.run("nixlint-ort")) == CLEAN
        assert repository.run("git status --short") == ""


def test_the_picture_is_text_and_loads_nothing() -> None:
    svg = (DOCS / "findings.svg").read_text("utf-8")
    shown = " ".join("".join(ET.fromstring(svg).itertext()).split())
    assert "header says driver 535+, but CUDA 12.9 needs 560+" in shown
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "prefers-color-scheme: light" in svg


def test_a_drawing_keeps_every_character_and_column() -> None:
    printed = "\x1b[1;31mred <&>\x1b[0m and then plain\n\n  indented\n"
    assert [["".join(sorted(one.style)) for one in line] for line in pieces(printed)] == [["boldred", ""], [], [""]]
    texts = [one for one in ET.fromstring(drawing(printed, "a title", 12)) if one.tag.endswith("text")]
    assert [one.text for one in texts] == ["red <&>", " and ", "then plain", "  indented"]
    rows = [one.get("y") for one in texts]
    assert rows[0] == rows[1] != rows[2]
    assert float(texts[1].get("x", "")) > float(texts[0].get("x", ""))


def keys(document: Any) -> Iterator[str]:
    """The keys of a JSON document that are names, not data: facts and fields have a dot or are listed elsewhere."""
    if isinstance(document, list):
        for one in document:
            yield from keys(one)
    elif isinstance(document, dict):
        for key, value in document.items():
            yield key
            if key not in ("identity", "facts", "arguments", "pins", "versions", "kinds") and (key, type(value)) != (
                "release",
                dict,
            ):
                yield from keys(value)
            if key == "facts":
                for fact in value.values():
                    yield from keys(fact)


@pytest.mark.parametrize("arguments", JSON_COMMANDS, ids=lambda arguments: arguments[0])
def test_the_json_page_has_every_key(arguments: tuple[str, ...], scratch: Path) -> None:
    shutil.rmtree(scratch / ".git")
    init(scratch)
    path = scratch / GPU
    path.write_bytes(path.read_bytes().replace(b"driver 560+", b"driver 535+").replace(b'= "90"', b'= "89"'))
    if arguments[0] == "branches":
        git(scratch, "add", "--all")
        git(scratch, "commit", "--quiet", "--message", "onnxruntime: init")
    page = (DOCS / "json.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    found = set(keys(json.loads(run(*arguments, cwd=scratch).stdout)))
    assert found
    assert found - named - {"version"} == set()


def test_the_conventions_page_names_every_operator_and_key() -> None:
    page = (DOCS / "conventions.md").read_text("utf-8")
    assert [one.value for one in Operator if f"| `{one.value}` |" not in page] == []
    assert [one for one in SCOPES if one != ExampleScope.TEXT and f"`{one}`" not in page] == []
    used = {
        key
        for path in (ROOT / "rules").glob("*/*.yaml")
        for key in re.findall(r"^(\w+):", path.read_text(), re.MULTILINE)
    }
    tables = {"name", "key", "rows", "source"}
    assert [key for key in used - tables if f"`{key}`" not in page and f"`{key}: " not in page] == []


def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path) -> None:
    (tmp_path / "docs/rules").mkdir(parents=True)
    pages = {
        "index.md": "# A title\n\n[a](other.md) [b](#a-title) [c](https://example.org) [d](rules/x.md#here)\n",
        "other.md": "# B\n\n[e](gone.md) [f](index.md#gone) [g](../README.md)\n",
        "rules/x.md": "# X\n\n## Here\n\n[h](../index.md#a-title)\n",
        "lonely.md": "# L\n",
    }
    for name, text in pages.items():
        (tmp_path / "docs" / name).write_text(text)
    assert list(broken_links(read(tmp_path / "docs"))) == [
        ("other.md", "gone.md"),
        ("other.md", "index.md#gone"),
        ("other.md", "../README.md"),
        ("lonely.md", "no page leads here"),
    ]
    with pytest.raises(BrokenLinkError, match=r"other\.md: gone\.md"):
        build(tmp_path / "docs", tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("Safe and unsafe fixes", "safe-and-unsafe-fixes"), ("JSON", "json"), ("What's it?", "whats-it")],
)
def test_an_anchor_is_what_code_hosts_make(heading: str, expected: str) -> None:
    assert anchor(heading) == expected


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build(DOCS, folder)
    return folder


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as one:
        yield one


@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("page", ["index", "start", "json", "rules/index", "rules/filename-unknown-target"])
def test_the_site_fits_and_loads_nothing(page: str, width: int, site: Path, chromium: Browser) -> None:
    path = site / f"{page}.html"
    chromium.show(path, width=width)
    assert chromium.run("document.documentElement.scrollWidth") == width
    asked = [one["params"]["request"]["url"] for one in chromium.events if one["method"] == "Network.requestWillBeSent"]
    assert asked == [path.as_uri()]
    assert chromium.run("document.querySelectorAll('script, link, iframe').length") == 0


def test_the_way_through_the_site(site: Path, chromium: Browser) -> None:
    chromium.show(site / "rules/header-driver.html", width=1400)
    links = chromium.run("[...document.querySelectorAll('a')].map(one => one.href)")
    assert (site / "start.html").as_uri() in links
    assert [link for link in links if not Path(link.removeprefix("file://").partition("#")[0]).is_file()] == []
    chromium.show(site / "start.html", width=1400)
    assert chromium.run("document.querySelector('[aria-current]').textContent") == "Start in five minutes"
    assert chromium.run("document.querySelector('pre.console b').textContent") == "$ nixlint-ort\n"


def test_the_finding_in_the_readme_is_what_a_run_says(scratch: Path) -> None:
    shown = (ROOT / "README.md").read_text("utf-8").split("```text\n", 1)[1].split("```", 1)[0]
    break_driver(scratch)
    assert shown in run(cwd=scratch).stdout
