"""A rule that does not hold for a variant, before it is worded: the fact, and which parts of it are wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.finding import Severity
from nixlint_ort.source import Span
from nixlint_ort.variant.fact import Located, cut, locate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nixlint_ort.convention import Rule
    from nixlint_ort.convention.tables import FieldValue
    from nixlint_ort.finding import Edit, Place, Related
    from nixlint_ort.nix.values import NixString
    from nixlint_ort.template import Template
    from nixlint_ort.variant.fact import Fact
    from nixlint_ort.variant.variant import Variant


class Replacement(NamedTuple):
    """A part of a fact that is wrong: code points `start` to `end` of `item`, and what should be there."""

    item: NixString
    start: int
    end: int
    text: str

    @property
    def located(self) -> Located:
        """Where the part is written."""
        return locate(self.item, self.start, self.end)

    @property
    def pointed(self) -> Span:
        """The bytes to point at: where only something is to be put in, the whole text that lacks it."""
        start, end = (self.start, self.end) if self.start < self.end else (0, len(self.item.text))
        return locate(self.item, start, end).span


def narrowed(wrong: Replacement) -> Replacement:
    """The same replacement without the pieces at its ends that already say what they should.

    So the word `cuda${tag}` is wrong where `tag` is written, not where it is used.
    """
    start, end, text = wrong.start, wrong.end, wrong.text
    pieces = cut(wrong.item, start, end).pieces
    while len(pieces) > 1 and text.startswith(pieces[0].text):
        start, text, pieces = start + len(pieces[0].text), text[len(pieces[0].text) :], pieces[1:]
    while len(pieces) > 1 and text.endswith(pieces[-1].text):
        end, text, pieces = end - len(pieces[-1].text), text[: -len(pieces[-1].text)], pieces[:-1]
    return Replacement(wrong.item, start, end, text)


class TextViolation(NamedTuple):
    """One rule that does not hold at a place of a text that is not a variant: a document, or a commit's message."""

    rule: Rule
    place: Place
    actual: str | None = None
    """What there is; None where that is not a value."""
    expected: str | None = None
    """What the rule requires; None where that is not a value."""
    arguments: Mapping[str, FieldValue] = MappingProxyType({})
    """What else the message names, by name."""
    message: Template | None = None
    """Which of the rule's messages says it; None for its first one."""
    hint: str | None = None
    """What was probably meant."""
    replacement: Edit | None = None
    """What fixes it; None where that is not sure."""
    notes: tuple[Related, ...] = ()
    """Other places that help to understand it."""

    @property
    def may_have_fix(self) -> bool:
        """Whether it has a fix."""
        return self.replacement is not None and self.rule.fix is not None


@dataclass(slots=True)
class Violation:
    """One rule that does not hold for one variant.

    `wrong` names the parts to replace; it is empty where the fact as a whole is missing or malformed, and
    `rewrite` is then the whole text as it should be, where there is one. `reaches` are the rules that do not
    hold for the same cause.
    """

    rule: Rule
    variant: Variant
    fact: Fact
    actual: FieldValue | None
    """What there is; None where that is not a value."""
    expected: FieldValue | None
    """What the rule requires; None where that is not a value."""
    fields: Mapping[str, FieldValue]
    arguments: Mapping[str, FieldValue] = field(default_factory=dict)
    """What else the message names, by name: what the rule's predicate says that it gives."""
    case: str | None = None
    """Which of the rule's cases this is, for one that says different things."""
    hint: str | None = None
    """What was probably meant."""
    missing: bool = False
    unwanted: bool = False
    wrong: tuple[Replacement, ...] = ()
    rewrite: str | None = None
    replacement: Edit | None = None
    """What fixes it, where no value is wrong but a comment."""
    at: tuple[Span, ...] = ()
    """What to point at where there is no part to replace."""
    reaches: list[Violation] = field(default_factory=list)
    notes: tuple[Related, ...] = ()
    inferred: bool = False
    """Whether it rests on what was inferred and not read, so that it is a warning at most."""
    is_outside: bool = False
    """Whether the cause is outside the file, so that it does not explain why the file is unlike its peers."""
    weak: bool = False
    """Whether anything else that is wrong near it explains it, so that it is then not reported."""

    @property
    def may_have_fix(self) -> bool:
        """Whether it is worth while to look for a fix: not where neither its rule nor one that it reaches has any."""
        return self.fact.unknown is not None or any(one.rule.fix for one in (self, *self.reaches))

    @property
    def severity(self) -> Severity:
        """How bad it is for this kind of variant; for a file that is not a variant, as bad as can be."""
        identity = self.variant.identity
        severity = self.rule.severities.get(identity.kind.name, self.rule.severity) if identity else self.rule.severity
        return Severity.WARNING if self.inferred and severity is Severity.ERROR else severity

    @property
    def span(self) -> Span:
        """The bytes to point at: the first wrong part, or where the fact is or would be."""
        if self.wrong or self.at:
            return self.wrong[0].pointed if self.wrong else self.at[0]
        if self.fact.absent or self.missing:
            return first_line(self.variant, self.fact.span)
        return self.fact.span

    @property
    def blamed(self) -> tuple[Span, ...]:
        """All the bytes that are wrong."""
        return tuple(part.pointed for part in self.wrong) or self.at or (self.span,)

    @property
    def corrected_stem(self) -> str | None:
        """The file's name without `.nix` with its wrong parts replaced; None where the name is not what is wrong.

        None too where a rule expects what no file's name can be.
        """
        if self.fact.name != STEM or not self.wrong:
            return None
        stem = self.variant.stem
        for part in reversed(self.wrong):
            stem = stem[: part.start] + part.text + stem[part.end :]
        return None if "/" in stem or "\0" in stem else stem

    @property
    def through(self) -> tuple[Span, ...]:
        """The references by which the wrong value reached the fact, nearest the literal first."""
        return self.wrong[0].located.through if self.wrong else ()


def first_line(variant: Variant, span: Span) -> Span:
    """A span up to the end of its first line: enough to point at something that lacks a part."""
    end = variant.source.data.find(b"\n", span.start, span.end)
    return span if end < 0 else Span(span.start, end)
