"""Tells what of a document can say nothing of the tables, so that it need not be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.tokens import MAX_TOKENS

if TYPE_CHECKING:
    from nixlint_ort.check.claims.lexicon import Lexicon

MAX_CHARS = 10_000
"""Code points of one paragraph, row or line that are read."""
_RUN = re.compile(r"[a-z0-9]+")
"""There is one in each word of the tables, and no two have one together."""
_MARKS = ("badge/", "git ", "<!--")
"""Of badges, of commands that check out a branch, and of comments."""
_FLAG = re.compile(r"(?<![a-z0-9_])-m[a-z]")
_DIGIT = re.compile(r"[0-9]")
_INSIDE = re.compile(r"[*`\\~<\]&](?<=\w.)(?:[*`\\~]*\w|[^<>]*>\w|\([^()]*\)\w|\[[^\[\]]*\]\w|\w+;)")
"""Markup within a word, which may be one of the vocabulary without it."""
_SHOWN_CELL = re.compile(r"\|\s*(?!https?:)[^\W_]")


class Idle(NamedTuple):
    """What a piece of Markdown has to have so that it is read."""

    words: re.Pattern[str]
    """The first word of each value without a digit, and what else is read wherever it stands; all in lower case."""
    numbers: re.Pattern[str]
    """The words of numbers. A piece with one of them, or with digits, is read where one of the next two is in it."""
    nouns: re.Pattern[str]
    """What is called or counted, the beginnings of written forms and of values that have digits, and branches."""
    formed: re.Pattern[str]
    """A hash, or a number with what is behind it in written forms. A row of a table needs none: its head says it."""

    def has_nothing(self, chars: str, *, in_row: bool = False) -> bool:
        """Whether nothing is claimed in a piece, also without its markup."""
        low = chars.lower()
        if len(chars) > MAX_CHARS or (len(chars) > 2 * MAX_TOKENS and len(_RUN.findall(low)) > MAX_TOKENS):
            return False  # there may be too much in it, which is said
        if self.words.search(low) or ("-m" in low and _FLAG.search(low)):
            return False
        has_number = _DIGIT.search(low) or self.numbers.search(low)
        if has_number and (in_row or self.nouns.search(low) or self.formed.search(low)):
            return False
        return _INSIDE.search(low) is None

    def is_heading(self, chars: str) -> bool:
        """Whether a heading or an item shows something, but has nothing that is read."""
        return chars[:1].isalnum() and not chars.startswith("http") and self.has_nothing(chars)

    def is_sentence(self, chars: str) -> bool:
        """Whether a paragraph has nothing that is read, and its last sign says whether it leads to something."""
        last = chars.rstrip("*_`")[-1:] if chars[-1:] not in ":：" else "."
        is_plain = (":" not in chars and "：" not in chars) or ("http" not in chars and (last.isalnum() or last == "."))
        return is_plain and self.has_nothing(chars)

    def is_row(self, line: str) -> bool:
        """Whether a row of a table shows something, but has nothing that is read."""
        return _SHOWN_CELL.search(line) is not None and self.has_nothing(line, in_row=True)


def idle_by(lexicon: Lexicon, sources: Iterable[str]) -> Idle:
    """What has to be there by the words of a convention, or the names of the sources that variants fetch."""
    speech = lexicon.speech
    words = {*lexicon.plain, *speech.unfinished, *_MARKS}
    called = {*lexicon.nouns, *speech.totals, *sources}
    called |= {word.lower() for counted in speech.counted.values() for word in counted}
    called |= {word.lower() for values in speech.among.values() for texts in values.values() for word in texts}
    nouns = {re.escape(re.split(r"[\s\-]", word)[0] if word not in speech.totals else word) for word in called}
    forms = [form for _, form, _ in lexicon.forms]
    nouns |= {re.escape(form.partition("{}")[0]) + r"\d" for form in forms if not form.startswith("{}")}
    behind = {form.removeprefix("{}") for form in forms if form.startswith("{}")}
    nouns |= lexicon.numbered
    return Idle(
        _at_start(map(re.escape, words)),
        _at_start(map(re.escape, speech.numbers), r"(?!\w)"),
        _at_start((*nouns, lexicon.branch.pattern)),
        re.compile("|".join({r"[0-9a-f]{7}", *(r"\d" + re.escape(form) for form in behind)})),
    )


def _at_start(patterns: Iterable[str], behind: str = "") -> re.Pattern[str]:
    """Any of some patterns, where a word begins; their first letters stay in front, by which a search is quick."""
    rest: dict[str, set[str]] = {}
    whole: list[str] = []
    for one in patterns:
        if one[0].isalnum() and "|" not in one:
            rest.setdefault(one[0], set()).add(one[1:])
        else:
            whole.append(one)
    whole += [rf"{first}(?<![a-z0-9]{first})(?:{'|'.join(sorted(found))})" for first, found in rest.items()]
    return re.compile(rf"(?:{'|'.join(whole) or '(?!)'}){behind}")
