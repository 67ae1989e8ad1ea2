"""What ``toward dyad fit`` reads: journals of every sort, an app's export; and what it refuses, with the place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest

from tests.cli.dyad_runs import HEAD, refused, run
from toward.catalogue import words
from toward.cli.dyad_input import journal_of
from toward.vault import keys, portable

if TYPE_CHECKING:
    from pathlib import Path


def fit_of(file: Path, rows: list[str]) -> dict[str, Any]:
    """What a fit of some rows prints, but for the time it took."""
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows))
    result = run("fit", file, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout, parse_constant=pytest.fail)
    return {**found, "seconds": 0}


WEEK = [f"{day + 0.4 + n / 8},{who},checkin,{3 + (day + n) % 3}" for day in range(7) for n, who in enumerate("ab")]


def test_rows_may_stand_in_any_order(tmp_path: Path) -> None:
    """And a question left open, empty or as "nan", is as if it had not been asked."""
    file = tmp_path / "week.csv"
    plain = fit_of(file, WEEK)
    assert plain["answers"] == 14
    assert fit_of(file, WEEK[::-1]) == plain
    assert fit_of(file, [*WEEK, "2.9,a,checkin,", "3.9,b,checkin,nan", "3.95,b,bid,NA"]) == plain


def test_a_year_without_a_word_is_only_a_gap(tmp_path: Path) -> None:
    """Answers on both sides of it count, and nothing else is made of it."""
    later = [f"{float(row.split(',')[0]) + 380},{row.split(',', 1)[1]}" for row in WEEK]
    found = fit_of(tmp_path / "gap.csv", [*WEEK, *later])
    assert found["notes"] == []
    assert found["answers"] == 28
    assert all(one["sd"] < 1 for one in found["state"].values())


def test_a_hundred_thousand_answers_are_read(tmp_path: Path) -> None:
    """Fourteen years of days that are all alike: nothing to compare, and told so."""
    file = tmp_path / "many.csv"
    file.write_text(HEAD + "".join(f"{n / 20},{'ab'[n % 2]},checkin,{3 + n % 4}\n" for n in range(100_000)))
    assert journal_of(file, None).value.size == 100_000
    found = json.loads(run("compare", file, "--json").stdout)
    assert found["moments"] == 5000
    assert "never moves" in found["models"]["linear_ou"]["why"]


def test_answers_that_are_all_the_same_teach_little(tmp_path: Path) -> None:
    """And the fit says so."""
    found = fit_of(tmp_path / "same.csv", [f"{day},{who},checkin,4" for day in range(10) for who in "ab"])
    assert found["notes"] == ["no_spread"]
    assert found["trap_probability"] < 0.95
    assert found["parameters"]["gw_a"]["shrinkage"] < 0.3


def test_nothing_is_said_to_help_where_somebody_was_frightened(tmp_path: Path) -> None:
    """No practice is offered by numbers after an act that frightened."""
    file = tmp_path / "fear.csv"
    rows = "".join(f"{day},{who},checkin,{3 + day % 3}\n" for day in range(12) for who in "ab")
    file.write_text(HEAD + rows + "6.5,a,frightening,1\n")
    assert json.loads(run("fit", file, "--json").stdout)["effects"] == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "1,a,checkin,9\n", "line 2: checkin of 9; it goes from 1 to 7"),
        (HEAD + "1,a,checkin,4.5\n", "line 2: checkin takes whole steps"),
        (HEAD + "1,a,checkin,4\n1,b,checkin,4\n1,a,checkin,5\n", "line 4: the checkin of a at 1 days stands on line 2"),
        (HEAD + "0,a,checkin,4\n99999,a,checkin,4\n", "are the times in days?"),
        (HEAD + "x,a,checkin,4\n", "line 2: time_days is 'x'"),
        ("day,who\n1,a\n", "line 1: no column time_days"),
        ('{"format": "other"}', "not a file that Toward saved"),
        ("couple," + HEAD + "0,1,a,checkin,4\n1,1,a,checkin,4\n", "say which couple"),
    ],
)
def test_a_bad_file_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    """For each kind of file."""
    file = tmp_path / "bad.csv"
    file.write_text(text)
    assert told in refused("fit", file)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    """With the line of the first such byte; and a Parquet file that is none."""
    file = tmp_path / "bad.csv"
    file.write_bytes(HEAD.encode() + b"1,a,checkin,\xff\n")
    assert words("research.not_text", line=2) in refused("fit", file)
    parquet = tmp_path / "bad.parquet"
    parquet.write_bytes(b"PAR1 or not")
    assert words("research.no_table", file="bad.parquet") in refused("fit", parquet)
    assert run("fit", tmp_path / "nothing.csv").exit_code == 2


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be anything."""
    monkeypatch.setattr("toward.cli.dyad_input.MOST_BYTES", 10)
    file = tmp_path / "long.csv"
    file.write_text(HEAD)
    assert words("research.too_long", file="long.csv", most=0) in refused("fit", file)


# ------------------------------------------------------------------------------------- an app's export


def exported(tmp_path: Path) -> Path:
    """A person's file with a few entries, as the app writes it."""
    bodies: list[tuple[str, str, str, dict[str, Any]]] = [
        ("checkin", "private", "me", {"felt": 3, "there": True, "share": False, "words": ""}),
        ("line_point", "shared", "partner", {"felt": 5}),
        ("pause", "shared", "partner", {"until_ms": 1}),
        ("from_the_future", "private", "me", {"x": 1}),
    ]
    items = [
        portable.Item(
            id=keys.derive(bytes([number]), "test")[:16],
            kind=kind,
            version=1,
            at_ms=1_764_000_000_000 + number * 3_600_000,
            at="",
            tz_min=0,
            where=where,  # type: ignore[arg-type]
            author=author,  # type: ignore[arg-type]
            author_id=bytes(16) if where == "shared" else None,
            body=body,
        )
        for number, (kind, where, author, body) in enumerate(bodies)
    ]
    file = portable.File(format=portable.FORMAT, version=1, exported_at="", name="Mara", entries=items)
    path = tmp_path / "mine.json"
    path.write_bytes(msgspec.json.encode(file))
    return path


def test_an_export_is_read_by_the_guide(tmp_path: Path) -> None:
    """What each entry says is the guide's matter; a kind that is not known yet is left out."""
    journal = journal_of(exported(tmp_path), None)
    assert journal.value.tolist() == [3, 1, 5, 1]
    assert np.diff(journal.time_days) == pytest.approx([0, 1 / 24, 1 / 24])


def test_an_entry_that_does_not_read_is_told_by_its_number(tmp_path: Path) -> None:
    """A felt safety of nine is nobody's."""
    path = exported(tmp_path)
    path.write_text(path.read_text().replace('"felt":5', '"felt":9'))
    assert "entry 2 can't be read" in refused("fit", path)
