"""Writes the main file of a drafted convention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nixlint_ort.convention.language import FORMAT
from nixlint_ort.convention.roles import parts_of_role
from nixlint_ort.convention.vocabulary import STEM, WORDED
from nixlint_ort.learn.harvest import PIN
from nixlint_ort.learn.names import NameKind
from nixlint_ort.learn.plan import Plan
from nixlint_ort.learn.study import BRANCH
from nixlint_ort.learn.tables import RELEASE
from nixlint_ort.learn.wording import stem_template
from nixlint_ort.learn.yaml_text import flow, scalar, value

_ROLE_COLUMNS = {
    "stack": {"version": "version", "driver": "driver"},
    "target": {"gpus": "names"},
    "isa": {"flags": "flags", "platform": "platforms", "label": "label"},
    "python": {"packages": "packages"},
}
"""The parts of roles that are told by the end of a column's name."""


def main_file(plan: Plan) -> str:
    """The text of `convention.yaml`."""
    study, pin = plan.study, plan.pin
    lines = [
        "# Drafted by `nixlint-ort learn` from what most variants have: a majority can be wrong. Read it before you",
        "# rely on it, and see docs/conventions.md of nixlint-ort for what each key means.",
        f"format: {FORMAT}",
        f"variants: {scalar(plan.variants)}",
    ]
    layer = _most(one.layer for one in study.harvests)
    if layer and layer != study.names.package:
        lines.append(f"layer: {scalar(layer)}")
    lines += ["fields:", f"  package: {scalar(study.names.package)}"]
    lines += [f"  {name}: {scalar(text)}" for name, text in (pin.stated if pin else {}).items()]
    addresses = dict.fromkeys(one.address for one in study.harvests if one.address)
    if pin is not None and addresses:
        lines.append("pin_urls:")
        lines += [f"  - {scalar(one.replace(PIN, pin.field))}" for one in addresses]
    else:
        lines.append("pin_urls: []")
    return "\n".join([*lines, *_roles(plan), *_shapes(plan), *_kinds(plan)]) + "\n"


def _roles(plan: Plan) -> Iterator[str]:
    yield "roles:"
    columns = plan.tables.all[RELEASE].columns
    release = {"key": f"{RELEASE}.{BRANCH}"} | {
        name: f"{RELEASE}.{name}" for name in columns if name in parts_of_role("release")
    }
    yield f"  release: {flow(release)}"
    for role, part in plan.study.roles.items():
        yield f"  {role}: {flow(role_columns(plan, role, part))}"
    if plan.pin is not None and plan.pin.per is None:
        yield f"  pin: {flow({'key': PIN})}"


def role_columns(plan: Plan, role: str, part: str) -> dict[str, str]:
    """The parts of a role by name, as far as the proposed columns tell them."""
    found = {"key": plan.tables.key_field(part)}
    for wanted, ending in _ROLE_COLUMNS.get(role, {}).items():
        name = next((name for name in plan.tables.all[part].columns if name.endswith(ending)), None)
        if name is not None:
            found[wanted] = f"{part}.{name}"
    return found


def _shapes(plan: Plan) -> Iterator[str]:
    yield "shapes:"
    for name, table in plan.tables.all.items():
        if table.parts == (name,):
            yield f"  {plan.tables.key_field(name)}: name"
        for column in table.columns.values():
            if column.is_list:
                yield f"  {table.name}.{column.name}: list"
    if plan.has_version:
        yield f"  {RELEASE}.version: version"


def _kinds(plan: Plan) -> Iterator[str]:
    yield "kinds:"
    for kind in plan.study.names.kinds:
        yield from _kind(plan, kind)


def _kind(plan: Plan, kind: NameKind) -> Iterator[str]:
    names = plan.study.names
    yield f"  {scalar(kind.name)}:"
    yield "    texts:"
    yield f"      {STEM}:"
    yield f"        template: {scalar(stem_template(kind, names.package, plan.tables, names.separator))}"
    texts = plan.worded[kind.name]
    for name in WORDED:
        if name in texts:
            yield f"      {name}:"
            several = len(texts[name].wordings) > 1
            for one in texts[name].wordings:
                keys = {"only": flow(dict([one.only]))} if one.only else {}
                keys["template"] = scalar(one.template)
                if one.separators:
                    keys["separators"] = value(one.separators)
                for number, (key, text) in enumerate(keys.items()):
                    lead = "        - " if several and number == 0 else "          " if several else "        "
                    yield f"{lead}{key}: {text}"


def _most(names: Iterator[str | None]) -> str | None:
    counts = Counter(name for name in names if name)
    return counts.most_common(1)[0][0] if counts else None
