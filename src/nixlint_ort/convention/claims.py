"""How documents speak of the tables: `rules/claims.yaml` and `rules/words.yaml`, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from nixlint_ort.convention.errors import did_you_mean
from nixlint_ort.convention.keys import CLAIMS, WORDS, Form, Keys, needed
from nixlint_ort.convention.yaml_tree import YamlNode

COUNT = "count"
"""What a column of numbers of variants is called by, beside the fields of tables."""
VARIANTS, KIND = "variants", "kind"
SCOPES = (
    "sentence",
    "refusing",
    "following",
    "preceding",
    "ahead",
    "behind",
    "ranges",
    "wrong",
    "right",
    "failed",
    "parts",
    "strangers",
    "machines",
    "hosts",
    "foreign",
    "rest",
    "section",
)
TELLING = (
    "own",
    "groups",
    "many",
    "single",
    "onward",
    "least",
    "others",
    "elsewhere",
    "compared",
    "denying",
    "stating",
)
TEXTS = ("attributes", "printing", "columns")
FENCES = ("examples", "commands", "sessions", "data", "names")

Words = tuple[str, ...]


class Speech(NamedTuple):
    """The words of documents, in lower case; columns are fields such as `cuda.version`."""

    called: Mapping[str, Words]
    """As they are written; the first is what messages say."""
    written: Mapping[str, Words]
    dotted: Words
    words: Mapping[str, Mapping[str, Words]]
    counted: Mapping[str, Words]
    among: Mapping[str, Mapping[str, Words]]
    filler: Words
    attached: Words
    each: Words
    rough: Words
    totals: Words
    numbers: Words
    between: Words
    values: Words
    excluding: Mapping[str, Words]
    least: Words
    joining: Words
    articles: Words
    makers: Words
    contrast: Words
    abbreviations: Words
    further: Words
    tasks: Words
    repositories: Words
    ours: Words
    pronouns: Words
    works: Words
    adding: Words
    multiplying: Words
    making: Words
    whole: Words
    existing: Words
    needing: Words
    here: Words
    elsewhere: Words
    stating: Words
    beside: Words
    besides: Mapping[str, Words]
    """Fields of the convention that a column may also have, where one of the `beside` columns is spoken of."""
    listed: Words
    """Tables of which a release names all that it has."""
    supported: Words
    """Key fields of tables of which documents say which release has what."""
    negating: Words
    verbs: Words
    unfinished: Words
    complete: Words
    telling: Mapping[str, Words]
    """Of what the texts of variants speak: of the variant itself, of others, or of groups of them."""
    texts: Mapping[str, Words]
    """The attributes that are texts, the commands that print, and the columns that a text is judged by."""
    fences: Mapping[str, str]
    """How a fence is read by its language: one of FENCES."""


_LISTS = [name for name, key in {**CLAIMS, **WORDS}.items() if key.form is Form.TEXTS]


def read_speech(claims: YamlNode, words: YamlNode, known: frozenset[str]) -> Speech:
    """Read `claims.yaml` and `words.yaml`.

    Raises ConventionError at the line that is wrong, also for a column that no table has.
    """
    keys = {**_keys(claims, "claims.yaml", CLAIMS), **_keys(words, "words.yaml", WORDS)}
    fields = known | {COUNT, VARIANTS, KIND}
    excluding = keys["excluding"].mapping("excluding", optional=SCOPES)
    fences = keys["fences"].mapping("fences", required=FENCES[:2], optional=FENCES[2:])
    telling = keys["telling"].mapping("telling", optional=TELLING)
    texts = keys["texts"].mapping("texts", required=TEXTS)
    for column in texts["columns"].sequence("columns"):
        column.word("columns", sorted(known))
    return Speech(
        called={name: value.texts("called") for name, value in _columns(keys["called"], "called", fields).items()},
        written={name: value.texts("written") for name, value in _columns(keys["written"], "written", fields).items()},
        words=_by_value(keys["words"], "words", fields),
        counted=_by_column(keys["counted"], "counted", fields),
        among=_by_value(keys["among"], "among", fields),
        besides=_by_column(keys["besides"], "besides", fields),
        excluding={scope: _lower(excluding[scope], scope) if scope in excluding else () for scope in SCOPES},
        telling={name: _lower(telling[name], name) if name in telling else () for name in TELLING},
        texts={name: texts[name].texts(name) for name in TEXTS},
        fences={language: meant for meant, one in fences.items() for language in _lower(one, meant)},
        **{name: _lower(keys[name], name) if name in keys else () for name in _LISTS},
    )


def _keys(node: YamlNode, name: str, keys: Keys) -> dict[str, YamlNode]:
    return node.mapping(name, required=needed(keys), optional=[key for key, one in keys.items() if not one.is_needed])


def _lower(node: YamlNode, what: str) -> Words:
    return tuple(text.lower() for text in node.texts(what))


def _columns(node: YamlNode, what: str, known: frozenset[str]) -> dict[str, YamlNode]:
    columns = node.mapping(what, optional=None)
    for name, value in columns.items():
        if name not in known:
            value.fail(f"no table has a column {name!r}{did_you_mean(name, known)}")
    return columns


def _by_column(node: YamlNode, what: str, known: frozenset[str]) -> dict[str, Words]:
    return {name: _lower(value, what) for name, value in _columns(node, what, known).items()}


def _by_value(node: YamlNode, what: str, known: frozenset[str]) -> dict[str, dict[str, Words]]:
    return {
        name: {one: words.texts(what) for one, words in value.mapping(what, optional=None).items()}
        for name, value in _columns(node, what, known).items()
    }
