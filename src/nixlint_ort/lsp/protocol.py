"""The protocol under the server: texts as the editor has them, and answers to messages that make no sense."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest, JsonRpcMethodNotFound, JsonRpcParseError
from pygls.protocol import LanguageServerProtocol, lsp_method

from nixlint_ort.lsp.positions import lines_of, offset_in_line


class Writer:
    """A stream as pygls writes to it, which stays open until the process ends."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, data: bytes) -> None:
        """Write a message at once."""
        self._stream.write(data)
        self._stream.flush()

    def close(self) -> None:
        """Nothing: what else would be said goes to a stream that is there."""


class Protocol(LanguageServerProtocol):
    """pygls' protocol, except for the texts of documents: pygls ends lines where the protocol does not (U+2028, FF).

    And it keeps what it knows of a notification for ever, as if that could be cancelled by the id that it makes up.
    """

    def _execute_handler(self, msg_id: Any, *args: Any, **more: Any) -> None:
        super()._execute_handler(msg_id, *args, **more)
        if msg_id in self._request_futures:
            self._request_futures[msg_id].add_done_callback(lambda _: self._request_futures.pop(msg_id, None))

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Generator[Any, Any, None]:
        """Hand on to the server, which keeps the text."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Generator[Any, Any, None]:
        """Hand on to the server, which keeps the text."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Generator[Any, Any, None]:
        """Hand on to the server, which keeps the text."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None


def handle(protocol: LanguageServerProtocol, body: bytes) -> None:
    """Handle one message; one that makes no sense is answered with an error where it asks for an answer."""
    identifier = None
    try:
        try:
            data = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise JsonRpcParseError from error
        if not isinstance(data, dict) or data.get("jsonrpc") != protocol.VERSION:
            raise JsonRpcInvalidRequest
        method = data.get("method")
        identifier = data.get("id") if method is not None else None
        known = {*protocol.fm.builtin_features, *protocol.fm.features, types.CANCEL_REQUEST}
        if method is not None and not (isinstance(method, str) and method in known):
            raise JsonRpcMethodNotFound.of(str(method))
        protocol.handle_message(protocol.structure_message(data))
    except JsonRpcException as error:
        if identifier is not None:
            protocol._send_response(identifier, None, error.to_response_error())


def changed(data: bytes, changes: list[Any], encoding: str) -> bytes:
    """A text after the changes of a notification, one after the other."""
    lines = lines_of(data)
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            _replace(lines, change.range, in_bytes(change.text), encoding)
        else:
            lines = lines_of(in_bytes(change.text))
    return b"".join(lines)


def _replace(lines: list[bytes], range_: types.Range, text: bytes, encoding: str) -> None:
    """Put a text in the place of a range: only the lines of the range and those beside it are split anew."""
    (line, start), (last, end) = (_place(lines, one, encoding) for one in (range_.start, range_.end))
    last, end = max((last, end), (line, start))
    first, behind = max(line - 1, 0), min(last + 2, len(lines))  # a line end may become one with that beside it
    before, after = b"".join(lines[first:line]), b"".join(lines[last + 1 : behind])
    new = lines_of(b"".join((before, lines[line][:start], text, lines[last][end:], after)))
    lines[first:behind] = new if behind == len(lines) else new[:-1]


def _place(lines: list[bytes], position: types.Position, encoding: str) -> tuple[int, int]:
    """The number of a line from 0, and the offset in it of a position; one past the end is the end of the text."""
    if position.line >= len(lines):
        return len(lines) - 1, len(lines[-1])
    return position.line, offset_in_line(lines[position.line], position.character, encoding)


def in_bytes(text: str) -> bytes:
    """A text in UTF-8, as an editor saves it; half of a pair of UTF-16 becomes what is not UTF-8."""
    return text.encode("utf-8", "surrogatepass")
