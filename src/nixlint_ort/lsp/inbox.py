"""The messages that an editor has sent, read as they come, so that it can be seen while a check runs what waits."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import deque
from typing import BinaryIO

_LENGTH = re.compile(rb"Content-Length: *(\d{1,9})\s*\Z", re.IGNORECASE)
"""At the end of a line, which begins with what is left of a message that was longer than it said."""
_CHANGES = (b'"textDocument/did', b'"workspace/did')
MOST_BYTES = 100_000_000
"""Of one message; a header that says more makes no sense."""
_MOST_OF_LINE = 1 << 16
"""Bytes of a line that are looked at together, of which the last ones are looked at again with the next ones."""


class Inbox:
    """Takes messages from a stream in a thread of its own; what is asked of it is asked in the event loop's thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._waiting: deque[bytes] = deque()
        self._loop = asyncio.get_running_loop()
        self._came = asyncio.Event()
        self._ended = False
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    @property
    def is_empty(self) -> bool:
        """Whether no whole message waits."""
        return not self._waiting

    @property
    def has_change(self) -> bool:
        """Whether a message waits that changes a file, so that what is being worked out is no longer asked for."""
        return any(change in body[:200] for body in tuple(self._waiting) for change in _CHANGES)

    async def next(self) -> bytes | None:
        """The body of the next message; None where the stream has ended."""
        while not self._waiting:
            if self._ended:
                return None
            self._came.clear()
            await self._came.wait()
        return self._waiting.popleft()

    def _read(self) -> None:
        try:
            while (body := self._message()) is not None:
                self._waiting.append(body)
                self._loop.call_soon_threadsafe(self._came.set)
        except (OSError, ValueError):  # the stream was closed
            pass
        self._ended = True
        with_loop = not self._loop.is_closed()
        if with_loop:
            self._loop.call_soon_threadsafe(self._came.set)

    def _message(self) -> bytes | None:
        """The body of one message; what is no header of the protocol is passed over."""
        length = None
        rest = b""
        while piece := self._stream.readline(_MOST_OF_LINE):
            line = rest[-_MOST_OF_LINE:] + piece
            rest = b"" if line.endswith(b"\n") else line
            match = _LENGTH.search(line) if not rest else None
            if match is not None:
                length = int(match[1]) if int(match[1]) <= MOST_BYTES else None
            elif not line.strip() and length is not None:
                body = self._stream.read(length)
                return body if len(body) == length else None
        return None
