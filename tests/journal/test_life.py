"""A life is a function of what was written, and not of the order in which rows happened to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tests.journal.lives import (
    EARLIER,
    HOUR_MS,
    ME,
    NOON_MS,
    SHARED,
    THEM,
    Journal,
    fold,
    journals,
    mixings,
    openings,
    seen,
)
from toward.journal.kinds import (
    CheckIn,
    Entry,
    Hello,
    Invitation,
    PartnerKnown,
    PauseCalled,
    Preferences,
    Unknown,
)

if TYPE_CHECKING:
    from toward.journal.opened import Opened

EITHER = st.booleans()


def knows(space: bytes, name: str) -> PartnerKnown:
    """Make the note of having confirmed a partner."""
    return PartnerKnown(space=space, person=THEM, name=name, sign_key=bytes(32), box_key=bytes(32))


@given(st.data(), journals(), openings())
def test_mixing_authors_changes_nothing(data: st.DataObject, journal: Journal, opened: list[Opened]) -> None:
    """Any legal interleaving gives the same life, wherever among them the exchanges open."""
    one, other = fold(journal.entries), fold([])
    for exchange in opened:
        one.take_opened(exchange)
    late: list[Opened] = data.draw(st.permutations(opened))
    for entry in data.draw(mixings(journal.entries)):
        if data.draw(EITHER) and late:
            other.take_opened(late.pop())
        other.take(entry)
    for exchange in late:
        other.take_opened(exchange)
    assert seen(one) == seen(other)


@given(journals(), st.integers(0, 40))
def test_looking_between_changes_nothing(journal: Journal, cut: int) -> None:
    """Folding in pieces, with pages shown in between, equals folding at once."""
    in_pieces = fold(journal.entries[:cut])
    seen(in_pieces)
    for entry in journal.entries[cut:]:
        in_pieces.take(entry)
        seen(in_pieces)
    assert seen(in_pieces) == seen(journal.life())


@given(journals())
def test_private_entries_of_the_reader_come_from_the_reader_alone(journal: Journal) -> None:
    """Without the partner's entries, the reader's check-ins, memories, days and practices are the same."""
    alone = seen(fold(entry for entry in journal.entries if entry.author == ME))
    both = seen(journal.life())
    for part in ("checkins", "memories", "timeline", "practices", "keepsakes", "preferences", "tz", "question"):
        assert alone[part] == both[part]


@given(journals(), st.integers(-(2**63), 2**63 - 1), st.integers(-(2**31), 2**31))
def test_no_time_that_a_partner_writes_breaks_a_page(journal: Journal, at_ms: int, tz_min: int) -> None:
    """A program on the other side may claim any time at all; everything can still be shown."""
    strange = [
        Entry(
            id=entry.id,
            space=entry.space,
            author=entry.author,
            seq=entry.seq,
            at_ms=at_ms if entry.author == THEM else entry.at_ms,
            tz_min=tz_min if entry.author == THEM else entry.tz_min,
            shared=entry.shared,
            mine=entry.mine,
            body=entry.body,
        )
        for entry in journal.entries
    ]
    assert seen(fold(strange))


def test_an_earlier_partner_reaches_into_nothing_present() -> None:
    """Name, pause and invitation of a space that was left are not those of the new one."""
    journal = Journal()
    journal.write(knows(EARLIER, "Ash"))
    journal.write(Hello(name="Ash"), author=THEM, space=EARLIER, at_ms=NOON_MS)
    journal.write(PauseCalled(until_ms=NOON_MS + HOUR_MS), author=THEM, space=EARLIER)
    journal.write(Invitation(door="reach", words="come"), author=THEM, space=EARLIER)
    before = journal.life()
    assert before.partner_name == "Ash"
    assert before.pauses.current(NOON_MS)
    assert before.invitations.waiting
    journal.write(knows(SHARED, "Lin"), at_ms=NOON_MS - HOUR_MS)
    journal.write(Hello(name="Lin"), author=THEM, at_ms=NOON_MS - HOUR_MS)
    after = journal.life()
    assert after.partner_name == "Lin"
    assert after.pauses.current(NOON_MS) is None
    assert not after.invitations.waiting


def test_new_keys_of_an_earlier_partner_do_not_bring_them_back() -> None:
    """A space seen again keeps its place in the order."""
    journal = Journal()
    for space, name in ((EARLIER, "Ash"), (SHARED, "Lin"), (EARLIER, "Ash")):
        journal.write(knows(space, name))
        journal.write(Hello(name=name), author=THEM, space=space)
    partner = journal.life().partner
    assert partner is not None
    assert partner.name == "Lin"


def test_a_pairing_that_came_to_nothing_hides_nobody() -> None:
    """A partner noted for a space in which nobody has said a word is not there yet, unless they are the only one."""
    journal = Journal()
    journal.write(knows(SHARED, "Lin"))
    assert journal.life().partner_name == "Lin"
    journal.write(Hello(name="Lin"), author=THEM)
    journal.write(knows(EARLIER, "Ash"))
    assert journal.life().partner_name == "Lin"


def test_the_latest_name_and_settings_win_by_time() -> None:
    """What was written later counts, though it was read earlier."""
    journal = Journal()
    journal.write(Hello(name="new"), author=THEM, at_ms=NOON_MS)
    journal.write(Hello(name="old"), author=THEM, at_ms=NOON_MS - 1)
    journal.write(Preferences(sound=False), at_ms=NOON_MS)
    journal.write(Preferences(sound=True), at_ms=NOON_MS - 1)
    life = journal.life()
    assert life.partner_name == "new"
    assert life.preferences.sound is False


def test_what_is_not_known_changes_nothing() -> None:
    """A kind of a newer version is left alone, in either space."""
    journal = Journal()
    journal.write(CheckIn(felt=4))
    before = seen(journal.life())
    template = journal.entries[0]
    strange = [
        Entry(
            id=bytes([number] * 16),
            space=template.space,
            author=ME,
            seq=2,
            at_ms=template.at_ms,
            tz_min=0,
            shared=shared,
            mine=True,
            body=Unknown(kind="song", version=9, raw=b"\x80"),
        )
        for number, shared in ((1, True), (2, False))
    ]
    assert seen(fold([*journal.entries, *strange])) == before
