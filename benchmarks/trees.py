"""Makes repositories of any size: this repository's GPU variants again and again, each time for other made-up SMs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


DOCUMENT = 200_000
"""Bytes of a long document."""


def long_documents() -> dict[str, str]:
    """Two texts of that length: one that says little of variants, and one that speaks of them in every line."""
    pages = [
        path.read_text("utf-8") for folder in ("docs", "docs/rules") for path in sorted((ROOT / folder).glob("*.md"))
    ]
    texts = {"the manual": "".join(pages), "README.md again and again": (ROOT / "README.md").read_text("utf-8")}
    return {
        name: (text * (DOCUMENT // len(text) + 1)).encode()[:DOCUMENT].decode("utf-8", "ignore")
        for name, text in texts.items()
    }


def make_tree(folder: Path, files: int) -> Path:
    """A repository with that many variants and a convention that knows them all; 58 are the shipped ones."""
    originals = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / ".flox/pkgs").glob("*.nix"))}
    packages = folder / ".flox/pkgs"
    packages.mkdir(parents=True)
    shutil.copytree(ROOT / "rules", folder / "rules")
    (folder / ".git").mkdir()
    (folder / ".git/HEAD").write_text("ref: refs/heads/main\n")
    written = 0
    copy = 0
    while written < files:
        for stem, text in originals.items():
            if written == files:
                break
            if copy and "-sm" not in stem:
                continue
            name, changed = (stem, text) if copy == 0 else _again(stem, text, copy)
            (packages / f"{name}.nix").write_text(changed, "utf-8")
            written += 1
        copy += 1
    _widen_tables(folder / "rules/tables", copy)
    return folder


def _again(stem: str, text: str, copy: int) -> tuple[str, str]:
    old = stem.partition("-sm")[2].partition("-")[0]
    new = f"{old}x{copy}"
    for before, after in ((f"sm{old}-", f"sm{new}-"), (f"SM{old}", f"SM{new}"), (f'= "{old}"', f'= "{new}"')):
        text = text.replace(before, after)
    return stem.replace(f"-sm{old}-", f"-sm{new}-"), text


def _widen_tables(tables: Path, copies: int) -> None:
    """Give every made-up SM the rows of the one that it is made from."""
    gpus = tables / "gpus.yaml"
    lines = gpus.read_text("utf-8").splitlines(keepends=True)
    rows = [line for line in lines if re.match(r'\s+- \{sm: "', line)]
    for copy in range(1, copies):
        lines += [re.sub(r'\{sm: "(\d+)"', rf'{{sm: "\1x{copy}"', row) for row in rows]
    gpus.write_text("".join(lines), "utf-8")
    for name in ("stacks.yaml", "releases.yaml"):
        path = tables / name
        lines = path.read_text("utf-8").splitlines(keepends=True)
        wide = [  # of the releases only the one that is checked, since a convention has a limit to its values
            line
            if "branch: ort-" in line
            else re.sub(r"gpus: \[([^\]]*)\]", lambda found: _widen(found[1], copies), line)
            for line in lines
        ]
        path.write_text("".join(wide), "utf-8")


def _widen(listed: str, copies: int) -> str:
    sms = re.findall(r'"(\d+)"', listed)
    wide = [*sms, *(f"{sm}x{copy}" for copy in range(1, copies) for sm in sms)]
    return "gpus: [" + ", ".join(f'"{sm}"' for sm in wide) + "]"
