"""One language's words, read once and then only looked up."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from toward.catalogue.markup import Span, plain, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FOLDER: Final = Path(__file__).parent
NOT_WORDS: Final = frozenset({"helplines", "systems"})  # files in the folder that have a schema of their own
PLURALS: Final = frozenset({"zero", "one", "other"})

_GAP = re.compile(r"\{([a-z_]+)\}")
_KEY_PART = re.compile(r"[a-z][a-z0-9_]*")

Plural = dict[str, str]
Value = str | Plural | tuple[str, ...]


class UnknownKey(KeyError):
    """No words under this key."""


class MissingValue(KeyError):
    """The words have a gap, or a number to go by, that was not given."""


def _english(n: int) -> str:
    return "one" if n == 1 else "other"


PLURAL_RULES: Final[Mapping[str, Callable[[int], str]]] = {"en": _english}


class Catalogue:
    """The words of one language. ``Catalogue.load("en")`` reads its files once for the whole process."""

    def __init__(self, language: str, entries: Mapping[str, Value]) -> None:
        self.language = language
        self._entries = dict(entries)
        self._plural = PLURAL_RULES[language]

    @classmethod
    def load(cls, language: str = "en") -> Self:
        """Return the words of *language*; read at the first call."""
        return cls(language, _read(FOLDER / language))

    def __contains__(self, key: object) -> bool:
        """Say whether there are words under *key*."""
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        """Go through every key, in the order of the files."""
        return iter(self._entries)

    def words(self, key: str, /, **values: str | int) -> str:
        """Return the text under *key* with its gaps filled and its marks of emphasis taken off.

        Values that the text has no gap for are ignored, so that an error can offer all its details. Raises
        ``UnknownKey`` and ``MissingValue``.
        """
        return _fill(key, plain(self._text(key, values)), values)

    def rich(self, key: str, /, **values: str | int) -> tuple[tuple[Span, ...], ...]:
        """Return the text under *key* as lines of spans, for a page that can show emphasis."""
        return tuple(
            tuple(Span(_fill(key, span.text, values), span.strong) for span in line)
            for line in spans(self._text(key, values))
        )

    def words_list(self, key: str, /, **values: str | int) -> tuple[str, ...]:
        """Return the texts of a list under *key*."""
        found = self._entry(key)
        if not isinstance(found, tuple):
            reason = f"{key} is one text and not a list"
            raise UnknownKey(reason)
        return tuple(_fill(key, plain(text), values) for text in found)

    def forms(self, key: str) -> tuple[str, ...]:
        """Every text that *key* may give, unfilled: one, or the forms of a plural, or the items of a list."""
        found = self._entry(key)
        if isinstance(found, str):
            return (found,)
        return tuple(found.values()) if isinstance(found, dict) else found

    def gaps(self, key: str) -> frozenset[str]:
        """The names of the values that *key* asks for."""
        names = {name for form in self.forms(key) for name in _GAP.findall(form)}
        return frozenset(names | {"n"} if isinstance(self._entry(key), dict) else names)

    def _entry(self, key: str) -> Value:
        try:
            return self._entries[key]
        except KeyError:
            place = key.partition(".")[0]
            reason = f"no words under {key!r} (catalogue/{self.language}/{place}.toml)"
            raise UnknownKey(reason) from None

    def _text(self, key: str, values: Mapping[str, str | int]) -> str:
        found = self._entry(key)
        if isinstance(found, str):
            return found
        if isinstance(found, tuple):
            reason = f"{key} is a list; use words_list"
            raise UnknownKey(reason)
        n = values.get("n")
        if not isinstance(n, int):
            reason = f"{key} is a plural and needs n"
            raise MissingValue(reason)
        if n == 0 and "zero" in found:
            return found["zero"]
        return found.get(self._plural(n), found["other"])


def words(key: str, /, **values: str | int) -> str:
    """Return the English text under *key*: what the command line and tests use; a page asks its own catalogue."""
    return Catalogue.load("en").words(key, **values)


def _fill(key: str, text: str, values: Mapping[str, str | int]) -> str:
    def value(gap: re.Match[str]) -> str:
        name = gap.group(1)
        if name not in values:
            reason = f"{key} needs {name!r}"
            raise MissingValue(reason)
        return str(values[name])

    return _GAP.sub(value, text)


@cache
def _read(folder: Path) -> dict[str, Value]:
    entries: dict[str, Value] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem not in NOT_WORDS:
            entries.update(_flatten(path.stem, tomllib.loads(path.read_text("utf-8"))))
    if not entries:
        reason = f"no language in {folder.name!r}"
        raise UnknownKey(reason)
    return entries


def _flatten(prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, Value]]:
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if not _KEY_PART.fullmatch(name):
            reason = f"{key}: a key is made of small letters, digits and _"
            raise ValueError(reason)
        if isinstance(value, dict) and "other" in value and value.keys() <= PLURALS:
            yield key, {form: _tidy(key, text) for form, text in value.items()}
        elif isinstance(value, dict):
            yield from _flatten(key, value)
        elif isinstance(value, list):
            yield key, tuple(_tidy(key, text) for text in value)
        else:
            yield key, _tidy(key, value)


def _tidy(key: str, text: object) -> str:
    """Unfold a long text: a single line break in the file is a space, an empty line is a line break for the reader."""
    if not isinstance(text, str):
        reason = f"{key}: words are text, not {type(text).__name__}"
        raise TypeError(reason)
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
