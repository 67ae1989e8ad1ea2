"""What somebody typed: read into memory with a limit, then asked for by name and type.

Nothing of a form ever touches the disk, not even an upload: temporary files outlive their deletion.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, Self, TypeVar
from urllib.parse import parse_qsl

from toward.errors import BadInput, TooLong, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping

Option = TypeVar("Option", bound=str)

MOST_FIELDS: Final = 500
NEVER_SHOWN_PREFIX: Final = "passphrase"
"""Fields by this name are never shown again: typed in the dark, a slip in one can't be seen or mended in place."""
SECRET_PREFIXES: Final = (NEVER_SHOWN_PREFIX, "sheet")
"""Fields by these names are never carried through a sign-in, at which somebody else may sit down.

The words of a sheet do come back in the answer to the form in which they were typed (twelve words copied from paper,
one of them with a slip in it), and nowhere else.
"""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class TooLarge(TooLong):
    """The whole form, or upload, is larger than this page takes."""

    key = "too_large"
    status = 413


def is_secret(name: str) -> bool:
    """Say whether a field holds a passphrase or the words of a recovery sheet."""
    return name.startswith(SECRET_PREFIXES)


def is_shown_again(name: str) -> bool:
    """Say whether a form that did not fit comes back with this field filled in."""
    return not name.startswith(NEVER_SHOWN_PREFIX)


class Form:
    """The fields and files of one form. Each question raises ``BadInput`` with the field's name and a reason.

    A reason is a key of the catalogue below ``web.field``.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]] = (), files: Mapping[str, bytes] | None = None) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)
        self._files = dict(files or {})

    def __contains__(self, name: str) -> bool:
        """Say whether the field was sent at all."""
        return name in self._values or name in self._files

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every field as it came, in order; without files."""
        return ((name, value) for name, values in self._values.items() for value in values)

    def without(self, prefix: str) -> Self:
        """Return this form without the fields whose names begin with *prefix*."""
        return type(self)(((name, value) for name, value in self.pairs() if not name.startswith(prefix)), self._files)

    def raw(self, name: str) -> str:
        """Return the first value of a field exactly as it came."""
        return self._values.get(name, [""])[0]

    def text(self, name: str, *, max: int, required: bool = True) -> str:  # noqa: A002 - reads as the limit it is
        """Return a text of at most *max* characters: trimmed, Unix line ends, NFC, without control characters."""
        value = self.raw(name).replace("\r\n", "\n").replace("\r", "\n")
        value = unicodedata.normalize("NFC", _UNPRINTABLE.sub("", value)).strip()
        if required and not value:
            raise BadInput(field=name, reason="empty")
        if len(value) > max:
            raise TooLong(field=name, reason="too_long", max=max, n=len(value))
        return value

    def line(self, name: str, *, max: int = 200, required: bool = True) -> str:  # noqa: A002
        """Return a text on one line."""
        value = " ".join(self.text(name, max=max * 4, required=required).split())
        if len(value) > max:
            raise TooLong(field=name, reason="too_long", max=max, n=len(value))
        return value

    def secret(self, name: str, *, max: int = 1000) -> str:  # noqa: A002
        """Return a passphrase exactly as typed, spaces and all."""
        value = self.raw(name)
        if not value:
            raise BadInput(field=name, reason="empty")
        if len(value) > max:
            raise TooLong(field=name, reason="too_long", max=max, n=len(value))
        return value

    def choice(self, name: str, options: Collection[Option]) -> Option:
        """Return the one of *options* that was chosen."""
        chosen = self.maybe(name, options)
        if chosen is None:
            raise BadInput(field=name, reason="choose")
        return chosen

    def maybe(self, name: str, options: Collection[Option]) -> Option | None:
        """Return the one of *options* that was chosen, or None where it was left open."""
        value = self.raw(name)
        if not value:
            return None
        for option in options:
            if option == value:
                return option
        raise BadInput(field=name, reason="choose")

    def integer(self, name: str, low: int, high: int) -> int:
        """Return a whole number from *low* to *high*."""
        number = self.maybe_integer(name, low, high)
        if number is None:
            raise BadInput(field=name, reason="choose")
        return number

    def maybe_integer(self, name: str, low: int, high: int) -> int | None:
        """Return a whole number from *low* to *high*, or None where it was left open."""
        value = self.raw(name).strip()
        if not value:
            return None
        if not re.fullmatch(r"-?[0-9]{1,12}", value, re.ASCII) or not low <= int(value) <= high:
            raise BadInput(field=name, reason="out_of_range", low=low, high=high)
        return int(value)

    def flag(self, name: str) -> bool:
        """Say whether a box was ticked."""
        return self.raw(name) not in {"", "0", "off"}

    def identity(self, name: str) -> bytes:
        """Return a 16-byte id that was sent as hexadecimal digits."""
        value = self.raw(name)
        if not re.fullmatch(r"[0-9a-f]{32}", value, re.ASCII):
            raise BadInput(field=name, reason="choose")
        return bytes.fromhex(value)

    def file(self, name: str) -> bytes:
        """Return an uploaded file."""
        data = self._files.get(name, b"")
        if not data:
            raise BadInput(field=name, reason="empty")
        return data


async def read_form(content_type: str, length: str | None, stream: AsyncIterator[bytes], *, limit: int) -> Form:
    """Read a form of at most *limit* bytes; raises ``TooLarge`` as soon as that is clear."""
    if length is not None and length.isdecimal() and int(length) > limit:
        raise TooLarge
    body = bytearray()
    async for chunk in stream:
        body += chunk
        if len(body) > limit:
            raise TooLarge
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return _multipart(content_type, bytes(body))
    if kind == "application/x-www-form-urlencoded" or not body:
        return _urlencoded(bytes(body))
    raise UnreadableFile(reason="form")


def _urlencoded(body: bytes) -> Form:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadInput(reason="form") from error
    return Form(pairs)


class _Parts:
    """The parts of a multipart body, as its parser comes by them."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}
        self._header = bytearray()
        self._value = bytearray()
        self._disposition = b""
        self._data = bytearray()

    def on_part_begin(self) -> None:
        self._disposition = b""
        self._data.clear()

    def on_header_field(self, chunk: bytes, start: int, end: int) -> None:
        self._header += chunk[start:end]

    def on_header_value(self, chunk: bytes, start: int, end: int) -> None:
        self._value += chunk[start:end]

    def on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def on_part_data(self, chunk: bytes, start: int, end: int) -> None:
        self._data += chunk[start:end]

    def on_part_end(self) -> None:
        from python_multipart.multipart import parse_options_header

        options = parse_options_header(self._disposition)[1]
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            self.files[name] = bytes(self._data)
        else:
            self.pairs.append((name, self._data.decode("utf-8", "replace")))
        if len(self.pairs) + len(self.files) > MOST_FIELDS:
            raise BadInput(reason="form")


def _multipart(content_type: str, body: bytes) -> Form:
    """Take a multipart body apart in memory: Starlette's own way would spool a large upload to a temporary file."""
    from python_multipart import MultipartParser
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import parse_options_header

    parts = _Parts()
    try:
        parser = MultipartParser(
            parse_options_header(content_type)[1].get(b"boundary", b""),
            {
                "on_part_begin": parts.on_part_begin,
                "on_part_data": parts.on_part_data,
                "on_part_end": parts.on_part_end,
                "on_header_field": parts.on_header_field,
                "on_header_value": parts.on_header_value,
                "on_header_end": parts.on_header_end,
            },
        )
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise BadInput(reason="form") from error
    return Form(parts.pairs, parts.files)
