"""A convention that cannot be used is one error, at the file, line and column that is wrong."""

import shutil
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from nixlint_ort.check.all_predicates import CHECKS
from nixlint_ort.convention import ConventionError, find_rules, load
from nixlint_ort.convention.build import convention_of
from nixlint_ort.convention.yaml_tree import YamlNode, read_yaml


class Fault(NamedTuple):
    """A replacement in one file of the shipped convention, and the error that it should give; L is the line of it."""

    name: str
    file: str
    good: str
    bad: str
    error: str


DRIVER = "header/header-driver.yaml"
FAULTS = [
    Fault("unknown key", DRIVER, "summary:", "sumary:", f"{DRIVER}:2:1: a rule has no key 'sumary'; did you mean summary?"),
    Fault("missing key", DRIVER, "severity: error\n", "", f"{DRIVER}:1:1: a rule needs the key 'severity'"),
    Fault("wrong type", DRIVER, "fact: header.line2", "fact: {a: b}", f"{DRIVER}:4:8: fact has no key 'a'"),
    Fault("unknown fact", DRIVER, "fact: header.line2", "fact: header.line3", f"{DRIVER}:4:7: fact must be one of"),
    Fault("unknown field of the text", DRIVER, "field: cuda.driver", "field: cuda.diver", f"{DRIVER}:5:8: the text of header.line2 has no field 'cuda.diver'; did you mean cuda.driver?"),
    Fault("unknown template field", DRIVER, 'equals: "{cuda.driver}"', 'equals: "{cuda.diver}"', f"{DRIVER}:6:9: unknown field 'cuda.diver'; did you mean cuda.driver?"),
    Fault("stray brace in a template", DRIVER, 'equals: "{cuda.driver}"', 'equals: "{cuda.driver"', f"{DRIVER}:6:9: unmatched `{{`; write `{{{{` for a brace"),
    Fault("a line end in a template's field", DRIVER, 'equals: "{cuda.driver}"', 'equals: "{cuda.\\ndriver}"', f"{DRIVER}:6:9: `{{cuda. driver}}` is not a field; write a name such as `cuda.version`"),
    Fault("unknown field in a message", DRIVER, "driver {actual}+", "driver {actuall}+", f"{DRIVER}:10:10: unknown field 'actuall'; did you mean actual?"),
    Fault("an argument of another predicate", DRIVER, "driver {actual}+", "driver {reason}+", f"{DRIVER}:10:10: unknown field 'reason'"),
    Fault("an argument that the predicate does not give", "nixpkgs/pin-inconsistent.yaml", "{count} of", "{names} of", "unknown field 'names'; did you mean gpu.names?"),
    Fault("a case with an argument of another predicate", "nixpkgs/unpinned-nixpkgs.yaml", "`{name}`", "`{forms}`", "unknown field 'forms'"),
    Fault("an argument that is not listed", DRIVER, "arguments: [actual, cuda.version, expected]\n", "", f"{DRIVER}:9:10: `arguments` must list what the messages name in braces; write `arguments: [actual, cuda.version, expected]`"),
    Fault("an argument that no message names", DRIVER, "expected]", "expected, stack]", f"{DRIVER}:9:12: `arguments` must list what the messages name in braces; write `arguments: [actual, cuda.version, expected]`"),
    Fault("an argument that is listed twice", DRIVER, "expected]", "expected, actual]", f"{DRIVER}:9:12: `arguments` must list what the messages name in braces; write `arguments: [actual, cuda.version, expected]`"),
    Fault("a listed argument of another predicate", DRIVER, "expected]", "expected, reason]", f"{DRIVER}:9:45: unknown argument 'reason'"),
    Fault("a mistyped argument", DRIVER, "[actual,", "[actal,", f"{DRIVER}:9:13: unknown argument 'actal'; did you mean actual?"),
    Fault("arguments where nothing is named", DRIVER, '"header says driver {actual}+, but CUDA {cuda.version} needs {expected}+"', "x", f"{DRIVER}:9:12: `arguments` must list what the messages name in braces; remove `arguments`"),
    Fault("id unlike the file", DRIVER, "id: header-driver", "id: header-drivers", f"{DRIVER}:1:5: the id is 'header-drivers', but the file is named 'header-driver'; use the same name for both"),
    Fault("two operators", DRIVER, "severity: error", "severity: error\npresent: true", f"{DRIVER}:1:1: a rule must have exactly one operator"),
    Fault("no operator", DRIVER, 'equals: "{cuda.driver}"\n', "", f"{DRIVER}:1:1: a rule must have exactly one operator"),
    Fault("unknown severity", DRIVER, "severity: error", "severity: errors", f"{DRIVER}:7:11: severity must be one of"),
    Fault("unknown fix", DRIVER, "fix: safe", "fix: save", f"{DRIVER}:8:6: fix must be one of"),
    Fault("unknown kind", DRIVER, "applies: gpu", "applies: tpu", f"{DRIVER}:3:10: applies must be one of"),
    Fault("a key twice", DRIVER, "fix: safe", "fix: safe\nfix: none", f"{DRIVER}:9:1: duplicate key 'fix'; the first one is in line 8"),
    Fault("an alias", DRIVER, "fix: safe", "fix: *safe", f"{DRIVER}:8:6: an alias (*) is not allowed here"),
    Fault("an anchor", DRIVER, "fix: safe", "fix: &a safe", f"{DRIVER}:8:6: an anchor (&) is not allowed here"),
    Fault("a tag", DRIVER, "fix: safe", "fix: !!python/name:os.system safe", f"{DRIVER}:8:6: a tag (!) is not allowed here"),
    Fault("a merge key", DRIVER, "fix: safe", "<<: {fix: safe}", f"{DRIVER}:8:1: a merge key (<<) is not allowed here"),
    Fault("a directive", DRIVER, "id: ", "%YAML 1.1\n---\nid: ", f"{DRIVER}:1:1: a directive (%) is not allowed here"),
    Fault("no YAML", DRIVER, "fix: safe", "fix: [safe]]", f"{DRIVER}:8:12: invalid YAML: while parsing a block mapping"),
    Fault("nested without end", DRIVER, "fix: safe", f"fix: {'[' * 500}", f"{DRIVER}:8:25: too deep; nixlint-ort reads at most 20 levels"),
    Fault("a list instead of a mapping", DRIVER, "id: header-driver\n", "- id: header-driver\n", f"{DRIVER}:2:1: invalid YAML: while parsing a block collection expected <block end>, but found '?'"),
    Fault("a row twice", "tables/stacks.yaml", 'tag: "12_9"', 'tag: "12_4"', "tables/stacks.yaml:11:5: duplicate row for tag 12_4; the first one is in line 6"),
    Fault("a row without its key", "tables/stacks.yaml", '  - tag: "12_9"\n', "  - tagg: '12_9'\n", "tables/stacks.yaml:11:5: a row needs the key 'tag'"),
    Fault("a Python that has no row", "tables/stacks.yaml", 'python: "313"', 'python: "314"', "tables/stacks.yaml:11:5: cuda.python is 314 here, but rules/tables/pythons.yaml has no row for it; did you mean 313?"),
    Fault("a GPU that has no row", "tables/releases.yaml", '["75", "80"', '["75", "8O"', "tables/releases.yaml:6:5: ort.gpus is 8O here, but rules/tables/gpus.yaml has no row for it"),
    Fault("a cell that has no row", "convention.yaml", "avx512vnni]", "avx512vnn]", "convention.yaml:L:48: isa.name is avx512vnn here, but rules/tables/isas.yaml has no row for it; did you mean avx512vnni?"),
    Fault("unknown shape", "convention.yaml", "gpu.names: list", "gpu.names: lists", "convention.yaml:L:14: a shape must be one of"),
    Fault("a pattern that leaves the repository", "convention.yaml", "variants: .flox", "variants: ../x/.flox", "convention.yaml:L:11: variants must be a pattern of `.nix` files in the repository, such as .flox/pkgs/*.nix"),
    Fault("an absolute pattern", "convention.yaml", "variants: .flox", "variants: /etc/.flox", "convention.yaml:L:11: variants must be a pattern of `.nix` files in the repository, such as .flox/pkgs/*.nix"),
    Fault("two fields without a border", "convention.yaml", "-sm{gpu.sm}-", "-sm{gpu.sm}", "`{isa.name}` must be separated by text from the field before it"),
    Fault("a column misspelt in one row", "tables/stacks.yaml", 'driver: "560"', 'drivr: "560"', "tables/stacks.yaml:13:5: no other row has a column 'drivr'; did you mean driver?"),
    Fault("a column that is no name", "tables/stacks.yaml", 'driver: "560"', 'dri ver: "560"', "tables/stacks.yaml:13:5: 'dri ver' is not a valid column name; use letters, digits and underscores"),
    Fault("an unknown field in only", "tables/gpus.yaml", "only: {isa.platform", "only: {isa.platfrom", "tables/gpus.yaml:10:5: unknown field 'isa.platfrom'; did you mean isa.platform?"),
    Fault("an unknown field in a cell", "tables/stacks.yaml", 'driver: "560"', 'driver: "{cuda.vers}"', "tables/stacks.yaml:13:13: unknown field 'cuda.vers'; did you mean cuda.version?"),
    Fault("a brace in a cell", "tables/stacks.yaml", 'driver: "560"', 'driver: "{560"', "tables/stacks.yaml:13:13: unmatched `{`; write `{{` for a brace"),
    Fault("a shape of no field", "convention.yaml", "gpu.names: list", "gpu.nams: list", "convention.yaml:L:3: unknown field 'gpu.nams'; did you mean gpu.names?"),
    Fault("a shape of no column", "convention.yaml", "gpu.names: list", "package: known", "convention.yaml:L:12: `known` needs a table with a column 'package'"),
    Fault("a pin cut short", "convention.yaml", "pin.rev: ed142ab1b3a092c4d149245d0c4126a5d7ea00b0", "pin.rev: ed142ab", "convention.yaml:L:12: pin.rev must be the full hash of a commit of nixpkgs (40 hex digits), not 'ed142ab'"),
    Fault("a pin in capitals", "convention.yaml", "pin.rev: ed142ab1", "pin.rev: ED142AB1", "convention.yaml:L:12: pin.rev must be the full hash of a commit of nixpkgs (40 hex digits), not 'ED142AB1b3a092c4d149245d0c4126a5d7ea00b0'"),
    Fault("a format to come", "convention.yaml", "format: 2", "format: 3", "convention.yaml:L:9: this convention has format 3, but this version reads formats 1 to 2; use a newer one"),
    Fault("a format that is none", "convention.yaml", "format: 2", "format: two", "convention.yaml:L:9: `format` must be a number, such as 2, not 'two'"),
    Fault("a bracket that is left open", "convention.yaml", "[[CUDA {cuda.version}]]", "[CUDA {cuda.version}", "convention.yaml:L:14: unmatched `[`; write `[[` for a bracket"),
    Fault("a bracket that closes nothing", "convention.yaml", "[[CUDA {cuda.version}]]", "CUDA {cuda.version}]", "unmatched `]`; write `]]` for a bracket"),
    Fault("an optional part in another", "convention.yaml", "[[CUDA {cuda.version}]]", "[a [b {cuda.version}]]", "an optional part must not contain another one; write `[[` for a bracket"),
    Fault("too many optional parts", "convention.yaml", "[[CUDA {cuda.version}]]", "[a] [b] [c] [d] [e]", "a text may have at most 4 optional or free parts"),
    Fault("a wording that is never chosen", "convention.yaml", 'header.line2:\n        template: "# CUDA', 'header.line2:\n      - template: "#"\n      - template: "# CUDA', "convention.yaml:"),
    Fault("two wordings of a name", "convention.yaml", 'file.stem:\n        template:', 'file.stem:\n      - template:', "a file name must have one wording; use a kind for each form of name"),
    Fault("an unknown field in a rule's only", DRIVER, "fix: safe", "fix: safe\nonly: {cuda.tga: x}", f"{DRIVER}:9:8: unknown field 'cuda.tga'; did you mean cuda.tag?"),
    Fault("an unknown field in per", DRIVER, "fix: safe", "fix: safe\nper: cuda.tga", f"{DRIVER}:9:6: per must be one of"),
    Fault("an attribute and a binding", DRIVER, "fact: header.line2", "fact: {attribute: a, binding: b}", f"{DRIVER}:4:7: `fact` must have either `attribute` or `binding`"),
    Fault("an attribute of nothing", DRIVER, "fact: header.line2", "fact: {attribute: a, of: wraper}", f"{DRIVER}:4:26: of must be one of"),
    Fault("no name of an attribute", DRIVER, "fact: header.line2", "fact: {attribute: a..b}", f"{DRIVER}:4:19: 'a..b' is not the name of an attribute, such as `passthru.cpuISA`"),
    Fault("an empty value in a rule's only", DRIVER, "fix: safe", 'fix: safe\nonly: {cuda.tag: ""}', f"{DRIVER}:9:18: cuda.tag is empty here, and no variant has an empty value; name the value, or remove cuda.tag"),
    Fault("an empty value in a row's only", "tables/gpus.yaml", "only: {isa.platform: aarch64-linux}", 'only: {isa.platform: ""}', "isa.platform is empty here, and no variant has an empty value"),
    Fault("a binding of a wrapper", DRIVER, "fact: header.line2", "fact: {binding: b, of: wrapper}", f"{DRIVER}:4:24: `of` is only for attributes; a binding belongs to the whole file"),
    Fault("a helper outside", "convention.yaml", "format: 2", "format: 2\nhelpers: [../lib]", "a helper must be a pattern of files or folders in the repository, such as .flox/pkgs/lib/"),
    Fault("a document of git", "convention.yaml", "format: 2", "format: 2\ndocuments: [.git/config]", "a document must be a path or a pattern in the repository, such as README.md or docs/*.md"),
    Fault("variants of git", "convention.yaml", ".flox/pkgs/**/*.nix", ".git/hooks/*.nix", "variants must be a pattern of `.nix` files in the repository, such as .flox/pkgs/*.nix"),
    Fault("a pattern that is too long", "convention.yaml", "format: 2", f"format: 2\nhelpers: ['{'[' * 1001}']", "a pattern may have at most 1,000 characters, not 1,001"),
    *(
        Fault(f"{check} without a fact", f"{rule}.yaml", f"fact: {fact}\n", "", f"a rule with the check {check} needs a `fact`")
        for rule, check, fact in (
            ("nixpkgs/pin-unknown", "pin-known", "nixpkgs_rev"),
            ("nixpkgs/pin-inconsistent", "fact-of-peers", "nixpkgs_rev"),
            ("nixpkgs/pin-lacks-attribute", "pin-has", "nixpkgs_rev"),
            ("nixpkgs/unpinned-nixpkgs", "pinned", "nixpkgs_url"),
            ("header/header-separator", "separator-of-peers", "header.line1"),
        )
    ),
    Fault("a role of no table", "convention.yaml", "release: {key: ort.branch", "release: {key: or.branch", "convention.yaml:L:18: the key of the role release must be one of"),
    Fault("a role of no column", "convention.yaml", "driver: cuda.driver", "driver: cuda.diver", "convention.yaml:L:13: the driver of the role stack must be one of cuda.driver, cuda.gpus, cuda.python, cuda.tag, cuda.version, not 'cuda.diver'; did you mean cuda.driver?"),
    Fault("a role that is none", "convention.yaml", "  isa: {key", "  issa: {key", "convention.yaml:L:3: roles has no key 'issa'; did you mean isa?"),
    Fault("a part of a role that is none", "convention.yaml", "    version: pin.ort", "    versoin: pin.ort", "convention.yaml:L:5: the role pin has no key 'versoin'; did you mean version?"),
    Fault("a role of no field", "convention.yaml", "key: pin.rev", "key: pin.ref", "convention.yaml:L:10: the key of the role pin must be one of"),
    Fault("no release", "convention.yaml", "  release: {key", "  isa_2: {key", "convention.yaml:L:3: roles has no key 'isa_2'; did you mean isa?"),
]  # fmt: skip


@cache
def trees() -> dict[str, YamlNode]:
    """The trees of the shipped convention's files."""
    paths = sorted(find_rules().rglob("*.yaml"))
    names = [path.relative_to(find_rules()).as_posix() for path in paths]
    return {name: read_yaml(f"rules/{name}", path.read_bytes()) for name, path in zip(names, paths, strict=True)}


def read(name: str, text: str) -> None:
    """Read the shipped convention with another text of one file."""
    convention_of(find_rules(), {**trees(), name: read_yaml(f"rules/{name}", text.encode())}, "", CHECKS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(fault: Fault) -> None:
    text = (find_rules() / fault.file).read_text("utf-8")
    assert fault.good in text
    with pytest.raises(ConventionError) as caught:
        read(fault.file, text.replace(fault.good, fault.bad, 1))
    message = str(caught.value)
    line = text[: text.index(fault.good)].count("\n") + 1
    assert fault.error.replace(":L:", f":{line}:") in message
    assert message.startswith(f"rules/{fault.file}:")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "rules/convention.yaml:1:1: the file is empty"),
        (b"a: \xff\n", "rules/convention.yaml:1:1: the file is not UTF-8"),
        (b"x" * 1_000_001, "cannot be read: it has 1000001 bytes; nixlint-ort reads at most 1000000"),
        (b"a: \x00\n", "invalid YAML"),
        (b"? [a, b]\n: c\n", "rules/convention.yaml:1:3: a key must be text, not a list"),
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
        ConventionError, match=r"duplicate id 'header-driver'; rules/header/header-driver.yaml has it too"
    ):
        load(rules)


def test_versions_stay_text() -> None:
    tables = load(find_rules()).tables
    assert tables["cuda"].rows[0].cells["version"] == "12.4"
    assert tables["ort"].rows[4].cells["branch"] == "ort-1.20"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("header/header-driver.yml", "rules/header/header-driver.yml: wrong file name; rename it to header-driver.yaml"),
        ("convention.yml", "rules/convention.yml: wrong file name; rename it to convention.yaml"),
        ("headers/header-x.yaml", "rules/headers: unknown folder; did you mean header?; a convention has tables, syntax,"),
        ("header/more/header-x.yaml", "rules/header/more: unexpected folder; the folders of a convention have only files"),
        ("header-x.yaml", "rules/header-x.yaml: unexpected file; move a rule into the folder of its family, and a table into tables/"),
    ],
)  # fmt: skip
def test_a_file_that_would_not_be_read(path: str, error: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    (rules / path).parent.mkdir(exist_ok=True)
    (rules / path).write_text("id: x\n")
    with pytest.raises(ConventionError) as caught:
        load(rules)
    assert error in str(caught.value)


def test_an_unknown_convention_to_extend(tmp_path: Path) -> None:
    (tmp_path / "convention.yaml").write_text("extends: shiped\n")
    with pytest.raises(
        ConventionError, match=r":1:10: extends must be one of shipped, shipped:onnxruntime.*did you mean shipped"
    ):
        load(tmp_path)


def test_what_is_no_yaml_is_nobodys_business(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    for path in ("README.md", ".keep", "tables/notes.txt", ".git/x.yml"):
        (rules / path).parent.mkdir(exist_ok=True)
        (rules / path).write_text("x")
    assert load(rules).tables.keys() == load(find_rules()).tables.keys()


def test_the_first_format_is_read(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    path = rules / "convention.yaml"
    text = (
        path.read_text("utf-8").replace("[[CUDA {cuda.version}]]", "[CUDA {cuda.version}]").replace("format: 2\n", "")
    )
    start, end = text.index("roles:\n"), text.index("# What a field may look like")
    path.write_text(f"{text[:start]}release_table: ort\n\n{text[end:]}", "utf-8")
    old, new = load(rules), load(find_rules())
    fields = {**new.expected(new.kinds[0], {"cuda.tag": "12_9", "gpu.sm": "90", "isa.name": "avx2"}, "main")}
    for text_of in ("description", "header.line1"):
        assert old.kinds[0].texts[text_of].first.render(fields) == new.kinds[0].texts[text_of].first.render(fields)
    assert (old.roles.release.key, old.roles.release.version, old.roles.stack) == ("ort.branch", "ort.version", None)
    path.write_text(path.read_text("utf-8").replace("release_table: ort\n", ""), "utf-8")
    with pytest.raises(ConventionError, match=r"convention.yaml:\d+:1: convention.yaml needs the key 'roles'"):
        load(rules)
