"""Judges what is said behind a command that it prints: how many files, which version, which branch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from nixlint_ort.check.claims.checks import Check
from nixlint_ort.check.claims.reading import Fault, Mark, Marked, Reading
from nixlint_ort.check.claims.text.units import UnitKind
from nixlint_ort.check.claims.words.scope import is_in_section
from nixlint_ort.convention.claims import COUNT, VARIANTS

if TYPE_CHECKING:
    from nixlint_ort.check.claims.facts import Facts

_SAID = re.compile(r"\s#\s*+(?:(?:→|->|=>|=|prints?|should print|expected:?|expect)\s*+)?(?P<value>[\w.\-]+)\s*\Z")
_SAYS = re.compile(
    r"\W{0,2}\s*(?:→|->|=>|=|:|(?:should|must)\s+(?:print|give|say|be)|prints?|gives?|says?|returns?|shows?|is|are)\s+"
    r"(?P<value>\w[\w.\-]*\w|\w)(?![\w%])"
)
_BESIDE = re.compile(r"\W{0,2}\s{2,}(?P<value>\w[\w.\-]*\w|\w)\s*(?:\Z|\s{2})")
_MOVED = re.compile(r"(?:\A|[\s;&$(])(?:git\s+(?:checkout|switch|worktree|clone|stash|show)|cd|pushd)\s")
"""Commands after which another branch or another folder may be meant."""
_LISTED = re.compile(
    r"\A\$?\s*(?:ls(?:\s+-1)?|find|git ls-files)\s(?P<rest>[^|;&]++)"
    r"\|\s*(?:wc\s+-l|grep\s+(?P<counts>-c\s+)?(?:--\s+)?(?P<word>'[\w\-]+'|\"[\w\-]+\"|\w[\w\-]*|(?<=--\s)[\w\-]+)"
    r"(?(counts)|\s*\|\s*wc\s+-l))\s*\Z"
)
_NAMED = re.compile(r"-name\s+(\S+)")
_PROSE = (UnitKind.SENTENCE, UnitKind.ITEM, UnitKind.ROW)
_OPEN = set("{}[]?$!()<>\\")
"""Signs of a shell's patterns that stand for more than a star does."""
_VERSION = re.compile(r"(?<![\w.])__version__|\.__version__")
_SHOWN_BRANCH = re.compile(r"git\s+(?:branch\s+--show-current|rev-parse\s+--abbrev-ref\s+HEAD)\s*\Z", re.IGNORECASE)


class Outputs:
    """Judges the commands of a document, keeping in which fences they have gone elsewhere."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.elsewhere: set[int] = set()

    def judge_prose(self, reading: Reading) -> Iterator[tuple[Marked, Fault | None]]:
        """What commands print by what a sentence, an item or a row says behind each."""
        unit, lexicon = reading.unit, self.facts.lexicon
        if unit.kind not in _PROSE or unit.is_shown_wrong or is_in_section(unit, lexicon):
            return
        for first, last in unit.text.code:
            said = _SAYS.match(reading.low, last) or (unit.cells and _BESIDE.match(reading.low, last))
            if said and not lexicon.excluding["sentence"].search(reading.low[:first] + reading.low[last:]):
                yield from self.printed(reading, reading.low[first:last].replace("\\|", "|").strip(), said)

    def judge(self, reading: Reading) -> Iterator[tuple[Marked, Fault | None]]:
        """What a command prints by the comment behind it."""
        if reading.unit.kind is not UnitKind.CODE:
            return
        if _MOVED.search(reading.low):
            self.elsewhere.add(reading.unit.table)
        said = _SAID.search(reading.low)
        if said is None or reading.unit.table in self.elsewhere or reading.unit.is_shown_wrong:
            return
        yield from self.printed(reading, reading.low[: said.start()].strip(), said)

    def printed(self, reading: Reading, command: str, said: re.Match[str]) -> Iterator[tuple[Marked, Fault | None]]:
        """A command with what is said that it prints."""
        span = reading.unit.text.span(said.start("value"), said.end("value"))
        shown = reading.unit.text.chars[said.start("value") : said.end("value")]
        if shown.isdigit() and (number := self.files(command)) is not None:
            noun = (self.facts.speech.counted.get(VARIANTS) or ("",))[0]
            yield self.compared(Check.COUNT, COUNT, shown, str(number), Fault(Check.COUNT, span, shown, "", what=noun))
        elif (column := self.column(command, shown)) and (release := self.facts.release):
            expected = release.values[column][0]
            what, row = self.facts.called(column), self.facts.title(release)
            check = Check.BRANCH if column == self.facts.lexicon.branch_column else Check.VERSION
            yield self.compared(check, column, shown, expected, Fault(check, span, shown, "", what=what, row=row))

    @staticmethod
    def compared(check: Check, column: str, shown: str, expected: str, fault: Fault) -> tuple[Marked, Fault | None]:
        """Right or wrong, by what is expected."""
        if shown == expected:
            return Marked(fault.span, column, Mark.RIGHT), None
        whole = fault._replace(check=check, expected=expected, replacement=expected)
        return Marked(fault.span, column, Mark.WRONG, expected), whole

    def files(self, command: str) -> int | None:
        """How many variants' files a command lists; None for any other command."""
        listed = _LISTED.match(command)
        if listed is None:
            return None
        named = _NAMED.search(listed["rest"])
        words = [named[1]] if named else listed["rest"].split()
        patterns = [one.strip("'\"").rpartition("/")[2] for one in words]
        folders = listed["rest"].split()[:1] if named else words
        if len(patterns) != 1 or not all(".flox/pkgs" in one for one in folders):
            return None
        if listed["word"]:
            word = listed["word"].strip("'\"")
            is_all = patterns[0] in ("", "pkgs", "*.nix")
            return sum(word in f"{name}.nix".lower() for name in self.facts.names) if is_all else None
        if not patterns[0] or _OPEN & set(patterns[0]) or "*" not in patterns[0]:
            return None
        return sum(fnmatchcase(f"{name}.nix".lower(), patterns[0]) for name in self.facts.names)

    def column(self, command: str, shown: str) -> str | None:
        """The column of a release that a command prints, if what is said to be printed looks like it."""
        lexicon = self.facts.lexicon
        if _SHOWN_BRANCH.search(command):
            known = lexicon.world.values(lexicon.branch_column)
            return lexicon.branch_column if shown in known or lexicon.branch.fullmatch(shown) else None
        if len(_VERSION.findall(command)) != 1 or lexicon.package.lower() not in command or not re.match(r"\d", shown):
            return None
        table = f"{lexicon.branch_column.partition('.')[0]}."
        found = (
            name for name, look in lexicon.looks.items() if name.startswith(table) and look.fits(shown, named=True)
        )
        return next(found, None) if re.fullmatch(r"\d+(?:\.\d+){2,}", shown) else None
