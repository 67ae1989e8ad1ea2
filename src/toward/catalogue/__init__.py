"""Every word that a person reads, by key.

A language is a folder of TOML files. The name of a file is the first part of its keys, so that ``settle.breathe.title``
is found under ``[breathe]`` in ``settle.toml``. Values are plain text with gaps, ``{partner}``; a table of ``one``
and ``other`` is a plural, chosen by ``n``; a list is several texts under one key. Two marks are allowed, ``*emphasis*``
and a line break: ``rich`` gives them as data, so that no markup ever passes through a string.

    >>> words("common.minutes", n=1)
    '1 minute'
    >>> words("common.minutes", n=20)
    '20 minutes'

An unknown key, a gap without its value and a plural without its number all raise. A key that is shown to a person in
place of words is no kinder than an error, and a test reads every template and module for keys that are not there.
"""

from __future__ import annotations

from toward.catalogue.book import Catalogue, MissingValue, UnknownKey, words
from toward.catalogue.helplines import HelpLine, countries, helplines, stale
from toward.catalogue.markup import Span

__all__ = [
    "Catalogue",
    "HelpLine",
    "MissingValue",
    "Span",
    "UnknownKey",
    "countries",
    "helplines",
    "stale",
    "words",
]
