"""``toward dyad`` on real files: what it writes and prints, what it refuses, and that the pages tell it."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.dyad.published.recordings import opened
from toward.catalogue import words
from toward.cli import dyad_couples, group
from toward.cli.dyad import command
from toward.cli.dyad_input import daily, journal_of, pair_of
from toward.dyad.reading import read_journal
from toward.vault import keys, portable

if TYPE_CHECKING:
    from click.testing import Result

DOCS = Path(__file__).parents[2] / "docs"
HEAVY = {"numpy", "scipy", "numba", "pyarrow", "matplotlib", "toward.dyad", "toward.vault", "toward.guide"}
HEAD = "time_days,partner,kind,value\n"


def run(*arguments: object) -> Result:
    """Run ``toward dyad`` with what is given."""
    return CliRunner().invoke(group, ["dyad", *map(str, arguments)])


def refused(*arguments: object) -> str:
    """What it says when it ends with 1 and one sentence."""
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three made-up couples in each form."""
    folder = tmp_path_factory.mktemp("couples")
    for suffix in ("parquet", "csv", "json"):
        truth = ("--truth", folder / "truth.csv") if suffix == "csv" else ()
        made = run("simulate", "--couples", 3, "--days", 20, "--seed", 4, "--out", folder / f"made.{suffix}", *truth)
        assert made.exit_code == 0, made.output
        assert words("research.simulated", n=3, file=str(folder / f"made.{suffix}")) in made.output
    return folder


@pytest.fixture(scope="module")
def fitted(folder: Path) -> dict[str, Any]:
    """What a fit of one of them prints as JSON."""
    result = run("fit", folder / "made.csv", "--couple", 1, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


# -------------------------------------------------------------------------------------------- simulate


def test_all_forms_hold_the_same_couples(folder: Path) -> None:
    """Parquet, CSV and JSON, row for row."""
    table = pq.read_table(folder / "made.parquet")
    assert table.schema.field("partner").type == pa.dictionary(pa.int8(), pa.string())
    rows = [tuple(row.values()) for row in table.to_pylist()]
    with (folder / "made.csv").open() as file:
        header, *lines = csv.reader(file)
    assert header == table.column_names
    assert [(int(c), float(t), p, k, float(v) if v else None) for c, t, p, k, v in lines] == rows
    listed = json.loads((folder / "made.json").read_text())
    flat = [
        (one["couple"], *row)
        for one in listed
        for row in zip(one["time_days"], one["partner"], one["kind"], one["value"], strict=True)
    ]
    assert flat == rows
    assert {row[0] for row in rows} == {0, 1, 2}


def test_a_couple_is_the_same_however_many_others_there_are(folder: Path, tmp_path: Path) -> None:
    """And another seed makes others."""
    text = (folder / "made.csv").read_text()
    for seed, same in ((4, True), (5, False)):
        out = tmp_path / f"{seed}.csv"
        run("simulate", "--couples", 2, "--days", 20, "--seed", seed, "--out", out)
        assert text.startswith(out.read_text()) is same


def test_what_is_true_of_them_stands_beside(folder: Path) -> None:
    """One line a couple, all parameters, and where they ended."""
    with (folder / "truth.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["couple"] for row in rows] == ["0", "1", "2"]
    assert {"m_a", "gw_b", "k", "x_a", "x_b"} <= set(rows[0])
    assert len({row["m_a"] for row in rows}) == 3


def test_many_rows_are_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that memory holds a few couples only, however many there are."""
    monkeypatch.setattr(dyad_couples, "AT_ONCE", 200)
    out = tmp_path / "made.parquet"
    assert run("simulate", "--couples", 6, "--days", 10, "--out", out).exit_code == 0
    groups = pq.ParquetFile(out)
    assert groups.num_row_groups >= 3
    assert pq.read_table(out).column("couple").to_pylist() == sorted(pq.read_table(out).column("couple").to_pylist())


def test_a_broken_run_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither under its name nor half."""

    def broken(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dyad_couples, "simulate", broken)
    assert run("simulate", "--out", tmp_path / "made.csv", "--truth", tmp_path / "truth.csv").exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_simulate_refuses_what_it_cannot_write(folder: Path, tmp_path: Path) -> None:
    """Another ending, a file that is there, a folder that is not."""
    assert words("research.suffix", file="x.xlsx", known=".parquet, .csv, .json") in refused(
        "simulate", "--out", tmp_path / "x.xlsx"
    )
    assert "is there already" in refused("simulate", "--out", folder / "made.csv")
    assert "Choose another place" in refused("simulate", "--couples", 1, "--out", tmp_path / "no" / "x.csv")
    assert run("simulate", "--couples", 0, "--out", tmp_path / "x.csv").exit_code == 2


# ------------------------------------------------------------------------------------------------- fit


def test_fit_prints_what_the_page_promises(fitted: dict[str, Any]) -> None:
    """Every key of ``docs/model.md`` with its kind, and no other."""
    page = (DOCS / "model.md").read_text("utf-8")
    section = page[page.index("## What `fit --json` prints") :]
    told = re.findall(r"^\| `(\w+)` \|", section[: section.index("\nParameters, ")], re.MULTILINE)
    assert set(told) == set(fitted)
    for name, one in fitted["parameters"].items():
        assert set(one) == {"mean", "sd", "shrinkage"}, name
        assert f"`{name.removesuffix('_a').removesuffix('_b')}`" in page
    assert set(fitted["state"]) == {"a", "b"}
    assert all(1 < one["mean"] < 7.5 and one["sd"] > 0 for one in fitted["state"].values())
    assert 0 <= fitted["trap_probability"] <= 1
    assert fitted["dance"] is None or set(fitted["dance"]) == {"figure", "probability"}
    assert (fitted["dance"] is None) == isinstance(fitted["why"], str)
    for effect in fitted["effects"].values():
        assert effect["low95"] <= effect["low80"] <= effect["mean"] <= effect["high80"] <= effect["high95"]
    assert set(fitted["log_score"]) == {"model", "random_walk", "ar1", "apim", "climatology"}
    assert fitted["seconds"] > 0


def test_fit_is_the_same_from_each_form(folder: Path, fitted: dict[str, Any]) -> None:
    """A Parquet file, a CSV and JSON of the same couple: all but the time it took."""
    again = json.loads(run("fit", folder / "made.parquet", "--couple", 1, "--json").stdout)
    assert {**again, "seconds": 0} == {**fitted, "seconds": 0}
    one, two = (journal_of(folder / f"made.{suffix}", "2") for suffix in ("csv", "json"))
    assert [str(column.tolist()) for column in one] == [str(column.tolist()) for column in two]


def test_fit_tells_a_terminal(folder: Path) -> None:
    """Where the two are, what is known, and what is still a guess."""
    told = run("fit", folder / "made.csv", "--couple", 1).output
    for key in ("title.state", "title.effects", "title.parameters", "title.log_score"):
        assert words(f"research.{key}") in told
    assert words("research.practice.softening") in told


def test_fit_of_nothing_is_the_starting_guess(tmp_path: Path) -> None:
    """No answers, one person, answers that are all the same: wide, and said so."""
    file, found = tmp_path / "few.csv", {}
    for rows, note in (("", "no_answers"), ("1,a,checkin,5\n", "one_person")):
        file.write_text(HEAD + rows)
        found = json.loads(run("fit", file, "--json").stdout)
        assert note in found["notes"]
        assert found["state"]["b"]["sd"] > 0.5
        assert abs(found["parameters"]["k"]["shrinkage"]) < 0.1
    assert found["log_score"]["model"] is None or found["log_score"]["model"] < 0
    assert words("research.note.one_person") in run("fit", file).output


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


def test_a_bad_table_is_told(folder: Path, tmp_path: Path) -> None:
    """Missing columns, names that are none, and couples that are not there."""
    for made in (folder / "made.parquet", folder / "made.json"):
        assert words("research.which_couple", n=3) in refused("fit", made)
        for couple in ("7", "x"):
            assert words("research.no_couple", couple=couple) in refused("fit", made, "--couple", couple)
    odd = '[{"couple": 0, "time_days": ["x"], "partner": ["a"], "kind": ["bid"], "value": [1]}]'
    for text in ("[1]", "[", '[{"couple": 0}]', odd):
        (tmp_path / "bad.json").write_text(text)
        assert words("research.no_table", file="bad.json") in refused("fit", tmp_path / "bad.json")
    file = tmp_path / "t.parquet"
    pq.write_table(pa.table({"time_days": [1.0]}), file)
    assert words("research.no_column", name="partner", known="time_days") in refused("fit", file)
    row = {"time_days": [1.0], "partner": ["c"], "kind": ["checkin"], "value": [4.0]}
    pq.write_table(pa.table(row), file)
    assert words("research.no_name", row=1, column="partner", known="a, b, both") in refused("fit", file)


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


# ------------------------------------------------------------------------------------------------ show


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_a_picture_is_drawn(folder: Path, tmp_path: Path, suffix: str) -> None:
    """By day and by dusk; a file that is there is left alone; another ending is refused."""
    out = tmp_path / f"picture.{suffix}"
    options = ("--dark",) if suffix == "png" else ()
    assert run("show", folder / "made.csv", "--couple", 0, "--out", out, *options).exit_code == 0
    drawn = out.read_bytes()
    assert drawn.startswith(b"<?xml" if suffix == "svg" else b"\x89PNG")
    assert len(drawn) > 20_000
    assert "is there already" in refused("show", folder / "made.csv", "--couple", 0, "--out", out)
    assert out.read_bytes() == drawn


def test_a_picture_of_nothing_says_so(tmp_path: Path) -> None:
    """An empty journal makes a small page with one sentence; a bad ending is told."""
    file = tmp_path / "none.csv"
    file.write_text(HEAD)
    assert run("show", file, "--out", tmp_path / "none.svg").exit_code == 0
    assert (tmp_path / "none.svg").exists()
    assert "a picture ends in .svg, .png, .pdf" in refused("show", file, "--out", tmp_path / "none.bmp")


# --------------------------------------------------------------------------------------------- compare


def test_compare_gives_the_published_digits() -> None:
    """Of the couple that Gottman and Murray's equations were first fitted to."""
    found = json.loads(run("compare", opened("gottman_couple.csv"), "--json").stdout)
    assert (found["a"], found["b"], found["moments"], found["neutral"]) == ("wife", "husband", 150, 0)
    assert found["models"]["gottman_original"]["a"]["inertia"] == pytest.approx(0.6985029, abs=6e-8)
    assert found["models"]["gottman_none"]["b"]["aic"] == pytest.approx(881.3064881, abs=6e-7)
    assert set(found["models"]) == {
        *(f"gottman_{shape}" for shape in ("original", "none", "bilinear", "ojive", "step")),
        *("inertia_coordination", "coupled_oscillator", "apim", "var1", "ar1", "linear_ou"),
    }


def test_the_page_lists_every_model_that_compare_prints() -> None:
    """By its key."""
    found = json.loads(run("compare", opened("gottman_couple.csv"), "--json").stdout)
    page = (DOCS / "model.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in found["models"])


def test_compare_reads_a_journal_by_days(folder: Path) -> None:
    """Each day's mean; the middle of the scale counts as neutral; a model that can't be fitted says why."""
    pair = pair_of(folder / "made.csv", "1", None)
    assert (pair.name_a, pair.neutral, pair.a.size) == ("a", 4.0, 20)
    told = run("compare", folder / "made.csv", "--couple", 1, "--lag", -1).output
    assert "var1" in told
    assert "inertia_coordination" in told
    again = json.loads(run("compare", folder / "made.parquet", "--couple", 1, "--json").stdout)
    assert again["moments"] == 20
    journal = read_journal(HEAD + "0.1,a,checkin,3\n0.9,a,checkin,5\n2.2,b,checkin,6\n1.5,a,checkin,\n")
    one, two = daily(journal)
    assert str(one.tolist()) == "[4.0, nan, nan]"
    assert str(two.tolist()) == "[nan, nan, 6.0]"


def test_compare_of_too_little_says_why_for_each(tmp_path: Path) -> None:
    """No model is fitted to two moments, and none of them breaks the command."""
    file = tmp_path / "short.csv"
    for text in ("x,y\n1,2\n2,1\n", HEAD):
        file.write_text(text)
        found = json.loads(run("compare", file, "--json").stdout)
        assert all("why" in model for model in found["models"].values())
        assert run("compare", file).exit_code == 0
    file.write_text("x,y,z\n1,2,3\n")
    assert "which two columns" in refused("compare", file)
    assert run("compare", file, "--columns", "x", "z").exit_code == 0


# ------------------------------------------------------------------------------------------------ help


def test_the_page_tells_the_help_of_every_subcommand() -> None:
    """``docs/commands.md`` has each help word for word, and tells of no other."""
    page = (DOCS / "commands.md").read_text("utf-8")
    told = dict(re.findall(r"^### toward dyad ([\w-]+)\n.*?^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    assert set(told) == set(command.commands)
    for name, text in told.items():
        shown = CliRunner().invoke(group, ["dyad", name, "--help"], prog_name="toward", terminal_width=80)
        assert text == shown.output, f"docs/commands.md: the help of {name} has changed"


@pytest.mark.parametrize("name", [*command.commands])
def test_help_loads_nothing_heavy(name: str) -> None:
    """So that it is there at once."""
    code = (
        f"import sys\nfrom toward.cli import main\ntry: main(['dyad', {name!r}, '--help'])\nexcept SystemExit: pass\n"
    )
    code += f"print(sorted({HEAVY!r} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout.splitlines()[-1] == "[]"
