"""Becoming two, and leaving."""

from __future__ import annotations

import pytest

from tests.vault.couple import PASSPHRASE, Home
from toward.errors import AlreadyPaired, BadInput, CodeSpent, NotFound, SpaceClosed
from toward.journal.kinds import CheckIn, Invitation, Memory
from toward.vault import Session, erasing, pairing


@pytest.fixture
def home() -> Home:
    """An empty home in memory."""
    return Home()


def named(session: Session) -> str:
    """What the other is called; empty for nobody."""
    partner = session.partner
    return "" if partner is None else partner.name


def test_both_confirm_and_then_call_each_other_by_name(home: Home) -> None:
    """Neither the words nor the answer alone makes a couple."""
    mara, lin = home.arrive("Mara").session, home.arrive("Lin").session
    words = pairing.invite(mara).words
    assert pairing.standing(mara).words == words
    assert pairing.who_invites(home.vault, words).name == "Mara"
    pairing.accept(lin, words)
    assert mara.partner is None
    assert lin.partner is None
    assert pairing.standing(lin)[:3] == ("accepted", "", "Mara")
    assert (pairing.standing(mara).state, pairing.standing(mara).name) == ("answered", "Lin")
    pairing.confirm(mara)
    lin.refresh()
    mara.refresh()
    assert named(mara) == "Lin"
    assert named(lin) == "Mara"
    assert mara.live_key == lin.live_key
    assert pairing.standing(mara).state == pairing.standing(lin).state == "paired"


def test_words_work_once_and_for_half_an_hour(home: Home) -> None:
    """Used, replaced, expired or made-up words open nothing."""
    mara, lin, eve = (home.arrive(name).session for name in ("Mara", "Lin", "Eve"))
    first = pairing.invite(mara).words
    words = pairing.invite(mara).words
    with pytest.raises(CodeSpent):
        pairing.accept(lin, first)
    with pytest.raises(CodeSpent):
        pairing.accept(mara, words)
    pairing.accept(lin, words)
    with pytest.raises(CodeSpent):
        pairing.accept(eve, words)
    late = pairing.invite(eve).words
    home.clock.pass_minutes(31)
    with pytest.raises(CodeSpent):
        pairing.accept(lin, late)
    with pytest.raises(BadInput):
        pairing.accept(lin, "five words are not enough")


def test_nobody_is_paired_twice_or_confirmed_unasked(home: Home) -> None:
    """A third can neither join nor take one of the two."""
    mara, lin = home.couple()
    eve = home.arrive("Eve").session
    with pytest.raises(AlreadyPaired):
        pairing.invite(mara.session)
    with pytest.raises(NotFound):
        pairing.confirm(eve)
    words = pairing.invite(eve).words
    with pytest.raises(AlreadyPaired):
        pairing.accept(lin.session, words)


def test_an_answer_can_be_taken_back_before_it_is_confirmed(home: Home) -> None:
    """Either may step back."""
    mara, lin = home.arrive("Mara").session, home.arrive("Lin").session
    words = pairing.invite(mara).words
    pairing.accept(lin, words)
    pairing.take_back(lin)
    assert pairing.standing(mara).state == pairing.standing(lin).state == "alone"
    with pytest.raises(NotFound):
        pairing.confirm(mara)


def test_leaving_is_at_once_and_freezes_what_was_shared(home: Home) -> None:
    """Nothing more can be written by either; both can read on; the one who left is not named to the other."""
    mara, lin = home.couple()
    lin.session.write(Invitation(door="reach", words="a walk on Sunday?"))
    mara.session.refresh()
    count = len(lin.session.entries)
    pairing.unpair(mara.session)
    lin.session.refresh()
    assert len(lin.session.entries) == count
    for session in (mara.session, lin.session):
        assert session.partner is not None
        assert not session.partner.open
        with pytest.raises(SpaceClosed):
            session.write(Invitation(door="reach", words="hello?"))
        with pytest.raises(SpaceClosed):
            _ = session.live_key
        assert any(isinstance(entry.body, Invitation) for entry in session.entries)
        # Alone, everything goes on.
        session.write(CheckIn(felt=4, share=True))
        session.write(Memory(words="the boat", share=True))


def test_an_unreleased_answer_is_not_released_after_leaving(home: Home) -> None:
    """Somebody who left before opening gives nothing more."""
    mara, lin = home.couple()
    mara.session.write(CheckIn(felt=2, words="I am scared", share=True))
    pairing.unpair(mara.session)
    lin.session.write(CheckIn(felt=2, words="me too", share=True))
    for session in (mara.session, lin.session):
        session.refresh()
        assert session.life.checkins.opened == ()


def test_forgetting_destroys_only_ones_own_key(home: Home) -> None:
    """The other reads on. It needs a closed space."""
    mara, lin = home.couple()
    lin.session.write(Invitation(door="reach", words="a walk?"))
    with pytest.raises(SpaceClosed):
        erasing.forget_shared(mara.session)
    pairing.unpair(mara.session)
    erasing.forget_shared(mara.session)
    again = home.vault.session(mara.token)
    assert again is not None
    assert not any(entry.shared for entry in again.entries)
    lin.session.refresh()
    assert any(isinstance(entry.body, Invitation) for entry in lin.session.entries)


def test_a_new_pairing_is_a_new_chapter(home: Home) -> None:
    """A new space and a new key; what waited in the old one does not wait in the new."""
    mara, lin = home.couple()
    old_key = mara.session.live_key
    lin.session.write(Invitation(door="reach", words="a walk?"))
    pairing.unpair(mara.session)
    eve = home.arrive("Eve")
    home.pair(mara.session, eve.session)
    mara.session.refresh()
    assert mara.session.partner is not None
    assert mara.session.partner.name == "Eve"
    assert mara.session.live_key == eve.session.live_key != old_key
    assert not any(isinstance(entry.body, Invitation) for entry in mara.session.entries)
    lin.session.refresh()
    assert lin.session.partner is not None
    assert not lin.session.partner.open


def test_erasing_leaves_the_other_whole(home: Home) -> None:
    """The erased person can't sign in; the other keeps what was shared and goes on alone."""
    mara, lin = home.couple()
    mara.session.write(Invitation(door="reach", words="a walk?"))
    erasing.erase(mara.session)
    assert home.vault.session(mara.token) is None
    assert home.vault.people() == [lin.session.person]
    again = home.vault.session(lin.token)
    assert again is not None
    assert again.partner is not None
    assert not again.partner.open
    assert any(isinstance(entry.body, Invitation) for entry in again.entries)
    again.write(CheckIn(felt=5))
    signed_in, _ = home.vault.sign_in(lin.device, PASSPHRASE)
    assert signed_in.name == "Lin"
