"""What varies within texts of one place: the words that all have, and the slots between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from nixlint_ort.learn.dependence import FEWEST, Dependence, Frame

TOKEN = re.compile(r"[A-Za-z]+|\d+(?:[._]\d+)*|\s+|.", re.DOTALL)
LONGEST = 400
"""Tokens of a text that is looked into; a longer one is compared as a whole."""
_WEAK = re.compile(r"[\s,/.\-]*")
"""What may be between two slots that are one value."""
_OUTLIER = 0.3
"""A text that lacks more than this share of the words that the others have is left out of the comparison."""


class Slot(NamedTuple):
    """A stretch that varies, between fixed texts: the text of each variant there, and where it begins."""

    values: tuple[str | None, ...]
    starts: tuple[int | None, ...]
    """In code points of the variant's own text, from 0."""
    dependence: Dependence
    inner: tuple[Comparison, ...] = ()
    """The same stretch compared by itself among those that are alike, where they have more in common."""


class Comparison(NamedTuple):
    """Texts of one place: fixed text, slot, fixed text, and so on; one more fixed text than slots."""

    fixed: tuple[str, ...]
    slots: tuple[Slot, ...]
    outliers: tuple[int, ...]
    """Variants whose text is put together otherwise."""
    having: int
    """How many variants have a text here."""

    def shown(self, mark: str = "…") -> str:
        """The text with a mark for each slot."""
        return mark.join(self.fixed)


class _Cut(NamedTuple):
    """A stretch that varies, before it is known what it depends on."""

    values: list[str | None]
    starts: list[int | None]


def compare(texts: Sequence[str | None], frame: Frame) -> Comparison:
    """What texts have in common, and what each slot depends on; None stands for a variant that has no text."""
    found = _compare(texts, frame)
    return found._replace(slots=tuple(slot._replace(inner=_inner(slot, frame)) for slot in found.slots))


def _inner(slot: Slot, frame: Frame) -> tuple[Comparison, ...]:
    """A slot of several words, compared among those of one kind, else of the first part that has few values."""
    if slot.dependence.notation or 2 * sum(_words(value) > 2 for value in slot.values) < len(slot.values):
        return ()
    for groups in frame.coarse():
        found = []
        for group in groups:
            values = [value if number in group else None for number, value in enumerate(slot.values)]
            some = [value for value in values if value is not None]
            if len(some) >= FEWEST and len(set(some)) > 1:
                found.append(_moved(_compare(values, frame), slot.starts))
        if any(map(_words, (text for one in found for text in one.fixed))):
            return tuple(found)
    return ()


def _words(text: str | None) -> int:
    return len(re.findall(r"\w+", text or ""))


def _moved(found: Comparison, by: Sequence[int | None]) -> Comparison:
    """A comparison of stretches, whose places are counted from where the whole texts begin."""
    slots = tuple(
        slot._replace(
            starts=tuple(None if a is None or b is None else a + b for a, b in zip(slot.starts, by, strict=True))
        )
        for slot in found.slots
    )
    return found._replace(slots=slots)


def _compare(texts: Sequence[str | None], frame: Frame) -> Comparison:
    forms = Counter(text for text in texts if text is not None)
    count = forms.total()
    split = {form: TOKEN.findall(form) for form in forms}
    if len(forms) == 1:
        return Comparison((next(iter(forms)),), (), (), count)
    if any(len(tokens) > LONGEST for tokens in split.values()):
        return _whole(texts, frame, count)
    model = min(forms, key=lambda form: (-forms[form], -len(form), form))
    matched = {form: _matched(split[model], split[form]) for form in forms}
    main = _main(forms, matched, split[model])
    anchors = [at for at in range(len(split[model])) if all(at in matched[form] for form in main)]
    if not any(re.search(r"\w", split[model][at]) for at in anchors):
        return _whole(texts, frame, count)
    gaps = {form: _gaps(split[form], matched[form], anchors) for form in main}
    fixed, cuts = _cut(texts, gaps, [split[model][at] for at in anchors])
    outliers = tuple(number for number, text in enumerate(texts) if text is not None and text not in main)
    return _joined(fixed, cuts, outliers, count, frame)


def _whole(texts: Sequence[str | None], frame: Frame, count: int) -> Comparison:
    starts = tuple(None if text is None else 0 for text in texts)
    return Comparison(("", ""), (Slot(tuple(texts), starts, frame.explain(texts)),), (), count)


def _matched(model: list[str], tokens: list[str]) -> dict[int, int]:
    """Which token of the model is which of a text."""
    blocks = SequenceMatcher(None, model, tokens, autojunk=False).get_matching_blocks()
    return {block.a + at: block.b + at for block in blocks for at in range(block.size)}


def _main(forms: Counter[str], matched: dict[str, dict[int, int]], model: list[str]) -> set[str]:
    """The texts that are put together alike: all but rare ones that lack much of what nearly all others have."""
    total = forms.total()
    weights = [sum(forms[form] for form in forms if at in matched[form]) for at in range(len(model))]
    common = {at for at, weight in enumerate(weights) if 10 * weight >= 9 * total}
    rare = max(1, total // 20)
    return {
        form
        for form, count in forms.items()
        if count > rare or len(common - matched[form].keys()) <= _OUTLIER * len(common)
    }


def _cut(
    texts: Sequence[str | None], gaps: Mapping[str, list[tuple[int, str]]], anchors: Sequence[str]
) -> tuple[list[str], list[_Cut]]:
    """The fixed texts and what is between them in each text; `gaps` has what is between the anchors."""
    fixed, cuts = [""], []
    for at in range(len(anchors) + 1):
        if any(gap[at][1] for gap in gaps.values()):
            cut = _Cut([], [])
            for text in texts:
                start, value = gaps[text][at] if text is not None and text in gaps else (None, None)
                cut.values.append(value)
                cut.starts.append(start)
            cuts.append(cut)
            fixed.append("")
        if at < len(anchors):
            fixed[-1] += anchors[at]
    return fixed, cuts


def _gaps(tokens: list[str], matched: dict[int, int], anchors: list[int]) -> list[tuple[int, str]]:
    """What is before each anchor and after the last, and where it begins in the text."""
    offsets = [0]
    for token in tokens:
        offsets.append(offsets[-1] + len(token))
    found = []
    begin = 0
    for anchor in [*anchors, None]:
        end = matched[anchor] if anchor is not None else len(tokens)
        found.append((offsets[begin], "".join(tokens[begin:end])))
        begin = end + 1
    return found


def _joined(fixed: list[str], cuts: list[_Cut], outliers: tuple[int, ...], count: int, frame: Frame) -> Comparison:
    """The comparison in which neighbouring slots that depend on the same, with little between them, are one."""
    slots: list[Slot] = []
    between = [fixed[0]]
    for cut, after in zip(cuts, fixed[1:], strict=True):
        if all(value.endswith(" ") for value in cut.values if value is not None):
            cut.values[:] = [value[:-1] if value is not None else None for value in cut.values]
            after = f" {after}"  # noqa: PLW2901  a blank that all have is no part of what varies
        slot = Slot(tuple(cut.values), tuple(cut.starts), frame.explain(cut.values))
        if slots and _are_one(slots[-1], between[-1], slot):
            slot = _one(slots.pop(), between.pop(), slot, frame)
        slots.append(slot)
        between.append(after)
    near = {part for slot in slots if slot.dependence.notation for part in slot.dependence.parts}
    told = [
        slot if slot.dependence.notation or not near else slot._replace(dependence=frame.explain(slot.values, near))
        for slot in slots
    ]
    return Comparison(tuple(between), tuple(told), outliers, count)


def _are_one(before: Slot, between: str, after: Slot) -> bool:
    if not _WEAK.fullmatch(between) or before.dependence.notation or after.dependence.notation:
        return False
    first, second = set(before.dependence.parts), set(after.dependence.parts)
    return first <= second or second <= first


def _one(before: Slot, between: str, after: Slot, frame: Frame) -> Slot:
    values = [
        None if a is None or b is None else a + between + b for a, b in zip(before.values, after.values, strict=True)
    ]
    return Slot(tuple(values), before.starts, frame.explain(values))
