"""Messages that make no sense, and very long ones: the server passes over them, and answers the next one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from nixlint_ort.lsp.positions import Lines
from nixlint_ort.lsp.protocol import changed, in_bytes
from tests.lsp.test_requests import initialized, message
from tests.support.work import steps

DEEP = b"[" * 100_000
FRAMES = {
    "a length below zero": b"Content-Length: -5\r\n\r\n{}",
    "a length that is a word": b"Content-Length: abc\r\n\r\n{}",
    "a length with an exponent": b"Content-Length: 1e18\r\n\r\n{}",
    "a length that is no whole number": b"Content-Length: 2.5\r\n\r\n{}",
    "a length of 19 digits": b"Content-Length: %d\r\n\r\n{}" % 10**18,
    "a length of 5,000 digits": b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
    "more than any message has": b"Content-Length: 999999999\r\n\r\n{}",
    "a length that is too short": b'Content-Length: 3\r\n\r\n{"jsonrpc": "2.0"}',
    "no length": b"Content-Type: x\r\n\r\n{}",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 2\r\n\r\n{}",
    "a header without end": b"X" * 1_000_000 + b"\r\n\r\n",
    "lines without end": b"\r\n" * 10_000,
    "no bytes": b"Content-Length: 0\r\n\r\n",
    "no JSON": message(b"\x00\xff"),
    "deep JSON": message(DEEP),
    "an endless number": message(b"9" * 10_000),
    "a list": message(b"[]"),
    "a method that is a list": message({"id": 7, "method": []}),
    "a method that is an object": message({"id": 7, "method": {}}),
    "an id that is a list": message({"id": [], "method": "textDocument/hover", "params": {}}),
    "an id that is an object": message({"id": {}, "method": "nothing"}),
    "an answer that nobody asked for": message({"id": 99, "result": None}),
    "an error that nobody asked for": message({"id": 99, "error": {"code": 1, "message": "x"}}),
    "neither a method nor an answer": message({}),
    "parameters that are a number": message({"id": 7, "method": "textDocument/hover", "params": 3}),
    "cancelling what there is not": message({"method": "$/cancelRequest", "params": {"id": 1234}}),
    "cancelling without an id": message({"method": "$/cancelRequest", "params": {}}),
    "a second beginning": message({"id": 7, "method": "initialize", "params": {"processId": None, "capabilities": {}}}),
}


@pytest.mark.parametrize("name", FRAMES)
def test_the_next_message_is_answered(name: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    document = {"textDocument": {"uri": (tmp_path / "README.md").as_uri()}, "position": {"line": 0, "character": 0}}
    asked = message({"id": 4321, "method": "textDocument/hover", "params": document})
    leaves = message({"id": 2, "method": "shutdown"}) + message({"method": "exit"})
    sent = initialized(tmp_path) + FRAMES[name] + asked + leaves
    command = [sys.executable, "-m", "nixlint_ort", "lsp"]
    ended = subprocess.run(command, input=sent, capture_output=True, check=False, timeout=60)
    answers = [json.loads(b"{" + one.rpartition(b"}")[0].partition(b"{")[2] + b"}") for one in bodies(ended.stdout)]
    assert 4321 in [one.get("id") for one in answers if "method" not in one]
    assert (ended.returncode, ended.stderr.decode()) == (0, "")


def bodies(out: bytes) -> list[bytes]:
    return out.split(b"Content-Length: ")[1:]


def ranges(number: int, text: bytes, new: str = "ab") -> int:
    change = types.TextDocumentContentChangePartial(
        types.Range(types.Position(number // 2, 1), types.Position(number // 2, 3)), new
    )
    return steps(lambda: changed(text, [change] * number, "utf-16"))


def test_very_many_ranges_take_work_in_proportion_to_their_number() -> None:
    """To read the whole text again for each took 75 seconds for 10,000 ranges of 900 KB."""
    text = b"one line of a text\n" * 5000
    assert ranges(400, text) - ranges(200, text) < 200 * 60


def test_the_text_is_not_read_again_for_each_range() -> None:
    short, long = (b"one line of a text\n" * lines for lines in (200, 20_000))
    assert ranges(200, long) - ranges(200, short) < 3 * 20_000  # its lines are told apart once


PIECES = st.sampled_from(["a", "\n", "\r", "\r\n", "é", "𐍈", "x\ny", "\u2028", ""])
TEXTS = st.lists(PIECES, max_size=8).map("".join)
PLACES = st.builds(types.Position, st.integers(0, 9), st.integers(0, 9))
CHANGES = st.builds(types.TextDocumentContentChangePartial, st.builds(types.Range, PLACES, PLACES), TEXTS)


@given(TEXTS, st.lists(CHANGES, max_size=4), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_a_change_is_made_as_in_the_whole_text(
    text: str, changes: list[types.TextDocumentContentChangePartial], encoding: str
) -> None:
    data = text.encode()
    for change in changes:
        lines = Lines(data, encoding)
        start, end = lines.offset(change.range.start), lines.offset(change.range.end)
        data = data[:start] + in_bytes(change.text) + data[max(start, end) :]
    assert changed(text.encode(), changes, encoding) == data
