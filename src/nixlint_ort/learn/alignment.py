"""Aligns the lines of many files: which line of one file is the same place as which line of another.

One file after another is laid over a profile, which has a column for each place. Lines that were seen in one column
alone come first; between them, the best alignment is worked out by likeness.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

WORD = re.compile(r"[A-Za-z]+|\d+")
ALIKE = 0.5
"""From this share of common words on, two lines may be one place."""
_MOST_CELLS = 40_000
"""Of one gap between lines that are certain: lines of the file times columns."""
_BEGINNING = 3
_BEGINS_ALIKE = 0.2
"""What the likeness of two lines is more where so many first words are the same, or the label is."""
_LABEL = re.compile(r"\W*(?:echo\W+)?[A-Za-z]+(?: [A-Za-z]+)?:(?=\s)|[A-Za-z_][\w.'-]* =(?=\s)")
_REMEMBERED = 4
"""So many of a column's latest texts are compared with a line."""


class Words(NamedTuple):
    """The words of a line: how often each occurs, how many they are, and the first ones."""

    counts: Counter[str]
    size: int
    first: tuple[str, ...]
    label: str
    """What is before a colon, such as `- GPU:`, or what is bound; empty where there is neither."""


class Column:
    """One place in the files: the number of its line in each file that has it."""

    __slots__ = ("at", "recent", "texts")

    def __init__(self) -> None:
        self.at: dict[int, int] = {}
        self.texts: set[str] = set()
        self.recent: list[Words] = []

    def add(self, file: int, line: int, text: str, words: Words) -> None:
        """The line of a file is in this place."""
        self.at[file] = line
        if text not in self.texts:
            self.texts.add(text)
            self.recent = [words, *self.recent[: _REMEMBERED - 1]]


def align(files: Sequence[Sequence[str]]) -> list[Column]:
    """The columns of files that are given as lines, in an order that agrees with that of each file."""
    columns: list[Column] = []
    words: dict[str, Words] = {}
    for number, lines in enumerate(files):
        for text in lines:
            if text not in words:
                found = WORD.findall(text)
                label = _LABEL.match(text)
                words[text] = Words(Counter(found), len(found), tuple(found[:_BEGINNING]), label[0] if label else "")
        columns = _laid_over(columns, number, lines, words)
    return columns


def _laid_over(columns: list[Column], number: int, lines: Sequence[str], words: dict[str, Words]) -> list[Column]:
    """The columns with the lines of one more file."""
    merged: list[Column] = []
    line = column = 0
    for next_line, next_column in [*_certain(columns, lines), (len(lines), len(columns))]:
        merged += _gap(columns[column:next_column], number, lines, range(line, next_line), words)
        if next_line < len(lines):
            text = lines[next_line]
            columns[next_column].add(number, next_line, text, words[text])
            merged.append(columns[next_column])
        line, column = next_line + 1, next_column + 1
    return merged


def _certain(columns: Sequence[Column], lines: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of a line and the only column that has had it, as many as are in one order."""
    where: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        for text in column.texts:
            where.setdefault(text, []).append(place)
    once = Counter(lines)
    return _rising(
        [(at, where[text][0]) for at, text in enumerate(lines) if once[text] == 1 and len(where.get(text, ())) == 1]
    )


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs whose second numbers rise."""
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        before.append(last[length - 1] if length else -1)
        if length == len(tails):
            tails.append(place)
            last.append(at)
        else:
            tails[length] = place
            last[length] = at
    found = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _gap(
    columns: Sequence[Column], number: int, lines: Sequence[str], rows: range, words: dict[str, Words]
) -> Iterator[Column]:
    """The columns between two certain lines, with the file's lines there in them or in new ones."""
    paired = dict(_paired(columns, lines, rows, words))
    line = rows.start
    for place, column in enumerate(columns):
        if place in paired:
            while line < paired[place]:
                yield _new(number, line, lines[line], words)
                line += 1
            column.add(number, line, lines[line], words[lines[line]])
            line += 1
        yield column
    while line < rows.stop:
        yield _new(number, line, lines[line], words)
        line += 1


def _new(number: int, line: int, text: str, words: dict[str, Words]) -> Column:
    column = Column()
    column.add(number, line, text, words[text])
    return column


def _paired(
    columns: Sequence[Column], lines: Sequence[str], rows: range, words: dict[str, Words]
) -> Iterator[tuple[int, int]]:
    """Which line goes into which column, by the alignment with the most likeness in all."""
    if not columns or not rows or len(columns) * len(rows) > _MOST_CELLS:
        return
    wide = len(columns)
    likeness = [[_likeness(lines[line], words[lines[line]], column) for column in columns] for line in rows]
    best = [[0.0] * (wide + 1) for _ in range(len(rows) + 1)]
    for at in range(len(rows) - 1, -1, -1):
        here, below = best[at], best[at + 1]
        for place in range(wide - 1, -1, -1):
            like = likeness[at][place]
            score = below[place + 1] + like if like else 0.0
            here[place] = max(score, below[place], here[place + 1])
    at = place = 0
    while at < len(rows) and place < wide:
        like = likeness[at][place]
        if like and best[at][place] == best[at + 1][place + 1] + like:
            yield place, rows[at]
            at, place = at + 1, place + 1
        elif best[at][place] == best[at + 1][place]:
            at += 1
        else:
            place += 1


def _likeness(text: str, words: Words, column: Column) -> float:
    """How much a line is like those of a column: 2 for one that it has had, else the share of common words, or 0."""
    if text in column.texts:
        return 2.0
    most = 0.0
    for other in column.recent:
        total = words.size + other.size
        if total:
            common = sum(min(count, other.counts[word]) for word, count in words.counts.items() if word in other.counts)
            is_first = words.first == other.first and len(words.first) == _BEGINNING
            begins = is_first or (words.label != "" and words.label == other.label)
            most = max(most, 2 * common / total + (_BEGINS_ALIKE if begins else 0.0))
    return min(most, 1.5) if most >= ALIKE else 0.0
