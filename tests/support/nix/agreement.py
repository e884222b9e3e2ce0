"""What this tool and real Nix each make of the same expressions, and whether they agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from nixlint_ort.nix.evaluation import Evaluation, evaluate
from nixlint_ort.nix.parse import parse
from nixlint_ort.nix.values import (
    Function,
    Library,
    NixAttrs,
    NixBool,
    NixFloat,
    NixInt,
    NixList,
    NixNull,
    NixPath,
    NixString,
    Origin,
    Rest,
    Unknown,
    Value,
)
from nixlint_ort.source import Span
from tests.support.oracle.nix import Evaluated, Json, evaluate_expressions


class Verdict(Enum):
    """How an answer of ours compares with Nix's."""

    SAME = "the same value, or an error for both"
    UNKNOWN = "ours is unknown"
    REFUSED = "ours cannot read what Nix reads"
    CONTRADICTION = "ours is another value, or a value where Nix fails, or an error where Nix has a value"


@dataclass(frozen=True)
class Answer:
    """What this tool says: a value as JSON, or why there is none."""

    value: Json = None
    problem: str | None = None
    unknown: Unknown | None = None


@dataclass(frozen=True)
class Agreement:
    """An expression with both answers."""

    expression: str
    ours: Answer
    nix: Evaluated

    @property
    def verdict(self) -> Verdict:
        """How they compare."""
        failed = self.nix.error is not None
        if self.ours.problem is not None:
            return Verdict.SAME if failed else Verdict.REFUSED
        if self.ours.unknown is not None:
            if self.ours.unknown.fails:
                return Verdict.SAME if failed else Verdict.CONTRADICTION
            return Verdict.UNKNOWN
        if failed or not same(self.ours.value, self.nix.value):
            return Verdict.CONTRADICTION
        return Verdict.SAME

    def __str__(self) -> str:
        nix = self.nix.error.splitlines()[0] if self.nix.error else repr(self.nix.value)
        return f"{self.expression!r}\n  ours: {self.ours}\n  Nix:  {nix}"


_TO_STRING = evaluate(parse(b"toString")).value


class _StuckError(Exception):
    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown


def answer(expression: str) -> Answer:
    """What this tool makes of an expression, evaluated deeply."""
    document = parse(expression.encode("utf-8", "surrogateescape"))
    if document.problems:
        return Answer(problem=document.problems[0].message)
    evaluation = evaluate(document)
    try:
        return Answer(_plain(evaluation, evaluation.value))
    except _StuckError as stuck:
        return Answer(unknown=stuck.unknown)
    except RecursionError:
        return Answer(unknown=Unknown("a value that holds itself has no end", Origin(Span(0, 0))))


def _known(value: Unknown | None) -> None:
    if value is not None:
        raise _StuckError(value)


def _plain(evaluation: Evaluation, value: Value) -> Json:
    """A value as describe.nix would show Nix's. An error anywhere in it counts before something unknown."""
    if isinstance(value, NixString):
        _known(value.unknown)
        return value.text
    if isinstance(value, (NixInt, NixBool, NixFloat)):
        return value.value
    if isinstance(value, NixNull):
        return None
    if isinstance(value, NixPath) and value.text.startswith("/"):
        return {"_type": "path", "text": value.text}
    if isinstance(value, (Function, Library)):
        formals: dict[str, Json] = dict(value.formals or {}) if isinstance(value, Function) else {}
        return {"_type": "function", "formals": formals}
    if isinstance(value, NixList):
        return _plain_list(evaluation, value)
    if isinstance(value, NixAttrs):
        return _plain_set(evaluation, value)
    raise _StuckError(value if isinstance(value, Unknown) else Unknown(type(value).__name__, Origin(Span(0, 0))))


def _all(evaluation: Evaluation, values: Sequence[Value]) -> list[Json]:
    stuck: _StuckError | None = None
    result: list[Json] = []
    for value in values:
        try:
            result.append(_plain(evaluation, value))
        except _StuckError as error:
            if stuck is None or (error.unknown.fails and not stuck.unknown.fails):
                stuck = error
    if stuck is not None:
        raise stuck
    return result


def _plain_list(evaluation: Evaluation, value: NixList) -> Json:
    items = evaluation.items(value)
    if isinstance(items, Unknown):
        raise _StuckError(items)
    return list(_all(evaluation, [item.unknown if isinstance(item, Rest) else item for item in items]))


def _plain_set(evaluation: Evaluation, value: NixAttrs) -> Json:
    if value.attributes.keys() & {"__toString", "outPath"}:
        return {"_type": "text", "text": _plain(evaluation, evaluation.apply(_TO_STRING, value))}
    values = [evaluation.force(thunk) for thunk in value.attributes.values()]
    plain = _all(evaluation, [*values, value.rest] if value.rest else values)
    return dict(zip(value.attributes, plain, strict=True))


def same(one: Json, other: Json) -> bool:
    """Whether two values are the same; floats to six digits, which is all that Nix writes of them."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-5) or str(one) == str(other)
    if type(one) is not type(other):
        return False
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    return bool(one == other)


def agreements(expressions: Sequence[str]) -> list[Agreement]:
    """Both answers for each expression, with few Nix processes for all of them."""
    truths = evaluate_expressions(expressions)
    return [Agreement(text, answer(text), nix) for text, nix in zip(expressions, truths, strict=True)]
