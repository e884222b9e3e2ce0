"""One sequence of changes by chance, each followed by a run with caches and one without: the same, always."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.support.differential.changes import AT_ONCE, CHANGES
from tests.support.differential.surroundings import surroundings
from tests.support.differential.world import World


@cache
def first_cache() -> Path:
    """What a run remembers of that repository, with which every sequence begins too."""
    folder = Path(tempfile.mkdtemp(prefix="differential-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with surroundings(folder):
        World(folder, 0, CHANGES, AT_ONCE).look(cached=True)
    return folder / "cache"


def play(seed: int, steps: int = 5) -> str | None:
    """One sequence; what differs, in words, or None."""
    remembered = first_cache()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, surroundings(Path(name)):
        shutil.copytree(remembered, Path(name, "cache"))
        world = World(Path(name), seed, CHANGES, AT_ONCE)
        for _ in range(steps):
            for _ in range(world.chance.randint(1, 3)):
                world.change()
            if world.meanwhile >= 0:
                world.look(cached=True)
            with_caches, without = world.look(cached=True), world.look(cached=False)
            if with_caches != without:
                return f"seed {seed}: {', '.join(world.done)}\n--- with\n{with_caches}\n--- without\n{without}"
    return None
