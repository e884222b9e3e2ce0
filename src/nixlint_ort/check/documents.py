"""Holds what documents say about the variants against the tables and the files that there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from nixlint_ort.convention.errors import did_you_mean, nearest
from nixlint_ort.convention.statements import About, Where
from nixlint_ort.convention.vocabulary import STEM
from nixlint_ort.finding import Edit, Finding, Fix, Place, Safety
from nixlint_ort.variant.identity import identify

if TYPE_CHECKING:
    from nixlint_ort.check.context import Context
    from nixlint_ort.check.verdict_cache import Memory
    from nixlint_ort.convention import Rule
    from nixlint_ort.convention.statements import Statement
    from nixlint_ort.convention.tables import Fields, Row, Table
    from nixlint_ort.repository.markdown import Line, Markdown
    from nixlint_ort.template import Field

STATED, NAMED = "document", "document-names"


def judge_documents(context: Context, names: Mapping[str, str], memory: Memory | None) -> Iterator[Finding]:
    """What is not as the documents say; nothing where no release is known to judge by.

    `names` are the files' names by path, without `.nix`: the right one where a file has a wrong one.
    """
    rules = [rule for rule in context.rules if rule.check in (STATED, NAMED)]
    if context.branch is None or not rules:
        return
    stems = set(names.values())
    unsure = [one for one in context.repository.documents if memory is None or not memory.is_true(one, stems)]
    facts = _Facts(context, stems) if unsure else None
    for document in context.repository.documents:
        found = list(_judge(rules, facts, document)) if facts and document in unsure else []
        yield from found
        if memory and not found:
            memory.note_true(document, stems)


def _judge(rules: Iterable[Rule], facts: _Facts, document: Markdown) -> Iterator[Finding]:
    for line in document.lines:
        for rule in rules:
            judge = _unknown_names if rule.check == NAMED else _false_statements
            yield from judge(rule, facts, document, line)


class _Facts:
    """What is true of the release that applies, of each row of the tables, and of the files that there are."""

    def __init__(self, context: Context, stems: set[str]) -> None:
        self.context = context
        self.convention = context.convention
        identities = {stem: identify(stem, context.convention) for stem in stems}
        self.stems = {stem for stem, identity in identities.items() if identity is not None}
        counted = [identity for identity in identities.values() if identity is not None]
        kinds = Counter(str(one.kind.name) for one in counted)
        self.roles = context.convention.roles
        self.stacks = Counter(self.roles.stack_of(one.expected(context.convention, None)) for one in counted)
        names = [kind.name for kind in context.convention.kinds]
        self.counts = {"count.all": str(len(counted)), **{f"count.{name}": str(kinds[name]) for name in names}}

    def of(self, statement: Statement, found: Mapping[str, str]) -> tuple[Fields, str | None]:
        """The fields that a statement should have, and the field that names a row which is not there, if one does."""
        rows, unknown = self._rows(statement, found)
        fields: Fields = {**self.convention.fields, **self.counts}
        for row in rows.values():
            fields.update(row.fields)
        release, stack, listed = rows.get(self.convention.releases.name), self.roles.stack, self.roles.release.stacks
        if release is not None and stack is not None and listed is not None:
            table = self.convention.table_of(stack.key)
            stacks = [one.fields for one in table.rows if one.fields[stack.key] in release.fields.get(listed, ())]
            if stacks and all(stack.version in one and stack.driver in one for one in stacks):
                fields["release.cuda"] = "/".join(str(one[str(stack.version)]) for one in stacks)
                fields["release.drivers"] = "/".join(f"{one[str(stack.driver)]}+" for one in stacks)
        fields["count.stack"] = str(self.stacks[self.roles.stack_of(fields)])
        return fields, unknown

    def _rows(self, statement: Statement, found: Mapping[str, str]) -> tuple[dict[str, Row], str | None]:
        """The row of each table that a statement is about, by the table's name, and the field that names none.

        Where the convention's matrix takes a key from another row, that one decides: the Python of a CUDA line.
        """
        tables, releases = self.convention.tables, self.convention.releases
        rows: dict[str, Row] = {}
        unknown: dict[str, str] = {}
        for table in tables.values():
            named = [name for name in found if name in table.columns]
            if statement.about is About.RELEASE and table is releases:
                row = table.row(str(self.context.branch), {})
            elif named and table.key_field not in self.convention.fields:
                name = table.key_field if table.key_field in named else named[0]
                row = _row(table, name, found)
                if row is None:
                    unknown[table.name] = name
            else:
                continue
            if row is not None:
                rows[table.name] = row
        fields = {name: value for row in rows.values() for name, value in row.fields.items()}
        for table in tables.values():
            if table.name in rows or table.name in unknown:
                implied = self.convention.implied(table.key_field, fields)
                other = table.row(implied, {}) if implied is not None else None
                if other is not None:
                    rows[table.name] = other
                    unknown.pop(table.name, None)
        return rows, next(iter(unknown.values()), None)


def _row(table: Table, name: str, found: Mapping[str, str]) -> Row | None:
    column = name.partition(".")[2]
    return next((row for row in table.rows if row.cells.get(column) == found[name]), None)


def _false_statements(rule: Rule, facts: _Facts, document: Markdown, line: Line) -> Iterator[Finding]:
    for statement in rule.statements:
        if statement.where != line.kind:
            continue
        for match in _matches(statement, line):
            found = {name: field.text for name, field in match.items()}
            fields, unknown = facts.of(statement, found)
            for name in statement.judges:
                field = match[name]
                place = Place(document.source, line.span(field.start, field.end))
                expected = str(fields.get(name, field.text))
                if name == unknown:
                    near = _near(facts, name, field.text)
                    yield _finding(rule, place, field.text, f"nothing of it{near}", None)
                elif unknown is None and expected != field.text:
                    edit = Edit(place.path, place.span.start, place.span.end, expected)
                    yield _finding(rule, place, field.text, expected, Fix(Safety.SAFE, (edit,)))


def _matches(statement: Statement, line: Line) -> list[Mapping[str, Field]]:
    """The fields of each place where a line says what a statement does: a row says it as a whole."""
    if statement.where is Where.ROW:
        fields = statement.template.parse(line.text)
        return [fields] if fields is not None else []
    return [match.fields for match in statement.template.find_in(line.text)]


def _near(facts: _Facts, name: str, text: str) -> str:
    table = next(table for table in facts.convention.tables.values() if name in table.columns)
    column = name.partition(".")[2]
    return did_you_mean(text, [str(row.cells[column]) for row in table.rows if column in row.cells])


def _unknown_names(rule: Rule, facts: _Facts, document: Markdown, line: Line) -> Iterator[Finding]:
    for kind in facts.convention.kinds:
        for match in kind.texts[STEM].first.whole[0].find_in(line.text):
            start = match.start
            package = match.fields.get("package")
            if package is not None:  # what stands before it in the line looks like a part of it
                start = package.end - len(facts.convention.package)
            name = line.text[start : match.end]
            if name not in facts.stems and identify(name, facts.convention) is not None:
                place = Place(document.source, line.span(start, match.end))
                near = nearest(name, sorted(facts.stems))
                yield _finding(rule, place, name, f"here; did you mean {near}?" if near else "here", None)


def _finding(rule: Rule, place: Place, actual: str, expected: str, fix: Fix | None) -> Finding:
    values = {"actual": actual, "expected": expected}
    message = rule.message.render({name: values.get(name, "?") for name in rule.message.fields})
    return Finding(rule.id, rule.severity, message, place, expected or None, actual, fix=fix if rule.fix else None)
