"""Tries a wheel on each supported Python that there is: installs it into an environment of its own, and lints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from release import ROOT

VERSION = re.compile(r"Programming Language :: Python :: (\d+\.\d+)")
ASK = "import sys; print('{}.{} {}.{}.{}'.format(*sys.version_info[:2], *sys.version_info[:3]))"
VARIANTS = ROOT / ".flox/pkgs"


def supported() -> list[str]:
    """The Pythons that the project says it is for, such as `3.11`."""
    return VERSION.findall((ROOT / "pyproject.toml").read_text("utf-8"))


def find(given: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The program and the exact version of each Python that was given, or else is on the PATH, by `3.11` and the like.

    A program that does not run, as a shim without its Python does not, is none.
    """
    names = given or [f"python{version}" for version in supported()]
    found: dict[str, tuple[str, str]] = {}
    for name in names:
        for program in [name] if os.sep in name else _everywhere(name):
            done = subprocess.run([program, "-c", ASK], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                version, exact = done.stdout.split()
                found.setdefault(version, (program, exact))
    return found


def _everywhere(name: str) -> list[str]:
    """All programs of that name on the PATH."""
    folders = os.environ["PATH"].split(os.pathsep)
    return [found for folder in folders if (found := shutil.which(name, path=folder))]


def lint_with(program: str, wheel: Path, folder: Path) -> str | None:
    """What goes wrong where a Python installs a wheel and lints this repository's variants; None if nothing does."""
    environment = folder / "environment"
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    installed = environment / "bin"
    pip = [str(installed / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    for command in ([program, "-m", "venv", "--clear", str(environment)], pip):
        done = _run(command, folder, kept)
        if done.returncode:
            return done.stderr.strip() or done.stdout.strip()
    done = _run([str(installed / "nixlint-ort"), "--branch", "main", str(VARIANTS)], folder, kept)
    # The variants of CUDA 12.4 have a warning each, and it is not the wheel's.
    files, warnings = (len(list(VARIANTS.glob(pattern))) for pattern in ("*.nix", "*-cuda12_4-*.nix"))
    right = done.stdout.endswith(f"\n{files} files checked, {warnings} warnings\n") and not done.stderr
    return None if right else done.stdout + done.stderr


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
