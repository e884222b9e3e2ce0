"""package.nix and flake.nix evaluate, and say of dependencies and version what pyproject.toml says."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from nixlint_ort import __version__
from tests.support.linting import ROOT
from tests.support.oracle.nix import Evaluated, evaluate_expressions, nix_string

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
NAMES = {"ruamel-yaml": "ruamel.yaml", "tree-sitter-grammars.tree-sitter-nix": "tree-sitter-nix"}
"""Where nixpkgs calls a package otherwise than the package registry does."""
STUB = """
  let
    named = name: { inherit name; outPath = "/stub/${name}"; };
    names = [ "click" "markdown-it-py" "packaging" "ruamel-yaml" "tree-sitter" "hatchling" "pygls" "watchfiles" ];
    python3Packages = builtins.listToAttrs (map (name: { inherit name; value = named name; }) names) // {
      buildPythonApplication = arguments: arguments;
      tree-sitter-grammars.tree-sitter-nix = named "tree-sitter-grammars.tree-sitter-nix";
    };
    lib = {
      licenses.mit = "MIT";
      optional = condition: one: if condition then [ one ] else [ ];
      genAttrs = names: make: builtins.listToAttrs (map (name: { inherit name; value = make name; }) names);
    };
    pkgs = {
      inherit lib python3Packages;
      stdenv.hostPlatform = { system = "x86_64-linux"; isLinux = true; };
      installShellFiles = named "installShellFiles";
      callPackage = file: _: (import file { inherit lib python3Packages; inherit (pkgs) installShellFiles; }) // { outPath = "/stub/nixlint-ort"; };
      runCommand = name: _: text: { inherit name text; };
      mkShell = arguments: arguments;
      python3 = 1; gnumake = 1; nix = 1; chromium = 1; neovim = 1;
    };
  in
"""


def evaluated(expression: str) -> Any:
    (found,) = evaluate_expressions([f"builtins.toJSON ({STUB} {expression})"])
    assert isinstance(found, Evaluated), found
    return json.loads(str(found.value))


def file(name: str) -> str:
    return f"(/. + {nix_string(str(ROOT / name))})"


def required(listed: list[str]) -> set[str]:
    return {re.split(r"[><=~!\[ ]", one, maxsplit=1)[0] for one in listed}


def test_the_package_has_the_dependencies_of_the_project() -> None:
    package = evaluated(f"""
      let package = pkgs.callPackage {file("package.nix")} {{ }}; names = map (one: one.name); in {{
        inherit (package) pname version;
        main = package.meta.mainProgram;
        needs = names package.dependencies;
        builds = names package.build-system;
        tools = names package.nativeBuildInputs;
        installs = package.postInstall;
        extras = builtins.mapAttrs (_: names) package.optional-dependencies;
      }}""")
    assert (package["pname"], package["version"], package["main"]) == ("nixlint-ort", __version__, "nixlint-ort")
    assert {NAMES.get(one, one) for one in package["needs"]} == required(PROJECT["dependencies"])
    assert {NAMES.get(one, one) for one in package["builds"]} == required(PYPROJECT["build-system"]["requires"])
    assert (package["tools"], package["installs"]) == (["installShellFiles"], "installManPage man/nixlint-ort.1")
    assert (ROOT / package["installs"].split()[1]).is_file()
    assert {name: set(listed) for name, listed in package["extras"].items()} == {
        name: required(listed) for name, listed in PROJECT["optional-dependencies"].items()
    }


def test_the_flake_has_a_package_an_app_a_check_an_overlay_and_a_shell() -> None:
    flake = evaluated(f"""
      let
        outputs = (import {file("flake.nix")}).outputs {{
          self = outputs // {{ outPath = "/stub/self"; }};
          nixpkgs = {{ inherit lib; legacyPackages = lib.genAttrs
            [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ] (_: pkgs); }};
        }};
        here = outputs.packages.x86_64-linux;
      in {{
        names = builtins.attrNames outputs;
        package = here.default.pname;
        program = outputs.apps.x86_64-linux.default.program;
        check = outputs.checks.x86_64-linux.variants.text;
        overlay = (outputs.overlays.default pkgs pkgs).nixlint-ort.pname;
        shell = builtins.length outputs.devShells.x86_64-linux.default.packages;
      }}""")
    assert flake["names"] == ["apps", "checks", "devShells", "overlays", "packages"]
    assert (flake["package"], flake["overlay"]) == ("nixlint-ort", "nixlint-ort")
    assert flake["program"] == "/stub/nixlint-ort/bin/nixlint-ort"
    assert "/stub/nixlint-ort/bin/nixlint-ort --no-cache" in flake["check"]
    assert flake["shell"] == 5
