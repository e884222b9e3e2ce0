# nixlint-ort for nixpkgs: pkgs.callPackage ./package.nix { }
{
  lib,
  installShellFiles,
  python3Packages,
}:
let
  inherit (python3Packages) buildPythonApplication;
  declared = builtins.match ".*__version__ = \"([^\"]+)\".*" (builtins.readFile ./src/nixlint_ort/__init__.py);
in
buildPythonApplication {
  pname = "nixlint-ort";
  version = builtins.head declared;
  pyproject = true;
  src = ./.;

  build-system = [
    python3Packages.hatchling
    python3Packages.ruamel-yaml
  ];
  dependencies = [
    python3Packages.click
    python3Packages.markdown-it-py
    python3Packages.packaging
    python3Packages.ruamel-yaml
    python3Packages.tree-sitter
    python3Packages.tree-sitter-grammars.tree-sitter-nix
  ];
  optional-dependencies = {
    lsp = [ python3Packages.pygls ];
    watch = [ python3Packages.watchfiles ];
  };
  pythonImportsCheck = [ "nixlint_ort" ];

  nativeBuildInputs = [ installShellFiles ];
  postInstall = "installManPage man/nixlint-ort.1";

  meta = {
    description = "Checks that every ONNX Runtime variant of a Flox repository says the same thing everywhere";
    license = lib.licenses.mit;
    mainProgram = "nixlint-ort";
  };
}
