"""A dry run of a release: builds what would be published, looks into it, and tries it. Nothing is published."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
