"""A convention that cannot be used is one error, at the file, line and column that is wrong."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from nixlint_ort.convention import ConventionError, find_rules, load


class Fault(NamedTuple):
    """A replacement in one file of the shipped convention, and the error that it should give."""

    name: str
    file: str
    good: str
    bad: str
    error: str


DRIVER = "header/header-driver.yaml"
FAULTS = [
    Fault("unknown key", DRIVER, "summary:", "sumary:", f"{DRIVER}:2:1: a rule has no key 'sumary'; did you mean summary?"),
    Fault("missing key", DRIVER, "severity: error\n", "", f"{DRIVER}:1:1: a rule needs the key 'severity'"),
    Fault("wrong type", DRIVER, "fact: header.line2", "fact: {a: b}", f"{DRIVER}:4:7: fact is one piece of text, not a mapping"),
    Fault("unknown fact", DRIVER, "fact: header.line2", "fact: header.line3", f"{DRIVER}:4:7: fact is one of"),
    Fault("unknown field of the text", DRIVER, "field: cuda.driver", "field: cuda.diver", f"{DRIVER}:5:8: the text of header.line2 has no field 'cuda.diver'; did you mean cuda.driver?"),
    Fault("unknown template field", DRIVER, 'equals: "{cuda.driver}"', 'equals: "{cuda.diver}"', f"{DRIVER}:6:9: there is no field 'cuda.diver'; did you mean"),
    Fault("stray brace in a template", DRIVER, 'equals: "{cuda.driver}"', 'equals: "{cuda.driver"', f"{DRIVER}:6:9: a single `{{`"),
    Fault("a line end in a template's field", DRIVER, 'equals: "{cuda.driver}"', 'equals: "{cuda.\\ndriver}"', f"{DRIVER}:6:9: `{{cuda. driver}}` is no field: a name such as `cuda.version` is"),
    Fault("unknown field in a message", DRIVER, "driver {actual}+", "driver {actuall}+", f"{DRIVER}:9:10: there is no field 'actuall'; did you mean actual?"),
    Fault("id unlike the file", DRIVER, "id: header-driver", "id: header-drivers", f"{DRIVER}:1:5: the id is 'header-drivers', but the file is named 'header-driver'"),
    Fault("two operators", DRIVER, "severity: error", "severity: error\npresent: true", f"{DRIVER}:1:1: a rule has exactly one operator out of"),
    Fault("no operator", DRIVER, 'equals: "{cuda.driver}"\n', "", f"{DRIVER}:1:1: a rule has exactly one operator out of"),
    Fault("unknown severity", DRIVER, "severity: error", "severity: errors", f"{DRIVER}:7:11: severity is one of error, warning, info, not 'errors'; did you mean error?"),
    Fault("unknown fix", DRIVER, "fix: safe", "fix: save", f"{DRIVER}:8:6: fix is one of safe, unsafe, none, not 'save'; did you mean safe?"),
    Fault("unknown kind", DRIVER, "applies: gpu", "applies: tpu", f"{DRIVER}:3:10: applies is one of gpu, cpu, not 'tpu'; did you mean gpu?"),
    Fault("a key twice", DRIVER, "fix: safe", "fix: safe\nfix: none", f"{DRIVER}:9:1: the key 'fix' stands twice, first in line 8"),
    Fault("an alias", DRIVER, "fix: safe", "fix: *safe", f"{DRIVER}:8:6: an alias (*) is not accepted here"),
    Fault("an anchor", DRIVER, "fix: safe", "fix: &a safe", f"{DRIVER}:8:6: an anchor (&) is not accepted here"),
    Fault("a tag", DRIVER, "fix: safe", "fix: !!python/name:os.system safe", f"{DRIVER}:8:6: a tag (!) is not accepted here"),
    Fault("a merge key", DRIVER, "fix: safe", "<<: {fix: safe}", f"{DRIVER}:8:1: a merge key (<<) is not accepted here"),
    Fault("a directive", DRIVER, "id: ", "%YAML 1.1\n---\nid: ", f"{DRIVER}:1:1: a directive (%) is not accepted here"),
    Fault("no YAML", DRIVER, "fix: safe", "fix: [safe]]", f"{DRIVER}:8:12: this is not YAML: while parsing a block mapping"),
    Fault("nested without end", DRIVER, "fix: safe", f"fix: {'[' * 500}", f"{DRIVER}:8:25: nested deeper than 20 levels"),
    Fault("a list instead of a mapping", DRIVER, "id: header-driver\n", "- id: header-driver\n", f"{DRIVER}:2:1: this is not YAML"),
    Fault("a row twice", "tables/stacks.yaml", 'tag: "12_9"', 'tag: "12_4"', "tables/stacks.yaml:11:5: a row for tag 12_4 stands in line 6 already"),
    Fault("a row without its key", "tables/stacks.yaml", '  - tag: "12_9"\n', "  - tagg: '12_9'\n", "tables/stacks.yaml:11:5: a row needs the key 'tag'"),
    Fault("a Python that has no row", "tables/stacks.yaml", 'python: "313"', 'python: "314"', "tables/stacks.yaml:11:5: cuda.python is 314 here, and rules/tables/pythons.yaml has no row for that"),
    Fault("a GPU that has no row", "tables/releases.yaml", '["75", "80"', '["75", "8O"', "tables/releases.yaml:6:5: ort.gpus is 8O here, and rules/tables/gpus.yaml has no row for that"),
    Fault("a cell that has no row", "convention.yaml", "avx512vnni]", "avx512vnn]", "convention.yaml:79:48: isa.name is avx512vnn here, and rules/tables/isas.yaml has no row for that; did you mean avx512vnni?"),
    Fault("unknown shape", "convention.yaml", "gpu.names: list", "gpu.names: lists", "convention.yaml:59:14: a shape is one of"),
    Fault("a pattern that leaves the repository", "convention.yaml", "variants: .flox", "variants: ../x/.flox", "convention.yaml:5:11: variants is a pattern of"),
    Fault("an absolute pattern", "convention.yaml", "variants: .flox", "variants: /etc/.flox", "convention.yaml:5:11: variants is a pattern of"),
    Fault("two fields without a border", "convention.yaml", "-sm{gpu.sm}-", "-sm{gpu.sm}", "needs some text between it and the field before"),
    Fault("a role of no table", "convention.yaml", "release: {key: ort.branch", "release: {key: or.branch", "convention.yaml:21:18: the key of the role release is one of"),
    Fault("a role of no column", "convention.yaml", "driver: cuda.driver", "driver: cuda.diver", "convention.yaml:25:13: the driver of the role stack is one of cuda.driver, cuda.gpus, cuda.python, cuda.tag, cuda.version, not 'cuda.diver'; did you mean cuda.driver?"),
    Fault("a role that is none", "convention.yaml", "  isa: {key", "  issa: {key", "convention.yaml:30:3: roles has no key 'issa'; did you mean isa?"),
    Fault("a part of a role that is none", "convention.yaml", "    version: pin.ort", "    versoin: pin.ort", "convention.yaml:34:5: the role pin has no key 'versoin'; did you mean version?"),
    Fault("a role of no field", "convention.yaml", "key: pin.rev", "key: pin.ref", "convention.yaml:33:10: the key of the role pin is one of"),
    Fault("no release", "convention.yaml", "  release: {key", "  isa_2: {key", "convention.yaml:21:3: roles has no key 'isa_2'"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(fault: Fault, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    path = rules / fault.file
    text = path.read_text("utf-8")
    assert fault.good in text
    path.write_text(text.replace(fault.good, fault.bad, 1), "utf-8")
    with pytest.raises(ConventionError) as caught:
        load(rules)
    message = str(caught.value)
    assert fault.error in message
    assert message.startswith(f"rules/{fault.file}:")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "rules/convention.yaml:1:1: the file is empty"),
        (b"a: \xff\n", "rules/convention.yaml:1:1: the file is not UTF-8"),
        (b"x" * 1_000_001, "cannot be read: it has 1000001 bytes; more than 1000000 are not read"),
        (b"a: \x00\n", "this is not YAML"),
        (b"? [a, b]\n: c\n", "rules/convention.yaml:1:3: a key is one piece of text, not a list"),
    ],
    ids=["empty", "not UTF-8", "too long", "a NUL", "a key that is a list"],
)
def test_bytes(data: bytes, error: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "convention.yaml").write_bytes(data)
    with pytest.raises(ConventionError) as caught:
        load(rules)
    assert error in str(caught.value)


def test_the_same_id_in_two_families(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    shutil.copy(rules / DRIVER, rules / "meta/header-driver.yaml")
    with pytest.raises(
        ConventionError, match=r"the id 'header-driver' is also that of rules/header/header-driver.yaml"
    ):
        load(rules)


def test_versions_stay_text() -> None:
    tables = load(find_rules()).tables
    assert tables["cuda"].rows[0].cells["version"] == "12.4"
    assert tables["ort"].rows[4].cells["branch"] == "ort-1.20"
