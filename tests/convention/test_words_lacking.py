"""Kinds of words that a convention's own `words.yaml` lacks have none, so that one written for an older release is read."""

import re
import shutil
from pathlib import Path

from nixlint_ort.convention import find_rules, load
from tests.support.documents import facts_of, read

FALSE = "CUDA 12.9 needs driver 550+. SM90 is Ada. There are 57 variants.\n"


def test_documents_are_judged_without_some_kinds_of_words(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    path = rules / "words.yaml"
    text = path.read_text("utf-8")
    for group in ("excluding", "telling"):
        text, count = re.subn(rf"^{group}:\n(?:  .*\n)+", f"{group}: {{}}\n", text, flags=re.MULTILINE)
        assert count == 1
    path.write_text(text, "utf-8")
    speech = load(rules).speech
    assert speech is not None
    assert {*speech.excluding.values(), *speech.telling.values()} == {()}
    faults = read(FALSE, facts_of("main", load(rules))).faults
    assert [one.actual for one in faults] == ["550", "Ada", "57"]
