"""Which keys the program asks for, read from its source: exact ones, and patterns where a part is known at run time."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "src" / "toward"

_CALL = r"(?<![\w.])(?:[\w.]+\.)?(?:t|t_list|t_rich|words|rich|words_list)\(\s*"
_EXACT = re.compile(_CALL + r"[\"']([a-z0-9_]+(?:\.[a-z0-9_]+)+)[\"']\s*(?=[,)])")
_JOINED = re.compile(_CALL + r"[\"']([a-z0-9_]+\.[a-z0-9_.]*)[\"']\s*[~+]")
_FSTRING = re.compile(_CALL + r"f[\"']([a-z0-9_.{}\[\]\w]+)[\"']")


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


def uses() -> list[Use]:
    """Return every use in the program's modules and templates, the catalogue's own code aside."""
    files = [path for suffix in ("*.py", "*.html", "*.svg") for path in SOURCE.rglob(suffix)]
    own = SOURCE / "catalogue"
    return [
        use for path in sorted(files) if own not in path.parents for use in uses_in(path.read_text("utf-8"), path.name)
    ]
