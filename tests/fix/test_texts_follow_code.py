"""A header and a description are brought to a version that the code builds, or that a fix brings it to, and to no other."""

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from nixlint_ort.convention import Convention, load
from nixlint_ort.fix.apply import fix_all
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import CPU, GPU, ROOT, original, replace_once, session
from tests.support.oracle.nix import scratch

ORT_AT_PIN = '    ort: "1.23.2"'
LAYER = "    preConfigure = "
SOURCE = 'src = nixpkgs_pinned.fetchFromGitHub { owner = "microsoft"; repo = "onnxruntime"; tag = "v%s"; };'

# The release's version, what nixpkgs has at the pin (None: the table of pins has no row of it), the version that the
# file sets and the tag of its source (None: it sets none), the version that header and description name;
# the texts after --fix, and after --fix --unsafe-fixes; the rules that do not hold then.
ORT, TAG, HEADER, TEXT = "ort-version", "ort-src-tag", "header-ort-version", "description-ort-version"
CASES = {
    "all is as it should be": ("1.23.2", "1.23.2", None, None, "1.23.2", "1.23.2", "1.23.2", set()),
    "the texts alone are wrong": ("1.23.2", "1.23.2", None, None, "1.22.0", "1.23.2", "1.23.2", set()),
    "nixpkgs has another one": ("1.24.2", "1.23.2", None, None, "1.24.2", "1.24.2", "1.24.2", {ORT}),
    "nixpkgs has the one of the texts": ("1.24.2", "1.23.2", None, None, "1.23.2", "1.23.2", "1.23.2", {ORT, HEADER, TEXT}),
    "all three differ": ("1.24.2", "1.23.2", None, None, "1.22.0", "1.22.0", "1.22.0", {ORT, HEADER, TEXT}),
    "nobody knows what nixpkgs has": ("1.24.2", None, None, None, "1.23.2", "1.24.2", "1.24.2", set()),
    "the file sets it": ("1.24.2", "1.23.2", "1.24.2", "1.24.2", "1.23.2", "1.24.2", "1.24.2", set()),
    "the file sets it, and nixpkgs is unknown": ("1.24.2", None, "1.24.2", "1.24.2", "1.23.2", "1.24.2", "1.24.2", set()),
    "the file sets another one, which a fix mends": ("1.24.2", "1.23.2", "1.22.0", "1.22.0", "1.22.0", "1.24.2", "1.24.2", set()),
    "the file sets another one than the texts": ("1.24.2", "1.23.2", "1.22.0", "1.22.0", "1.23.2", "1.24.2", "1.24.2", set()),
    "the version is a label on another source": ("1.24.2", "1.23.2", "1.24.2", None, "1.23.2", "1.23.2", "1.23.2", {TAG, HEADER, TEXT}),
    "the version is another label, too": ("1.24.2", "1.23.2", "1.22.0", None, "1.22.0", "1.22.0", "1.22.0", {TAG, HEADER, TEXT}),
    "the source alone is set": ("1.24.2", "1.23.2", None, "1.24.2", "1.23.2", "1.23.2", "1.23.2", {ORT, HEADER, TEXT}),
    "the source alone is set, and is another one": ("1.24.2", "1.23.2", None, "1.22.0", "1.23.2", "1.23.2", "1.23.2", {ORT, HEADER, TEXT}),
}  # fmt: skip


@cache
def of(release: str, pin: str | None) -> Convention:
    """The shipped convention with these versions in the rows of main and of the pin."""
    folder = scratch() / f"rules-{release}-{pin}"
    shutil.copytree(ROOT / "rules", folder)
    releases, pins = folder / "tables/releases.yaml", folder / "tables/pins.yaml"
    edit(releases, '{branch: main, version: "1.23.2"', f'{{branch: main, version: "{release}"')
    if pin is None:
        edit(pins, "  - rev: ed142ab1", "  - rev: 00000000")
    else:
        edit(pins, ORT_AT_PIN, f'    ort: "{pin}"')
    return load(folder)


def edit(path: Path, good: str, bad: str) -> None:
    path.write_bytes(replace_once(path.read_bytes(), good, bad))


def variant(path: str, version: str | None, tag: str | None, texts: str) -> bytes:
    data = original(path).replace(b"ONNX Runtime 1.23.2", f"ONNX Runtime {texts}".encode())
    sets = [f'    version = "{version}";\n'] if version else []
    sets += [f"    {SOURCE % tag}\n"] if tag else []
    return replace_once(data, LAYER, "".join(sets) + LAYER)


@pytest.mark.parametrize("path", [GPU, CPU])
@pytest.mark.parametrize("case", CASES)
def test_texts_name_what_is_built(case: str, path: str) -> None:
    release, pin, version, tag, texts, safe, unsafe, left = CASES[case]
    convention = of(release, pin)
    data = variant(path, version, tag, texts)
    one = Repository(ROOT, convention, tree=InMemory({path: data}))
    rules = {name: rule for name, rule in convention.rules.items() if name in (ORT, TAG, HEADER, TEXT)}
    lint = session(one, "main", rules).lint
    for with_unsafe, expected in ((False, safe), (True, unsafe)):
        fixed = fix_all(one, lint, unsafe=with_unsafe)
        after = fixed.contents.get(path, data)
        if not with_unsafe:
            assert after == data.replace(f"ONNX Runtime {texts}".encode(), f"ONNX Runtime {expected}".encode())
        assert after.count(f"ONNX Runtime {expected}".encode()) == 2
    assert {finding.rule for finding in fixed.remaining.findings} == left


WHOLE_TEXTS = {
    "no header": (r"\A# ONNX .*\n(?:# CUDA .*\n)?", ""),
    "a header of no known form": (r"\A# ONNX Runtime .*\n", "# the runtime of ours\n"),
    "no description": (r"    description = .*\n", ""),
    "a description of no known form": (r"    description = .*\n", '    description = "the runtime of ours";\n'),
}


@pytest.mark.parametrize("path", [GPU, CPU])
@pytest.mark.parametrize("case", WHOLE_TEXTS)
def test_a_whole_text_is_written_only_where_it_is_so(case: str, path: str) -> None:
    pattern, text = WHOLE_TEXTS[case]
    data = re.sub(pattern, text, original(path).decode()).encode()
    for release, is_written in (("1.23.2", True), ("1.24.2", False)):
        one = Repository(ROOT, of(release, "1.23.2"), tree=InMemory({path: data}))
        fixed = fix_all(one, session(one).lint, unsafe=True)
        after = fixed.contents.get(path, data)
        assert after.count(f"ONNX Runtime {release}".encode()) == (2 if is_written else 0)
