"""Everything that is a person's, as a file they can take away, and back again.

One JSON object, documented in ``docs/export.md``. Private entries return as what they were; entries of a shared
space, which nobody can sign again, return as keepsakes and are exported once more as what they were. What the safety
page keeps is never in the file: a file lies about, and somebody might look.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from toward.errors import BadInput, Damaged, TooLong, UnreadableFile
from toward.journal import codec
from toward.journal.kinds import Body, CheckIn, Entry, Id, Imported, PartnerKnown, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from toward.vault.session import Session

FORMAT = "toward-export"
VERSION = 1
MAX_BYTES = 64 * 1024 * 1024


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry in the file.

    ``body`` has the fields of its kind; bytes are base64; ``at`` is UTC; ``tz_min`` the writer's offset.
    """

    id: Id
    kind: str
    version: int
    at_ms: int
    at: str
    tz_min: int
    where: Literal["private", "shared"]
    author: Literal["me", "partner"]
    author_id: Id
    body: dict[str, Any]


class File(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    format: str
    version: int
    exported_at: str
    name: str
    entries: list[Item]


def _iso(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _item(entry: Entry) -> Item:
    body = entry.body
    if isinstance(body, Imported):
        decoded = codec.decode(body.original)
        return _make(
            body.original_id, decoded.at_ms, decoded.tz_min, decoded.body, "shared", body.author, mine=body.mine
        )
    return _make(
        entry.id,
        entry.at_ms,
        entry.tz_min,
        body,
        "shared" if entry.shared else "private",
        entry.author,
        mine=entry.mine,
    )


def _make(
    item_id: bytes,
    at_ms: int,
    tz_min: int,
    body: Body | Unknown,
    where: Literal["private", "shared"],
    author: bytes,
    *,
    mine: bool,
) -> Item:
    if isinstance(body, Unknown):
        kind, version, fields = body.kind, body.version, msgspec.msgpack.decode(body.raw)
    else:
        kind, version = str(body.__struct_config__.tag), body.VERSION
        fields = msgspec.to_builtins(body)
        fields.pop("kind", None)
    return Item(
        id=item_id,
        kind=kind,
        version=version,
        at_ms=at_ms,
        at=_iso(at_ms),
        tz_min=tz_min,
        where=where,
        author="me" if mine else "partner",
        author_id=author,
        body=fields,
    )


def export(session: Session) -> bytes:
    """The person's file: all that they may read, oldest first."""
    items = [_item(entry) for entry in session.entries if not isinstance(entry.body, PartnerKnown)]
    items.sort(key=lambda item: (item.at_ms, item.id))
    file = File(
        format=FORMAT,
        version=VERSION,
        exported_at=_iso(session.vault.now_ms()),
        name=session.name,
        entries=items,
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=1)


def export_check_ins(session: Session) -> str:
    """One's own check-ins as CSV with a header, for a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("at", "tz_min", "felt", "body", "rung", "question", "answer", "there", "moved", "words", "shared"))
    for entry in session.entries:
        if isinstance(entry.body, CheckIn) and entry.mine:
            body = entry.body
            cells = (body.felt, body.body, body.rung, body.question, body.answer, body.there, body.moved, body.words)
            writer.writerow([_iso(entry.at_ms), entry.tz_min, *(_cell(cell) for cell in cells), _cell(body.share)])
    return out.getvalue()


def _cell(value: object) -> str:
    """Plain text that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    text = {None: "", True: "yes", False: "no"}[value] if value is None or isinstance(value, bool) else str(value)
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def read_file(data: bytes) -> File:
    """A person's file, checked. Raises ``TooLong`` or ``UnreadableFile`` with what is wrong and where."""
    if len(data) > MAX_BYTES:
        raise TooLong(field="file", most=MAX_BYTES // (1024 * 1024))
    try:
        file = msgspec.json.decode(data, type=File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile(str(error), field="file", reason="json") from error
    if file.format != FORMAT or file.version > VERSION:
        msg = f"format {file.format!r} {file.version}, where {FORMAT!r} up to {VERSION} can be read"
        raise UnreadableFile(msg, field="file", reason="format")
    return file


def import_(session: Session, data: bytes, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Add what a file holds to the person's own space; returns how many entries were new.

    Nothing is written unless the whole file reads. What is here already (by id) is left alone, so importing twice
    changes nothing.
    """
    file = read_file(data)
    bodies = list(_bodies(file))
    here = {entry.id for entry in session.entries} | {
        entry.body.original_id for entry in session.entries if isinstance(entry.body, Imported)
    }
    new = [(item, body) for item, body in bodies if item.id not in here]
    for done, (item, body) in enumerate(new, 1):
        session.put_back(item.id if item.where == "private" else None, item.at_ms, item.tz_min, body)
        if progress is not None:
            progress(done, len(new))
    return len(new)


def _bodies(file: File) -> Iterator[tuple[Item, Body | Unknown]]:
    for number, item in enumerate(file.entries, 1):
        try:
            body = _checked_body(item)
        except (Damaged, BadInput, msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
            msg = f"entry {number}: {error}"
            raise UnreadableFile(msg, field="file", reason="entry", number=number) from error
        if item.where == "private":
            yield item, body
        else:
            original = codec.encode(item.at_ms, item.tz_min, body)
            yield (
                item,
                Imported(original_id=item.id, author=item.author_id, mine=item.author == "me", original=original),
            )


def _checked_body(item: Item) -> Body | Unknown:
    """The body of an item that may stand where it says. Raises ``Damaged`` for one that may not."""
    body = _body(item)
    if item.where == "private" and item.author != "me":
        msg = "a private entry of somebody else"
        raise Damaged(msg)
    if not codec.belongs(body, shared=item.where == "shared"):
        msg = f"kind {item.kind!r} can't be {item.where}"
        raise Damaged(msg)
    return body


def _body(item: Item) -> Body | Unknown:
    """The body of an item, by way of the stored form, so that upcasters and limits hold for files too."""
    known = codec.KINDS.get(item.kind)
    if known is None or item.version > known.VERSION:
        return Unknown(kind=item.kind, version=item.version, raw=msgspec.msgpack.encode(item.body))
    fields = codec.lift(item.kind, item.version, item.body, known)
    return msgspec.convert({**fields, "kind": item.kind}, Body)  # type: ignore[no-any-return]
