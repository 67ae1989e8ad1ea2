"""The entries of a file that ``toward export`` wrote, opened as its owner saw them. Nothing is kept or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from toward.errors import Damaged, UnreadableFile
from toward.journal import codec
from toward.journal.kinds import Body, Entry
from toward.vault.json_tree import from_json
from toward.vault.portable import read_file

if TYPE_CHECKING:
    from toward.vault.portable import Item

NOBODY = bytes(16)


def entries_of(data: bytes) -> list[Entry]:
    """Return the entries of a file; kinds that this Toward does not know are left out.

    Raises ``UnreadableFile`` with the number of the entry that does not read.
    """
    found = []
    for number, item in enumerate(read_file(data).entries, 1):
        try:
            body = _body(item)
        except (Damaged, msgspec.MsgspecError, KeyError, TypeError, ValueError, RecursionError) as error:
            msg = f"entry {number} can't be read: {error}"
            raise UnreadableFile(msg, field="file", reason="entry", number=number) from error
        if body is not None:
            found.append(
                Entry(
                    id=item.id,
                    space=NOBODY,
                    author=item.author_id or NOBODY,
                    seq=number,
                    at_ms=item.at_ms,
                    tz_min=item.tz_min,
                    shared=item.where == "shared",
                    mine=item.author == "me",
                    body=body,
                )
            )
    return found


def _body(item: Item) -> Body | None:
    known = codec.KINDS.get(item.kind)
    if known is None or item.raw is not None or item.version > known.VERSION:
        return None
    lifted = codec.lift(item.kind, item.version, from_json(item.body), known)
    body: Body = msgspec.convert({**lifted, "kind": item.kind}, Body)
    return body
