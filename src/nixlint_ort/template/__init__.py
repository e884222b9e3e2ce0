"""Templates: how a text is put together from fields. They know nothing of ONNX Runtime."""

from nixlint_ort.template.search import MAX_STEPS, Field, Steps, is_right
from nixlint_ort.template.shapes import SEPARATORS, FieldShape, Known, Shape, list_items, separators_in
from nixlint_ort.template.template import FIELD_NAME, MAX_FIELDS, MAX_TEXT, Match, Template, TemplateError

__all__ = [
    "FIELD_NAME",
    "MAX_FIELDS",
    "MAX_STEPS",
    "MAX_TEXT",
    "SEPARATORS",
    "Field",
    "FieldShape",
    "Known",
    "Match",
    "Shape",
    "Steps",
    "Template",
    "TemplateError",
    "is_right",
    "list_items",
    "separators_in",
]
