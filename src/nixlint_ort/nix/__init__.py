"""The Nix language as this tool needs it: parse a file, and evaluate it without building anything."""

from nixlint_ort.nix.evaluation import Evaluation, evaluate
from nixlint_ort.nix.parse import Comment, Document, Token, parse
from nixlint_ort.nix.walk import Problem

__all__ = ["Comment", "Document", "Evaluation", "Problem", "Token", "evaluate", "parse"]
