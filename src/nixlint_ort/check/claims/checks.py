"""What can be wrong in a document: the predicates of the rules about documents."""

from __future__ import annotations

from enum import StrEnum

from nixlint_ort.check.predicates.registry import Scope, declare


class Check(StrEnum):
    """What a fault is about; each is the predicate of a rule."""

    VERSION = "document-version"
    BRANCH = "document-branch"
    COUNT = "document-count"
    NAME = "document-names"
    INCOMPLETE = "document-incomplete"
    EXAMPLE = "document-example"


declare(
    Check.VERSION,
    "the values that documents state together are of one row of a table",
    Scope.DOCUMENT,
    ("what", "row", "beside"),
)
declare(
    Check.BRANCH, "what documents say of a branch is what the table of releases says", Scope.DOCUMENT, ("what", "row")
)
declare(Check.COUNT, "documents count what there is", Scope.DOCUMENT, ("what", "row"))
declare(Check.NAME, "every variant that documents name is there", Scope.DOCUMENT, ("what", "row"))
declare(Check.INCOMPLETE, "the tables and lists of documents have every row", Scope.DOCUMENT, ("what", "row"))
declare(Check.EXAMPLE, "the examples of documents are of one row of a table", Scope.DOCUMENT, ("what", "row"))
