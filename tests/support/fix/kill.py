"""Kills `--fix` over many files at random moments, again and again: every file stays whole.

Run it as `python -m tests.support.fix.kill [KILLS] [FILES]`: 200 kills over 1,000 files take some minutes.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / ".flox/pkgs/onnxruntime-python313-cuda12_9-sm90-avx512.nix"
COMMAND = (sys.executable, "-m", "nixlint_ort", "--fix", "--quiet", "--no-cache", "--branch", "main")
SELECT = ("--select", "header-driver")


class BrokenFileError(Exception):
    """A file is neither as it was nor as it should be, or something was left behind."""


def run(kills: int, files: int, seed: int = 0) -> Counter[str]:
    """Kill that often, and count what state the files were in after each kill; raises BrokenFileError."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths, old, new = stale_files(folder, files)
        place = paths[0].parent
        begin, end = _when_it_writes(folder, paths, old, new)
        while counts["kills"] < kills:
            for path in paths:
                if path.read_bytes() != old:
                    path.write_bytes(old)
            process = subprocess.Popen([*COMMAND, *SELECT, str(folder)], stdout=subprocess.DEVNULL)
            _kill_while_it_writes(process, place, chance.uniform(0, end - begin))
            counts["kills"] += process.returncode == -signal.SIGKILL
            counts["ended before"] += process.returncode != -signal.SIGKILL
            look(paths, old, new, counts)
        subprocess.run([*COMMAND, *SELECT, str(folder)], stdout=subprocess.DEVNULL, check=False)
        look(paths, old, new, Counter())
        left = [path.name for path in place.iterdir() if path.suffix != ".nix"]
        if left or any(path.read_bytes() != new for path in paths):
            raise BrokenFileError(f"after a whole run: {left}")
    return counts


def stale_files(folder: Path, count: int) -> tuple[list[Path], bytes, bytes]:
    """Make so many variants with a stale header: their paths, what is in each, and what a fix makes of that."""
    place = folder / ".flox/pkgs"
    place.mkdir(parents=True)
    new = SOURCE.read_bytes()
    old = new.replace(b"driver 560+", b"driver 535+")
    paths = [place / f"onnxruntime-python313-cuda12_9-sm90-avx512x{number}.nix" for number in range(count)]
    for path in paths:
        path.write_bytes(old)
    return paths, old, new


def _when_it_writes(folder: Path, paths: list[Path], old: bytes, new: bytes) -> tuple[float, float]:
    """How many seconds after its start a run writes the first file, and the last."""
    start = time.monotonic()
    process = subprocess.Popen([*COMMAND, *SELECT, str(folder)], stdout=subprocess.DEVNULL)
    while paths[0].stat().st_ino and paths[0].read_bytes() == old and process.poll() is None:
        time.sleep(0.002)
    begin = time.monotonic() - start
    process.wait()
    if any(path.read_bytes() != new for path in paths):
        raise BrokenFileError("a run that is let be does not fix every file")
    return begin, time.monotonic() - start


def _kill_while_it_writes(process: subprocess.Popen[bytes], place: Path, after: float) -> None:
    """Wait until the folder changes, and a little more, and kill."""
    before = place.stat().st_mtime_ns
    while place.stat().st_mtime_ns == before and process.poll() is None:
        time.sleep(0.001)
    time.sleep(after)
    process.kill()
    process.wait()


def look(paths: list[Path], old: bytes, new: bytes, counts: Counter[str]) -> None:
    """Count what state the files are in; raises BrokenFileError where one is neither as it was nor as it should be."""
    states = Counter(
        "old" if (data := path.read_bytes()) == old else "new" if data == new else "broken" for path in paths
    )
    if states["broken"]:
        raise BrokenFileError(f"{states['broken']} of {len(paths)} files are neither old nor new")
    counts["in the middle"] += bool(states["old"] and states["new"])
    counts["with a file left to clear"] += any(path.suffix == ".tmp" for path in paths[0].parent.iterdir())


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    print(dict(run(*(numbers or [200, 1000]))))  # noqa: T201  # this is what it is run for
