"""Folders of practices, and what stands beside them: what is dropped is there, what is wrong is named.

Nothing is loaded from anywhere.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.errors import BadInput
from toward.practices.library import FOLDER, RULES, Aim, load_library, read_practice
from toward.practices.prose import read_prose
from toward.practices.shelf import MOST_BYTES, OWN, own_shelf, whole_library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIBRARY = load_library()
TALK = (FOLDER / "talk_turns.toml").read_text("utf-8")
WALK = (FOLDER / "walk.toml").read_text("utf-8").replace('id = "walk"', 'id = "swim"')
ABOUT = (FOLDER / "talk_turns.en.md").read_text("utf-8")


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., Path]:
    """Drops a file into the folder of one's own."""
    (tmp_path / OWN).mkdir()

    def write(name: str, text: str | bytes) -> Path:
        path = tmp_path / OWN / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


# ------------------------------------------------------------------------------------------- what ships


def test_ships_at_least_24_with_something_on_every_shelf() -> None:
    """For each aim there are some, and for somebody alone on all but turning to each other."""
    assert len(LIBRARY) >= 24
    aims: dict[Aim, set[str]] = {}
    for one in LIBRARY.values():
        aims.setdefault(one.aim, set()).add(one.company)
    assert set(aims) == {"settle_alone", "settle_together", "turn", "play", "repair", "meaning"}
    assert all(aims[aim] - {"together"} for aim in aims if aim != "turn")
    named = {"hand_before", "long_out_breath", "sing_together", "meet_eyes", "talk_turns", "hold_me_tight", "gratitude"}
    assert set(LIBRARY) >= named | {"remember", "walk", "there_for_you"}


def test_a_hand_before_a_feared_thing_asks_for_the_fear_before_and_after() -> None:
    """It is the one that measures a threat."""
    assert [one.id for one in LIBRARY.values() if one.measure == "threat"] == ["hand_before"]


def test_whatever_asks_two_to_open_up_says_when_not() -> None:
    """Each that asks two to tell of themselves says in its own words that fear, or hurt, is a reason to leave it."""
    for one in LIBRARY.values():
        if one.company == "together" and {"disclosure"} & set(one.asks) and one.aim in {"turn", "repair"}:
            assert re.search(r"afraid|frighten", " ".join(one.en.not_when)), one.id


def test_holds_nothing_from_elsewhere() -> None:
    """No sound, picture or address in the folder: words only."""
    assert {path.suffix for path in FOLDER.iterdir() if path.is_file()} == {".toml", ".md"}
    for path in FOLDER.iterdir():
        assert not re.search(r"https?:|www\.|\.mp3|\.png|\.jpg", path.read_text("utf-8"))


# ------------------------------------------------------------------------------------------------ rules


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        (('asks = ["joint", "disclosure"]', 'asks = ["disclosure"]'), "asks", 'at least "joint"'),
        (('asks = ["joint", "disclosure"]', 'asks = ["joint"]'), "asks", "disclosure"),
        (('aim = "turn"', 'aim = "settle_alone"'), "with", "does not go with"),
        (('with = "together"\nroom = "either"', 'with = "alone"\nroom = "one_room"'), "room", "either"),
        (('with = "together"', 'with = "alone"'), "en.steps", "takes turns alone"),
        (('strength = "wisdom"', 'strength = "trials"'), "strength", "wisdom"),
        (('evidence = ["craft-not-trials"]', 'evidence = ["humming"]'), "strength", "wisdom"),
        (('sound = "bell"', 'sound = "gong"'), "sound", "gong"),
        (('see = "Say', 'sea = "Say'), "en.ways", "sea"),
        (("not_when = [", "not_if = ["), "en", "not_if"),
        (('who = "one"', 'who = "both of us"'), "en.steps[1].who", "both of us"),
        (("You need not tell all.", "See https://example.org/x."), "en.care[0]", "https:"),
        (("Stop. Be quiet", "<b>Stop.</b> Be quiet"), "en.steps[5].text", "<"),
    ],
)
def test_names_the_field_of_a_rule_that_is_broken(change: tuple[str, str], field: str, reason: str) -> None:
    """The error says the file, the field and what is wrong with it."""
    assert change[0] in TALK
    with pytest.raises(BadInput, match=re.escape(reason)) as caught:
        read_practice(TALK.replace(change[0], change[1], 1), file="talk_turns.toml")
    assert str(caught.value).startswith("talk_turns.toml: ")
    assert caught.value.field == field


def test_every_shipped_practice_keeps_every_rule() -> None:
    """The rules are about practices as they are, and each could be broken."""
    for rule in RULES:
        assert not any(rule.breaks(one) for one in LIBRARY.values()), rule.reason


# ------------------------------------------------------------------------------------------------ prose


def test_reads_paragraphs_headings_and_lists() -> None:
    """Lines of the file are joined; a list keeps its things apart."""
    blocks = read_prose("One\ntwo.\n\n## How  \n\n- a\n  b\n- c\n\n\nEnd.")
    assert [(one.sort, one.lines) for one in blocks] == [
        ("text", ("One two.",)),
        ("heading", ("How",)),
        ("list", ("a b", "c")),
        ("text", ("End.",)),
    ]
    assert read_prose("  \n ") == ()


@pytest.mark.parametrize(
    "text",
    ["![a](b.png)", "[a](b)", "<script>", "see http://x.org", "**loud**", "`code`", "# One sign", "www.x.org"],
)
def test_refuses_what_is_not_plain_words(text: str) -> None:
    """No picture, link, markup or address comes in with prose."""
    with pytest.raises(ValueError, match=r"plain words|two signs"):
        read_prose(f"Fine.\n\n{text}")


@given(st.lists(st.text(st.sampled_from("ab .,"), min_size=1).map(str.strip).filter(bool), max_size=5))
def test_loses_no_word(paragraphs: list[str]) -> None:
    """Every word of plain paragraphs is in the blocks, in order."""
    blocks = read_prose("\n\n".join(paragraphs))
    assert " ".join(line for one in blocks for line in one.lines).split() == " ".join(paragraphs).split()


# ----------------------------------------------------------------------------------------- one's own folder


def test_without_a_folder_there_are_the_shipped_ones(tmp_path: Path) -> None:
    """No folder, no data folder: nothing is wrong and nothing is more."""
    assert own_shelf(tmp_path) == ({}, ())
    assert whole_library(tmp_path) == whole_library(None) == LIBRARY


def test_a_dropped_file_is_there_and_what_is_changed_is_read_again(drop: Callable[..., Path], tmp_path: Path) -> None:
    """Beside the shipped ones, with its prose; changed or taken away, it is so at the next look."""
    path = drop("swim.toml", WALK)
    drop("swim.en.md", ABOUT)
    own = whole_library(tmp_path)["swim"]
    assert own.en.prose[1].sort == "list" or any(one.sort == "list" for one in own.en.prose)
    assert set(whole_library(tmp_path)) == {*LIBRARY, "swim"}
    path.write_text(WALK.replace('title = "A walk"', 'title = "A swim"'), "utf-8")
    os.utime(path, ns=(1, 1))
    assert whole_library(tmp_path)["swim"].en.title == "A swim"
    path.unlink()
    assert "swim" not in whole_library(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("swim.toml", "id = ", "swim.toml: file: is not TOML"),
        ("swum.toml", WALK, "swum.toml: id: the id is 'swim'"),
        ("walk.toml", WALK.replace("swim", "walk"), "walk.toml: id: 'walk' is a practice that is here already"),
        ("swim.toml", b"\xff\xfe", "swim.toml: file: is not UTF-8 text"),
        ("swim.toml", b"#" * (MOST_BYTES + 1), "swim.toml: file: is larger than 64 KB"),
        ("lonely.en.md", "Hello.", "lonely.en.md: file: is beside no practice"),
        ("notes.md", "Hello.", "notes.md: file: is beside no practice"),
    ],
)
def test_what_is_wrong_is_named_and_left_out(
    drop: Callable[..., Path], tmp_path: Path, name: str, text: str | bytes, says: str
) -> None:
    """The shipped ones are there as ever; each wrong file is told by its name and field."""
    drop(name, text)
    shelf = own_shelf(tmp_path)
    assert not shelf.practices
    assert [str(one).startswith(says) for one in shelf.wrong] == [True], shelf.wrong
    assert whole_library(tmp_path) == LIBRARY


def test_prose_that_is_wrong_is_named_by_its_own_file(drop: Callable[..., Path], tmp_path: Path) -> None:
    """A picture in the Markdown, or too much of it, or the same told twice."""
    drop("swim.toml", WALK)
    for text, says in (("![a](b.png)", "plain words only"), ("word " * 2000, "are the most")):
        drop("swim.en.md", text)
        (wrong,) = own_shelf(tmp_path).wrong
        assert str(wrong).startswith("swim.en.md: file: ")
        assert says in str(wrong)
    drop("swim.en.md", "Twice.")
    drop("swim.toml", WALK.replace("[en.ways]", 'about = "Once."\n\n[en.ways]', 1))
    (wrong,) = own_shelf(tmp_path).wrong
    assert wrong.field == "en.about"


def test_a_file_that_cant_be_read_and_one_of_an_editor_break_nothing(drop: Callable[..., Path], tmp_path: Path) -> None:
    """A folder by the name of a file is told; hidden files are passed over."""
    (tmp_path / OWN / "folder.toml").mkdir()
    drop(".swim.toml", "id =")
    (wrong,) = own_shelf(tmp_path).wrong
    assert str(wrong).startswith("folder.toml: file: can't be read")


def test_a_folder_that_must_be_whole_raises(drop: Callable[..., Path], tmp_path: Path) -> None:
    """Asked for by itself, a folder with a wrong file is refused by the first of them."""
    drop("swim.toml", "id =")
    with pytest.raises(BadInput, match=r"swim\.toml"):
        load_library(tmp_path / OWN)
