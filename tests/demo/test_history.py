"""The invented couple: valid, whole, consistent, and telling the story it should."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.test_words import BANNED
from tests.journal.lives import DAY_MS, PRIVATE, SHARED
from toward.demo import Event, Who, history, read_story, with_ids
from toward.demo.story import DAYS, FILE
from toward.errors import BadInput
from toward.journal import codec, kinds
from toward.journal.kinds import Answer, CheckIn, Entry, Invitation, InvitationOpened, LinePoint
from toward.journal.projections import Life, day_of
from toward.practices.library import load_library
from toward.web.charts import line_chart

if TYPE_CHECKING:
    from pathlib import Path

NOW_MS = 1_763_700_000_000
SEEDS = st.integers(0, 10_000)
REFERENCES = ("invitation", "pause", "agreement", "entry", "proposal")
IDS: dict[Who, bytes] = {"mara": b"m" * 16, "lin": b"l" * 16}


def life_of(who: Who, events: tuple[Event, ...]) -> Life:
    """Return what one of the two sees."""
    life = Life(IDS[who])
    for seq, event in enumerate(events, 1):
        shared = event.body.SPACE == "shared"
        if shared or event.who == who:
            life.take(
                Entry(
                    id=event.id,
                    space=SHARED if shared else PRIVATE,
                    author=IDS[event.who],
                    seq=seq,
                    at_ms=event.at_ms,
                    tz_min=event.tz_min,
                    shared=shared,
                    mine=event.who == who,
                    body=event.body,
                )
            )
    return life


@given(SEEDS, st.integers(0, 4_000_000_000_000))
@settings(max_examples=30)
def test_spans_the_84_days_before_today(seed: int, now_ms: int) -> None:
    """The first day and yesterday have entries, in order of time, and nothing lies in the future."""
    events = history(seed, now_ms)
    times = [event.at_ms for event in events]
    assert times == sorted(times)
    assert times[-1] < now_ms
    days = [day_of(event.at_ms, event.tz_min) for event in events]
    assert (days[-1] - days[0]).days == DAYS - 1
    assert (day_of(now_ms, events[0].tz_min) - days[-1]).days == 1
    assert len({event.id for event in events}) == len(events)


@given(SEEDS)
@settings(max_examples=30)
def test_every_entry_is_valid_and_points_at_something_earlier(seed: int) -> None:
    """Bodies hold their limits; references point at an entry that the writer could have seen by then."""
    seen: dict[bytes, Event] = {}
    for event in history(seed, NOW_MS):
        codec.check(event.body)
        for name in REFERENCES:
            target = getattr(event.body, name, None)
            if target is not None:
                assert target in seen
                assert seen[target].body.SPACE == "shared"
        seen[event.id] = event


def test_answers_come_from_the_other_after_opening() -> None:
    """Whoever answers was invited, and had opened it; nobody answers what was taken back."""
    events = history(1, NOW_MS)
    sent = {event.id: event.who for event in events if isinstance(event.body, Invitation)}
    opened: set[tuple[Who, bytes]] = set()
    answered = Counter[bytes]()
    for event in events:
        if isinstance(event.body, InvitationOpened):
            assert sent[event.body.invitation] != event.who
            opened.add((event.who, event.body.invitation))
        if isinstance(event.body, Answer):
            assert (event.who, event.body.invitation) in opened
            answered[event.body.invitation] += 1
    withdrawn = {event.body.invitation for event in events if isinstance(event.body, kinds.InvitationWithdrawn)}
    assert withdrawn
    assert not withdrawn & set(answered)


@pytest.mark.parametrize("who", ["mara", "lin"])
def test_both_see_one_story(who: Who) -> None:
    """Threads with answers of every sort, agreements kept and repaired, no pause left over, one thing waiting."""
    events = history(1, NOW_MS)
    life = life_of(who, events)
    replies = {thread.answer.body.reply for thread in life.invitations.threads if thread.answer}
    assert replies == {"yes_now", "yes_at", "no", "own"}
    assert {agreed.state for agreed in life.agreements.all} == {"kept", "repaired", "agreed"}
    assert [agreed.day for agreed in life.agreements.open] == [day_of(events[0].at_ms + 86 * DAY_MS, 60)]
    assert life.pauses.current(NOW_MS) is None
    assert len(life.invitations.waiting) == (1 if who == "mara" else 0)
    assert {mark.sort for mark in life.line.marks} == {"life", "good", "exit", "hard"} - (
        {"hard"} if who == "lin" else set()
    )
    assert len(life.together) >= 5
    assert len(life.memories.own) >= 4


@pytest.mark.parametrize("who", ["mara", "lin"])
def test_both_have_put_their_half_of_the_dance_into_the_picture(who: Who) -> None:
    """It has a name, a way out and two halves; what each guesses about the other stays in their own."""
    life = life_of(who, history(1, NOW_MS))
    ours = life.couple.dance
    assert ours.mine is not None
    assert ours.theirs is not None
    assert {one.half.fear for one in (ours.mine, ours.theirs)} == {
        "I do not matter to you.",
        "I can't get it right with you.",
    }
    assert (ours.name, len(ours.exits)) == ("the storm", 1)
    assert life.dance.half is not None
    assert life.dance.half.half.guess
    assert life.couple.pause_words.agreed == "storm"


@given(SEEDS)
@settings(max_examples=20)
def test_what_was_hard_becomes_easier_whatever_the_weather(seed: int) -> None:
    """For both: low in the rough weeks, and their lines of eight weeks say that it has felt safer of late."""
    events = history(seed, NOW_MS)
    for who in IDS:
        line = life_of(who, events).line
        assert line.both_share
        felt = {(day.day - line.mine[0].day).days: day.mean for day in line.mine}
        rough = [value for day, value in felt.items() if 20 <= day < 38]
        late = [value for day, value in felt.items() if day >= 74]
        assert np.mean(rough) + 1 < np.mean(late)
        today = day_of(NOW_MS, 60)
        assert line_chart(line, today, weeks=8).sentence.key == "rising"
        assert line_chart(line, today).sentence.key in {"rising", "moving"}


def test_their_days_go_together_beyond_the_path() -> None:
    """Taking the path away, what is left of the two goes together, and is not the same."""
    left: dict[Who, list[float]] = {"mara": [], "lin": []}
    story = read_story()
    for seed in range(60):
        felt: dict[Who, dict[int, float]] = {"mara": {}, "lin": {}}
        events = history(seed, NOW_MS)
        first = day_of(events[0].at_ms, 60)
        for event in events:
            if isinstance(event.body, CheckIn):
                day = (day_of(event.at_ms, 60) - first).days
                knots = list(zip(*story.felt[event.who], strict=True))
                felt[event.who][day] = event.body.felt - float(np.interp(day, knots[0], knots[1]))
        for day in felt["mara"].keys() & felt["lin"].keys():
            for who in IDS:
                left[who].append(felt[who][day])
    assert 0.25 < np.corrcoef(left["mara"], left["lin"])[0, 1] < 0.85


def test_points_of_a_line_come_only_after_both_agreed() -> None:
    """Each stands for a check-in of the same minute."""
    events = history(1, NOW_MS)
    agreed = [event.at_ms for event in events if isinstance(event.body, kinds.LineShared)]
    looks = {(event.who, event.at_ms): event.body.felt for event in events if isinstance(event.body, CheckIn)}
    points = [event for event in events if isinstance(event.body, LinePoint)]
    assert len(agreed) == 2
    assert points
    for point in points:
        assert point.at_ms > max(agreed)
        assert isinstance(point.body, LinePoint)
        assert looks[point.who, point.at_ms - 1] == point.body.felt


def test_the_same_seed_tells_the_same_and_another_does_not() -> None:
    """Pure, and not always one."""
    assert history(1, NOW_MS) == history(1, NOW_MS)
    assert history(1, NOW_MS) != history(2, NOW_MS)


def test_no_words_are_said_twice() -> None:
    """A line beside a check-in comes up once."""
    said = [event.body.words for event in history(3, NOW_MS) if isinstance(event.body, CheckIn) and event.body.words]
    assert len(said) > 20
    assert len(said) == len(set(said))


def test_a_vaults_own_ids_take_the_place_of_ours() -> None:
    """Every reference is translated, whatever its field, and all else stays."""
    ids: dict[bytes, bytes] = {}
    for number, event in enumerate(history(1, NOW_MS)):
        body = with_ids(event.body, ids)
        for name in REFERENCES:
            target = getattr(event.body, name, None)
            if target is not None:
                assert getattr(body, name) == ids[target]
        unchanged = {name for name in msgspec.structs.asdict(body) if name not in REFERENCES}
        assert all(getattr(body, name) == getattr(event.body, name) for name in unchanged)
        ids[event.id] = b"v" + number.to_bytes(15, "big")


def test_practices_are_those_of_the_library() -> None:
    """The two do what can be done here."""
    done = {
        event.body.practice for event in history(1, NOW_MS) if isinstance(event.body, kinds.Settled | kinds.Together)
    }
    assert done <= set(load_library())


def test_the_story_names_no_gender_and_no_marriage() -> None:
    """The two could be anybody; this is the same list that the catalogue is held to."""
    text = str(msgspec.to_builtins(read_story()))
    for what in ("a gender", "a kind of bond", "a diagnosis or a therapy"):
        assert not re.findall(rf"\b(?:{BANNED[what]})\b", text, flags=re.IGNORECASE), what


def test_a_story_that_points_ahead_is_refused(tmp_path: Path) -> None:
    """So is one with a kind or a limit that does not fit; the error says where."""
    whole = FILE.read_text("utf-8")
    ahead = tmp_path / "ahead.toml"
    ahead.write_text(whole.replace('invitation = "@bedtime"', 'invitation = "@waits"', 1), "utf-8")
    with pytest.raises(BadInput, match="@waits"):
        history(1, NOW_MS, read_story(ahead))
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(whole.replace("minutes = 3 }", "minutes = -3 }", 1), "utf-8")
    with pytest.raises(BadInput, match="day 0, 20:44"):
        history(1, NOW_MS, read_story(wrong))
    broken = tmp_path / "broken.toml"
    broken.write_text(whole.replace("on = 0", "on = 840", 1), "utf-8")
    with pytest.raises(BadInput, match=r"broken\.toml"):
        read_story(broken)
