"""Whether a place of a file is one that other names would choose: a row of a table, a branch, a value with a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from nixlint_ort.fix.bindings import bindings
from nixlint_ort.nix.syntax import Apply, AttributeSet, Binding, If, Items, Literal, Name, Select, Variable
from nixlint_ort.nix.values import NixString

if TYPE_CHECKING:
    from nixlint_ort.finding import Edit
    from nixlint_ort.fix.notations import Notations
    from nixlint_ort.nix.node import Node
    from nixlint_ort.nix.parse import Document
    from nixlint_ort.variant.variant import Variant

_CHOOSERS = frozenset({"getAttr", "attrByPath", "getAttrFromPath", "attrVals", "hasAttr"})
"""Functions that take a value out of a set by a name that is worked out."""
_OPTIONAL = frozenset({"optional", "optionals", "optionalString", "optionalAttrs"})
"""Functions that give their second argument where the first one is true."""
_CHOSEN: WeakKeyDictionary[Document, frozenset[str]] = WeakKeyDictionary()


def is_of_others(variant: Variant, edits: Iterable[Edit], notations: Notations) -> bool:
    """Whether an edit is in a value that is chosen by what is not known to be this variant's word.

    Such a value may be the right one of another variant, and another word the wrong one.
    """
    return any(_takes_choice(variant, edit, notations) or _is_of_others(variant, edit, notations) for edit in edits)


def _is_of_others(variant: Variant, edit: Edit, notations: Notations) -> bool:
    document, source = variant.document, variant.source
    around = list(_around(document, edit))
    for outer, inner in pairwise(around):
        if isinstance(outer, If) and inner is not outer.condition:
            condition = source.text(outer.condition.span)
            if inner is outer.consequence and notations.says_other(condition):
                return True
            if inner is outer.alternative and notations.says_any(condition):
                return True
            if _is_by_literal(outer.condition, document):
                return True
        if isinstance(outer, Binding) and isinstance(outer.name, Name) and notations.says_other(outer.name.text):
            return True
        if isinstance(outer, Apply) and inner is outer.argument:
            asked = _condition(outer)
            if asked is not None and (notations.says_other(source.text(asked.span)) or _is_by_literal(asked, document)):
                return True
        if (
            isinstance(outer, Items)
            and isinstance(inner, AttributeSet)
            and _is_record_of_others(inner, edit, notations)
        ):
            return True
    return _is_in_chosen_row(document, around, notations)


def _takes_choice(variant: Variant, edit: Edit, notations: Notations) -> bool:
    """Whether an edit replaces an expression that has a branch or a row for other variants, which would be lost."""
    around = list(_around(variant.document, edit))
    inside = (one for node in around[-1:] for one in _below(node) if edit.start <= one.start and one.end <= edit.end)
    return any(_chooses(one, variant, notations) for one in inside)


def _chooses(node: Node, variant: Variant, notations: Notations) -> bool:
    if isinstance(node, If):
        return notations.says_any(variant.source.text(node.condition.span))
    return isinstance(node, Binding) and isinstance(node.name, Name) and notations.says_other(node.name.text)


def _around(document: Document, edit: Edit) -> Iterator[Node]:
    """The expressions around an edit, outermost first."""
    node = document.expression
    while node is not None:
        yield node
        node = next((one for one in node.children() if one.start <= edit.start and edit.end <= one.end), None)


def _condition(call: Apply) -> Node | None:
    """The condition of `optionals condition value`; None for any other call."""
    inner = call.function
    if not isinstance(inner, Apply) or _name(inner.function) not in _OPTIONAL:
        return None
    return inner.argument


def _name(node: Node) -> str | None:
    """What a function is called: the last name of `lib.optionals`."""
    if isinstance(node, Select) and isinstance(node.path[-1], Name):
        return node.path[-1].text
    return node.name if isinstance(node, Variable) else None


def _is_by_literal(condition: Node, document: Document) -> bool:
    """Whether a condition is by a name to which the file gives a plain value, such as `isServer = true`."""
    plain = {
        one.name.text
        for one in bindings(document)
        if isinstance(one.name, Name) and (isinstance(one.value, Literal) or _is_truth(one.value))
    }
    words = {node.name for node in _below(condition) if isinstance(node, Variable)}
    texts = any(isinstance(node, Literal) and isinstance(node.value, NixString) for node in _below(condition))
    return bool(words & plain) and not texts


def _is_truth(node: Node) -> bool:
    return isinstance(node, Variable) and node.name in ("true", "false")


def _below(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(one.children())


def _is_record_of_others(record: AttributeSet, edit: Edit, notations: Notations) -> bool:
    """Whether a set in a list says by another of its attributes that it is another variant's."""
    return any(
        notations.says_other(one.value.value.text)
        for one in record.bindings
        if isinstance(one.value, Literal)
        and isinstance(one.value.value, NixString)
        and not (one.start <= edit.start and edit.end <= one.end)
    )


def _is_in_chosen_row(document: Document, around: list[Node], notations: Notations) -> bool:
    """Whether an edit is in a row, not this variant's, of a set from which a name that is worked out chooses."""
    chosen = _chosen_names(document)
    for number, node in enumerate(around[:-1]):
        row = around[number + 1]
        if not isinstance(node, AttributeSet) or not isinstance(row, Binding) or not isinstance(row.name, Name):
            continue
        above = around[number - 1] if number else None
        is_chosen = (
            (
                isinstance(above, Select)
                and above.subject is node
                and not all(isinstance(one, Name) for one in above.path)
            )
            or (isinstance(above, Apply) and above.argument is node and _is_chooser(above.function))
            or (isinstance(above, Binding) and isinstance(above.name, Name) and above.name.text in chosen)
        )
        if is_chosen and not notations.says_own(row.name.text):
            return True
    return False


def _chosen_names(document: Document) -> frozenset[str]:
    """The names of sets from which a name that is worked out chooses, found once for a file."""
    known = _CHOSEN.get(document)
    if known is None:
        known = _CHOSEN[document] = _find_chosen_names(document)
    return known


def _find_chosen_names(document: Document) -> frozenset[str]:
    found = set()
    for node in _below(document.expression) if document.expression is not None else ():
        subject: Node | None = None
        if isinstance(node, Select) and not all(isinstance(one, Name) for one in node.path):
            subject = node.subject
            names = [one.text for one in node.path if isinstance(one, Name)]
            found.update(names)
        elif isinstance(node, Apply) and _is_chooser(node.function):
            subject = node.argument
        if subject is not None:
            name = _name(subject)
            found.update((name,) if name is not None else ())
    return frozenset(found)


def _is_chooser(function: Node) -> bool:
    while isinstance(function, Apply):
        function = function.function
    return _name(function) in _CHOOSERS
