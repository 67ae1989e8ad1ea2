"""One's own check-ins as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from toward.journal.kinds import CheckIn
from toward.vault.portable import iso

if TYPE_CHECKING:
    from toward.vault.session import Session

COLUMNS: Final = (
    "at",
    "tz_min",
    "felt",
    "body",
    "rung",
    "question",
    "answer",
    "there",
    "moved",
    "words",
    "shared",
)
FORMULA_STARTS: Final = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - a spreadsheet takes the wide ones for the narrow


def export_check_ins(session: Session) -> str:
    """Return the check-ins with a line of column names, oldest first."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    own = [(entry, entry.body) for entry in session.entries if isinstance(entry.body, CheckIn) and entry.mine]
    for entry, body in sorted(own, key=lambda one: (one[0].at_ms, one[0].id)):
        said = (body.felt, body.body, body.rung, body.question, body.answer, body.there, body.moved, body.words)
        writer.writerow([iso(entry.at_ms), entry.tz_min, *(cell(one) for one in said), cell(body.share)])
    return out.getvalue()


def cell(value: object) -> str:
    """Return plain text that no spreadsheet takes for a formula (OWASP: CSV injection).

    >>> cell("=1+1"), cell(True), cell(None)
    ("'=1+1", 'yes', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return "'" + text if text[:1] in FORMULA_STARTS else text
