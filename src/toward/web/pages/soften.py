"""Look at a message while it is written: read, answered, forgotten.

Every answer has the same length, so that whoever sees only lengths go by can't tell a threat from a kind word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import Response

from toward.web.page import Page
from toward.web.softening import look

if TYPE_CHECKING:
    from toward.web.context import Context
    from toward.web.softening import Help

ANSWER_BYTES: Final = 4096
LIMIT: Final = 256 * 1024
"""Ten thousand characters of any script, as a form has them, with the fields beside."""


def post(ctx: Context) -> Response:
    """Say what may be shown beside the text."""
    beside = [value for name, value in ctx.form.pairs() if name == "beside"]
    found = look(ctx, ctx.form.raw("text"), beside, held=ctx.form.flag("held"))
    return Response(padded(found), media_type="application/json")


def padded(found: Help) -> bytes:
    """Return *found* as JSON of ``ANSWER_BYTES``; white space after it means nothing to a reader of JSON."""
    said = {
        "kind": found.kind,
        "say": found.say,
        "reasons": found.reasons,
        # The phrases stay where they are: a script has them, and an answer's length is none of theirs.
        "marks": [mark[:3] for mark in found.marks],
        "slots": found.slots,
    }
    return msgspec.json.encode(said).ljust(ANSWER_BYTES)


PAGE = Page("/soften", post=post, limit=LIMIT)
