"""``toward soften``: one message, many, a file, as text and as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from toward.cli import group
from toward.words import soften, what_to_say_of

if TYPE_CHECKING:
    from pathlib import Path

HARD = "You never listen, you only care about work"


def run(*arguments: str, says: str | bytes = "") -> str:
    """What the command prints; it ends well."""
    result = CliRunner().invoke(group, ["soften", *arguments], input=says)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_message_gets_reasons_and_five_slots() -> None:
    """Each span with its reason, then what may lie under it, as questions."""
    told = run(HARD)
    found = soften(HARD)
    assert told.startswith(HARD)
    for span in found.spans:
        assert f"“{HARD[span.start : span.end]}”: {span.why}" in told
    for slot in found.softer:
        assert slot
        assert slot in told


def test_standard_input_is_one_message() -> None:
    """With its new lines, when nobody asked for JSON."""
    assert run(says="You never listen.\nYou only care about work.\n").startswith("You never listen.\nYou only care")


def test_a_clean_message_gets_nothing_or_one_warm_word() -> None:
    """A plain message comes back alone; an open one with one sentence."""
    assert run("Train at six.") == "Train at six.\n"
    assert run("I miss you. Would you walk with me tonight?").count("\n") == 2


def test_doubt_is_said() -> None:
    """Where it is not sure, it says so before the reasons."""
    assert soften("as always").verdict == "perhaps"
    assert "You know better" in run("as always")


@pytest.mark.parametrize("text", ["he took my keys", "I want to die", "you'll regret it"])
def test_danger_gets_a_sentence_and_no_softer_form(text: str) -> None:
    """Help lines are named; nothing is made softer."""
    told = run(text)
    assert "Help lines" in told
    assert "What I feel" not in told


def test_who_threatens_to_die_reads_first_that_they_are_not_alone() -> None:
    """Then what it does to the other; nothing is softer, and the lines are named once."""
    told = run("If you leave me I will kill myself")
    assert told.index(what_to_say_of("self_harm")) < told.index(what_to_say_of("threat"))
    assert told.count("Help lines") == 1
    assert "What I feel" not in told


def test_json_is_one_object_a_line_with_the_keys_that_stay() -> None:
    """One line in, one out, empty lines too; the keys of the promise, with their sorts."""
    lines = run("--json", says=f"{HARD}\n\nhi love\n").splitlines()
    assert len(lines) == 3
    hard, empty, kind = (json.loads(line) for line in lines)
    assert {"text", "verdict", "harsh", "labels", "spans", "danger", "softer"} <= set(hard)
    assert hard["text"] == HARD
    assert hard["verdict"] == "clear"
    assert set(hard["spans"][0]) == {"start", "end", "label", "why"}
    assert set(hard["softer"]) == {"saw", "feel", "fear", "long", "invite"}
    assert empty["text"] == ""
    assert kind["softer"] == dict.fromkeys(hard["softer"])
    assert json.loads(run("--json", HARD)) == hard


def test_a_file_is_read_line_by_line(tmp_path: Path) -> None:
    """Each line is a message, as JSON or as text; broken bytes are no reason to stop."""
    path = tmp_path / "messages.txt"
    path.write_bytes(HARD.encode() + b"\n\xff\xfe ok\nhi\n")
    assert len(run("--json", str(path)).splitlines()) == 3
    assert run(str(path)).startswith(HARD)


@pytest.mark.parametrize("text", ["a\x00b", "x" * 5000, "you never\x1b[2J listen"])
def test_no_message_is_taken_for_a_broken_name(text: str) -> None:
    """What can't be a file's name is a message; what would move the cursor does not reach the terminal."""
    assert "\x1b[2J" not in run(text)


def test_it_starts_without_what_is_heavy() -> None:
    """No numbers library, no server, no database to read one message."""
    code = "import sys\nfrom toward.cli import main\ntry: main(['soften', 'hi'])\nexcept SystemExit: pass\n"
    code += (
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'scipy', 'starlette', 'sqlalchemy', 'nacl'}))"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert out == "hi\n[]\n"
