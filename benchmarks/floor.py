"""The floor: what any Python tool on this parser must pay to start, import it, and read and parse the files."""

import sys
from pathlib import Path

import tree_sitter
import tree_sitter_nix

parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_nix.language()))
for path in Path(sys.argv[1]).glob(".flox/pkgs/*.nix"):
    parser.parse(path.read_bytes())
