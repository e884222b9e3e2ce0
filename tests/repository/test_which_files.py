"""Which files are variants: those that Flox makes packages of, less the helpers that the convention lists."""

from pathlib import Path

import pytest

from nixlint_ort.convention import find_rules, load
from nixlint_ort.repository.repository import Repository
from nixlint_ort.repository.tree import InMemory
from tests.support.linting import GPU, original

NAME = Path(GPU).stem
PKGS = ".flox/pkgs"


def variants(root: Path, *files: str, helpers: tuple[str, ...] = (), paths: tuple[str, ...] = ()) -> dict[str, str]:
    """The path and the name of each variant of a repository that has some files."""
    for file in (f"{PKGS}/{NAME}.nix", *files):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(original(GPU))
    convention = load(find_rules())._replace(helpers=helpers)
    found = Repository(root, convention, [root / path for path in paths])
    return {one.path.removeprefix(f"{PKGS}/"): one.stem for one in found.variants if one.stem != NAME}


@pytest.mark.parametrize(
    ("files", "helpers", "found"),
    [
        (["a.nix"], (), {"a.nix": "a"}),
        (["a/default.nix"], (), {"a/default.nix": "a"}),
        (["a/default.nix", "a/flags.nix", "a/more/x.nix"], (), {"a/default.nix": "a"}),
        (["lib/x.nix"], (), {"lib/x.nix": "x"}),
        (["set/a/default.nix"], (), {"set/a/default.nix": "a"}),
        (["lib/x.nix", "a.nix"], (f"{PKGS}/lib/",), {"a.nix": "a"}),
        (["lib/x.nix", "flags.nix"], ("flags.nix",), {"lib/x.nix": "x"}),
        (["a.txt", "a/b.md"], (), {}),
        (["default.nix"], (), {"default.nix": "pkgs"}),
    ],
)
def test_which_are_there(files: list[str], helpers: tuple[str, ...], found: dict[str, str], tmp_path: Path) -> None:
    assert variants(tmp_path, *(f"{PKGS}/{file}" for file in files), helpers=helpers) == found


def test_a_pattern_of_files_in_one_folder_has_folders_with_a_default_file_too(tmp_path: Path) -> None:
    (tmp_path / f"{PKGS}/{NAME}").mkdir(parents=True)
    (tmp_path / f"{PKGS}/{NAME}/default.nix").write_bytes(original(GPU))
    convention = load(find_rules())._replace(variants=f"{PKGS}/*.nix")
    (variant,) = Repository(tmp_path, convention).variants
    assert (variant.stem, variant.identity is not None) == (NAME, True)
    assert variant.renamed("x").path == f"{PKGS}/x/default.nix"


def test_a_helper_that_is_asked_for_is_no_variant(tmp_path: Path) -> None:
    assert variants(tmp_path, f"{PKGS}/a.nix", helpers=("a.nix",), paths=(f"{PKGS}/a.nix",)) == {}


def test_where_a_variant_would_be() -> None:
    convention = load(find_rules())
    assert convention.path_of("x") == f"{PKGS}/x.nix"
    assert convention._replace(variants="*.nix").path_of("x") == "x.nix"
    assert convention._replace(variants="a/*/b/*.nix").home == "a"


# The name and the text of the only file, and whether it has to do with ONNX Runtime.
FIRST_FILES = {
    "another package": ("ollama-cuda", "{ pkgs ? import <nixpkgs> { } }: pkgs.ollama", False),
    "an empty file": ("notes", "", False),
    "a comment that names it": ("ollama", "# as in build-onnxruntime\n{ pkgs }: pkgs.ollama # /* onnxruntime", False),
    "a comment in a file that Nix refuses": ("ollama", "/* onnxruntime */ { pkgs }: pkgs.", False),
    "a text that names it": ("ort", '{ pkgs }: pkgs.lib.getAttr "onnxruntime" pkgs # onnxruntime', True),
    "its name in a file that Nix refuses": ("ort", "# onnxruntime\n{ pkgs }: pkgs.onnxruntime.", True),
    "a package of its family": ("onnxruntime-cuda", "{ }: 1", True),
    "a variant's name": (NAME, "", True),
    "another name for the package": ("ort-cuda", "{ pkgs ? import <nixpkgs> { } }: pkgs.onnxruntime", True),
    "another name for its Python package": ("ort", "{ pkgs }: with pkgs.python3Packages; onnxruntime", True),
}


@pytest.mark.parametrize("name", FIRST_FILES)
def test_a_repository_of_another_package_is_told(name: str) -> None:
    stem, text, is_own = FIRST_FILES[name]
    files = {f"{PKGS}/{stem}.nix": text.encode(), "README.md": b"58 variants of CUDA 12.9 on driver 535+\n"}
    one = Repository(Path("/r"), load(find_rules()), tree=InMemory(files))
    assert one.is_of_another_package is not is_own
