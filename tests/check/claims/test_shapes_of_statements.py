"""Statements in shapes other than prose and tables with heads: right ones are no alarm, one wrong value is found and mended.

`⟦wrong|right⟧` marks a value with what a copier leaves in its place; each wrong value is read among right ones. Behind `!`
there is no right value: the wrong one is found, and nothing is written in its place.
"""

import re
from collections.abc import Iterator

import pytest

from tests.support.documents import read, shipped_facts

_MARK = re.compile(r"⟦([^|⟧]*)\|(!?)([^|⟧]*)⟧")

DATA = {
    "records of a list": """\
```yaml
lines:
  - toolkit: "⟦12.6|12.4⟧"
    driver: 550
    python: "⟦3.11|3.12⟧"
  - toolkit: "12.9"
    driver: ⟦550|560⟧   # of the header
    python: "3.13"
```""",
    "records below their keys": """\
```yaml
cuda:
  "12.4":
    overlay: cudaPackages_⟦12_6|12_4⟧
    python: "3.12"
  cuda12_9:
    driver: ⟦535|560⟧
    python: "3.13"
```""",
    "keys that are values": """\
```yaml
gpus:
  sm75: [T4, ⟦A40|RTX 2080 Ti⟧]
  sm89: [RTX 4090, L4, ⟦L40S|L40⟧]
  SM120: [RTX 5090]
```""",
    "JSON": """\
```json
{
  "stacks": [
    { "cuda": "12.4", "driver": "550" },
    {
      "cuda": "12.9",
      "driver": "⟦570|560⟧",
      "python": "3.13"
    }
  ]
}
```""",
    "TOML": '```toml\n[stack]\ncuda = "12.9"\ndriver = "⟦550|560⟧"\npython = "3.13"\n```',
}
NAMES = {
    "a session": "```console\n$ flox build ⟦onnxruntime-python312-cuda12_9-sm86-avx2|!onnxruntime-python313-cuda12_9-sm86-avx2⟧\n```",
    "a result": "```console\n$ ls result-onnxruntime-python312-⟦cuda12_5|cuda12_4⟧-sm90-armv9/lib\n```",
    "an image": "```Dockerfile\nCOPY --from=build /result-⟦onnxruntime-python313-cuda12_4-sm90-avx512|!onnxruntime-python312-cuda12_4-sm90-avx512⟧ /opt\n```",
    "a manifest": '```toml\nort.pkg-path = "acme/⟦onnxruntime-python313-cuda12_9-sm91-avx2|!onnxruntime-python313-cuda12_9-sm90-avx2⟧"\n```',
    "a chart": "```mermaid\nflowchart\n  a --> b[⟦onnxruntime-python312-cuda12_9-…|!onnxruntime-python313-cuda12_9-…⟧]\n```",
}
RIGHT = """\
```yaml\\njobs:\\n  test:\\n    strategy:\\n      matrix:\\n        python: ["3.10", "3.11"]\\n        driver: [535, 550]\\n```
```yaml\\ndependencies:\\n  onnxruntime: 1.18.0\\n  python: "3.11"\\n```
```yaml\\nbad: "CUDA 12.9 needs driver 535+"\\ngood: "CUDA 12.9 needs driver 560+"\\n```
```json\\n{"cuda": "12.9", "driver": "535", "message": "driver 535 is too old for CUDA 12.9"}\\n```
```yaml\\n- project: vllm\\n  cuda: "12.8"\\n  python: "3.11"\\n```
```console\\n$ sed -i 's/driver 560+/driver 535+/' .flox/pkgs/onnxruntime-python313-cuda12_9-sm90-avx512.nix\\n$ nixlint-ort\\n```
```console\\n$ nixlint-ort new onnxruntime-python313-cuda12_9-sm89-armv9\\ncreated .flox/pkgs/onnxruntime-python313-cuda12_9-sm89-armv9.nix\\n```
```console\\n$ nvidia-smi\\nDriver Version: 535.183.01   CUDA Version: 12.2\\n```
```diff\\n-# CUDA 12.9 — Requires NVIDIA driver 550+\\n+# CUDA 12.9 — Requires NVIDIA driver 560+\\n```
```text\\nheader says driver 535+, but CUDA 12.9 needs 560+\\n```
""".splitlines()


def _cases(marked: str) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """The text with all values right, and with each wrong one among right ones."""
    yield _MARK.sub(r"\3", marked), []
    for chosen in _MARK.finditer(marked):
        before, behind = marked[: chosen.start()], marked[chosen.end() :]
        text = _MARK.sub(r"\3", before) + chosen[1] + _MARK.sub(r"\3", behind)
        yield text, [(chosen[1], None if chosen[2] else chosen[3])]


def _found(text: str) -> list[tuple[str, str | None]]:
    claims = read(f"{text}\n", shipped_facts("main"))
    return [(claims.source.text(one.span), one.replacement) for one in claims.faults]


@pytest.mark.parametrize("name", [*DATA, *NAMES])
def test_one_wrong_value_is_found_and_mended(name: str) -> None:
    cases = list(_cases({**DATA, **NAMES}[name]))
    assert [(text, _found(text)) for text, _ in cases] == cases


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_or_about_something_else_is_no_alarm(text: str) -> None:
    assert _found(text.replace("\\n", "\n")) == []
