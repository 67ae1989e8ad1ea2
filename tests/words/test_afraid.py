"""Fear of the partner's hands is danger, and fear for the two of them is tender: one word apart, and told apart.

"Hurt me" alone may mean a heart or a wrist. Whoever listens would ask which before anything else, and a door that was
not needed costs little: it is private and blocks nothing. So it counts as danger.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.words import Softer, soften

AFRAID = ("I was scared", "I'm afraid", "im so terrified", "I was frightened that", "I get scared that", "Petrified")
MAY = ("you would", "you'd", "you will", "you'll", "you might", "you were going to", "u were gonna", "he would")
HANDS = (
    "hit me again", "hurt me", "push me down the stairs", "choke me", "strangle me", "grab me", "kill us",
    "throw something at me", "throw me against the wall", "lock me in", "hurt the kids", "lose it and slap me",
)  # fmt: skip
TENDER = ("leave me", "forget me", "hate me", "push me away", "stop loving me", "be disappointed")


@given(
    st.sampled_from(AFRAID), st.sampled_from(MAY), st.sampled_from(HANDS), st.sampled_from(("", ".", " when I'm late"))
)
def test_who_fears_the_other_s_hands_is_shown_people_and_nothing_softer(one: str, may: str, act: str, end: str) -> None:
    """Past, present and what might have been; nothing is called tender, nothing is underlined."""
    found = soften(f"{one} {may} {act}{end}")
    assert found.danger == "fear"
    assert (found.spans, found.softer, found.warm, found.verdict) == ((), Softer(), None, "none")


@given(
    st.sampled_from(AFRAID), st.sampled_from(("you would", "you'd", "you might", "he would")), st.sampled_from(TENDER)
)
def test_who_fears_to_lose_the_other_is_not_sent_to_a_door(one: str, may: str, act: str) -> None:
    """The same words but the last."""
    assert soften(f"{one} {may} {act}").danger is None


def test_a_tender_fear_keeps_its_warm_word() -> None:
    """As before."""
    assert soften("I was scared you would leave me").warm == "You show what you are afraid of."


@pytest.mark.parametrize(
    "text",
    [
        "scared you'd hurt yourself",
        "I'm scared you will hurt yourself",
        "afraid you would hit the deer",
        "I was afraid you'd hit traffic",
        "scared you'd kill the plant",
        "I was scared I would hit you with the car",
        "I'm afraid my words would hurt you",
        "I'm scared you'll get hurt",
        "scared you would throw it all away",
        "I thought you were going to kiss me",
        "hit me with the recipe",
    ],
)
def test_what_only_sounds_so_leads_nowhere(text: str) -> None:
    """Fear for the other, for a plant, for a deer."""
    assert soften(text).danger is None


@pytest.mark.parametrize(
    "text", ["He hit me with a bottle", "you hit me with the belt", "I thought you were going to hit me"]
)
def test_what_was_done_is_not_taken_for_an_idiom(text: str) -> None:
    """To hit somebody with a recipe is a turn of phrase; with a bottle it is none."""
    assert soften(text).danger == "fear"
