"""What is carried through signing in: a session that ends in the middle of a sentence costs nobody the sentence.

It travels in hidden fields of the sign-in form: on the page, never on a disk. Secrets are left out
(``forms.is_secret``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from toward.web.forms import Form

PREFIX: Final = "carry-"
_PATH = re.compile(r"/(?![/\\])[!-~]{0,2000}", re.ASCII)


class Carried(NamedTuple):
    """Where somebody was going (a path within this app), and with which form, if any.

    ``person`` is the hexadecimal id of whoever last signed in on this device: words are only ever given back to them.
    """

    to: str
    is_form: bool
    person: str
    fields: tuple[tuple[str, str], ...]

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """The hidden fields that hold all this."""
        return (
            (f"{PREFIX}to", self.to),
            (f"{PREFIX}for", self.person),
            (f"{PREFIX}form", "1" if self.is_form else ""),
            *((f"{PREFIX}field-{name}", value) for name, value in self.fields),
        )


def carried_in(form: Form) -> Carried | None:
    """Return what a sign-in form carries; None if nothing, or nothing that leads to a path of this app."""
    to = form.raw(f"{PREFIX}to")
    if not _PATH.fullmatch(to):
        return None
    start = f"{PREFIX}field-"
    fields = tuple((name.removeprefix(start), value) for name, value in form.pairs() if name.startswith(start))
    return Carried(to, form.raw(f"{PREFIX}form") == "1", form.raw(f"{PREFIX}for"), fields)
