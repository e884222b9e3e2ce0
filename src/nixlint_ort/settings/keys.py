"""The keys of `nixlint-ort.yaml`, described once for the reader, the JSON Schema and what `init` writes."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

FILE_NAME = "nixlint-ort.yaml"


class SettingForm(Enum):
    """What is under a key."""

    TEXT = auto()
    CONVENTION = auto()
    VERSIONS = auto()
    RULES = auto()
    PATTERNS = auto()
    SEVERITY_BY_RULE = auto()
    RULES_BY_PATTERN = auto()


class Key(NamedTuple):
    """One key: what is under it, what it does in one sentence, and an example in YAML."""

    name: str
    shape: SettingForm
    about: str
    example: str


_KEYS = (
    Key("select", SettingForm.RULES, "Only these rules or families are checked.", "[header, meta, naming]"),
    Key("ignore", SettingForm.RULES, "These rules or families are not checked.", "[description-ort-version]"),
    Key(
        "severity",
        SettingForm.SEVERITY_BY_RULE,
        "The severity of a rule or family: error, warning or info.",
        "{header-ort-version: warning}",
    ),
    Key(
        "exclude",
        SettingForm.PATTERNS,
        "Files that are not variants: `*` stands for any text within a folder, `**` for folders too.",
        "[.flox/pkgs/old-*.nix]",
    ),
    Key(
        "baseline",
        SettingForm.TEXT,
        "The baseline: known findings, which are counted but not shown (--write-baseline writes it).",
        "nixlint-ort-baseline.json",
    ),
    Key("branch", SettingForm.TEXT, "The branch of the release to check against.", "ort-1.24"),
    Key(
        "convention",
        SettingForm.CONVENTION,
        "The convention to check against: its folder, seen from this file, or a shipped one such as shipped:pytorch.",
        "rules",
    ),
    Key(
        "per-file-ignores",
        SettingForm.RULES_BY_PATTERN,
        "Rules or families that are not checked in the files that match a pattern.",
        '{".flox/pkgs/*-cpu-*.nix": [description-ort-version]}',
    ),
    Key("required-version", SettingForm.VERSIONS, "The versions of nixlint-ort that this file is for.", '">=0.1, <1"'),
)
KEYS = {key.name: key for key in _KEYS}
