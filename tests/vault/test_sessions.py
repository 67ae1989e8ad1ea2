"""Arriving, signing in, devices, sheets, and what ends what."""

from __future__ import annotations

import pytest

from tests.vault.couple import PASSPHRASE, Home
from toward.errors import BadInput, CodeSpent, NotFound, TooManyAttempts, WrongPassphrase
from toward.journal.kinds import CheckIn
from toward.vault import Device, accounts, attempts, rotation


@pytest.fixture
def home() -> Home:
    """An empty home in memory."""
    return Home()


def test_a_setup_token_makes_one_person(home: Home) -> None:
    """Used once; an older one is void as soon as a newer is made."""
    old = home.vault.new_setup_token()
    token = home.vault.new_setup_token()
    assert not home.vault.check_setup(old)
    assert home.vault.check_setup(token)
    assert not home.vault.has_people()
    home.vault.create_person("Mara", PASSPHRASE, setup=token)
    assert home.vault.has_people()
    for spent in (old, token, "made up"):
        with pytest.raises(CodeSpent):
            home.vault.create_person("Eve", PASSPHRASE, setup=spent)
    with pytest.raises(CodeSpent):
        home.vault.create_person("Eve", PASSPHRASE)


@pytest.mark.parametrize(
    ("name", "passphrase", "field"),
    [
        ("", PASSPHRASE, "name"),
        ("x" * 41, PASSPHRASE, "name"),
        ("Mara", "short", "passphrase"),
        ("Mara", "x" * 201, "passphrase"),
    ],
)
def test_a_slip_does_not_use_up_the_token(home: Home, name: str, passphrase: str, field: str) -> None:
    """Bad input says which field, and the link still works."""
    token = home.vault.new_setup_token()
    with pytest.raises(BadInput) as caught:
        home.vault.create_person(name, passphrase, setup=token)
    assert caught.value.field == field
    assert home.vault.check_setup(token)


def test_a_session_outlives_the_server_and_its_token_is_nowhere(home: Home) -> None:
    """What the token opens does not depend on memory; an unknown token opens nothing."""
    arrival = home.arrive("Mara")
    arrival.session.write(CheckIn(felt=4, words="a quiet day"))
    home.vault.ledgers.drop_person(arrival.session.person)
    again = home.vault.session(arrival.token)
    assert again is not None
    assert again.name == "Mara"
    assert [entry.body.words for entry in again.entries if isinstance(entry.body, CheckIn)] == ["a quiet day"]
    assert home.vault.session(arrival.token + "x") is None


def test_signing_out_ends_this_session_only(home: Home) -> None:
    """The device stays trusted: the passphrase alone brings one back."""
    arrival = home.arrive("Mara")
    other, token = home.vault.sign_in(arrival.device, PASSPHRASE)
    arrival.session.sign_out()
    assert home.vault.session(arrival.token) is None
    assert home.vault.session(token) is not None
    assert other.name == "Mara"


def test_an_idle_session_ends(home: Home) -> None:
    """After sixty days without a visit the passphrase is asked for again."""
    arrival = home.arrive("Mara")
    home.clock.pass_minutes(60 * 24 * 59)
    assert home.vault.session(arrival.token) is not None
    home.clock.pass_minutes(60 * 24 * 61)
    assert home.vault.session(arrival.token) is None


def test_a_wrong_device_secret_costs_nothing_and_counts_nothing(home: Home) -> None:
    """A partner on their own phone can't lock anybody out by trying."""
    arrival = home.arrive("Mara")
    stranger = arrival.device._replace(secret=bytes(16), id=bytes(16))
    for _ in range(attempts.FREE_TRIES * 3):
        with pytest.raises(WrongPassphrase):
            home.vault.sign_in(stranger, PASSPHRASE)
    home.vault.sign_in(arrival.device, PASSPHRASE)


def test_tries_on_one_device_wait_and_other_devices_do_not(home: Home) -> None:
    """Six wrong tries on a borrowed phone make that phone wait; the person's other phone is free."""
    arrival = home.arrive("Mara")
    link = home.vault.link_device(arrival.session, arrival.device.secret)
    second = home.vault.take_link(link.words)
    home.vault.sign_in(second, PASSPHRASE)
    for _ in range(attempts.FREE_TRIES):
        with pytest.raises(WrongPassphrase):
            home.vault.sign_in(arrival.device, "a wrong guess")
    with pytest.raises(TooManyAttempts) as caught:
        home.vault.sign_in(arrival.device, PASSPHRASE)
    assert 0 < caught.value.retry_after_s <= 60
    home.vault.sign_in(second, PASSPHRASE)
    home.clock.pass_minutes(1.1)
    home.vault.sign_in(arrival.device, PASSPHRASE)


def test_a_device_link_works_once_and_not_for_long(home: Home) -> None:
    """Six words, ten minutes, one use."""
    arrival = home.arrive("Mara")
    link = home.vault.link_device(arrival.session, arrival.device.secret)
    device = home.vault.take_link(link.words)
    assert device.secret == arrival.device.secret
    with pytest.raises(CodeSpent):
        home.vault.take_link(link.words)
    late = home.vault.link_device(arrival.session, arrival.device.secret)
    home.clock.pass_minutes(11)
    with pytest.raises(CodeSpent):
        home.vault.take_link(late.words)


def test_the_sheet_brings_a_person_back_with_their_passphrase(home: Home) -> None:
    """Sheet and passphrase, neither alone."""
    arrival = home.arrive("Mara")
    home.arrive("Lin")
    device = home.vault.recover(arrival.sheet)
    assert device.person == arrival.session.person
    with pytest.raises(WrongPassphrase):
        home.vault.sign_in(device, "not this one")
    session, _ = home.vault.sign_in(device, PASSPHRASE, label="new phone")
    assert session.name == "Mara"
    assert "new phone" in {one.label for one in session.sessions()}


def test_sessions_are_listed_and_revoked_by_their_owner_only(home: Home) -> None:
    """Another person's session id is "not found"."""
    mara, lin = home.arrive("Mara"), home.arrive("Lin")
    other, token = home.vault.sign_in(home.vault.recover(mara.sheet), PASSPHRASE, label="tablet")
    assert [one.label for one in mara.session.sessions()] == ["Mara's phone", "tablet"]
    with pytest.raises(NotFound):
        lin.session.revoke(other.find)
    mara.session.revoke(other.find)
    assert home.vault.session(token) is None
    assert [one.label for one in mara.session.sessions()] == ["Mara's phone"]


def test_changing_the_passphrase_ends_the_other_sessions(home: Home) -> None:
    """The old words open nothing; this session and the device secret stay."""
    mara = home.arrive("Mara")
    _, elsewhere = home.vault.sign_in(mara.device, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        rotation.change_passphrase(mara.session, "wrong one", "another lamp", mara.device.secret)
    rotation.change_passphrase(mara.session, PASSPHRASE, "another lamp", mara.device.secret)
    assert home.vault.session(elsewhere) is None
    assert home.vault.session(mara.token) is not None
    with pytest.raises(WrongPassphrase):
        home.vault.sign_in(mara.device, PASSPHRASE)
    home.vault.sign_in(mara.device, "another lamp")


def test_someone_knows_it_leaves_nothing_old_that_opens(home: Home) -> None:
    """Old passphrase, device secret, sheet, tokens and space key open nothing afterwards; nothing is lost."""
    mara, lin = home.couple()
    mara.session.write(CheckIn(felt=3, words="before"))
    mara.session.keep_in_slot(b"mine")
    old_key = mara.session.keyring.space_keys[1]
    renewed = rotation.someone_knows(mara.session, PASSPHRASE, "a new harbour", mara.device.secret, "phone")
    assert home.vault.session(mara.token) is None
    for device, words in ((mara.device, PASSPHRASE), (mara.device, "a new harbour"), (renewed.device, PASSPHRASE)):
        with pytest.raises(WrongPassphrase):
            home.vault.sign_in(device, words)
    with pytest.raises(WrongPassphrase):
        home.vault.recover(mara.sheet)
    again = home.vault.session(renewed.token)
    assert again is not None
    assert again.slot() == b"mine"
    assert not again.ledger.damaged
    assert [entry.body.words for entry in again.entries if isinstance(entry.body, CheckIn)] == ["before"]
    assert old_key not in again.keyring.space_keys.values()
    # The partner follows to the new keys and reads what comes after.
    again.write(CheckIn(felt=5, words="after", share=True))
    lin.session.refresh()
    lin.session.write(CheckIn(felt=5, words="and I", share=True))
    again.refresh()
    lin.session.refresh()
    assert not lin.session.ledger.damaged
    assert [one.theirs.words for one in lin.session.life.checkins.opened] == ["after"]
    assert [one.theirs.words for one in again.life.checkins.opened] == ["and I"]
    signed_in, _ = home.vault.sign_in(home.vault.recover(renewed.sheet), "a new harbour")
    assert isinstance(signed_in.device, bytes)


def test_one_device_may_serve_two_people(home: Home) -> None:
    """Device ids and secrets are per person, so that one phone can be between two."""
    mara, lin = home.couple()
    assert isinstance(mara.device, Device)
    assert mara.device.id != lin.device.id
    mara.session.sign_out()
    session, _ = home.vault.sign_in(lin.device, PASSPHRASE)
    assert session.name == "Lin"
    assert accounts.day(home.clock()) == session.sessions()[0].seen
