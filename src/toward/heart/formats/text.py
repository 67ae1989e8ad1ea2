"""Lines of a text file of unknown origin: any line ends, any usual encoding, only some of it in memory."""

from __future__ import annotations

import codecs
import io
import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from toward.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_LINE: Final = 4_000_000
"""Characters. A day of intervals on one line is half a million."""
LOOK_BYTES: Final = 65_536

_HOUR: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)")
_ZONE: Final = re.compile(r"\s+([+-]\d\d):?(\d\d)$")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (number from 1, text without its end) of each line that isn't blank.

    UTF-8, with or without its mark, UTF-16 with its mark, and Latin-1 for whatever is neither. Line ends may be of
    any system, and mixed. Raises ``UnreadableFile`` for a file with zero bytes (no text), and for a line of more than
    four million characters.
    """
    with path.open("rb") as source:
        look = source.read(LOOK_BYTES)
        source.seek(0)
        encoding = _encoding(look, path)
        # errors="replace": what is broken later on is not a number, and is dealt with as any other text that isn't.
        text = io.TextIOWrapper(source, encoding=encoding, errors="replace", newline=None)
        number = 0
        while line := text.readline(LONGEST_LINE):
            number += 1
            if len(line) >= LONGEST_LINE:
                raise UnreadableFile(f"{path.name}, line {number}: this line is too long to be read.", reason="line")
            if line.strip():
                yield number, line.rstrip("\n")


def _encoding(look: bytes, path: Path) -> str:
    for mark, encoding in _MARKS:
        if look.startswith(mark):
            return encoding
    if b"\0" in look:
        raise UnreadableFile(f"{path.name} is not a text file. Name its kind with --format.", reason="binary")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(look)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def number(text: str, *, comma: bool = False) -> float:
    """A number as tables write it, or NaN for what isn't one: empty, "-", "n/a", infinity. *comma*: 0,85 is 0.85."""
    text = text.strip().strip('"')
    if comma:
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    # float() reads underscores and "infinity"; no recording holds either as a number.
    return value if "_" not in text and abs(value) < 1e300 else float("nan")  # noqa: PLR2004


def clock(text: str) -> float:
    """Seconds of an hour (14:03:07.25, 3:07,25) or of a date with one, as ISO 8601 has it; NaN for anything else.

    A date counts from 1970. One that does not say where its hour is told is of this machine's own place, as people's
    own recordings are.

    >>> clock("0:01:00.250"), clock("2026-01-01T00:00:00.5Z") - clock("2026-01-01 01:00:00 +0100")
    (60.25, 0.5)
    """
    text = text.strip().strip("[]\"'")
    hour = _HOUR.fullmatch(text)
    if hour is not None:
        hours, minutes, seconds = hour.groups()
        return 3600.0 * float(hours or 0) + 60.0 * float(minutes) + float(seconds.replace(",", "."))
    if ":" not in text:
        return float("nan")
    try:
        told = datetime.fromisoformat(_ZONE.sub(r"\1:\2", text))
    except ValueError:
        return float("nan")
    return told.astimezone().timestamp()
