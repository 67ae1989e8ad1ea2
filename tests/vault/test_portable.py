"""A person's file: everything goes out, comes in elsewhere as it was, and nothing bad comes in."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.journal.any_body import bodies
from tests.vault.couple import START_MS, Home
from toward.errors import BadInput, TooLong, UnreadableFile
from toward.journal import codec, kinds
from toward.journal.kinds import CheckIn, Imported, LinePoint, LineShared, Memory, Named, Together, Unknown, Withdrawn
from toward.vault import portable
from toward.vault.json_tree import from_json, to_json
from toward.vault.portable import BATCH, Kept
from toward.vault.spreadsheet import COLUMNS, FORMULA_STARTS, cell, export_check_ins

if TYPE_CHECKING:
    from toward.journal.kinds import Body
    from toward.vault import Session

# Written by the vault itself, or by nobody.
NOT_WRITTEN = {"partner_known", "imported", "offer", "keys_changed", "released"}
WRITTEN = st.one_of([bodies(kind) for tag, kind in codec.KINDS.items() if tag not in NOT_WRITTEN])
FEW = settings(max_examples=25)


def lived(written: list[tuple[bool, Body]]) -> tuple[Home, Session, Session]:
    """A home in which two have written; True is Mara's."""
    home = Home()
    mara, lin = (one.session for one in home.couple())
    for by_mara, body in written:
        home.clock.pass_minutes(7)
        (mara if by_mara else lin).write(body)
        lin.refresh()
        mara.refresh()
    return home, mara, lin


def items(session: Session) -> dict[bytes, portable.Item]:
    """What a person's file holds, by id."""
    return {item.id: item for item in portable.read_file(portable.export(session)).entries}


def file_of(*entries: dict[str, Any], **fields: object) -> bytes:
    """A file by hand."""
    whole = {"format": "toward-export", "version": 1, "exported_at": "", "name": "Mara", "entries": entries}
    return msgspec.json.encode({**whole, **fields})


def entry(**fields: object) -> dict[str, Any]:
    """An entry by hand: a check-in unless told otherwise."""
    plain = {"id": b"i" * 16, "kind": "checkin", "version": 1, "at_ms": START_MS, "at": "", "tz_min": 0}
    return {**plain, "where": "private", "author": "me", "body": {"felt": 4}, **fields}


@given(st.recursive(st.none() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(), st.lists))
def test_values_come_back_through_json(value: object) -> None:
    """Whatever a field may hold is the same after JSON, bytes and infinities included."""
    tree = {"field": value, "other": b"\xff"}
    assert from_json(msgspec.json.decode(msgspec.json.encode(to_json(tree)))) == tree


@FEW
@given(st.lists(st.tuples(st.booleans(), WRITTEN), max_size=12))
def test_takes_a_life_to_another_home(written: list[tuple[bool, Body]]) -> None:
    """Everything in the file is in the file of the new home, unchanged; bringing it in twice changes nothing."""
    _, mara, _ = lived(written)
    file, before = portable.export(mara), items(mara)
    elsewhere = Home()
    elsewhere.clock.now_ms = START_MS - 10**9
    new = elsewhere.arrive("Mara").session
    own = items(new)
    assert portable.import_(new, file) == len(before)
    assert items(new) == {**own, **before}
    again = portable.export(new)
    assert portable.import_(new, file) == 0
    assert portable.import_(new, again) == 0
    assert portable.export(new) == again


@FEW
@given(st.lists(st.tuples(st.booleans(), WRITTEN), max_size=12))
def test_brings_nothing_new_to_the_same_person(written: list[tuple[bool, Body]]) -> None:
    """One's own file in one's own home changes no byte of the next file."""
    _, mara, _ = lived(written)
    file = portable.export(mara)
    assert portable.import_(mara, file) == 0
    assert portable.export(mara) == file


def test_every_kind_that_people_write_is_tried() -> None:
    """The strategy above covers all kinds but those that the vault writes."""
    assert set(codec.KINDS) - NOT_WRITTEN >= {"checkin", "memory", "invitation", "agreement", "pause"}
    assert set(codec.KINDS) >= NOT_WRITTEN


def test_comes_in_beside_an_earlier_self() -> None:
    """Somebody who lost sheet and devices makes a new space in the same home; what was taken back stays taken back."""
    home = Home()
    old, new = home.arrive("Mara").session, home.arrive("Mara again").session
    first = old.write(Memory(words="rain", share=True))
    old.write(Withdrawn(entry=first.id))
    old.write(CheckIn(felt=2, words="low"))
    file = portable.export(old)
    assert portable.import_(new, file) == 4
    assert portable.import_(new, file) == 0
    assert portable.import_(new, portable.export(new)) == 0
    (memory,) = new.life.memories.own
    assert memory.body.words == "rain"
    assert memory.withdrawn
    assert memory.id != first.id
    assert [answer.body.words for answer in new.life.checkins.own] == ["low"]
    assert len(old.life.checkins.own) == 1


def test_what_was_shared_comes_in_as_a_keepsake_for_its_reader_alone() -> None:
    """In the new home it is private, tells whose it was, and is nobody's invitation."""
    _, _, lin = lived([(True, kinds.Invitation(door="reach", words="a walk?"))])
    new = Home().arrive("Lin").session
    portable.import_(new, portable.export(lin))
    (keepsake,) = [one for one in new.life.keepsakes if isinstance(one.body, kinds.Invitation)]
    assert not keepsake.mine
    assert new.life.invitations.threads == ()
    assert not any(one.shared for one in new.entries)


def test_an_opened_exchange_is_in_both_files_and_an_unanswered_one_in_its_authors() -> None:
    """Whoever answered second: the words of both are in both files. Before that, nobody's are in the other's."""
    home, mara, lin = lived([(True, CheckIn(felt=6, words="warm", share=True))])
    assert b"warm" in portable.export(mara)
    assert b"warm" not in portable.export(lin)
    home.clock.pass_minutes(5)
    lin.write(CheckIn(felt=3, words="tired", share=True))
    for _ in range(2):
        mara.refresh()
        lin.refresh()
    for one in (mara, lin):
        file = portable.export(one)
        assert b"warm" in file
        assert b"tired" in file
        assert portable.import_(one, file) == 0
        new = Home().arrive("Someone").session
        portable.import_(new, file)
        assert b"warm" in portable.export(new)
        assert b"tired" in portable.export(new)


def test_the_others_line_is_in_the_file_only_while_both_agree() -> None:
    """One's own points are one's own; theirs go when either stops."""
    home, mara, lin = lived([(True, LineShared(on=True)), (False, LineShared(on=True)), (False, LinePoint(felt=2))])
    assert [item.body for item in items(mara).values() if item.kind == "line_point"] == [{"felt": 2}]
    home.clock.pass_minutes(1)
    lin.write(LineShared(on=False))
    mara.refresh()
    assert not [item for item in items(mara).values() if item.kind == "line_point"]
    assert [item for item in items(lin).values() if item.kind == "line_point"]


def test_holds_no_key_and_nothing_of_the_slot() -> None:
    """No secret of an offer, no partner's key, nothing that the safety page keeps."""
    _, mara, _ = lived([(True, CheckIn(felt=6, words="warm", share=True))])
    mara.keep_in_slot(b"a frightened note")
    file = portable.export(mara)
    tree = msgspec.json.decode(file)
    assert {one["kind"] for one in tree["entries"]} == {"named", "hello", "checkin"}
    (checkin,) = [one for one in tree["entries"] if one["kind"] == "checkin"]
    assert checkin["body"]["seal"] is checkin["body"]["offer"] is None
    assert b"frightened" not in file
    assert to_json(mara.couple.pin.sign_key)["$bytes"].encode() not in file  # type: ignore[union-attr]


def test_a_partner_who_writes_nonsense_spoils_nobodys_file() -> None:
    """Times outside any calendar go out and come in like the rest."""
    home, mara, lin = lived([])
    lin.write(Together(practice="hum", minutes=3.0), at_ms=2**63, tz_min=2**40)
    lin.write(Together(practice="hum", minutes=3.0), at_ms=-(2**63), tz_min=-(2**40))
    mara.refresh()
    file = portable.export(mara)
    new = home.arrive("Mara again").session
    assert portable.import_(new, file) == len(portable.read_file(file).entries)
    assert len(new.life.keepsakes) == 4


def test_an_imported_name_is_the_older_one() -> None:
    """The name one has here stays, whatever one was called before."""
    old = Home().arrive("Mouse").session
    later = Home()
    later.clock.pass_minutes(60)
    new = later.arrive("Mara")
    portable.import_(new.session, portable.export(old))
    later.vault.ledgers.drop_person(new.session.person)
    again = later.vault.session(new.token)
    assert again is not None
    assert again.name == new.session.name == "Mara"


def test_says_how_far_it_is() -> None:
    """Progress counts entries and ends with all of them; more than one batch comes in whole."""
    old = Home().arrive("Mara").session
    old.put_back([Kept(None, START_MS + n, 0, CheckIn(felt=4)) for n in range(BATCH)])
    told: list[tuple[int, int]] = []
    new = Home().arrive("Mara").session
    assert portable.import_(new, portable.export(old), progress=lambda done, of: told.append((done, of))) == BATCH + 1
    assert told == [(BATCH, BATCH + 1), (BATCH + 1, BATCH + 1)]
    assert len(new.life.timeline.items) == BATCH


# ---------------------------------------------------------------------------------- what this cannot read


@pytest.mark.parametrize("shared", [False, True])
def test_a_kind_from_a_newer_version_survives(shared: bool) -> None:  # noqa: FBT001 - a parameter
    """What this program does not know goes out and comes in byte for byte."""
    raw = msgspec.msgpack.encode({"kind": "future", "bytes": b"\xff\x00", "map": {1: [1.5, None]}, "nan": float("nan")})
    future = Unknown(kind="future", version=7, raw=raw)
    _, mara, lin = lived([])
    if shared:
        lin.vault.store.append([lin._shared_row(future, b"f" * 16, START_MS, 0)])  # type: ignore[arg-type]
        mara.refresh()
    else:
        mara.put_back([Kept(b"f" * 16, START_MS, 0, future)])
    file = portable.export(mara)
    new = Home().arrive("Mara").session
    portable.import_(new, file)
    assert items(new)[b"f" * 16] == items(mara)[b"f" * 16]
    if not shared:
        assert future in [one.body for one in new.entries]


def test_a_file_of_a_newer_version_waits_for_it() -> None:
    """A known kind in a newer shape is kept as the bytes that the newer program would have written."""
    new = Home().arrive("Mara").session
    body = {"felt": 4, "mood": {"$bytes": "/w=="}}
    portable.import_(new, file_of(entry(version=9, body=body)))
    (kept,) = [one.body for one in new.entries if isinstance(one.body, Unknown)]
    assert kept == Unknown(
        kind="checkin", version=9, raw=msgspec.msgpack.encode({"kind": "checkin", "felt": 4, "mood": b"\xff"})
    )


# ------------------------------------------------------------------------------------------- bad files

PINNED = {"space": b"s" * 16, "person": b"p" * 16, "name": "Lin", "sign_key": b"k" * 32, "box_key": b"k" * 32}
BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "file"),
    "words": (b"dear diary", "file"),
    "not text": (b"\xff\xfe\x00", "file"),
    "another program's": (b'{"entries": []}', "file"),
    "another format": (file_of(format="diary"), "file"),
    "a newer format": (file_of(version=2), "newer"),
    "bottomless": (b'{"format":"toward-export","version":1,"entries":' + b"[" * 100_000, "file"),
    "bottomless inside": (file_of().replace(b'"entries":[]', b'"entries":[{"body":' + b'{"a":' * 100_000), "file"),
    "cut off": (file_of(entry())[:-9], "file"),
    "a short id": (file_of(entry(id=b"short")), "file"),
    "two of one id": (file_of(entry(), entry()), "entry"),
    "an eight": (file_of(entry(body={"felt": 8})), "entry"),
    "no felt": (file_of(entry(body={})), "entry"),
    "a long text": (file_of(entry(body={"felt": 4, "words": "x" * 1001})), "entry"),
    "a version before the first": (file_of(entry(version=0)), "entry"),
    "a time beyond time": (file_of(entry(at_ms=2**70)), "entry"),
    "bytes that are none": (file_of(entry(body={"felt": 4, "seal": {"$bytes": "?"}})), "entry"),
    "a private one of the other": (file_of(entry(author="partner")), "entry"),
    "private and shared": (file_of(entry(author_id=b"a" * 16)), "entry"),
    "shared by nobody": (file_of(entry(where="shared", kind="hello", body={"name": "Lin"})), "entry"),
    "a shared check-in": (file_of(entry(where="shared", author_id=b"a" * 16)), "entry"),
    "a partner": (file_of(entry(kind="partner_known", body=to_json(PINNED))), "entry"),
    "a partner of tomorrow": (file_of(entry(kind="partner_known", version=99, body=to_json(PINNED))), "entry"),
    "a partner in disguise": (
        file_of(entry(kind="future", body={}, raw=msgspec.msgpack.encode({"kind": "partner_known", **PINNED}))),
        "entry",
    ),
    "a raw nothing": (file_of(entry(kind="future", body={}, raw=b"\xc1")), "entry"),
    "a keepsake made up": (
        file_of(entry(kind="imported", body=to_json({"original_id": b"o" * 16, "author": b"a" * 16}))),
        "entry",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_takes_nothing_from_a_bad_file(name: str) -> None:
    """It says what is wrong, with a reason the pages have words for, and nothing at all has come in."""
    data, reason = BAD[name]
    new = Home().arrive("Mara").session
    before = portable.export(new)
    with pytest.raises(UnreadableFile) as caught:
        portable.import_(new, data)
    assert (caught.value.field, caught.value.reason) == ("file", reason)
    assert portable.export(new) == before


def test_names_the_entry_that_does_not_read() -> None:
    """The number of the entry, counted from one, is in the words and in the details."""
    new = Home().arrive("Mara").session
    with pytest.raises(UnreadableFile, match="entry 2 ") as caught:
        portable.import_(new, file_of(entry(), entry(id=b"j" * 16, body={"felt": 0})))
    assert caught.value.details["number"] == 2
    assert not new.life.checkins.own


def test_refuses_more_than_it_can_hold() -> None:
    """A file above the limit is not even read."""
    with pytest.raises(TooLong) as caught:
        portable.read_file(b" " * (portable.MAX_BYTES + 1))
    assert caught.value.details["most"] == 64


GOOD = file_of(
    entry(),
    entry(id=b"j" * 16, kind="hello", where="shared", author="partner", author_id=b"a" * 16, body={"name": "Lin"}),
    entry(id=b"k" * 16, kind="future", body={}, raw=msgspec.msgpack.encode({"kind": "future"})),
)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.sampled_from("xio")), max_size=8))
def test_a_scribbled_file_is_read_or_refused(scribbles: list[tuple[int, int, str]]) -> None:
    """Changed, inserted and missing bytes end as a reason, and as nothing else."""
    file = bytearray(GOOD)
    for place, byte, how in scribbles:
        where = min(place, len(file))
        file[where : where + (how != "i")] = b"" if how == "o" else bytes([byte])
    try:
        read = list(portable._bodies(portable.read_file(bytes(file))))
    except BadInput as error:
        reason, read = error.reason, []
    else:
        reason = ""
    assert reason in {"", "file", "newer", "entry"}
    assert all(isinstance(body, CheckIn | Imported | Unknown | Named) for _, body in read)


# ---------------------------------------------------------------------------------------- spreadsheets


@given(st.lists(bodies(CheckIn), max_size=8))
@FEW
def test_a_spreadsheet_gets_every_check_in_and_no_formula(checkins: list[CheckIn]) -> None:
    """Each is one row with every column; no cell begins as a formula does; the words are otherwise what they were."""
    mara = Home().arrive("Mara").session
    for body in checkins:
        mara.write(body)
    head, *rows = csv.reader(io.StringIO(export_check_ins(mara), newline=""))
    assert tuple(head) == COLUMNS
    assert len(rows) == len(checkins)
    assert all(len(row) == len(COLUMNS) for row in rows)
    assert not any(one[:1] in FORMULA_STARTS for row in rows for one in row)
    words = sorted(row[COLUMNS.index("words")].removeprefix("'") for row in rows)
    assert words == sorted(body.words.removeprefix("'") for body in checkins)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1＋1"])  # noqa: RUF001
def test_a_formula_is_text(text: str) -> None:
    """What a spreadsheet would run gets an apostrophe before it."""
    assert cell(text) == "'" + text
