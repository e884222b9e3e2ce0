"""The rules' pages and the tables of rules, from what `nixlint-ort explain` shows too."""

from __future__ import annotations

from collections.abc import Iterable

from nixlint_ort.check.all_predicates import PREDICATES
from nixlint_ort.check.predicates.registry import Scope
from nixlint_ort.convention import Rule
from nixlint_ort.convention.example import ExampleScope
from nixlint_ort.convention.rule import Operator
from nixlint_ort.finding import Safety
from nixlint_ort.report.rules import example_markdown, severity
from nixlint_ort.report.table import markdown, markdown_code, markdown_text

UNREAD = ("syntax", "readable")
"""The predicates of which no comment frees a file, since its comments cannot be trusted either."""

FIXES = {
    Safety.SAFE: "safe: `nixlint-ort --fix`",
    Safety.UNSAFE: "unsafe, since it changes what is built: `nixlint-ort --fix --unsafe-fixes`",
    None: "none; this is for you to decide",
}

_NO_LINE = frozenset({ExampleScope.DOCUMENT, ExampleScope.COMMIT, ExampleScope.REMOVED, ExampleScope.TABLE})
"""Where no comment in a variant can silence a rule."""


_SEEN = {
    Scope.VARIANT: "one variant",
    Scope.REPOSITORY: "all variants",
    Scope.DOCUMENT: "documents",
    Scope.COMMIT: "a commit",
    Scope.COMMENT: "comments",
}


def predicates() -> str:
    """What a rule may name under `check`: a table as it is registered."""
    rows = [
        (
            markdown_code(name),
            f"{one.sentence[0].upper()}{one.sentence[1:]}",
            _SEEN[one.scope],
            ", ".join(map(markdown_code, one.arguments)),
        )
        for name, one in sorted(PREDICATES.items())
    ]
    return markdown(("predicate", "holds where", "looks at", "names for messages"), rows).rstrip("\n")


def page(rule: Rule) -> str:
    """A rule's own page."""
    rows = [
        ("family", markdown_text(rule.family)),
        ("severity", markdown_text(severity(rule))),
        ("applies to", _applies(rule)),
        ("looks at", _looks_at(rule)),
        ("fix", FIXES[rule.fix]),
        ("written in", markdown_code(rule.path)),
    ]
    blocks = [
        f"<!-- `make docs` writes this page from {rule.path}. -->",
        f"# {rule.id}",
        markdown_text(rule.summary),
        markdown_text(rule.why),
        markdown(("", ""), rows).rstrip(),
        "## Example",
        example_markdown(rule),
        "## Silence it",
        _silence(rule),
        "[All rules](index.md)",
    ]
    return "\n\n".join(blocks) + "\n"


def index(rules: Iterable[Rule]) -> str:
    """The page that lists all rules, family by family."""
    families: dict[str, list[Rule]] = {}
    for rule in rules:
        families.setdefault(rule.family, []).append(rule)
    about = (
        f"There are {sum(map(len, families.values()))} rules in {len(families)} families. "
        "`nixlint-ort explain RULE` shows a rule's page in the terminal. "
        "[Safe and unsafe fixes](../using.md#safe-and-unsafe-fixes) says what these words mean."
    )
    blocks = ["<!-- `make docs` writes this page from rules/. -->", "# Rules", about]
    for family, members in families.items():
        blocks += [f"## {family}", _table(members, "").rstrip()]
    return "\n\n".join(blocks) + "\n"


def readme_list(rules: Iterable[Rule]) -> str:
    """A line for each family with its rules, with links as the README needs them."""
    families: dict[str, list[Rule]] = {}
    for rule in rules:
        families.setdefault(rule.family, []).append(rule)
    lines = [
        f"- [{family}](docs/rules/index.md#{family}): {', '.join(f'`{rule.id}`' for rule in members)}"
        for family, members in families.items()
    ]
    return "\n".join(lines) + "\n"


def _table(rules: Iterable[Rule], folder: str) -> str:
    rows = [
        (f"[{rule.id}]({folder}{rule.id}.md)", severity(rule), rule.fix or "", markdown_text(rule.summary))
        for rule in rules
    ]
    return markdown(("rule", "severity", "fix", "what it wants"), rows)


def _applies(rule: Rule) -> str:
    if rule.example.scope is ExampleScope.DOCUMENT:
        return "README.md and CLAUDE.md"
    return "commits" if rule.example.scope is ExampleScope.COMMIT else kinds_of(rule)


def kinds_of(rule: Rule) -> str:
    """The kinds of variant that a rule of the shipped convention is about, in words."""
    if rule.applies == frozenset({"gpu", "cpu"}):
        return "all variants"
    return " and ".join(f"{kind.upper()} variants" for kind in sorted(rule.applies))


def _looks_at(rule: Rule) -> str:
    facts = " and ".join(f"the fact {markdown_code(fact)}" for fact in rule.facts)
    if rule.field:
        facts = f"{markdown_code(rule.field)} in {facts}"
    if rule.operator is Operator.CHECK:
        return (
            f"{facts}: whether {PREDICATES[rule.operand].sentence}"
            if facts
            else f"whether {PREDICATES[rule.operand].sentence}"
        )
    return facts


def _silence(rule: Rule) -> str:
    settings = f"In `nixlint-ort.yaml`, for the whole repository:\n\n```yaml\nignore: [{rule.id}]\n```"
    if rule.example.scope in _NO_LINE:
        return settings
    if rule.operand in UNREAD:
        return f"No comment silences it, since nothing else can be said of such a file.\n\n{settings}"
    comment = (
        "On the line, alone on the line above it, or with `ignore-file` for the whole file; "
        f"the reason is yours:\n\n```nix\n# nixlint-ort: ignore[{rule.id}] reason\n```"
    )
    return f"{comment}\n\n{settings}"
