"""Where check-ins arrive that were made offline: as many as there are, each kept once, like any other check-in.

They were private when they were made and stay so: what is shared is shared on purpose, in a moment when the other could
answer. What a note says goes through the same reading as the form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta, Struct

from toward.errors import BadInput, Damaged
from toward.journal.projections import day_of
from toward.vault import outbox
from toward.web.forms import Form
from toward.web.line_sharing import after_check_in
from toward.web.page import Page
from toward.web.pages.check_in import read

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.vault import Session
    from toward.web.context import Context

MOST: Final = 20
LIMIT: Final = MOST * 2 * outbox.MOST_BYTES


class Sealed(Struct, frozen=True):
    """One note as the browser has it; the bytes come as base64."""

    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
    sealed: Annotated[bytes, Meta(max_length=outbox.MOST_BYTES)]


_notes = msgspec.json.Decoder(Annotated[list[Sealed], Meta(max_length=MOST)])


def post(ctx: Context) -> Response:
    """Keep them in their order, and say which need not be sent again."""
    if ctx.is_demo:
        return ctx.json({"here": []})
    try:
        notes = _notes.decode(ctx.form.raw("notes"))
    except msgspec.MsgspecError as error:
        raise BadInput(field="notes", reason="form") from error
    return ctx.json({"here": [note.id for note in notes if _take(ctx.who, note)]})


def _take(session: Session, sealed: Sealed) -> bool:
    """Keep one note. False for one that this person's key does not open: it is not ours to throw away."""
    try:
        note = outbox.open_note(session.keyring.box, sealed.sealed)
    except Damaged:
        return False
    if note.id != sealed.id:
        return False
    try:
        body = read(Form(note.form.items()), together=False)
    except BadInput:
        return True  # no page of ours made it; it would be refused for ever
    if outbox.keep(session, note, body):
        after_check_in(session, body.felt, day_of(note.at_ms, note.tz_min))
    return True


PAGE = Page("/outbox", post=post, limit=LIMIT)
