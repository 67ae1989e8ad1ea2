"""Words that tell of frightening, forcing or hurting, and words that only sound like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.guide.frightening import is_frightening

ACTS = """
when you hit me I go quiet
I slapped you and then I cried
You push me against the wall
I grab your arm so that you stay
you block the door
I threaten to leave with the children
you threw a plate at me
I throw things
I break things when I am alone with it
you won't let me leave
You don’t let me see my sister
I read your messages at night
you check my phone
I am afraid of you
I am scared of what you might do
I frighten you
you force me
I'd kill myself if you go, I said: I will kill myself if you go
your hands around my neck
he strangled me
I punched the wall
You locked me out
you take my keys
""".strip().splitlines()
OTHERS = """
I ask again, louder
I go quiet and leave the room
it hits me that you are tired
I push you away
you push me away
that kills me
I could kill for a quiet evening
I beat myself up
I am afraid of losing you
I am afraid that you will leave
you hurt me with that silence
I get so angry that I shout
I feel hit, small, like a child
I slam on the brakes
the silence kills me
I explain and explain
I check the clock
I cannot let it go
my heart beats, my throat is tight
I let you leave and then I cry
""".strip().splitlines()


@pytest.mark.parametrize("text", ACTS)
def test_finds_what_frightens_forces_or_hurts(text: str) -> None:
    """Whoever tells it, whoever does it, however it is typed."""
    assert is_frightening(text)
    assert is_frightening("", f"  {text.upper()}\n")


@pytest.mark.parametrize("text", OTHERS)
def test_lets_a_hard_day_be_a_hard_day(text: str) -> None:
    """Anger, distance, fear of losing and sayings are parts of a dance."""
    assert not is_frightening(text)


@given(st.text(max_size=1000))
def test_reads_any_text(text: str) -> None:
    """Whatever is typed, it answers."""
    assert is_frightening(text) in {True, False}


def test_takes_no_time_on_a_long_text() -> None:
    """A text made to try every way through the list is read like any other."""
    assert not is_frightening("throw a b c " * 5000)
