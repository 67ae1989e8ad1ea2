"""What two people do in a room, told as they would tell it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.live.evening import ADA, LIN, Evening, refused
from toward.live import messages as say
from toward.live.events import Close, Heard, Joined, Note, Send, Tick
from toward.live.meeting import begin
from toward.live.presence import EXPIRES_MS, SILENT_MS
from toward.live.room import LEAD_MS, LINGER_MS, Room
from toward.practices.breath import Plan


def test_a_breath_together_is_kept_once_with_the_time_that_both_were_there() -> None:
    """Two minutes, of which Lin missed the first half: one note, of a minute."""
    evening = Evening().come("ada")
    evening.says("ada", say.Breathe(minutes=2))
    evening.wait(63).come("lin").wait(70)
    assert evening.notes == [Note("ada", "breath", 1.0, "together")]
    assert evening.sees(ADA).plan is None
    assert evening.doing() == "rest"


def test_who_breathes_alone_keeps_nothing_together() -> None:
    """A whole breath without the other leaves no note, and neither does half a minute short of it."""
    evening = Evening().come("ada")
    evening.says("ada", say.Breathe(minutes=1))
    evening.wait(45).come("lin").wait(25)
    assert evening.notes == []


def test_what_was_done_is_kept_when_the_last_one_goes() -> None:
    """Both stop early: the last to go writes what there was."""
    evening = Evening().come("ada", "lin")
    evening.says("lin", say.Breathe(minutes=5))
    evening.wait(63)
    evening.goes("lin", meant=True)
    evening.goes("ada", meant=True)
    assert evening.notes == [Note("ada", "breath", 1.0, "together")]


def test_lifting_a_thumb_or_leaving_never_stops_the_breath() -> None:
    """The plan that Lin sees is the same before and after whatever Ada does."""
    evening = Evening().come("ada", "lin")
    evening.says("ada", say.Breathe())
    plan = evening.sees(LIN).plan
    evening.says("ada", say.Thumb(down=True))
    assert evening.sees(LIN).their_thumb
    evening.says("ada", say.Thumb(down=False))
    assert not evening.sees(LIN).their_thumb
    assert refused(evening.says("ada", say.Stop(what="breath"))).reason == "not_now"
    evening.says("ada", say.Leave())
    assert plan is not None
    assert evening.sees(LIN).plan == plan
    assert not evening.sees(LIN).them


def test_a_phone_that_comes_back_gets_the_running_plan_at_once() -> None:
    """The first thing it hears is the whole state."""
    evening = Evening().come("ada", "lin")
    evening.says("ada", say.Breathe())
    evening.wait(20)
    evening.goes("lin")
    evening.wait(5)
    effects = evening.room.handle(Joined("lin2", LIN), evening.now_ms)
    told = [effect.message for effect in effects if isinstance(effect, Send) and "lin2" in effect.to]
    assert isinstance(told[0], say.State)
    assert told[0].plan == evening.sees(ADA).plan == Plan(started_ms=LEAD_MS)


def test_a_second_wish_to_breathe_gets_the_running_breath() -> None:
    """Only the one who asked is answered, with the plan there is."""
    evening = Evening().come("ada", "lin")
    evening.says("ada", say.Breathe(minutes=3))
    (effect,) = evening.says("lin", say.Breathe(minutes=10))
    assert isinstance(effect, Send)
    assert effect.to == ("lin",)
    assert isinstance(effect.message, say.State)
    assert effect.message.plan is not None
    assert effect.message.plan.minutes == 3


def test_a_pace_that_does_not_settle_is_refused_with_the_reason() -> None:
    """The refusal says what to choose instead, and no plan begins."""
    evening = Evening().come("ada")
    answer = refused(evening.says("ada", say.Breathe(in_s=6, out_s=4)))
    assert answer.reason == "bad_input"
    assert "out-breath" in answer.got
    assert evening.sees(ADA).plan is None


def test_remembered_moments_open_only_when_both_are_ready_and_there() -> None:
    """Ada's readiness shows nowhere; with Lin's it opens for both, with a minute of breath, which is then kept."""
    evening = Evening().come("ada", "lin")
    before = msgspec.structs.replace(evening.sees(LIN), rev=0)
    evening.says("ada", say.Ready())
    assert msgspec.structs.replace(evening.sees(LIN), rev=0) == before
    assert evening.sees(ADA).ready
    evening.says("lin", say.Ready())
    for person in (ADA, LIN):
        state = evening.sees(person)
        assert state.opened_ms == evening.now_ms
        assert state.plan is not None
        assert state.plan.minutes == 1
    assert evening.doing() == "remember"
    evening.wait(70)
    assert evening.notes == [Note("ada", "remember", 1.0, "together")]
    assert evening.sees(ADA).opened_ms is None


def test_who_went_is_not_ready_any_longer() -> None:
    """Ada was ready and left; Lin's readiness alone opens nothing."""
    evening = Evening().come("ada", "lin")
    evening.says("ada", say.Ready())
    evening.goes("ada")
    evening.says("lin", say.Ready())
    assert evening.sees(LIN).opened_ms is None
    evening.come("ada")
    assert evening.sees(LIN).opened_ms is None
    evening.says("lin", say.Ready(on=False))
    evening.says("ada", say.Ready())
    assert evening.sees(ADA).opened_ms is None


def test_meet_one_speaks_the_other_says_it_back_and_then_they_swap() -> None:
    """The whole of a round, with a "not quite" in it; only the one whose move it is moves on."""
    evening = Evening().come("ada", "lin")
    evening.says("ada", say.Meet(role="speak"))
    assert evening.sees(LIN).turn is None
    assert not evening.sees(LIN).willing
    evening.says("lin", say.Meet(role="either"))
    assert evening.sees(ADA).turn == say.Turn(round=1, step="speak", you_speak=True, yours=True)
    assert evening.sees(LIN).turn == say.Turn(round=1, step="speak", you_speak=False, yours=False)
    assert refused(evening.says("lin", say.Pass(round=1, step="speak"))).reason == "not_yours"
    steps: list[tuple[str, say.Pass, str]] = [
        ("ada", say.Pass(round=1, step="speak"), "say_back"),
        ("lin", say.Pass(round=1, step="say_back"), "check"),
        ("ada", say.Pass(round=1, step="check", ok=False), "say_back"),
        ("lin", say.Pass(round=1, step="say_back"), "check"),
        ("ada", say.Pass(round=1, step="check"), "speak"),
    ]
    for conn, message, step in steps:
        evening.says(conn, message)
        turn = evening.sees(ADA).turn
        assert turn is not None
        assert turn.step == step
    assert evening.sees(LIN).turn == say.Turn(round=2, step="speak", you_speak=True, yours=True)
    evening.says("ada", say.Pass(round=1, step="check"))
    assert evening.sees(LIN).turn == say.Turn(round=2, step="speak", you_speak=True, yours=True), "that turn is over"
    evening.wait(60)
    evening.says("ada", say.Stop(what="meet"))
    assert evening.sees(LIN).turn is None
    assert evening.notes == [Note("ada", "meet", 1.0, "together")]


def test_a_breath_may_run_in_a_meeting_and_outlives_it() -> None:
    """Ready is refused meanwhile: a meeting is about one thing."""
    evening = Evening().come("ada", "lin")
    evening.says("ada", say.Meet())
    evening.says("lin", say.Meet())
    evening.says("lin", say.Breathe(minutes=1))
    assert evening.doing() == "meet"
    assert refused(evening.says("ada", say.Ready())).reason == "not_now"
    evening.says("ada", say.Stop(what="meet"))
    assert evening.doing() == "breath"


@given(st.sampled_from(["speak", "listen", "either"]), st.sampled_from(["speak", "listen", "either"]), st.booleans())
def test_who_speaks_first_grants_every_wish_that_can_be_granted(one: say.Role, other: say.Role, coin: bool) -> None:  # noqa: FBT001 -- Hypothesis gives it by position
    """A wish is only passed over where the other has the same; then, and between two who don't mind, a coin decides."""
    first = begin(ADA, one, LIN, other, coin=coin)
    assert {first.speaker, first.listener} == {ADA, LIN}
    if one == other:
        assert (first.speaker == ADA) == coin
    else:
        assert "speak" not in {one, other} or first.speaker == (ADA if one == "speak" else LIN)
        assert "listen" not in {one, other} or first.listener == (ADA if one == "listen" else LIN)


def test_one_phone_between_two_stands_for_both_until_the_other_comes() -> None:
    """Both thumbs on one phone, everything at once, and a note that says how."""
    evening = Evening().come("ada")
    assert refused(evening.says("ada", say.Thumb(down=True, whose="them"))).reason == "not_yours"
    evening.says("ada", say.Between(on=True))
    evening.says("ada", say.Thumb(down=True, whose="them"))
    evening.says("ada", say.Breathe(minutes=1))
    state = evening.sees(ADA)
    assert (state.them, state.one_phone, state.their_thumb) == (True, True, True)
    evening.wait(70)
    assert evening.notes == [Note("ada", "breath", 1.0, "one_phone")]
    evening.says("ada", say.Ready())
    assert evening.sees(ADA).opened_ms == evening.now_ms
    evening.says("ada", say.Meet(role="listen"))
    assert evening.sees(ADA).turn == say.Turn(round=1, step="speak", you_speak=False, yours=True)
    evening.come("lin")
    assert not evening.sees(ADA).one_phone
    assert not evening.sees(ADA).their_thumb
    assert refused(evening.says("lin", say.Between(on=True))).reason == "not_now"


def test_a_phone_can_be_taken_up_again() -> None:
    """Between off: the other is not there, and may stop what runs alone."""
    evening = Evening().come("ada")
    evening.says("ada", say.Between(on=True))
    evening.says("ada", say.Between(on=False))
    assert not evening.sees(ADA).them
    evening.says("ada", say.Breathe())
    evening.says("ada", say.Stop(what="breath"))
    assert evening.sees(ADA).plan is None


def test_a_silent_connection_is_closed_and_its_person_is_plainly_not_there() -> None:
    """A socket that hangs is dead after sixteen seconds without a sign."""
    evening = Evening().come("ada", "lin")
    evening.now_ms = EXPIRES_MS + 1.0
    evening.room.handle(Heard("ada"), evening.now_ms)
    effects = evening.room.handle(Tick(), evening.now_ms)
    assert [effect.code for effect in effects if isinstance(effect, Close)] == [4408]
    assert not evening.sees(ADA).them


def test_who_gives_no_sign_for_a_while_is_not_shown_as_here_and_comes_back_with_what_they_did() -> None:
    """Six seconds: not here, and in nothing that goes on; with the next sign here again, thumb and all."""
    evening = Evening().come("ada", "lin")
    evening.says("lin", say.Thumb(down=True))
    evening.says("ada", say.Breathe())
    evening.now_ms += SILENT_MS
    evening.room.handle(Heard("ada"), evening.now_ms)
    evening.room.handle(Tick(), evening.now_ms)
    assert (evening.sees(ADA).them, evening.sees(ADA).their_thumb) == (True, True)
    evening.now_ms += 1
    told = evening.room.handle(Tick(), evening.now_ms)
    assert not any(isinstance(effect, Close) for effect in told)
    assert [effect.to for effect in told if isinstance(effect, Send)] == [("ada",), ("lin",)]
    assert (evening.sees(ADA).them, evening.sees(ADA).their_thumb) == (False, False)
    assert not evening.room.handle(Tick(), evening.now_ms)
    back = evening.room.handle(Heard("lin", 500), evening.now_ms + 1000)
    assert back
    assert (evening.sees(ADA).them, evening.sees(ADA).their_thumb) == (True, True)


def test_an_empty_room_waits_and_then_closes_and_says_so() -> None:
    """Phones that dropped out find it for two minutes; using it after that is a mistake that is named."""
    evening = Evening().come("ada", "lin")
    evening.goes("ada")
    evening.goes("lin")
    evening.wait(LINGER_MS / 1000)
    assert not evening.over()
    evening.wait(1)
    assert evening.over()
    with pytest.raises(RuntimeError, match="Expected an open room, but it is closed"):
        evening.room.handle(Tick(), evening.now_ms)


# -------------------------------------------------------------------------------------------------- wire and door


@given(st.binary(max_size=2000) | st.text(max_size=2000))
def test_nothing_that_a_phone_sends_breaks_the_reader(frame: bytes | str) -> None:
    """Noise is refused, with a reason that names what was expected."""
    found = say.read(frame)
    assert isinstance(found, say.Refused)
    assert found.expected
    if len(frame) > say.MAX_BYTES:
        assert found.reason == "too_long"


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from(["probe", "breathe", "thumb", "ready", "meet", "pass", "stop", "between", "leave", "dance"]),
)
def test_any_json_is_either_a_message_or_a_refusal(value: object, tag: str) -> None:
    """Whatever fields a known tag comes with, the reader answers and the room survives it."""
    body = {**value, "is": tag} if isinstance(value, dict) else value
    found = say.read(msgspec.json.encode(body))
    evening = Evening().come("ada")
    if isinstance(found, say.Refused):
        assert found.reason in {"unknown", "not_json", "too_long"}
    else:
        evening.says("ada", found)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b'{"is":"fly"}', "unknown"),
        (b'{"is":"thumb","down":1}', "unknown"),
        (b'{"is":"thumb","down":true,"extra":1}', "unknown"),
        (b'{"is":"breathe","minutes":1e9}', "unknown"),
        (b'{"is":', "not_json"),
        ("\ud800", "not_json"),
        (b" " * 2000, "too_long"),
    ],
)
def test_what_is_no_message_is_refused_by_its_kind(frame: bytes | str, reason: str) -> None:
    """Unknown, unreadable and too long are told apart."""
    found = say.read(frame)
    assert isinstance(found, say.Refused)
    assert found.reason == reason


def test_what_a_worker_leaves_behind_is_enough_to_carry_on() -> None:
    """Through the stored form and back: plan, meeting, willingness and credited time are there; devices are not."""
    evening = Evening().come("ada", "lin")
    evening.says("ada", say.Breathe(minutes=3))
    evening.says("ada", say.Meet(role="speak"))
    evening.wait(40)
    kept = evening.room.snapshot()
    packed = msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=type(kept))
    assert packed == kept
    room = Room(packed)
    assert room.conns == frozenset()
    assert room.state_for(ADA).rev > evening.sees(ADA).rev
    evening.room = room
    evening.come("ada", "lin").wait(150)
    assert evening.notes == [Note("ada", "breath", 3.0, "together")]
