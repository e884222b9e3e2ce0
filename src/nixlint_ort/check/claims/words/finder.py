"""Finds mentions in a text: values of the tables' columns, in any of their notations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.words.cell_heads import is_bare, nearer, of_table
from nixlint_ort.check.claims.words.found import Found
from nixlint_ort.check.claims.words.lexicon import Value, normal
from nixlint_ort.check.claims.words.mention import Mention, Sort
from nixlint_ort.check.claims.words.ordinary_words import OrdinaryWords
from nixlint_ort.check.claims.words.tokens import (
    Token,
    column_of_head,
    column_of_lone,
    goes_on,
    least_beside,
    least_needed,
    lowered,
    tokens_of,
    undotted,
)

if TYPE_CHECKING:
    from nixlint_ort.check.claims.text.text import Text
    from nixlint_ort.check.claims.text.units import Cell
    from nixlint_ort.check.claims.words.lexicon import Lexicon

_BARE = re.compile(r"\W*v?\d+(?:[._]\d+)*\W*\Z")
"""A head that is a number alone: of what, the first head of the table says."""
_OWN_NUMBER = re.compile(r"[\s\-]*v?\d")
_WILD = re.compile(r"\.x\b")


class Finder:
    """Goes through the tokens of one text from left to right."""

    def __init__(self, lexicon: Lexicon, text: Text) -> None:
        self.lexicon = lexicon
        self.text = text
        self.low = lowered(text.chars)
        self.mentions: list[Mention] = []
        self.noun: tuple[str, int] | None = None
        self.head_text = ""
        self.words = OrdinaryWords(lexicon, text, self.low)
        self.tokens: list[Token] = []
        self.is_below_values = False  # whether a head of the row has a value
        self.begin = 0  # how many mentions stood in the cells before this one

    def find(self, cells: list[Cell] | None = None, *, is_head: bool = False) -> Found:
        """The mentions; in a row, the heads of its cells and its label say what values are."""
        tokens, is_whole = tokens_of(self.lexicon, self.low)
        self.tokens = tokens
        self.words.cells = cells or ()
        self.words.names_branch = any(token.group == "branch" for token in tokens)
        self.is_below_values = any(self.head_of(cell) == "value" for cell in self.words.cells[1:])
        label = column_of_head(self.lexicon, self.text.chars[: cells[0].end]) if cells else None
        number = -1
        head: str | None = None
        for index, token in enumerate(tokens):
            while cells and number + 1 < len(cells) and token.start >= cells[number + 1].start:
                number += 1
                head = self.head_of(cells[number])
                above = cells[number].head
                self.head_text = above.chars.lower() if above else ""
                self.noun = None
                self.begin = len(self.mentions)
            if token.group == "noun":
                self.noun = None if goes_on(self.low, token) else (self.lexicon.noun(token.text), token.end)
                continue
            after = tokens[index + 1] if index + 1 < len(tokens) else None
            if cells and is_bare(cells[number]):
                says_more = is_head and not _BARE.match(self.text.chars[cells[number].start : cells[number].end])
                is_free = is_head or cells[number].head or all(one.column != label for one in self.mentions)
                hint = label if number > 0 and not says_more and is_free else None
            else:
                is_open = head == "value" or (head is None and self.is_below_values)
                hint = (label or of_table(self.lexicon, cells, number)) if is_open else head
                hint = nearer(self.lexicon, token, label if number > 0 else None, hint)
            before = len(self.mentions)
            self.take(token, after, hint)
            for one in self.mentions[before:]:
                one.cell = number
        return Found(self.mentions, tokens, is_whole)

    def head_of(self, cell: Cell) -> str | None:
        """The column that a cell's head names; a head that has a value leaves it to the row's label."""
        if cell.head is None:
            return None
        key = f"{cell.head.chars}\0"
        if key not in self.lexicon.heads:
            column = column_of_head(self.lexicon, cell.head.chars)
            has_value = bool(_BARE.match(cell.head.chars) or Finder(self.lexicon, cell.head).find().mentions)
            self.lexicon.heads[key] = "value" if has_value else column
        return self.lexicon.heads[key]

    def take(self, token: Token, after: Token | None, hint: str | None) -> None:
        """Make a mention of a token, if it is one."""
        if token.group == "value":
            self.value(token, hint)
        elif token.group == "branch":
            self.mentions.append(
                Mention(self.branch_column, self.text.chars[token.start : token.end], token.start, token.end)
            )
        elif token.group == "tag":
            self.tag(token)
        elif token.group == "number":
            self.number(token, after, hint)
        elif token.group == "flag":
            self.flag(token)

    @property
    def branch_column(self) -> str:
        """The column of branches."""
        return self.lexicon.branch_column

    def value(self, token: Token, hint: str | None) -> None:
        """A phrase that stands for a value."""
        found = self.lexicon.values.get(normal(token.text), ())
        exact = self.text.chars[token.start : token.end]
        one = (
            next((value for value in found if value.column == hint), None)
            or next((value for value in found if value.value == exact), None)
            or (found[0] if found else None)
        )
        shaped = (name for name, shape in self.lexicon.shapes.items() if shape.fullmatch(token.text))
        if one is None and (column := next(shaped, None)):
            one = Value(column, exact, "value")
        if one is None or not self.words.is_value(one.column, token, hint):
            return
        listed = self.is_listed(one.column, token.start)
        sort = Sort.HEADED if hint == one.column else Sort.NAMED
        self.mentions.append(Mention(one.column, one.value, token.start, token.end, sort, one.form, is_listed=listed))
        self.noun = None

    def is_listed(self, column: str, start: int) -> bool:
        """Whether only what separates the items of a list is between here and the last mention of a column."""
        last = self.mentions[-1] if len(self.mentions) > self.begin else None
        if last is None or last.column != column:
            return False
        return self.lexicon.grammar.listed.match(self.low, last.end, start) is not None

    def tag(self, token: Token) -> None:
        """A written form, such as `sm90`, by the first column that its number fits."""
        for column, _, pattern in self.lexicon.forms:
            found = pattern.match(token.text)
            if found is None:
                continue
            value = found["value"]
            if not self.fits_form(column, value):
                continue
            is_listed = self.is_listed(column, token.start)
            self.put(column, value, token.start + found.start("value"), Sort.NAMED)
            self.mentions[-1].is_formed = True
            self.mentions[-1].is_listed |= is_listed
            return

    def fits_form(self, column: str, value: str) -> bool:
        """Whether a number looks like the values of a column, also in its signs."""
        known = self.lexicon.world.values(column)
        separators = {sign for text in known for sign in text if sign in "._"}
        used = {sign for sign in value if sign in "._"}
        return used <= separators and self.lexicon.looks[column].fits(value, named=False)

    def number(self, token: Token, after: Token | None, hint: str | None) -> None:
        """A number, by what is before it, behind it or above it."""
        last = self.mentions[-1] if len(self.mentions) > self.begin else None
        noun, self.noun = self.noun, None
        if noun and self.fits(noun[0], token.text) and self.lexicon.between.match(self.low, noun[1], token.start):
            self.put(noun[0], token.text, token.start, Sort.NAMED)
        elif last and last.column == self.branch_column and (found := self.version_of(last, token)):
            self.put(found, token.text, token.start, Sort.NAMED)
        elif last and last.column in self.lexicon.looks and self.follows(last, token) and self.is_kin(last, token):
            self.put(last.column, token.text, token.start, last.sort)
        elif (
            after
            and after.group == "noun"
            and self.lexicon.grammar.before_noun.match(self.low, token.end, after.start)
            and not _OWN_NUMBER.match(self.low, after.end)
            and self.fits(column := self.lexicon.noun(after.text), token.text)
            and not self.is_counted(token, after)
        ):
            self.put(column, token.text, token.start, Sort.NAMED)
        elif hint and self.fits(hint, token.text):
            self.put(hint, token.text, token.start, Sort.HEADED)
        elif not self.bare(token) and last and last.column in self.lexicon.looks and self.follows(last, token):
            self.put(last.column, token.text, token.start, last.sort)
        elif not self.words.cells and (line := column_of_lone(self.lexicon, self.low, token)):
            self.put(line, token.text, token.start, Sort.BARE)

    def is_kin(self, last: Mention, token: Token) -> bool:
        """Whether a number begins as values of a mention's column do, or is of one part."""
        first, dot, _ = token.text.replace("_", ".").partition(".")
        known = {re.split(r"[._]", value)[0] for value in self.lexicon.world.values(last.column)}
        return not dot or first in known or last.notation == "dotted"

    def version_of(self, branch: Mention, token: Token) -> str | None:
        """The column of releases of which a number right behind a branch is."""
        if not self.lexicon.grammar.behind_branch.match(self.low, branch.end, token.start):
            return None
        table = f"{self.branch_column.partition('.')[0]}."
        parts = len(token.text.split("."))
        return next(
            (name for name, look in self.lexicon.looks.items() if name.startswith(table) and parts in look.parts), None
        )

    def follows(self, last: Mention, token: Token) -> bool:
        """Whether a number goes on a list of its column."""
        return self.fits_form(last.column, token.text) and bool(
            self.lexicon.grammar.listed.match(self.low, last.end, token.start)
        )

    def bare(self, token: Token) -> bool:
        """A number with the sign of a written form that begins with it, such as `550+`, or one that goes on a list."""
        for column, form, pattern in self.lexicon.forms:
            if form.startswith("{}") and self.lexicon.looks[column].fits(token.text, named=False):
                end = token.end + len(form) - 2
                if pattern.match(self.low[token.start : end]):
                    self.put(column, token.text, token.start, Sort.BARE)
                    return True
        if self.is_least_again(token):
            return True
        if self.lexicon.grammar.going_on.search(self.low, max(0, token.start - 8), token.start):
            first, dot, _ = token.text.partition(".")
            for one in reversed(self.mentions[self.begin :]):
                goes_on = one.value.startswith(first + dot) and self.fits_form(one.column, token.text)
                if dot and (goes_on or (one.notation == "dotted" and undotted(token.text))):
                    self.put(one.column, token.text, token.start, Sort.BARE)
                    return True
        return False

    def is_least_again(self, token: Token) -> bool:
        """A number beside `or newer` or `needs`, where what is needed at least, or what needs it, is named."""
        least = [one.column for one in self.mentions[self.begin :] if one.column in self.lexicon.speech.least]
        if self.lexicon.grammar.onward.match(self.low, token.end):
            column = least[-1] if least else least_beside(self.lexicon, self.tokens, token.text)
        else:
            columns = [one.column for one in self.mentions[self.begin :]]
            column = least_needed(self.lexicon, self.low, token, columns)
        if column is None or not self.lexicon.looks[column].fits(token.text, named=False):
            return False
        self.put(column, token.text, token.start, Sort.BARE)
        return True

    def is_counted(self, token: Token, noun: Token) -> bool:
        """Whether a number says how many there are of what is behind it, as in `7 SMs`."""
        column = self.lexicon.noun(noun.text)
        plural = noun.text in self.lexicon.speech.counted.get(column, ())
        return plural and token.text not in self.lexicon.world.values(column)

    def fits(self, column: str, number: str) -> bool:
        """Whether a number that is said to be of a column can be."""
        look = self.lexicon.looks.get(column)
        return look is not None and look.fits(number, named=True)

    def put(self, column: str, number: str, start: int, sort: Sort) -> None:
        """A mention of a number, by as many of its parts as the column's values have."""
        look = self.lexicon.looks[column]
        most, least = max(look.parts), min(look.parts)
        listed = self.is_listed(column, start)
        if most == 1 and "." in number and self.dotted(start):
            value = undotted(number)
            if value is not None:
                self.mentions.append(
                    Mention(column, value, start, start + len(number), sort, is_listed=listed, notation="dotted")
                )
                return
        parts = re.split(r"([._])", number)
        text = "".join(parts[: 2 * most - 1])
        is_short = len(parts) // 2 + 1 < least or bool(_WILD.match(self.low, start + len(text)))
        known = self.lexicon.world.values(column)
        value = text
        if known and text not in known:
            value = text.replace("_", ".") if "." in known[0] else text.replace(".", "_")
        signs = "".join({sign for sign in text if sign in "._"})
        self.mentions.append(
            Mention(column, value, start, start + len(text), sort, is_short=is_short, is_listed=listed, notation=signs)
        )

    def dotted(self, start: int) -> bool:
        """Whether what is before says that digits are written with a dot."""
        before = f"{self.head_text} {self.low[max(0, start - 30) : start]}"
        return any(word in before for word in self.lexicon.speech.dotted) or bool(
            any(one.notation == "dotted" for one in self.mentions[self.begin :])
        )

    def flag(self, token: Token) -> None:
        """A flag of the compiler."""
        column = next((name for name in self.lexicon.speech.called if self.lexicon.is_flags(name)), None)
        if column is not None:
            text = self.text.chars[token.start : token.end].rstrip(".,+")
            option, equals, _ = text.partition("=")
            if equals and not any(one.startswith(f"{option}=") for one in self.lexicon.world.values(column)):
                return  # what it chooses is no row's, as with `-mtune=`
            self.mentions.append(
                Mention(
                    column, text, token.start, token.start + len(text), is_listed=self.is_listed(column, token.start)
                )
            )
