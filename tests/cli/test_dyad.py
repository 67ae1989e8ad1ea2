"""``toward dyad`` on real files: what it writes and prints, what it refuses, and that the pages tell it."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.cli.dyad_runs import HEAD, refused, run
from tests.dyad.published.recordings import opened
from toward.catalogue import words
from toward.cli import dyad_couples, group
from toward.cli.dyad import command
from toward.cli.dyad_input import daily, journal_of, pair_of
from toward.dyad.reading import read_journal

DOCS = Path(__file__).parents[2] / "docs"
HEAVY = {"numpy", "scipy", "numba", "pyarrow", "matplotlib", "toward.dyad", "toward.vault", "toward.guide"}


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
