"""The path of a variant: `NAME.nix` or `NAME/default.nix`, which Flox both makes the package NAME of (flox.dev)."""

from __future__ import annotations

from pathlib import PurePosixPath

FOLDER_FILE = "default.nix"


def stem_of(path: str) -> str:
    """The name of the package that Flox makes of the file at a path."""
    folder, _, name = path.rpartition("/")
    if name == FOLDER_FILE and folder:
        return folder.rpartition("/")[2]
    at = name.rfind(".")
    return name[:at] if 0 < at < len(name) - 1 else name


def renamed_path(path: str, stem: str) -> str:
    """The path of the same file where it makes a package of another name."""
    whole = PurePosixPath(path)
    if whole.name == FOLDER_FILE and whole.parent.name:
        return str(whole.parent.with_name(stem) / FOLDER_FILE)
    return str(whole.with_name(f"{stem}.nix"))


def package_of(path: str) -> str:
    """What makes a package: the file `NAME.nix` itself, or the folder NAME with all that is in it."""
    whole = PurePosixPath(path)
    return str(whole.parent) if whole.name == FOLDER_FILE and whole.parent.name else path
