"""Which keys the program asks for, read from its source.

A *use* is a call that asks for words: it must find them. A *mention* is a key that stands alone between quotes, in a
table or a variable, or a form's reason: it keeps words from being left over, and asks for none.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "src" / "toward"

_CALL = r"(?<![\w.])(?:[\w.]+\.)?(?:t|t_list|t_rich|words|rich|words_list)\(\s*"
_EXACT = re.compile(_CALL + r"[\"']([a-z0-9_]+(?:\.[a-z0-9_]+)+)[\"']\s*(?=[,)])")
_JOINED = re.compile(_CALL + r"[\"']([a-z0-9_]+\.[a-z0-9_.]*)[\"']\s*[~+]")
_FSTRING = re.compile(_CALL + r"f[\"']([a-z0-9_.{}\[\]\w]+)[\"']")
_MENTIONED = re.compile(r"[\"']([a-z0-9_]+(?:\.[a-z0-9_]+)+)[\"']")
_REASON = re.compile(r"reason=\"([a-z_]+)\"")


class Use(NamedTuple):
    """A key, or a pattern of keys, and the file that asks for it."""

    pattern: re.Pattern[str]
    shown: str
    file: str


def uses_in(text: str, file: str) -> list[Use]:
    """Return what *text* asks for: ``t("a.b")``, ``t("a." ~ x ~ ".c")`` and ``t(f"a.{x}.c")``."""
    found = [Use(re.compile(re.escape(key)), key, file) for key in _EXACT.findall(text)]
    found += [Use(re.compile(re.escape(start) + r".+"), f"{start}*", file) for start in _JOINED.findall(text)]
    for key in _FSTRING.findall(text):
        parts = [re.escape(part) for part in re.split(r"\{[^}]*\}", key)]
        found.append(Use(re.compile(r"[a-z0-9_.]+".join(parts)), key, file))
    return found


def mentions_in(text: str) -> set[str]:
    """Return what may be a key in *text*: a dotted word between quotes, and a form's reason as the key of its words."""
    return {*_MENTIONED.findall(text), *(f"web.field.{reason}" for reason in _REASON.findall(text))}


def sources() -> list[Path]:
    """Return the program's modules and templates, the catalogue's own code aside."""
    files = [path for suffix in ("*.py", "*.html", "*.svg") for path in SOURCE.rglob(suffix)]
    return sorted(path for path in files if SOURCE / "catalogue" not in path.parents)


def uses() -> list[Use]:
    """Return every use in the program."""
    return [use for path in sources() for use in uses_in(path.read_text("utf-8"), path.name)]


def mentions() -> set[str]:
    """Return everything that the program mentions."""
    return {key for path in sources() for key in mentions_in(path.read_text("utf-8"))}
