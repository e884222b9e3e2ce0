"""Turns violations into fixes: the expectation, written back where the wrong value came from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from nixlint_ort.check.result import Result
from nixlint_ort.convention.convention import STEM
from nixlint_ort.finding import Edit, Fix, Safety
from nixlint_ort.fix.literals import quoted, written
from nixlint_ort.nix.values import Form
from nixlint_ort.variant.variant import NAME_BINDING, NAME_FACT

if TYPE_CHECKING:
    from nixlint_ort.check.run import Checked
    from nixlint_ort.check.violation import Violation

META_FACTS = frozenset({"description", "platforms"})


def suggest(checked: Checked) -> Result:
    """The result of a run, each finding with its fix where it has one."""
    findings = tuple(replace(judgement.finding, fix=fix_of(judgement.violation)) for judgement in checked.judgements)
    return Result(findings, checked.files, checked.notes, rules=checked.rules)


def fix_of(violation: Violation) -> Fix | None:
    """What mends a violation; None where no place can be edited so that exactly this fact changes.

    Where the rule itself has no fix, that of a rule which does not hold for the same cause serves.
    """
    for one in (violation, *violation.reaches):
        fix = _own_fix(one) if one.rule.fix else None
        if fix is not None:
            return fix
    return None


def _own_fix(violation: Violation) -> Fix | None:
    if violation.fact.name == STEM:
        return _rename(violation)
    edits = _reference(violation) or (_replacements(violation) if violation.wrong else _rewriting(violation))
    return Fix(_safety(violation), tuple(sorted(edits))) if edits else None


def _safety(violation: Violation) -> Safety:
    """Safe only in a comment or in meta's own literal: a binding that meta reads may be read elsewhere too."""
    name = violation.fact.name
    in_comment = name.startswith("header.")
    in_meta = name in META_FACTS and not violation.through
    return Safety.SAFE if in_comment or in_meta else Safety.UNSAFE


def _reference(violation: Violation) -> list[Edit] | None:
    """A literal that should have said what the binding variantName says becomes a reference to it."""
    fact, variant = violation.fact, violation.variant
    if fact.name == NAME_FACT or not fact.items or fact.items[0].origin.through:
        return None
    if violation.expected != variant.stem or variant.fact(NAME_FACT).value != variant.stem:
        return None
    literal = fact.items[0].origin.span
    return [Edit(variant.path, literal.start, literal.end, NAME_BINDING)]


def _replacements(violation: Violation) -> list[Edit] | None:
    edits: list[Edit] = []
    for part in violation.wrong:
        located = part.located
        text = written(part.text, located.form)
        if text is None:
            return None
        edits.append(Edit(violation.variant.path, located.span.start, located.span.end, text))
    return edits


def _rewriting(violation: Violation) -> list[Edit] | None:
    if violation.rewrite is None:
        return None
    if violation.fact.name.startswith("header."):
        return _header_line(violation, violation.rewrite)
    if violation.fact.absent:
        return _new_attribute(violation, violation.fact.name, quoted(violation.rewrite))
    whole = violation.fact.span
    return [Edit(violation.variant.path, whole.start, whole.end, quoted(violation.rewrite))]


def _header_line(violation: Violation, text: str) -> list[Edit] | None:
    lines = [written(line, Form.COMMENT) for line in text.split("\n")]
    span, newline = violation.fact.span, violation.variant.source.newline
    if None in lines:
        return None
    joined = newline.join(line for line in lines if line)
    end = newline if violation.fact.absent else ""
    return [Edit(violation.variant.path, span.start, span.end, joined + end)]


def _new_attribute(violation: Violation, name: str, value: str) -> list[Edit] | None:
    """An attribute before the one beside which it belongs, on a line of its own if that one has one."""
    beside = violation.fact.beside
    if beside is None:
        return None
    source = violation.variant.source
    line = source.line_span(source.position(beside.start).line)
    before = source.data[line.start : beside.start]
    gap = " " if before.strip() else source.newline + before.decode("utf-8")
    return [Edit(violation.variant.path, beside.start, beside.start, f"{name} = {value};{gap}")]


def _rename(violation: Violation) -> Fix | None:
    stem = violation.corrected_stem
    if stem is None:
        return None
    path = PurePosixPath(violation.variant.path)
    return Fix(Safety.UNSAFE, rename=str(path.with_name(f"{stem}.nix")))
