"""Makes the manual: the rules' pages, the outputs that pages show, the picture in the README, and the site."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SITE = ROOT / "build/manual"
