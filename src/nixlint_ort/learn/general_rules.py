"""The rules of a draft that are about no single fact: of texts, of the pin, and the shipped ones for any package."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from nixlint_ort.check.predicates.registry import OF_NIXPKGS_USE
from nixlint_ort.convention import Convention, Operator
from nixlint_ort.convention.keys import NAMES_RULES
from nixlint_ort.convention.rule import Rule
from nixlint_ort.convention.vocabulary import HEADER_LINES, STEM, WORDED
from nixlint_ort.learn.harvest import PIN
from nixlint_ort.learn.plan import REVISION, Plan
from nixlint_ort.learn.rules import RuleFile, rule_text
from nixlint_ort.learn.yaml_text import scalar, value

_NAMED = re.compile(r"\{(\w+(?:\.\w+)+)\}")
_OTHER_FAMILIES = ("documents", "commits")
_OF_TABLES = (*OF_NIXPKGS_USE, "pin-known", "matrix-gap")
"""Predicates that ask a table which no variant shows."""
_OPERATORS = (Operator.CHECK, Operator.PRESENT, Operator.FITS, Operator.MATCHES)


def text_rules(plan: Plan) -> Iterator[RuleFile]:
    """A rule for the fields of each text, by kind."""
    for kind, texts in plan.worded.items():
        for name, text in texts.items():
            if not text.fields:
                continue
            family = "header" if name in HEADER_LINES else "meta"
            identifier = re.sub(r"\W+", "-", f"{name}-{kind}").lower()
            keys = {
                "summary": scalar(f"What {name} of a {kind} variant says follows from the file name."),
                "fact": name,
                "fields": value(text.fields),
                "fix": "safe",
            }
            if len(plan.worded) > 1:
                keys["applies"] = scalar(kind)
            message = f"{name} says {{written}}, but most such variants say {{wanted}}"
            yield RuleFile(f"{family}/{identifier}.yaml", rule_text(identifier, keys, {"message": message}))


def absent_lines(plan: Plan) -> Iterator[RuleFile]:
    """Rules that a header line which only other kinds have is not there."""
    for name in HEADER_LINES[1:]:
        having = {kind for kind, texts in plan.worded.items() if name in texts}
        lacking = tuple(kind for kind, texts in plan.worded.items() if name not in texts and HEADER_LINES[0] in texts)
        if having and lacking:
            identifier = f"{name}-absent".replace(".", "-")
            keys = {
                "summary": scalar(f"There is no {name} in kinds of variant that have none."),
                "fact": name,
                "present": "false",
                "applies": value(lacking),
                "fix": "safe",
            }
            message = f"{name} is `{{actual}}`; most such variants do not have it"
            yield RuleFile(f"header/{identifier}.yaml", rule_text(identifier, keys, {"message": message}))


def pin_rules(plan: Plan) -> Iterator[RuleFile]:
    """The rule that the pin is the one which the convention declares."""
    if plan.pin is None:
        return
    keys = {
        "summary": "The pin is the one that the convention declares.",
        "fact": REVISION,
        "equals": f'"{{{plan.pin.field}}}"',
        "fix": "unsafe",
    }
    message = "nixpkgs is pinned to {actual}, but the convention declares {expected}"
    yield RuleFile("nixpkgs/pin-undeclared.yaml", rule_text("pin-undeclared", keys, {"message": message}))


def shipped_rules(shipped: Convention, plan: Plan, taken: Collection[str]) -> Iterator[RuleFile]:
    """The shipped rules that hold for any package: those that name no field of its tables, and no kind of its own.

    `taken` are ids that are not to be used again.
    """
    chosen = [rule for rule in shipped.rules.values() if rule.id not in taken and _is_general(rule, shipped, plan)]
    ids = {rule.id for rule in chosen}
    for rule in chosen:
        text = _text(rule, shipped)
        if plan.pin is not None:
            text = re.sub(rf"(?<=[\[{{ ]){re.escape(PIN)}(?=[\]}},])", plan.pin.field, text)
            if plan.pin.per is not None and rule.check == "fact-of-peers":
                text = re.sub(r"\ndefault: .*", f"\nper: {plan.pin.per}", text)
        yield RuleFile(f"{rule.family}/{rule.id}.yaml", _naming(text, lambda one: one in ids))


def without_rules(files: Mapping[str, str], ids: Collection[str]) -> dict[str, str]:
    """The files of a draft without some rules, which no other rule names any more."""
    return {
        path: _naming(text, lambda one: one not in ids)
        for path, text in files.items()
        if path.rpartition("/")[2].removesuffix(".yaml") not in ids
    }


def _naming(text: str, is_kept: Callable[[str], bool]) -> str:
    """A rule's text that names only some of the other rules that it names."""

    def kept(found: re.Match[str]) -> str:
        ids = tuple(one for one in found[2].split(", ") if is_kept(one))
        return f"\n{found[1]}: {value(ids)}" if ids else ""

    return re.sub(rf"\n({'|'.join(NAMES_RULES)}): \[(.*)\]", kept, text)


def _text(rule: Rule, shipped: Convention) -> str:
    """The text of a shipped rule's file without its example, which is about a variant of another repository."""
    text = (shipped.folder / rule.family / f"{rule.id}.yaml").read_text("utf-8")
    return text.partition("\nexample:")[0] + "\n"


def _is_general(rule: Rule, shipped: Convention, plan: Plan) -> bool:
    if rule.family in _OTHER_FAMILIES or rule.operator not in _OPERATORS or rule.check in _OF_TABLES:
        return False
    if rule.field is not None or len(rule.applies) < len(shipped.kinds):
        return False
    texts = {fact for fact in rule.facts if fact in WORDED and fact != STEM}
    if any(not any(fact in worded for worded in plan.worded.values()) for fact in texts):
        return False
    return set(_NAMED.findall(_text(rule, shipped))) <= ({PIN} if plan.pin is not None else set())
