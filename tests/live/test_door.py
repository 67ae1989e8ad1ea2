"""The door of one connection: people pass, cameras pass beside them, and floods of either are cut."""

from __future__ import annotations

from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from toward.live import messages as say
from toward.live.door import BURST, CAMERA_BURST, CAMERA_PER_S, PER_S, STRIKES, Door
from toward.live.heart_messages import Frames

PROBE: Final = '{"is":"probe","sent":1}'
LIGHT: Final = b'{"is":"frames","local":5.5,"room":9,"after":[0],"red":[201.5],"green":[12],"blue":[9.25]}'


def admitted(door: Door, frame: bytes | str, at_ms: float) -> bool:
    """Whether the frame came in, as what it is or as what can't be read."""
    said = door.admit(frame, at_ms)
    return said is not None and not (isinstance(said, say.Refused) and said.reason == "too_fast")


def test_the_door_lets_people_in_and_noise_out() -> None:
    """A burst passes, more is refused once and then silently dropped, and after a pause it is open again."""
    door = Door(0)
    assert all(isinstance(door.admit(PROBE, 0), say.Probe) for _ in range(BURST))
    first = door.admit(PROBE, 0)
    assert isinstance(first, say.Refused)
    assert first.reason == "too_fast"
    assert door.admit(PROBE, 0) is None
    assert not door.barred
    assert isinstance(door.admit(PROBE, 1000), say.Probe)
    for _ in range(BURST + STRIKES):
        door.admit(PROBE, 1000)
    assert door.barred


def test_a_clock_that_steps_back_gives_the_door_no_credit() -> None:
    """Time that runs backwards neither opens nor empties the door."""
    door = Door(1000)
    for _ in range(BURST):
        door.admit(b"{}", 1000)
    assert door.admit(b"{}", 0) is not None
    assert door.admit(b"{}", 0) is None


def test_a_camera_takes_nothing_from_what_its_person_does() -> None:
    """Ten minutes of thirty frames a second all come in, and so does a burst of words at any time."""
    door = Door(0)
    for k in range(18_000):
        assert isinstance(door.admit(LIGHT, k * 1000 / 30), Frames)
    assert all(isinstance(door.admit(PROBE, 600_000), say.Probe) for _ in range(BURST))


def test_what_a_sleeping_network_held_back_comes_in_at_once() -> None:
    """Twelve seconds of a camera in one moment are no flood."""
    door = Door(0)
    assert all(isinstance(door.admit(LIGHT, 12_000), Frames) for _ in range(12 * 30))
    assert not door.barred


def test_a_flood_of_frames_is_cut_and_words_still_come_in_until_it_is() -> None:
    """Frames far beyond a camera's are dropped, answered once, bar the door, and cost no word."""
    door = Door(0)
    answers = [door.admit(LIGHT, 0) for _ in range(CAMERA_BURST + STRIKES - 1)]
    assert sum(isinstance(one, Frames) for one in answers) == CAMERA_BURST
    assert sum(isinstance(one, say.Refused) for one in answers) == 1
    assert not door.barred
    assert isinstance(door.admit(PROBE, 0), say.Probe)
    door.admit(LIGHT, 0)
    assert door.barred


def test_a_camera_lets_no_words_in_that_are_too_many() -> None:
    """Words are not let in by calling them frames, nor is a flood of them forgiven for the frames between them."""
    door = Door(0)
    disguised = '{"is":"probe","sent":1,"red":"\\"is\\":\\"frames\\""}'
    came = [admitted(door, disguised, 0) for _ in range(BURST + 20)]
    assert sum(came) == BURST
    door = Door(0)
    for _ in range(BURST + STRIKES):
        door.admit(PROBE, 0)
        door.admit(LIGHT, 0)
    assert door.barred


def test_who_keeps_to_more_than_twice_the_limit_is_barred_in_the_end() -> None:
    """A steady stream that leaves no hundred frames between two that pass is a flood all the same."""
    for frame, per_s in ((PROBE, PER_S), (LIGHT, CAMERA_PER_S)):
        door = Door(0)
        for k in range(int(120 * 3 * per_s)):
            door.admit(frame, k * 1000 / (3 * per_s))
        assert door.barred


@given(st.lists(st.tuples(st.sampled_from([PROBE, LIGHT]), st.floats(0, 500)), max_size=400))
def test_never_more_comes_in_than_the_two_limits(sent: list[tuple[bytes | str, float]]) -> None:
    """Whatever comes when: of each sort a burst, and from then on so many a second."""
    door, at_ms = Door(0), 0.0
    came = {PROBE: 0, LIGHT: 0}
    for frame, pause_ms in sent:
        at_ms += pause_ms
        came[frame] += admitted(door, frame, at_ms)
    assert came[PROBE] <= BURST + PER_S * at_ms / 1000 + 1e-6
    assert came[LIGHT] <= CAMERA_BURST + CAMERA_PER_S * at_ms / 1000 + 1e-6
