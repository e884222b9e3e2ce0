"""Builds the shipped conventions with the package, so that a first run need not read their YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILED = "src/nixlint_ort/convention/compiled"


class BuildHook(BuildHookInterface[Any]):
    """Hatch runs it before it makes a wheel, also one that installs a checkout in place."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the conventions, built by this very code, into the package."""
        del version
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from nixlint_ort.check.all_predicates import CHECKS
        from nixlint_ort.convention.load import compile_shipped

        folder = root / COMPILED
        if folder.is_dir():
            for stale in folder.iterdir():
                stale.unlink()
        compile_shipped(folder, lambda: CHECKS)
        build_data["artifacts"].append(f"{COMPILED}/*")
