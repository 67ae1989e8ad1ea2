"""When messages go, how they are locked and signed, and where they may go: by the standards' examples."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from tests.pwa.push_places import Subscription
from toward.errors import BadInput
from toward.vault.reminders import STEP_MS, Wishes
from toward.web.push import message, places, plan, vapid

if TYPE_CHECKING:
    from collections.abc import Callable

NOW_MS = 1_764_000_000_000
DAY_STEPS = 288

# RFC 8291, section 5 and appendix A.
SENT = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def raw(value: str) -> bytes:
    """Base64 without its end, as the RFCs print it."""
    return urlsafe_b64decode(value + "==")


@pytest.fixture
def wish() -> Callable[..., Wishes]:
    """Makes wishes of somebody."""
    browser = Subscription()
    return lambda **more: Wishes(p256dh=browser.p256dh, auth=browser.auth, secret=b"s" * 32, **more)


def test_locks_as_the_standard_does() -> None:
    """The example of RFC 8291, byte for byte."""
    once = ec.derive_private_key(int.from_bytes(raw(SENT), "big"), message.CURVE)
    made = message.lock(b"When I grow up, I want to be a watermelon", raw(P256DH), raw(AUTH), once, raw(SALT))
    assert made == raw(BODY)


def test_a_reminder_opens_for_its_browser_and_a_blank_for_none() -> None:
    """Both look the same from outside: one length, nothing in common but what every message has."""
    browser = Subscription()
    real, empty = message.reminder(browser.p256dh, browser.auth), message.blank()
    assert (browser.open(real), browser.open(empty), Subscription().open(real)) == (message.CONTENT, None, None)
    assert len(real) == len(empty)
    assert real[16:22] == empty[16:22]


def test_a_key_that_is_none_is_refused() -> None:
    """65 bytes that are no point of the curve."""
    with pytest.raises(BadInput):
        message.reminder(b"\x04" + b"\x01" * 64, b"a" * 16)


def test_signs_as_the_standard_says() -> None:
    """The token verifies under the key beside it, names the maker only, and lasts less than a day."""
    secret = vapid.new_secret()
    header = vapid.authorization(secret, "https://push.example.net/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", 1_000_000)
    token, key = (part.partition("=")[2] for part in header.removeprefix("vapid ").split(", "))
    assert key == vapid.public_of(secret)
    signed, _, signature = token.rpartition(".")
    both = raw(signature)
    der = encode_dss_signature(int.from_bytes(both[:32], "big"), int.from_bytes(both[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(message.CURVE, raw(key))
    public.verify(der, signed.encode(), ec.ECDSA(SHA256()))
    claims = msgspec.json.decode(raw(signed.partition(".")[2]))
    assert claims["aud"] == "https://push.example.net"
    assert 0 < claims["exp"] - 1_000_000 < 24 * 3600


@pytest.mark.parametrize(
    ("endpoint", "may"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://fcm.googleapis.com:443/abc", True),
        ("http://fcm.googleapis.com/abc", False),
        ("https://fcm.googleapis.com.example.net/abc", False),
        ("https://notfcm.googleapis.com.evil/abc", False),
        ("https://evilpush.apple.com/abc", False),
        ("https://somebody@fcm.googleapis.com/abc", False),
        ("https://fcm.googleapis.com:8443/abc", False),
        ("https://fcm.googleapis.com:99999/abc", False),
        ("https://127.0.0.1/abc", False),
        ("https://[::1]/abc", False),
        ("https://router.local/abc", False),
        ("file:///etc/passwd", False),
        ("https://fcm.googleapis.com/" + "a" * 600, False),
        ("https://fcm.googleapis.com/a\r\nHost: b", False),
    ],
)
def test_goes_to_makers_of_browsers_only(endpoint: str, may: bool) -> None:  # noqa: FBT001 - what is expected
    """Not to this machine, not into this network, not by a look-alike name."""
    assert places.allowed(endpoint) is may


minutes = st.integers(0, DAY_STEPS - 1).map(lambda step: step * 5)


@given(
    check_in=st.none() | minutes,
    waiting=st.none() | minutes,
    pause=st.booleans(),
    quiet=st.tuples(minutes, minutes),
    tz_min=st.integers(-56, 56).map(lambda quarter: quarter * 15),
    now_ms=st.integers(NOW_MS, NOW_MS + 30 * 86_400_000),
    ends_min=st.none() | st.integers(1, 24 * 60),
)
def test_a_plan_keeps_its_promises(
    check_in: int | None,
    waiting: int | None,
    quiet: tuple[int, int],
    tz_min: int,
    now_ms: int,
    ends_min: int | None,
    pause: bool,  # noqa: FBT001 - drawn
) -> None:
    """Nothing in quiet hours or the past; real ones at the wished times only; as many a day whatever is wished."""
    wishes = Wishes(
        p256dh=bytes(65),
        auth=bytes(16),
        secret=b"s" * 32,
        check_in=check_in,
        waiting=waiting,
        pause=pause,
        quiet_from=quiet[0],
        quiet_to=quiet[1],
        tz_min=tz_min,
    )
    until_ms = None if ends_min is None else now_ms + ends_min * 60_000
    made = plan.slots(wishes, now_ms, until_ms)
    wished = {minute for minute in (check_in, waiting) if minute is not None}
    for slot in made:
        at = (slot.due * 5 + tz_min) % (24 * 60)
        assert slot.due * STEP_MS > now_ms
        assert not plan.is_quiet(wishes, at // 5 * 5)
        is_end = pause and until_ms is not None and 0 <= slot.due * STEP_MS - until_ms < STEP_MS
        assert not slot.real or at // 5 * 5 in {one // 5 * 5 for one in wished} or is_end
    days = Counter((slot.due * STEP_MS + tz_min * 60_000) // 86_400_000 for slot in made)
    today = (now_ms + tz_min * 60_000) // 86_400_000
    assert {count for day, count in days.items() if day != today} == {3}
    assert max(days) == today + plan.DAYS - 1
    if pause and until_ms is not None:
        due = -(-until_ms // STEP_MS)
        if not plan.is_quiet(wishes, (due * 5 + tz_min) % (24 * 60) // 5 * 5):
            assert plan.Slot(due, real=True) in made


def test_the_times_do_not_say_what_is_on(wish: Callable[..., Wishes]) -> None:
    """On or off, a kind has one time a day that stays; beside it goes one that is drawn anew."""
    for more in ({}, {"check_in": 20 * 60}, {"check_in": 20 * 60, "waiting": 12 * 60}):
        wishes = wish(**more)
        plans = [plan.slots(wishes, NOW_MS) for _ in range(2)]
        times = [Counter(slot.due % DAY_STEPS for slot in made) for made in plans]
        steady = [{time for time, count in one.items() if count >= plan.DAYS - 1} for one in times]
        assert len(steady[0]) == 2
        assert steady[0] == steady[1]
        drawn = [[slot.due for slot in made if slot.due % DAY_STEPS not in steady[0]] for made in plans]
        assert drawn[0] != drawn[1]
        assert sum(slot.real for slot in plans[0]) in range(len(more) * (plan.DAYS - 1), len(more) * plan.DAYS + 1)
