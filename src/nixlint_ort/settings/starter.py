"""The file that `init` writes: every key with what it does, and how to run the tool in hooks and CI."""

from __future__ import annotations

from nixlint_ort.settings.keys import KEYS

_HEAD = """\
# The settings of nixlint-ort for this repository. Every key is optional; each is shown here with an example.
# `nixlint-ort rules` lists the rules and `nixlint-ort explain RULE` explains one.
"""
_TAIL = """
# As a hook, in .pre-commit-config.yaml (then: pre-commit install --hook-type pre-commit --hook-type commit-msg):
#
#   - repo: <the address of nixlint-ort>
#     rev: <a tag or commit of it>
#     hooks:
#       - id: nixlint-ort-fix
#       - id: nixlint-ort
#       - id: nixlint-ort-commit-msg
#
# In GitHub Actions, which annotates the lines of a pull request and shows a summary of the job:
#
#   - uses: <owner>/nixlint-ort@<commit>
#
# or without its action:
#
#   - run: python3 -I -m pip install "<the address of nixlint-ort>/archive/<commit>.tar.gz"
#     working-directory: ${{ runner.temp }}
#   - run: nixlint-ort
#
# In GitLab CI, which shows findings in a merge request:
#
#   nixlint-ort:
#     image: python:3.13-slim
#     script:
#       - (cd / && python3 -I -m pip install "<the address of nixlint-ort>/archive/<commit>.tar.gz")
#       - nixlint-ort --output-format gitlab --output-file gl-code-quality-report.json
#     artifacts:
#       when: always
#       reports:
#         codequality: gl-code-quality-report.json
"""


def starter() -> str:
    """The text of the file; it sets nothing, since all of it is comments."""
    keys = "".join(f"\n# {key.about}\n# {key.name}: {key.example}\n" for key in KEYS.values())
    return _HEAD + keys + _TAIL
