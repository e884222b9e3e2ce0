"""A repository that is changed by chance, and a run over it with caches or without."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from unittest import mock

from nixlint_ort import files as files_module
from nixlint_ort.convention.load import _LAST
from nixlint_ort.lint import LintError, Options, Session
from nixlint_ort.nix import parse as parse_module
from nixlint_ort.report import render
from tests.support.differential.surroundings import first_commit, load_without_caches

Change = Callable[["World"], object]
"""What happens to a repository or to how it is looked at; what cannot be done raises OSError or CalledProcessError."""


class World:
    """A repository, the way in which it is looked at, and what chance does to both."""

    def __init__(self, folder: Path, seed: int, changes: Sequence[Change], at_once: Sequence[Change]) -> None:
        self.chance = random.Random(seed)
        self.changes = changes
        self.at_once = at_once
        self.above = folder / "above"
        self.root = self.above / "r"
        self.done: list[str] = []
        self.options = Options()
        self.paths: tuple[str, ...] = ()
        self.cwd = "."
        self.environment: dict[str, str] = {}
        self.parser = 0
        self.meanwhile = -1
        self.clock = 0.0
        shutil.copytree(first_commit(), self.root)

    def change(self) -> None:
        """Do something, by chance; what cannot be done leaves all as it is."""
        act = self.chance.choice(self.changes)
        self.done.append(act.__name__)
        try:
            act(self)
        except (OSError, subprocess.CalledProcessError):
            self.done[-1] += " (in vain)"

    def some(self, pattern: str) -> Path:
        """One of the files that fit a pattern."""
        found = sorted(self.root.glob(pattern))
        if not found:
            raise FileNotFoundError(pattern)
        return self.chance.choice(found)

    @contextmanager
    def a_change_after(self, reads: int) -> Iterator[None]:
        """Somebody swaps files for links while a run reads: after so many of its reads."""
        real, self.meanwhile = files_module._read, -1
        left = [reads]

        def read(place: files_module.Entry, most: int) -> tuple[bytes, int]:
            left[0] -= 1
            if left[0] == 0:
                with suppress(OSError):
                    self.chance.choice(self.at_once)(self)
            return real(place, most)

        with mock.patch.object(files_module, "_read", read):
            yield

    def look(self, *, cached: bool) -> str:
        """All that a run says."""
        options = self.options._replace(cached=cached, remember=cached)
        where = self.root / self.cwd
        with ExitStack() as stack:
            stack.enter_context(mock.patch.dict(os.environ, self.environment))
            stack.enter_context(mock.patch("time.time", return_value=1e9 + self.clock))
            stack.enter_context(another_parser(self.parser))
            if self.meanwhile >= 0:
                stack.enter_context(self.a_change_after(self.meanwhile))
            _LAST.clear()  # as a new process begins
            if not cached:
                stack.enter_context(mock.patch("nixlint_ort.convention.load._load", load_without_caches))
            before = Path.cwd()
            os.chdir(where if where.is_dir() else self.root)
            try:
                session = Session.open([Path(path) for path in self.paths if os.path.lexists(path)], options)
                result = session.lint()
                return "\n".join((render("json", result), *result.notes, str(result.failed(strict=True))))
            except LintError as error:
                return str(error)
            finally:
                os.chdir(before)


@contextmanager
def another_parser(version: int) -> Iterator[None]:
    """A parser that refuses files with `SM90`, for an odd version; its code has another digest, as it would have."""
    if not version:
        yield
        return
    real = parse_module.parse

    def parse(data: bytes, *more: object, **named: object) -> object:
        refused = data[:-1] + b"}" if version % 2 and b"SM90" in data else data
        return real(refused, *more, **named)  # type: ignore[arg-type]

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(parse_module, "parse", parse))
        for module in ("check.verdict_cache", "convention.built"):
            name = f"nixlint_ort.{module}.program_digest"
            stack.enter_context(mock.patch(name, return_value=b"version %d" % version))
        yield
