"""A ``multipart/form-data`` body, read as it arrives: exactly one part named ``file``, whose bytes are handed on at once.

Starlette's ``UploadFile`` would spool the whole file before a handler runs; here the bytes reach the store while the
client still sends, and a limit ends the upload at the byte that passes it.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from models.errors import InvalidRequest, TooLarge, UploadIncomplete

FIELD = "file"
MAX_OTHER_PARTS = 10
MAX_OTHER_BYTES = 16 * 1024
MAX_FILENAME = 255
FALLBACK_NAME = "scan"
ONE_FILE: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {FIELD: {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
"""The body, as a route's ``openapi_extra`` tells it."""


def boundary_of(content_type: str) -> bytes:
    """The boundary named by a ``Content-Type`` header; ``InvalidRequest`` when it is no multipart form."""
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise InvalidRequest("The body must be multipart/form-data with one part named 'file'.")
    return boundary


def display_name(raw: bytes) -> str:
    """A name to show: the last segment of whatever path was sent, NFC, without control or direction characters.

    It is never used as a path; the store's key is the content's hash.
    """
    text = unicodedata.normalize("NFC", raw.decode("utf-8", "replace"))
    last = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(char for char in last if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}).strip()
    if set(shown) <= {"."}:
        return FALLBACK_NAME
    return shown if len(shown) <= MAX_FILENAME else shown[: MAX_FILENAME - 20] + "…" + shown[-19:]


class FileParts:
    """Feed it the body's chunks; it gives back the file's bytes. Not thread-safe.

    ``filename`` is known once the first bytes come out, ``size`` counts them, ``complete`` means the closing boundary was seen. ``text``: of a named other
    part what it says, as far as it was received.
    """

    def __init__(self, boundary: bytes, max_bytes: int) -> None:
        self.filename = FALLBACK_NAME
        self.size = 0
        self.seen = False
        self.complete = False
        self._max_bytes = max_bytes
        self._pieces: list[bytes] = []
        self._texts: dict[str, bytearray] = {}
        self._text: bytearray | None = None
        self._others = 0
        self._other_bytes = 0
        self._in_file = False
        self._header: tuple[bytes, bytes] = (b"", b"")
        self._headers: dict[bytes, bytes] = {}
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begin,
                    "on_part_data": self._part_data,
                    "on_header_field": self._header_field,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_finished,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise InvalidRequest("The multipart boundary is not valid.") from error

    def feed(self, chunk: bytes) -> list[bytes]:
        """The file's bytes in ``chunk``. ``InvalidRequest``, ``TooLarge``."""
        self._pieces = []
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise InvalidRequest("The body is not a well-formed multipart form.") from error
        return self._pieces

    def finish(self) -> None:
        """The body has ended. ``UploadIncomplete`` unless it ended where it should, ``InvalidRequest`` without a file."""
        if not self.complete:
            raise UploadIncomplete("The body ended before its closing boundary.")
        if not self.seen:
            raise InvalidRequest("The form has no part named 'file'.")

    def text(self, name: str) -> str:
        """Empty where there is none."""
        return self._texts.get(name, bytearray()).decode("utf-8", "replace")

    def _part_begin(self) -> None:
        self._header = (b"", b"")
        self._headers = {}
        self._in_file = False
        self._text = None

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0] + data[start:end], self._header[1])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0], self._header[1] + data[start:end])

    def _header_end(self) -> None:
        name, value = self._header
        self._headers[name.lower()] = value
        self._header = (b"", b"")

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if options.get(b"name") == FIELD.encode():
            if self.seen:
                raise InvalidRequest("Send one file a request.")
            self.seen = self._in_file = True
            self.filename = display_name(options.get(b"filename", b""))
            return
        self._others += 1
        if self._others > MAX_OTHER_PARTS:
            raise InvalidRequest("The form has too many parts.")
        name = options.get(b"name", b"").decode("utf-8", "replace")
        self._text = self._texts.setdefault(name, bytearray())

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if not self._in_file:
            self._other_bytes += end - start
            if self._other_bytes > MAX_OTHER_BYTES:
                raise InvalidRequest("The other parts of the form are too long.")
            if self._text is not None:
                self._text += data[start:end]
            return
        self.size += end - start
        if self.size > self._max_bytes:
            raise TooLarge(f"The file is over {self._max_bytes} bytes.")
        self._pieces.append(data[start:end])

    def _end(self) -> None:
        self.complete = True
