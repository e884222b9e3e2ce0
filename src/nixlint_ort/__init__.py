"""A linter for repositories of ONNX Runtime variants written in Nix."""

__version__ = "0.1.0"
