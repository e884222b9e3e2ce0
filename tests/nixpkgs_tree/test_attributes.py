"""What is read from a tree of nixpkgs is what Nix says of it: every attribute, its throw, its function's arguments."""

import pytest

from nixlint_ort.nixpkgs_tree.attributes import State
from nixlint_ort.nixpkgs_tree.functions import function_of
from tests.support.nixpkgs import STATES, attributes, nix, tree

STATE_OF = """
  let
    state = set: name: if (builtins.tryEval set.${name}).success then "there" else "throws";
    states = set: builtins.listToAttrs (map (name: { inherit name; value = state set name; }) (builtins.attrNames set));
  in
  states (%s)
"""
SETS = {
    "before": ("", "python3Packages", "python311Packages", "python313.pkgs", "lib", "lib.strings", "lib.attrsets"),
    "after": ("", "python3Packages", "python312Packages", "python3.pkgs", "lib", "lib.fixedPoints"),
    "next": ("", "python3Packages", "python314Packages", "python314.pkgs", "lib", "lib.derivations"),
}
NEVER = ("onnxruntim", "cudaPackages_12_7", "python39Packages", "buildPythonPackage")
"""Names that the set itself, or none of them, has."""

UNKNOWN = {
    "": {"override", "overlays", "recurseForDerivations"},
    "python": {"buildPythonPackage", "cudaPackages", "python", "recurseForDerivations"},
    "lib": {"extend", "readFile", "version"},
}
"""What is not followed, by the set: it is told apart from what there is not."""


def names_read(state: str, path: str) -> set[str]:
    """Every name that this tool reads of a set."""
    found = attributes(state)
    names = found.python_names if "ython" in path else found.names
    return set() if path.startswith("lib") else {*names.values, *names.given}


@pytest.mark.parametrize(("state", "path"), [(state, path) for state in STATES for path in SETS[state]])
def test_every_attribute_is_what_nix_says(state: str, path: str) -> None:
    truth = nix(state, STATE_OF % (f"pkgs.{path}" if path else "pkgs"))
    assert isinstance(truth, dict)
    dotted = f"{path}." if path else ""
    names = {*truth, *names_read(state, path), *NEVER}
    ours = {name: attributes(state).find(f"{dotted}{name}") for name in names}
    unknown = {name for name, found in ours.items() if found.state is State.UNKNOWN}
    kind = next((one for one in ("python", "lib") if path.startswith(one)), "")
    assert unknown <= UNKNOWN[kind]
    known = names - unknown
    assert {name: ours[name].state.value for name in known} == {name: truth.get(name, "absent") for name in known}
    assert len(known) > 10 or path.startswith("lib.")


@pytest.mark.parametrize(
    ("state", "path", "words"),
    [
        ("before", "cudaPackages_11_0", "CUDA 11.0 has been removed; use a later line"),
        ("after", "cudaPackages_12_4", "CUDA 12.4 has been removed from this nixpkgs, as nothing maintains it"),
        ("after", "mkl-dnn", "'mkl-dnn' has been renamed to/replaced by 'onednn'"),
        ("after", "python3Packages.onnx-runtime", "onnx-runtime has been renamed to onnxruntime"),
        ("after", "cmake-darwin", "cmake-darwin is only for Darwin"),
        ("next", "hello-unfree", "hello-unfree is gone on Linux"),
    ],
)
def test_a_throw_has_its_words(state: str, path: str, words: str) -> None:
    found = attributes(state).find(path)
    assert (found.state, found.words) == (State.THROWS, words)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    "path",
    [
        "onnxruntime",
        "onednn",
        "dnnl",
        "hello",
        "hello-world",
        "cmake",
        "cmakeCurses",
        "python3Packages.onnxruntime",
        "python3Packages.numpy",
        "python312Packages.torch",
    ],
)
def test_the_arguments_and_the_version_of_a_function_are_what_nix_says(state: str, path: str) -> None:
    function = function_of(attributes(state), path)
    assert function is not None
    file = function.path if function.path.endswith(".nix") else f"{function.path}/default.nix"
    formals = nix(state, f"builtins.attrNames (builtins.functionArgs (import {tree(state)}/{file}))")
    assert sorted(function.arguments) == formals
    assert function.version in (None, nix(state, f"pkgs.{path}.version"))
    assert (function.version is None) == (path == "python3Packages.onnxruntime")


@pytest.mark.parametrize("state", STATES)
def test_the_default_python_is_the_one_that_nix_says(state: str) -> None:
    version = nix(state, "pkgs.python3.pythonVersion")
    found = attributes(state)
    sets = [name for name in found.names.values if name.startswith("python3") and name.endswith("Packages")]
    same = {name for name in sets if found.same(name, "python3Packages")}
    assert same == {"python3Packages", f"python{str(version).replace('.', '')}Packages"}
