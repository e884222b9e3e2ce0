"""An attribute that is missing is put in where it belongs, and one that is not needed is taken out with its blanks."""

from pathlib import Path
from typing import Any

import pytest

from nixlint_ort.convention import Operator, Rule
from nixlint_ort.finding import Safety
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.repository.repository import Repository
from nixlint_ort.template import Template
from tests.support import scratch
from tests.support.linting import CPU, GPU, OLDER, convention, fix, lint, lint_repository, original, replace_once

CUDA, SUPPORT = "cudaSupport = true;", "pythonSupport = true;"
PYTHON = "python3Packages = nixpkgs_pinned.python312Packages;"
CONFIG = "config = {\n      allowUnfree = true;\n    };"
DESCRIPTION = 'description = "ONNX Runtime 1.23.2 CPU-only + AVX2";'
PLATFORMS = 'platforms = [ "x86_64-linux" ];'
META = f"{{\n    {DESCRIPTION}\n    {PLATFORMS}\n  }}"


def lines(*attributes: str) -> str:
    """What the layer is overridden with, an attribute in each line."""
    return "".join(["{\n", *(f"    {one}\n" for one in attributes), "  }"])


OVERRIDE = lines(CUDA, SUPPORT)
OLDER_OVERRIDE = lines(CUDA, SUPPORT, PYTHON)


def with_texts(path: str, texts: dict[str, str]) -> bytes:
    """A variant with other texts in the places of some of its own."""
    data = original(path)
    for good, bad in texts.items():
        data = replace_once(data, good, bad)
    return data


# A part of a variant as it stands there, as it is without an attribute, and as it is fixed.
MISSING = {
    "the first of three in one line": (
        OLDER,
        OLDER_OVERRIDE,
        f"{{ {SUPPORT} {PYTHON} }}",
        f"{{ {CUDA} {SUPPORT} {PYTHON} }}",
    ),
    "the second of three in one line": (
        OLDER,
        OLDER_OVERRIDE,
        f"{{ {CUDA} {PYTHON} }}",
        f"{{ {CUDA} {SUPPORT} {PYTHON} }}",
    ),
    "the first of three": (OLDER, OLDER_OVERRIDE, lines(SUPPORT, PYTHON), OLDER_OVERRIDE),
    "before the first of those it stands before": (
        OLDER,
        OLDER_OVERRIDE,
        lines(PYTHON, SUPPORT),
        lines(CUDA, PYTHON, SUPPORT),
    ),
    "after the last of its siblings": (
        OLDER,
        OLDER_OVERRIDE,
        lines(SUPPORT, CUDA),
        lines(SUPPORT, CUDA, PYTHON),
    ),
    "after a sibling with a comment": (
        OLDER,
        OLDER_OVERRIDE,
        lines(CUDA, f"{SUPPORT}  # for the wheel"),
        lines(CUDA, f"{SUPPORT}  # for the wheel", PYTHON),
    ),
    "in a line with a comment in it": (
        OLDER,
        OLDER_OVERRIDE,
        f"{{ {CUDA} {SUPPORT} /* both */ }}",
        f"{{ {CUDA} {SUPPORT} /* both */ {PYTHON} }}",
    ),
    "false on a CPU variant": (
        CPU,
        "{\n    cudaSupport = false;\n    pythonSupport = true;\n  }",
        "{\n    pythonSupport = true;\n  }",
        "{\n    cudaSupport = false;\n    pythonSupport = true;\n  }",
    ),
    "a description in one line": (CPU, META, f"{{ {PLATFORMS} }}", f"{{ {DESCRIPTION} {PLATFORMS} }}"),
    "platforms in one line": (CPU, META, f"{{ {DESCRIPTION} }}", f"{{ {DESCRIPTION} {PLATFORMS} }}"),
    "pname": (CPU, "  pname = variantName;\n", "", "  pname = variantName;\n"),
}


@pytest.mark.parametrize(("path", "part", "bad", "fixed"), MISSING.values(), ids=MISSING)
def test_what_is_missing_is_put_in_where_it_belongs(path: str, part: str, bad: str, fixed: str) -> None:
    data, whole = (with_texts(path, {part: text}) for text in (bad, fixed))
    assert fix({path: data}, unsafe=True).contents == {path: whole}
    assert fix({path: data.replace(b"\n", b"\r\n")}, unsafe=True).contents == {path: whole.replace(b"\n", b"\r\n")}
    edits = [edit for one in lint({path: data}).findings if one.fix for edit in one.fix.edits]
    assert {edit.path for edit in edits} == {path}


# What the layer is overridden with where nothing is left of it, and as it is fixed: both attributes are put in.
EMPTY = {
    "in a line": ("{ }", f"{{ {CUDA} {SUPPORT} }}"),
    "without a blank": ("{}", f"{{ {CUDA} {SUPPORT} }}"),
    "over two lines": ("{\n  }", lines(CUDA, SUPPORT)),
    "with an empty line": ("{\n\n  }", lines(CUDA, SUPPORT)),
    "a function": ("({ ... }: { })", f"({{ ... }}: {{ {CUDA} {SUPPORT} }})"),
    "a function of all": ("(args: {\n  })", f"(args: {lines(CUDA, SUPPORT)})"),
    "recursive": ("rec { }", f"rec {{ {CUDA} {SUPPORT} }}"),
    "recursive over lines": ("rec\n  {\n  }", f"rec\n  {lines(CUDA, SUPPORT)}"),
    "in parentheses": ("(({ }))", f"(({{ {CUDA} {SUPPORT} }}))"),
    "a comment in the line": ("{ /* none */ }", f"{{ /* none */ {CUDA} {SUPPORT} }}"),
    "a comment behind the brace": ("{ # none\n  }", f"{{ # none\n    {CUDA}\n    {SUPPORT}\n  }}"),
    "a comment in its own line": ("{\n    # none\n  }", lines(CUDA, SUPPORT, "# none")),
    "a comment before the brace": ("/* a */ { /* b */ }", f"/* a */ {{ /* b */ {CUDA} {SUPPORT} }}"),
    "with a name": ("nothing", "nothing"),
    "of two, the last": ("({ } // { })", f"({{ }} // {{ {CUDA} {SUPPORT} }})"),
    "under a condition": ("(lib.optionalAttrs true { })", f"(lib.optionalAttrs true {{ {CUDA} {SUPPORT} }})"),
    "in a binding of its own": ("(let none = { }; in none)", f"(let none = {{ {CUDA} {SUPPORT} }}; in none)"),
}


@pytest.mark.parametrize(("bad", "fixed"), EMPTY.values(), ids=EMPTY)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_first_attribute_of_a_set_is_put_in(bad: str, fixed: str, newline: str) -> None:
    named = {"let\n": "let\n  nothing = { };\n"} if bad == "nothing" else {}
    expected = {"let\n": f"let\n  nothing = {{ {CUDA} {SUPPORT} }};\n"} if named else {}
    data = with_texts(GPU, named | {OVERRIDE: bad}).replace(b"\n", newline.encode())
    whole = with_texts(GPU, expected | {OVERRIDE: fixed}).replace(b"\n", newline.encode())
    assert {one.rule for one in lint({GPU: data}).findings if one.fix} >= {"cuda-support", "python-support"}
    assert fix({GPU: data}, unsafe=True).contents == {GPU: whole}


WHOLE = f"{{\n  pname = variantName;\n  meta = (oldAttrs.meta or {{}}) // {META};\n}}"
FETCHED = "config = {\n      allowUnfree = true;\n      cudaSupport = true;\n    };"

# A part of a variant, and what stands there in place of it, without anything and fixed: sets of other facts.
OTHER_EMPTY = {
    "the config": (GPU, FETCHED, "config = { };", "config = { cudaSupport = true; };"),
    "meta": (CPU, META, "{ }", f"{{ {DESCRIPTION} {PLATFORMS} }}"),
    "meta with nothing of nixpkgs": (
        CPU,
        f"(oldAttrs.meta or {{}}) // {META}",
        "{}",
        f"{{ {DESCRIPTION} {PLATFORMS} }}",
    ),
    "meta by a function": (
        CPU,
        f"(oldAttrs.meta or {{}}) // {META}",
        "lib.recursiveUpdate oldAttrs.meta {\n  }",
        f"lib.recursiveUpdate oldAttrs.meta {META}",
    ),
    "meta that is recursive": (
        CPU,
        f"(oldAttrs.meta or {{}}) // {META}",
        "rec { }",
        f"rec {{ {DESCRIPTION} {PLATFORMS} }}",
    ),
    "all attributes": (CPU, WHOLE, "{ }", "{ pname = variantName; }"),
}


@pytest.mark.parametrize(("path", "part", "bad", "fixed"), OTHER_EMPTY.values(), ids=OTHER_EMPTY)
def test_the_first_attribute_is_put_in_whatever_the_set_is_for(path: str, part: str, bad: str, fixed: str) -> None:
    fixed_file = fix({path: with_texts(path, {part: bad})}, unsafe=True).contents[path]
    assert fixed_file == with_texts(path, {part: fixed})


@pytest.mark.parametrize(
    "texts",
    [
        {OLDER_OVERRIDE: '(builtins.removeAttrs { inherit gpuArchCMake; } [ "gpuArchCMake" ])'},
        {OLDER_OVERRIDE: "{ cudaSupport = true; # in one line\n  }"},
        {OLDER_OVERRIDE: "{\n    inherit cudaSupport;\n  }", "let\n": f"let\n  {CUDA}\n"},
    ],
)
def test_what_has_no_place_is_not_put_in(texts: dict[str, str]) -> None:
    findings = lint({OLDER: with_texts(OLDER, texts)}).findings
    assert {"cpp-layer-python", "python-support"} <= {one.rule for one in findings}
    assert all(one.fix is None for one in findings)


def test_a_pname_is_written_out_where_there_is_no_name_to_refer_to() -> None:
    binding = '  variantName = "onnxruntime-python313-cpu-avx2";\n'
    data = with_texts(CPU, {"  pname = variantName;\n": "", binding: ""})
    literal = '  pname = "onnxruntime-python313-cpu-avx2";\n'
    whole = with_texts(CPU, {"  pname = variantName;\n": literal, binding: ""})
    assert fix({CPU: data}, unsafe=True).contents == {CPU: whole}


# What the wrapper is taken from, and how the package set is written that the layer is given then.
PACKAGE_SETS = [
    ("nixpkgs_pinned.python312Packages", "nixpkgs_pinned.python312Packages"),
    ("nixpkgs_pinned.pkgs.python312Packages", "nixpkgs_pinned.pkgs.python312Packages"),
    ("nixpkgs_pinned . python312Packages", "nixpkgs_pinned.python312Packages"),
    ("(let set = nixpkgs_pinned.python312Packages; in set)", "nixpkgs_pinned.python312Packages"),
    ("(nixpkgs_pinned).python312Packages", None),
    ("(nixpkgs_pinned).pkgs.python312Packages", None),
    ('nixpkgs_pinned."python312Packages"', None),
    ("(with nixpkgs_pinned; python312Packages)", None),
]


@pytest.mark.parametrize(("wrapper", "written"), PACKAGE_SETS)
def test_the_layer_is_given_the_package_set_that_the_wrapper_is_taken_from(wrapper: str, written: str | None) -> None:
    taken = {"(nixpkgs_pinned.python312Packages.": f"({wrapper}."}
    data = with_texts(OLDER, taken | {f"    {PYTHON}\n": ""})
    assert "cpp-layer-python" in {one.rule for one in lint({OLDER: data}).findings}
    whole = with_texts(OLDER, taken | {PYTHON: f"python3Packages = {written};"})
    assert fix({OLDER: data}, unsafe=True).contents == ({OLDER: whole} if written else {})


NAMED = {"let\n": "let\n  p = nixpkgs_pinned.python312Packages;\n"}
NAMED_TWICE = {"let\n": f"let\n  p = python3Packages;\n  {PYTHON}\n"}

# A variant's texts as they are with an attribute that is not needed, and as they are fixed.
NEEDLESS = {
    "in a line of its own": (GPU, {OVERRIDE: lines(CUDA, PYTHON, SUPPORT)}, {}),
    "in a line of its own with a comment": (
        GPU,
        {OVERRIDE: lines(CUDA, f"{PYTHON}  # at first", SUPPORT)},
        {OVERRIDE: lines(CUDA, "# at first", SUPPORT)},
    ),
    "in front of another": (GPU, {OVERRIDE: lines(f"{PYTHON}  {CUDA}", SUPPORT)}, {}),
    "behind another": (GPU, {OVERRIDE: lines(f"{CUDA}  {PYTHON}", SUPPORT)}, {}),
    "between two": (
        GPU,
        {OVERRIDE: f"{{ {CUDA} {PYTHON}  {SUPPORT} }}"},
        {OVERRIDE: f"{{ {CUDA}  {SUPPORT} }}"},
    ),
    "over two lines": (GPU, {OVERRIDE: lines(CUDA, SUPPORT, PYTHON.replace("= ", "=\n      "))}, {}),
    "alone in a set": (GPU, {OVERRIDE: f"({OVERRIDE} // {{ {PYTHON} }})"}, {OVERRIDE: f"({OVERRIDE} // {{ }})"}),
    "with a name in quotes": (GPU, {OVERRIDE: lines(CUDA, SUPPORT, f'"{PYTHON}'.replace(" =", '" ='))}, {}),
    "with a value that has a name": (GPU, {**NAMED, OVERRIDE: lines(CUDA, SUPPORT, "python3Packages = p;")}, NAMED),
    "with a value that has two names": (
        GPU,
        {**NAMED_TWICE, OVERRIDE: lines(CUDA, SUPPORT, "python3Packages = p;")},
        NAMED_TWICE,
    ),
    "inherited": (
        GPU,
        {"let\n": f"let\n  {PYTHON}\n", OVERRIDE: lines(CUDA, SUPPORT, "inherit python3Packages;")},
        {"let\n": f"let\n  {PYTHON}\n"},
    ),
    "among others that are inherited": (
        GPU,
        {"let\n": f"let\n  {PYTHON}\n  {SUPPORT}\n", OVERRIDE: lines(CUDA, "inherit pythonSupport python3Packages;")},
        {
            "let\n": f"let\n  {PYTHON.replace('312', '3')}\n  {SUPPORT}\n",
            OVERRIDE: lines(CUDA, "inherit pythonSupport python3Packages;"),
        },
    ),
    "taken from another set": (
        GPU,
        {"let\n": f"let\n  s = {{ {PYTHON} }};\n", OVERRIDE: lines(CUDA, SUPPORT, "inherit (s) python3Packages;")},
        {
            "let\n": f"let\n  s = {{ {PYTHON.replace('312', '3')} }};\n",
            OVERRIDE: lines(CUDA, SUPPORT, "inherit (s) python3Packages;"),
        },
    ),
    "with a path for a name": (
        CPU,
        {CONFIG: "config.allowUnfree = true;\n    config.cudaSupport = true;"},
        {CONFIG: "config.allowUnfree = true;"},
    ),
    "a switch": (CPU, {CONFIG: CONFIG.replace("true;\n", "true;\n      cudaSupport = true;\n")}, {}),
}


@pytest.mark.parametrize(("path", "bad", "fixed"), NEEDLESS.values(), ids=NEEDLESS)
def test_what_is_not_needed_is_taken_out_or_put_right(path: str, bad: dict[str, str], fixed: dict[str, str]) -> None:
    data, whole = with_texts(path, bad), with_texts(path, fixed)
    assert fix({path: data}, unsafe=True).contents == {path: whole}
    assert {edit.path for one in lint({path: data}).findings if one.fix for edit in one.fix.edits} == {path}


def test_an_attribute_that_has_no_fixed_name_gets_another_value() -> None:
    name = '${"python3" + "Packages"}'
    data, whole = (
        with_texts(GPU, {OVERRIDE: lines(CUDA, SUPPORT, f"{name} = nixpkgs_pinned.{packages};")})
        for packages in ("python312Packages", "python3Packages")
    )
    assert fix({GPU: data}, unsafe=True).contents == {GPU: whole}


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [(OLDER, PYTHON, PYTHON.replace("312", "311")), (GPU, f"      {CUDA}\n", "      cudaSupport = false;\n")],
)
def test_an_attribute_that_is_needed_is_mended_and_stays(path: str, good: str, bad: str) -> None:
    assert fix({path: with_texts(path, {good: bad})}, unsafe=True).contents == {path: original(path)}


def fixed_by(rule: Rule, folder: Path, data: bytes) -> bytes | None:
    """What fixing makes of a variant that is alone in a folder, by one rule of another convention."""
    scratch.write(folder, {CPU: data})
    there = Repository(folder, convention()._replace(rules={rule.id: rule}))
    return fix_all(there, lint_repository, unsafe=True).contents.get(CPU)


def changed(name: str, **keys: Any) -> Rule:
    """A rule of this convention with other keys, which has an unsafe fix and is about all variants."""
    return convention().rules[name]._replace(fix=Safety.UNSAFE, applies=frozenset({"gpu", "cpu"}), **keys)


def test_where_nixpkgs_has_no_default_nothing_is_taken_out(tmp_path: Path) -> None:
    bad, good = (CONFIG.replace("true;\n", f"true;\n      cudaSupport = {one};\n") for one in ("true", "false"))
    rule = changed("config-cuda-support", default=None)
    assert fixed_by(rule, tmp_path, with_texts(CPU, {CONFIG: bad})) == with_texts(CPU, {CONFIG: good})


def test_a_list_of_several_is_put_in(tmp_path: Path) -> None:
    rule = changed("platforms", operator=Operator.CONTAINS_ALL, templates=(Template("a", {}), Template("b", {})))
    whole = with_texts(CPU, {PLATFORMS: 'platforms = [ "a" "b" ];'})
    assert fixed_by(rule, tmp_path, with_texts(CPU, {f"\n    {PLATFORMS}": ""})) == whole


@pytest.mark.parametrize("switch", ["true", "false", "perhaps"])
def test_a_switch_is_true_or_false_or_not_put_in(switch: str, tmp_path: Path) -> None:
    off = "    cudaSupport = false;\n"
    fixed = fixed_by(changed("cuda-support", templates=(Template(switch, {}),)), tmp_path, with_texts(CPU, {off: ""}))
    assert fixed == (None if switch == "perhaps" else with_texts(CPU, {off: off.replace("false", switch)}))


def test_where_a_rule_asks_only_that_something_is_set_nothing_is_made_up(tmp_path: Path) -> None:
    rule = changed("pname", operator=Operator.PRESENT, operand="true", templates=())
    assert fixed_by(rule, tmp_path, with_texts(CPU, {"  pname = variantName;\n": ""})) is None
