"""Being near without words, and one phone between two that leads through a meeting: told as they would tell it."""

from __future__ import annotations

from tests.live.evening import ADA, LIN, Evening, refused
from toward.live import messages as say
from toward.live.events import Note


def test_who_comes_later_takes_their_side_of_a_meeting_that_began_without_them() -> None:
    """One phone stood for somebody unknown; with their own they are who listens, and it is theirs to move on."""
    evening = Evening().come("ada")
    evening.says("ada", say.Between(on=True))
    evening.says("ada", say.Meet(role="speak"))
    evening.says("ada", say.Pass(round=1, step="speak"))
    evening.come("lin")
    assert evening.sees(LIN).turn == say.Turn(round=1, step="say_back", you_speak=False, yours=True)
    assert refused(evening.says("ada", say.Pass(round=1, step="say_back"))).reason == "not_yours"
    evening.says("lin", say.Pass(round=1, step="say_back"))
    assert evening.sees(ADA).turn == say.Turn(round=1, step="check", you_speak=True, yours=True)


def test_one_phone_leads_through_both_turns_and_keeps_one_note() -> None:
    """The phone between moves on for both; a doubled tap moves nobody's turn; what was done is kept as on one phone."""
    evening = Evening().come("ada")
    evening.says("ada", say.Between(on=True))
    evening.says("ada", say.Meet(role="listen"))
    for ok in (True, True, False, True, True):
        turn = evening.sees(ADA).turn
        assert turn is not None
        assert turn.yours
        move = say.Pass(round=turn.round, step=turn.step, ok=ok)
        evening.says("ada", move)
        after = evening.sees(ADA).turn
        evening.says("ada", move)
        assert evening.sees(ADA).turn == after
    assert evening.sees(ADA).turn == say.Turn(round=2, step="speak", you_speak=True, yours=True)
    evening.wait(60)
    evening.says("ada", say.Stop(what="meet"))
    assert evening.notes == [Note("ada", "meet", 1.0, "one_phone")]


def test_who_is_here_without_words_is_near_and_no_part_of_anything() -> None:
    """Seen as that; a breath of the other's is not kept as one of both, and stays the other's to stop."""
    evening = Evening().come("ada", "lin")
    assert (evening.sees(ADA).them, evening.sees(ADA).them_quiet) == (True, False)
    evening.says("lin", say.Quiet())
    assert (evening.sees(ADA).them, evening.sees(ADA).them_quiet, evening.sees(ADA).quiet) == (True, True, False)
    assert evening.sees(LIN).quiet
    evening.says("ada", say.Breathe(minutes=1))
    assert refused(evening.says("lin", say.Stop(what="breath"))).reason == "not_now", "it is not Lin's breath"
    evening.wait(40)
    evening.says("ada", say.Stop(what="breath"))
    assert evening.sees(ADA).plan is None
    assert evening.notes == []
    evening.goes("lin", meant=True)
    assert (evening.sees(ADA).them, evening.sees(ADA).them_quiet) == (False, False)
    assert evening.room.snapshot().together_ms == {}


def test_who_turns_quiet_waits_for_nothing_any_longer() -> None:
    """Neither willing to meet nor ready to open; and no longer quiet where another phone of theirs takes part."""
    evening = Evening().come("ada", "lin")
    evening.says("lin", say.Meet())
    evening.says("lin", say.Ready())
    evening.says("lin", say.Quiet())
    assert (evening.sees(LIN).willing, evening.sees(LIN).ready) == (False, False)
    evening.says("ada", say.Meet())
    assert evening.sees(ADA).turn is None
    evening.come("lin2")
    assert not evening.sees(ADA).them_quiet
    evening.goes("lin2")
    assert evening.sees(ADA).them_quiet
    evening.says("lin", say.Quiet(on=False))
    assert not evening.sees(ADA).them_quiet
