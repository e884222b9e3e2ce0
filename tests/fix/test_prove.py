"""What is no proof of a fix."""

import pytest

from nixlint_ort.check.judge import judge
from nixlint_ort.finding import Edit
from nixlint_ort.fix import prove
from nixlint_ort.fix.prove import proven
from nixlint_ort.source import Source
from nixlint_ort.variant.variant import Variant
from tests.support.linting import GPU, convention, original


def test_edits_that_overlap_are_no_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Applied, they would be refused as a whole, with an internal error; the same edit once is a fix."""
    data = original(GPU).replace(b'"-mfma"', b'"-mfmb"')
    variant = Variant(Source(GPU, data), convention())
    rule = convention().rules["isa-flags"]
    assert variant.identity is not None
    violation = next(iter(judge(variant, (rule,), variant.identity.expected(convention(), "main"))))
    at = data.index(b"-mfmb")
    edit = Edit(GPU, at, at + 5, "-mfma")
    assert proven(violation, [edit], frozenset(rule.facts)) is not None
    monkeypatch.setattr(prove, "apply_edits", None)  # it is not even tried: what comes of such edits is chance
    assert proven(violation, [edit, Edit(GPU, at + 4, at + 5, "a")], frozenset(rule.facts)) is None
