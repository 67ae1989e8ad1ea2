"""The landscape to play with, held to the model of two: same drift, same valleys, same small story."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward import dyad
from toward.web.valleys import ACTS, CLOSE, FAR, HOME, RATE, THREAT, TOGETHER, Two, drift, heights, later, series

COUPLE = dyad.TYPICAL._replace(
    m_a=HOME[0],
    m_b=HOME[1],
    l_a=RATE[0],
    l_b=RATE[1],
    gw_a=THREAT[0],
    gw_b=THREAT[1],
    gp_a=THREAT[0],
    gp_b=THREAT[1],
    k=TOGETHER,
)
steps = st.floats(1.0, 6.5)
share = st.floats(0, 0.9)


@given(steps, steps, share, share)
def test_drifts_as_the_model_does(one: float, other: float, shield: float, inner: float) -> None:
    """At every point inside the scale and under every shield: the room's own drift."""
    from toward.dyad.landscape import drift_of

    shields = (1 - (1 - shield) * (1 - inner), shield)
    wanted = drift_of(COUPLE, shields=shields)(np.array(one), np.array(other))
    found = drift(Two(one, other, shield=shield, inner=inner))
    assert found == pytest.approx([float(side) for side in wanted], abs=1e-9)


def test_has_the_models_two_valleys() -> None:
    """Where the page lets them begin is where the library finds them at rest."""
    rests = [point for point in dyad.equilibria(COUPLE) if point.kind == "rest"]
    assert [(p.x_a, p.x_b) for p in rests] == [pytest.approx(CLOSE, abs=0.02), pytest.approx(FAR, abs=0.02)]


def test_the_pictures_tell_what_their_words_tell() -> None:
    """Who is said to end far ends far, and who is said to come home comes home."""
    ends = {scene.key: (scene.after.one + scene.after.other) / 2 for scene in series()}
    assert all(ends[key] < 2.3 for key in ("far", "press", "storm"))
    assert all(ends[key] > 4.5 for key in ("soften", "practise", "shake", "hand"))
    assert ends["press"] < ends["far"] - 0.3
    assert list(ends) == ["far", "press", "soften", "practise", "shake", "storm", "hand"]


def test_a_softer_word_and_practice_fill_the_far_valley() -> None:
    """Two dips in the outline before; one under a shield, and one after three weeks of practice."""

    def dips(two: Two) -> int:
        found = np.array(heights(two))
        return int(((found[1:-1] < found[:-2]) & (found[1:-1] < found[2:])).sum())

    assert dips(Two(*FAR)) == 2
    assert dips(ACTS["soften"](Two(*FAR))) == 1
    assert dips(later(ACTS["practise"](Two(*FAR)), 21)) == 1
    assert dips(later(ACTS["soften"](Two(*FAR)), 21)) == 2, "a shield fades"


def test_the_same_reaching_helps_where_it_is_safe() -> None:
    """From the close valley a week of reaching lifts; from the far one it lowers."""
    assert later(ACTS["press"](Two(*CLOSE)), 5).one > CLOSE[0]
    assert later(ACTS["press"](Two(*FAR)), 5).one < FAR[0] - 0.3
