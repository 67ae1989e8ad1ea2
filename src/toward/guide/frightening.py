"""Whether words tell of an act that frightens, forces or hurts: what is no part of a dance of two.

A plain list in ``frightening.toml``. It says neither who does it nor to whom, since a half of a dance is written by
either, and it is never used to judge a person: it only keeps a picture from calling it both people's step.

    >>> is_frightening("when you hit me, I go quiet"), is_frightening("it hits me that you are tired")
    (True, False)
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("frightening.toml")


def is_frightening(*texts: str) -> bool:
    """Say whether any of *texts* tells of such an act."""
    acts, sayings = _patterns()
    return any(acts.search(sayings.sub(" ", _plain(text))) for text in texts)


def _plain(text: str) -> str:
    """The text in small letters, with straight apostrophes and single spaces."""
    return " ".join(text.casefold().replace("\u2019", "'").split())


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = tomllib.loads(FILE.read_text("utf-8"))
    person: str = data["person"]
    acts, sayings = (
        re.compile("|".join(rf"\b(?:{one.replace('{person}', person)})\b" for one in data[name]))
        for name in ("acts", "sayings")
    )
    return acts, sayings
