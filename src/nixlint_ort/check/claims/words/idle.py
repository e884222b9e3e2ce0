"""Tells what of a document can say nothing of the tables, so that it need not be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.words.tokens import MAX_TOKENS

if TYPE_CHECKING:
    from nixlint_ort.check.claims.words.lexicon import Lexicon

MAX_CHARS = 10_000
"""Code points of one paragraph, row or line that are read."""
_RUN = re.compile(r"[a-z0-9]+")
"""There is one in each word of the tables, and no two have one together."""
_MARKS = ("badge/", r"git\s+(?:checkout|switch)\s", "<!--")
"""Of badges, of commands that check out a branch, and of comments."""
_NO_NAME = r"(?![*`_]*(?:[\s.,;:!?/]|\Z))"
"""What is not behind the package's name where that is all, and no variant's name begins with it."""
_FLAG = re.compile(r"(?<![a-z0-9_])-m[a-z]")
_DIGIT = re.compile(r"[0-9]")
_INSIDE = re.compile(r"[*`\\~<\]&](?<=\w.)(?:[*`\\~]*\w|[^<>]*>\w|\([^()]*\)\w|\[[^\[\]]*\]\w|#?\w+;)")
"""Markup within a word, which may be one of the vocabulary without it."""
_SHOWN_CELL = re.compile(r"\|\s*(?!https?:)[^\W_]")


class Idle(NamedTuple):
    """What a piece of Markdown has to have so that it is read."""

    words: re.Pattern[str]
    """The values without a digit, and what else is read wherever it stands; all in lower case."""
    joined: Mapping[str, frozenset[str]]
    """The second parts of such values of more than one word, by their first words."""
    numbers: re.Pattern[str]
    """The words of numbers. A piece with one of them is read where something is in it that is counted."""
    counted: re.Pattern[str]
    """What is counted, and the words for sums and for kinds of variants."""
    nouns: re.Pattern[str]
    """What is called or counted, the beginnings of written forms and of values that have digits, and branches.

    A piece with digits is read where one of these is in it, or what is `formed`.
    """
    formed: re.Pattern[str]
    """A hash, or a number with what is behind it in written forms. A row of a table needs none: its head says it."""

    def has_nothing(self, chars: str, *, in_row: bool = False) -> bool:
        """Whether nothing is claimed in a piece, also without its markup."""
        low = chars.lower()
        if len(chars) > MAX_CHARS or (len(chars) > 2 * MAX_TOKENS and len(_RUN.findall(low)) > MAX_TOKENS):
            return False  # there may be too much in it, which is said
        if self.words.search(low) or ("-m" in low and _FLAG.search(low)):
            return False
        if _DIGIT.search(low) and (in_row or self.nouns.search(low) or self.formed.search(low)):
            return False
        if self.numbers.search(low) and (in_row or self.counted.search(low)):
            return False
        if any(first in low and any(one in low for one in seconds) for first, seconds in self.joined.items()):
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
    words = {re.escape(one) for one in (*lexicon.plain, *speech.unfinished)}
    called = {re.split(r"[\s\-]", one)[0] for one in (*lexicon.nouns, *sources)}
    counted = {word.lower() for words in speech.counted.values() for word in words}
    counted |= {word.lower() for values in speech.among.values() for texts in values.values() for word in texts}
    counted = {re.split(r"[\s\-]", one)[0] for one in counted} | set(speech.totals)
    forms = [form for _, form, _ in lexicon.forms]
    begun = {re.escape(form.partition("{}")[0]) + r"\d" for form in forms if not form.startswith("{}")}
    behind = {form.removeprefix("{}") for form in forms if form.startswith("{}")}
    return Idle(
        _at_start((*words, *_MARKS, re.escape(lexicon.package.lower()) + _NO_NAME)),
        lexicon.joined,
        _at_start(map(re.escape, speech.numbers), r"(?!\w)"),
        _at_start(map(re.escape, counted)),
        _at_start((*map(re.escape, called | counted), *begun, *lexicon.numbered, lexicon.branch.pattern)),
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
