"""The picture of real output in the README: a drawing of what a terminal shows, for dark and light surroundings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from manual.examples import scratch
from nixlint_ort.report.snippet import width

COLUMNS = 104
SIZE, CELL, LINE, MARGIN = 14, 8.43, 20, 18
FAULTS = (
    ("onnxruntime-python313-cuda12_9-sm90-avx512", "driver 560+", "driver 535+"),
    ("onnxruntime-python313-cuda12_9-sm89-avx2", 'gpuArchCMake = "89"', 'gpuArchCMake = "90"'),
)
COMMANDS = ("nixlint-ort", "nixlint-ort --fix --unsafe-fixes")
TITLE = "nixlint-ort finds a wrong driver in a header and a wrong architecture in the code, and mends both"
STYLES = {"1": "bold", "2": "dim", "31": "red", "32": "green", "33": "yellow", "34": "blue", "36": "cyan"}
DARK = {
    "ground": "#14171b",
    "line": "#343a42",
    "text": "#e6e9ed",
    "dim": "#9aa4b0",
    "red": "#ff8f8f",
    "green": "#7fd8a0",
    "yellow": "#f2c46d",
    "blue": "#79b8ff",
    "cyan": "#7cd4e0",
}
LIGHT = {
    "ground": "#f9fafb",
    "line": "#d0d5dc",
    "text": "#1b1f24",
    "dim": "#5b6470",
    "red": "#b3161c",
    "green": "#14663a",
    "yellow": "#7a4b00",
    "blue": "#0b4fa3",
    "cyan": "#0b5a6a",
}
FONT = f"""\
text {{ font: {SIZE}px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre; }}
.bold {{ font-weight: 700; }}"""
SGR = re.compile(r"\x1b\[([0-9;]*)m")


class Piece(NamedTuple):
    """Text in one style, which is names of STYLES."""

    text: str
    style: frozenset[str]


def picture() -> str:
    """The README's picture as SVG, from running the tool over variants with two faults."""
    with scratch() as repository:
        for stem, good, bad in FAULTS:
            path = repository.folder / f".flox/pkgs/{stem}.nix"
            text = path.read_text("utf-8")
            if good not in text:
                raise ValueError(f"{path.name} has no {good!r}, in the place of which the picture shows {bad!r}")
            path.write_text(text.replace(good, bad, 1), "utf-8")
        printed = [(command, repository.run(f"{command} --color always")) for command in COMMANDS]
    return drawing("\n".join(f"\x1b[32m$\x1b[0m \x1b[1m{command}\x1b[0m\n{text}" for command, text in printed), TITLE)


def drawing(printed: str, title: str, columns: int = COLUMNS) -> str:
    """What a terminal of that many columns would show, as SVG: it is text, and loads nothing."""
    lines = [line for printed_line in pieces(printed) for line in _wrapped(printed_line, columns)]
    wide, high = round(columns * CELL + 2 * MARGIN), len(lines) * LINE + 2 * MARGIN
    drawn = [
        _text(piece, column, row)
        for row, line in enumerate(lines)
        for column, piece in _placed(line)
        if piece.text.strip()
    ]
    size = f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    ground = f'<rect class="ground" x=".5" y=".5" width="{wide - 1}" height="{high - 1}" rx="8"/>'
    light = f"@media (prefers-color-scheme: light) {{\n{_rules(LIGHT)}\n}}"
    style = f"<style>\n{FONT}\n{_rules(DARK)}\n{light}\n</style>"
    return "\n".join([head, f"<title>{escape(title)}</title>", style, ground, *drawn, "</svg>\n"])


def pieces(printed: str) -> Iterator[list[Piece]]:
    """Each line that was printed, cut where its style changes."""
    style: frozenset[str] = frozenset()
    for line in printed.rstrip("\n").split("\n"):
        found: list[Piece] = []
        for at, part in enumerate(SGR.split(line)):
            if at % 2:
                style = frozenset(STYLES[code] for code in part.split(";") if code not in ("", "0"))
            elif part:
                found.append(Piece(part, style))
        yield found


def _wrapped(line: list[Piece], columns: int) -> Iterator[list[Piece]]:
    """A line as rows, each cut after a space where there is one."""
    chars = [(char, style) for text, style in line for char in text]
    while sum(width(char) for char, _ in chars) > columns:
        fits, used = 0, 0
        while used + width(chars[fits][0]) <= columns:
            used += width(chars[fits][0])
            fits += 1
        spaces = [at for at in range(fits, 0, -1) if chars[at - 1][0] == " "]
        fits = spaces[0] if spaces else fits
        yield _joined(chars[:fits])
        chars = chars[fits:]
    yield _joined(chars)


def _joined(chars: list[tuple[str, frozenset[str]]]) -> list[Piece]:
    return [Piece("".join(char for char, _ in run), style) for style, run in groupby(chars, key=itemgetter(1))]


def _placed(line: list[Piece]) -> Iterator[tuple[int, Piece]]:
    column = 0
    for piece in line:
        yield column, piece
        column += width(piece.text)


def _text(piece: Piece, column: int, row: int) -> str:
    x, y = MARGIN + column * CELL, MARGIN + row * LINE + SIZE
    names = " ".join(sorted(piece.style))
    styled = f' class="{names}"' if names else ""
    long = width(piece.text) * CELL
    return f'<text x="{x:.2f}" y="{y}" textLength="{long:.2f}"{styled}>{escape(piece.text, quote=False)}</text>'


def _rules(palette: dict[str, str]) -> str:
    colours = "\n".join(f".{name} {{ fill: {palette[name]}; }}" for name in STYLES.values() if name != "bold")
    ground = f".ground {{ fill: {palette['ground']}; stroke: {palette['line']}; }}"
    return f"text {{ fill: {palette['text']}; }}\n{ground}\n{colours}"
