"""The practice library: what ships is whole, and what is not is refused by file and field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.errors import BadInput
from toward.practices.library import FOLDER, Ask, State, load_library, read_practice, suitable

LIBRARY = load_library()
KNOWN = Path(__file__).parents[2] / "docs" / "what-we-know.md"
HUM = (FOLDER / "hum.toml").read_text("utf-8")


def sections(markdown: str) -> set[str]:
    """The anchors of the headings, as a forge makes them."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_ships_what_two_people_start_with() -> None:
    """The practices of the first evening are there."""
    assert set(LIBRARY) >= {
        "breathe_together",
        "breathe_alone",
        "hold_hands",
        "hum",
        "move",
        "quiet_company",
        "look_around",
        "remember",
        "three_breaths",
        "meet",
        "own_care",
    }


@pytest.mark.parametrize("id_", LIBRARY)
def test_says_how_much_is_known(id_: str) -> None:
    """Every practice points to a section of "What we know" that is there."""
    assert set(LIBRARY[id_].evidence) <= sections(KNOWN.read_text("utf-8"))


@pytest.mark.parametrize("state", ["open", "revved", "shut"])
def test_nobody_is_left_with_nothing(state: State) -> None:
    """Alone, afraid and in any state of the body, there is something that asks nothing."""
    assert suitable(LIBRARY.values(), state, alone=True, without=frozenset(get_args(Ask)))


def test_no_long_breaths_for_a_body_that_has_shut_down() -> None:
    """Shut down gets movement, humming and quiet company."""
    offered = suitable(LIBRARY.values(), "shut", alone=False) + suitable(LIBRARY.values(), "shut", alone=True)
    assert not any(practice.long_breath for practice in offered)
    assert {"move", "hum", "quiet_company"} <= {practice.id for practice in offered}


@given(
    state=st.sampled_from(get_args(State)),
    alone=st.booleans(),
    without=st.frozensets(st.sampled_from(get_args(Ask))),
)
def test_never_offers_what_a_gate_leaves_out(state: State, without: frozenset[Ask], *, alone: bool) -> None:
    """What is offered asks for nothing that is left out and needs nobody who is not there; the rest is all offered."""
    offered = suitable(LIBRARY.values(), state, alone=alone, without=without)
    for practice in LIBRARY.values():
        allowed = not without & set(practice.asks)
        company = practice.company != ("together" if alone else "alone")
        body = state == "any" or bool({"any", state} & set(practice.for_state))
        assert (practice in offered) == (allowed and company and body)
    assert [p.minutes for p in offered] == sorted(p.minutes for p in offered)


def test_what_is_for_two_says_that_it_is_joint() -> None:
    """A gate can only leave out what says what it asks: whatever needs two is marked as joint."""
    for practice in LIBRARY.values():
        assert practice.company != "together" or "joint" in practice.asks


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        (("minutes = 2", "minutes = 3"), "en.steps", "the steps last 120 s and the practice 180 s"),
        (("minutes = 2", "minutes = -2"), "minutes", "> 0"),
        (('with = "both"', 'with = "everyone"'), "with", "everyone"),
        (('id = "hum"', 'id = "hums"'), "id", "hums.toml"),
        (("long_breath = false", "long_breath = true"), "for_state", "shut down"),
        (("asks = []", 'asks = ["courage"]'), "asks[0]", "courage"),
        (("seconds = 30", "seconds = 1"), "en.steps[0].seconds", ">= 5"),
        (('place = "settle"', 'place = "settle"\ncolour = "blue"'), "", "colour"),
        (("minutes = 2", "minutes ="), "", "not TOML"),
    ],
)
def test_names_the_file_and_the_field(change: tuple[str, str], field: str, reason: str) -> None:
    """A practice that is not one says which file, which field and what is wrong."""
    assert HUM.count(change[0]) == 1
    with pytest.raises(BadInput, match=re.escape(reason)) as caught:
        read_practice(HUM.replace(*change), file="hum.toml")
    assert str(caught.value).startswith("hum.toml: ")
    assert caught.value.field == field
    assert caught.value.details["file"] == "hum.toml"


def test_reads_a_folder_in_the_order_of_names(tmp_path: Path) -> None:
    """A folder of one's own works as the shipped one."""
    for id_ in ("hum", "ahum"):
        (tmp_path / f"{id_}.toml").write_text(HUM.replace('id = "hum"', f'id = "{id_}"'), "utf-8")
    assert list(load_library(tmp_path)) == ["ahum", "hum"]
