"""What all runs of a sequence have in common: the first commit, and what is read once for the same bytes."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache, lru_cache
from pathlib import Path
from unittest import mock

from nixlint_ort.cache.store import NO_CACHE, SWITCH, Cache
from nixlint_ort.convention import Convention, find_rules
from nixlint_ort.convention.load import _LAST, Checks
from nixlint_ort.convention.load import _load as real_load
from nixlint_ort.convention.yaml_tree import read_yaml as real_read_yaml
from nixlint_ort.nix import parse as parse_module
from tests.support import scratch
from tests.support.linting import CPU, GPU, OLDER, original

real_parse = parse_module.parse

FILES = (GPU, CPU, OLDER)
README = (
    b"# Variants\n\nThere are 3 variants for ONNX Runtime 1.23.2. **CUDA 12.9**, driver 560+, Python 3.13, 1 variants\n"
)
CI_NAMES = ("GITHUB_BASE_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME")


@cache
def first_commit() -> Path:
    """The repository with which every sequence begins; it is made once."""
    folder = Path(tempfile.mkdtemp(prefix="differential-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    scratch.init(folder)
    shutil.copytree(find_rules(), folder / "rules")
    scratch.commit(folder, {**{path: original(path) for path in FILES}, "README.md": README})
    scratch.git(folder, "gc", "--quiet")  # few files, since each sequence copies all
    shutil.rmtree(folder / ".git/hooks")
    return folder


@lru_cache(maxsize=4096)
def tree_of(path: str, data: bytes) -> object:
    """To read YAML takes most of a run's time. The same bytes give the same tree, which is asked of them whole."""
    return real_read_yaml(path, data)


@lru_cache(maxsize=4096)
def parsed(data: bytes, folder: str = "", most: int = parse_module.MAX_FILE) -> parse_module.Document:
    """As `tree_of`, for Nix: what is remembered is not how bytes are read, but what is found in a file."""
    return real_parse(data, folder, most)


@lru_cache(maxsize=256)
def built_anew(folder: Path, prefix: str, checks: Checks | None, *own: tuple[str, bytes]) -> Convention:
    """A convention that no cache has been asked for, by all that it is made of."""
    _LAST.clear()
    return real_load(folder, dict(own), prefix, checks, NO_CACHE)


def load_without_caches(
    folder: Path, own: Mapping[str, bytes], prefix: str, checks: Checks | None, cache: Cache
) -> Convention:
    """As a run without caches loads a convention, which is done once for the same files."""
    assert cache is NO_CACHE
    return built_anew(folder, prefix, checks, *own.items())._replace(folder=folder)


@contextmanager
def surroundings(folder: Path) -> Iterator[None]:
    """What every run of a sequence has in common: where its cache is, and what is read once for the same bytes."""
    with ExitStack() as stack:
        changed = {SWITCH: str(folder / "cache"), "GIT_CONFIG_GLOBAL": os.devnull}
        stack.enter_context(mock.patch.dict(os.environ, changed))
        for variable in CI_NAMES:
            os.environ.pop(variable, None)
        stack.enter_context(
            mock.patch("nixlint_ort.convention.build.read_yaml", lambda path, data, _: tree_of(path, data))
        )
        stack.enter_context(mock.patch.object(parse_module, "parse", parsed))
        yield
