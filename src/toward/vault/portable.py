"""Everything that is a person's, as a file they can take away, and back again.

One JSON object, documented in ``docs/export.md``. Private entries return as what they were; entries of a shared space,
which nobody can sign again, return as keepsakes and are exported once more as what they were. What the safety page
keeps is never in the file: a file lies about, and somebody might look. Nor is what only this home can use: keys,
sealed offers, and what is known of a partner's keys, since a file must not be able to say who the partner is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import msgspec

from toward.errors import Damaged, TooLong, UnreadableFile
from toward.journal import codec
from toward.journal.kinds import (
    Body,
    CheckIn,
    Entry,
    Id,
    Imported,
    KeysChanged,
    LinePoint,
    Memory,
    Offer,
    PartnerKnown,
    Preferences,
    Released,
    SpaceLeft,
    Unknown,
    Withdrawn,
)
from toward.vault import keys
from toward.vault.json_tree import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from toward.vault.session import Session

FORMAT: Final = "toward-export"
VERSION: Final = 1
MAX_BYTES: Final = 64 * 1024 * 1024
BATCH: Final = 256
"""So many entries are written at once. An import that is cut off carries on when it is done again."""

LEFT_OUT: Final = (PartnerKnown, SpaceLeft, Offer, KeysChanged)
NEVER_TAKEN: Final = frozenset(str(kind.__struct_config__.tag) for kind in (*LEFT_OUT, Imported))
"""Kinds that no file may bring in."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_MS: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
_LAST_MS: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry in the file. ``body`` has the fields of its kind; ``raw`` stands for it where that is not known here.

    ``at`` is for human eyes; ``at_ms`` counts. ``author_id`` is only there for what was shared.
    """

    id: Id
    kind: str
    version: int
    at_ms: int
    at: str
    tz_min: int
    where: Literal["private", "shared"]
    author: Literal["me", "partner"]
    author_id: Id | None = None
    body: dict[str, Any] = {}
    raw: bytes | None = None


class File(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    format: str
    version: int
    exported_at: str
    name: str
    entries: list[Item]


class Kept(NamedTuple):
    """An entry to put back. ``id`` is None where it gets a new one."""

    id: bytes | None
    at_ms: int
    tz_min: int
    body: Body | Unknown


def iso(at_ms: int) -> str:
    """Return a time as text. A partner's program may claim any; outside the calendar it is the first or last day.

    >>> iso(1_764_000_000_000), iso(-(2**63))
    ('2025-11-24T16:00:00.000Z', '0001-01-01T00:00:00.000Z')
    """
    at = _EPOCH + timedelta(milliseconds=min(max(at_ms, _FIRST_MS), _LAST_MS))
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# ----------------------------------------------------------------------------------------------- taking away


def export(session: Session) -> bytes:
    """The person's file: all that they may read, oldest first."""
    items = sorted(_items(session), key=lambda item: (item.at_ms, item.id))
    file = File(
        format=FORMAT,
        version=VERSION,
        exported_at=iso(session.vault.now_ms()),
        name=session.name,
        entries=items,
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=1)


def _items(session: Session) -> Iterator[Item]:
    opened = _opened_offers(session)
    both_share = session.life.line.both_share
    wishes: Preferences | None = None
    for entry in session.entries:
        body = entry.body
        if isinstance(body, Preferences):
            # Written again unchanged beside what the slot keeps; the file must not say when that was.
            if body == (wishes or Preferences()):
                continue
            wishes = body
        if isinstance(body, Imported):
            try:
                decoded = codec.decode(body.original)
            except Damaged:  # one that does not read must not keep all others here
                continue
            yield _item(entry, decoded.body, item_id=body.original_id, mine=body.mine, author=body.author)
        elif entry.id in opened:
            yield _item(entry, opened[entry.id], item_id=entry.id, mine=False, author=entry.author)
        elif isinstance(body, LEFT_OUT) or (isinstance(body, LinePoint) and not entry.mine and not both_share):
            continue
        else:
            author = entry.author if entry.shared else None
            yield _item(entry, _unsealed(body), item_id=entry.id, mine=entry.mine, author=author)


def _opened_offers(session: Session) -> dict[bytes, Released]:
    """What the partner's opened offers say, by id: they answered second, so their words stand nowhere else."""
    told = {entry.body.offer for entry in session.entries if isinstance(entry.body, Released) and not entry.mine}
    mine = {entry.id: entry.body.offer for entry in session.entries if isinstance(entry.body, CheckIn | Memory)}
    pairs = (*session.life.checkins.opened, *session.life.memories.opened)
    return {
        pair.theirs_id: Released(offer=pair.theirs_id, answers=mine.get(pair.mine_id) or bytes(16), said=pair.theirs)
        for pair in pairs
        if pair.theirs_id not in told
    }


def _item(entry: Entry, body: Body | Unknown, *, item_id: bytes, mine: bool, author: bytes | None) -> Item:
    fields: dict[str, Any] = {}
    if isinstance(body, Unknown):
        kind, version, raw = body.kind, body.version, body.raw
    else:
        kind, version, raw = str(body.__struct_config__.tag), body.VERSION, None
        fields = to_json(msgspec.to_builtins(body, builtin_types=(bytes,)))
        del fields["kind"]
    return Item(
        id=item_id,
        kind=kind,
        version=version,
        at_ms=entry.at_ms,
        at=iso(entry.at_ms),
        tz_min=entry.tz_min,
        where="shared" if author is not None else "private",
        author="me" if mine else "partner",
        author_id=author,
        body=fields,
        raw=raw,
    )


# -------------------------------------------------------------------------------------------- bringing back


def read_file(data: bytes) -> File:
    """A person's file, checked. Raises ``TooLong`` or ``UnreadableFile`` with what is wrong and where."""
    if len(data) > MAX_BYTES:
        most = MAX_BYTES // (1024 * 1024)
        raise TooLong(f"a file may have {most} MB", field="file", reason="file_size", most=most)
    try:
        file = msgspec.json.decode(data, type=File)
    except msgspec.ValidationError as error:
        raise UnreadableFile(f"not a file that Toward saved: {error}", field="file", reason="file") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # Where a decoder stopped helps nobody who chose the wrong file; the reason has words of its own.
        raise UnreadableFile(field="file", reason="file") from error
    if file.format != FORMAT or file.version > VERSION:
        msg = f"format {file.format!r} {file.version}, where {FORMAT!r} up to {VERSION} can be read"
        raise UnreadableFile(msg, field="file", reason="newer" if file.format == FORMAT else "file")
    return file


def import_(session: Session, data: bytes, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Add what a file holds to the person's own space; returns how many entries were new.

    Nothing is written unless the whole file reads. What is here already is left alone, so importing twice changes
    nothing.
    """
    bodies = list(_bodies(read_file(data)))
    here = {entry.id for entry in session.entries}
    here |= {entry.body.original_id for entry in session.entries if isinstance(entry.body, Imported)}
    person = session.person
    new = [(item, body) for item, body in bodies if item.id not in here and _own_id(person, item.id) not in here]
    # An id may stand in somebody else's space, such as one's own earlier one that nobody can open any more.
    taken = session.standing(item.id for item, _ in bodies if item.where == "private") - here
    moved = {one: _own_id(person, one) for one in taken | {i.id for i, _ in bodies if _own_id(person, i.id) in here}}
    kept = [_kept(item, body, moved) for item, body in new]
    for start in range(0, len(kept), BATCH):
        session.put_back(kept[start : start + BATCH])
        if progress is not None:
            progress(min(start + BATCH, len(kept)), len(kept))
    return len(kept)


def _own_id(person: bytes, item_id: bytes) -> bytes:
    """The id of an entry whose own one is taken: the same each time, so that importing twice changes nothing."""
    return keys.derive(person + item_id, "imported id")[: keys.ID_BYTES]


def _kept(item: Item, body: Body | Unknown, moved: dict[bytes, bytes]) -> Kept:
    if isinstance(body, Withdrawn) and body.entry in moved:
        body = msgspec.structs.replace(body, entry=moved[body.entry])
    own = moved.get(item.id, item.id) if item.where == "private" else None
    return Kept(own, item.at_ms, item.tz_min, body)


def _bodies(file: File) -> Iterator[tuple[Item, Body | Unknown]]:
    seen: set[bytes] = set()
    for number, item in enumerate(file.entries, 1):
        try:
            body = _checked_body(item, seen)
            stored = codec.encode(item.at_ms, item.tz_min, body)
        except (Damaged, msgspec.MsgspecError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            msg = f"entry {number} can't be read: {error}"
            raise UnreadableFile(msg, field="file", reason="entry", number=number) from error
        if item.author_id is not None:
            mine = item.author == "me"
            body = Imported(original_id=item.id, author=item.author_id, mine=mine, original=stored)
        yield item, body


def _checked_body(item: Item, seen: set[bytes]) -> Body | Unknown:
    """The body of an item that may stand where it says. Raises ``Damaged`` for one that may not."""
    if item.id in seen:
        raise Damaged("its id stands in the file twice")
    seen.add(item.id)
    shared = item.where == "shared"
    if shared != (item.author_id is not None) or (not shared and item.author != "me"):
        raise Damaged("it does not say whose it is, or says it where it can't be")
    body = _body(item)
    if item.kind in NEVER_TAKEN or not codec.belongs(body, shared=shared):
        raise Damaged(f"kind {item.kind!r} can't come in as {item.where}")
    return body


def _body(item: Item) -> Body | Unknown:
    """The body of an item, by way of the stored form, so that upcasters and limits hold for files too."""
    known = codec.KINDS.get(item.kind)
    if item.raw is not None:
        raw = item.raw
        fields = msgspec.msgpack.decode(raw)
        if not isinstance(fields, dict) or fields.pop("kind", None) != item.kind:
            raise Damaged("its raw form is of another kind")
    else:
        fields = from_json(item.body)
        raw = msgspec.msgpack.encode({"kind": item.kind, **fields})
    if known is None or item.version > known.VERSION:
        return Unknown(kind=item.kind, version=item.version, raw=raw)
    lifted = codec.lift(item.kind, item.version, fields, known)
    body: Body = msgspec.convert({**lifted, "kind": item.kind}, Body)
    return _unsealed(body)


def _unsealed(body: Body | Unknown) -> Body | Unknown:
    """The same without the keys of its offer, which open something in one home only."""
    if isinstance(body, CheckIn | Memory | Withdrawn):
        return msgspec.structs.replace(body, seal=None, offer=None)
    return body
