"""``toward heart`` from files to words, JSON and pictures; what it refuses, and how it says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest
from click.testing import CliRunner, Result

from toward.catalogue import words
from toward.cli import group
from toward.heart import made_pair
from toward.heart.recording import Reason

DATA = Path(__file__).parents[3] / "shared" / "data"
DOCS = Path(__file__).parents[2] / "docs"
ONE_KEYS = {
    "kind", "duration_s", "beats", "hr_bpm", "rmssd_ms", "sdnn_ms", "breath_per_min", "quality", "abstained", "rr_ms",
    "beat_times_s", "beat_kinds", "why",
}  # fmt: skip
BEAT_WORDS = {"normal", "ectopic", "extra", "interpolated"}


def run(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(group, ["heart", *map(str, arguments)])


def intervals(rate: np.ndarray, rate_hz: float = 4) -> list[float]:
    """Intervals, in milliseconds, of a heart with such a rate."""
    now, found = 0.0, []
    while now < rate.size / rate_hz - 1:
        found.append(60_000 / rate[int(now * rate_hz)])
        now += found[-1] / 1000
    return found


@pytest.fixture(scope="module")
def couple(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two files of intervals; the second heart follows the first by two seconds."""
    pair = made_pair(coupling=0.95, lag_s=2, duration_s=300, seed=11)
    folder = tmp_path_factory.mktemp("hearts")
    for name, rate in (("a.txt", pair.a), ("b.txt", pair.b)):
        (folder / name).write_text("\n".join(f"{rr:.0f}" for rr in intervals(rate)))
    return folder / "a.txt", folder / "b.txt"


def test_one_heart_in_words(couple: tuple[Path, Path]) -> None:
    """A sentence, then each figure with its name, its error and what it is."""
    told = run(couple[0])
    assert told.exit_code == 0, told.output
    assert "beats." in told.output.splitlines()[0]
    for name in ("hr_bpm", "rmssd_ms", "sdnn_ms", "breath_per_min"):
        assert name in told.output
    assert words("heart.alone.hr_bpm") in told.output


def test_one_heart_as_json(couple: tuple[Path, Path]) -> None:
    """The promised members, of the promised types; what is null has its reason."""
    told = json.loads(run(couple[0], "--json").output)
    assert told.keys() >= ONE_KEYS
    assert told["kind"] == "rr"
    assert len(told["beat_times_s"]) == len(told["beat_kinds"]) == told["beats"]
    assert set(told["beat_kinds"]) <= BEAT_WORDS
    assert told["hr_bpm"] == pytest.approx(70, abs=4)
    assert 0 <= told["quality"] <= 1
    assert told["abstained"] is False
    for name in ("hr_bpm", "rmssd_ms", "sdnn_ms", "breath_per_min"):
        assert told[name] is not None or name in told["why"]


def test_too_short_a_recording_gives_reasons(tmp_path: Path) -> None:
    """Six beats: figures are null, each with its reason, and the words say that they are not known."""
    (tmp_path / "short.txt").write_text("812\n790\n801\n833\n845\n829\n")
    told = json.loads(run(tmp_path / "short.txt", "--json").output)
    assert told["sdnn_ms"] is None
    assert told["abstained"]
    assert set(told["why"].values()) == {"short"}
    (tmp_path / "half.txt").write_text("812\n790\n801\n833\n845\n829\n" * 8)
    told = json.loads(run(tmp_path / "half.txt", "--json").output)
    assert told["rmssd_ms"] is not None
    assert told["why"]["sdnn_ms"] == "short"
    said = run(tmp_path / "half.txt").output
    assert words("heart.alone.unknown") in said
    assert words("heart.why.short", needed=60, here=39) in said


@pytest.mark.parametrize("key", get_args(get_type_hints(Reason)["key"]))
def test_every_reason_has_words(key: str) -> None:
    """A sentence in the catalogue, and the key in the documentation."""
    assert words(f"heart.why.{key}", needed=60, here=39).endswith(".")
    assert f"| `{key}` |" in (DOCS / "hearts.md").read_text("utf-8")


def test_two_hearts_in_words(couple: tuple[Path, Path]) -> None:
    """The whole answer first, who leads, each figure's sentence, and what it doesn't mean."""
    told = run(*couple, "--surrogates", "199")
    assert told.exit_code == 0, told.output
    for key in (
        "heart.together.above",
        "heart.together.clocks",
        "heart.together.caution",
        "heart.windowed_correlation.above",
    ):
        assert words(key) in told.output
    assert words("heart.together.leads_a", seconds="2") in told.output
    assert words("heart.together.leads_b", seconds="2") in run(*reversed(couple), "--surrogates", "199").output


def test_hearts_that_go_against_each_other_are_told_so(tmp_path: Path) -> None:
    """Above chance, and never "alike": one slows down where the other speeds up."""
    rate = made_pair(coupling=0.0, lag_s=0, duration_s=300, seed=11).a
    for name, own in (("a.txt", rate), ("b.txt", 2 * rate.mean() - rate)):
        (tmp_path / name).write_text("\n".join(f"{rr:.0f}" for rr in intervals(own)))
    told = run(tmp_path / "a.txt", tmp_path / "b.txt", "--surrogates", "199").output
    assert words("heart.windowed_correlation.opposite") in told
    assert words("heart.windowed_correlation.above") not in told


def test_two_hearts_as_json(couple: tuple[Path, Path]) -> None:
    """a, b, and together: a list of name, value, lag_s, leads, p, verdict; the same again for the same seed."""
    first = run(*couple, "--json", "--surrogates", "199").output
    told = json.loads(first)
    assert told["a"].keys() >= ONE_KEYS <= told["b"].keys()
    assert len(told["together"]) == 6
    for one in told["together"]:
        assert one.keys() >= {"name", "value", "lag_s", "leads", "p", "verdict"}
        assert one["verdict"] in {"above chance", "at chance", "not enough data"}
    assert told["together"][0]["leads"] == "a"
    assert told["together"][0]["lag_s"] == pytest.approx(2, abs=0.5)
    assert told["all"]["verdict"] == "above chance"
    assert first == run(*couple, "--json", "--surrogates", "199").output


def test_too_little_of_two_is_said(tmp_path: Path) -> None:
    """A minute each: not enough data, in words and in JSON, and no number."""
    (tmp_path / "a.txt").write_text("800\n790\n810\n" * 25)
    (tmp_path / "b.txt").write_text("900\n890\n910\n" * 25)
    told = run(tmp_path / "a.txt", tmp_path / "b.txt")
    assert words("heart.together.few") in told.output
    assert words("heart.together.caution") not in told.output
    by_json = json.loads(run(tmp_path / "a.txt", tmp_path / "b.txt", "--json").output)
    assert {one["verdict"] for one in by_json["together"]} == {"not enough data"}
    assert {one["value"] for one in by_json["together"]} == {None}


def test_one_of_six_ways_is_weighed_with_the_others(couple: tuple[Path, Path]) -> None:
    """Nineteen made partners can tell 1 in 20 of one way, and never of six: that is said, and with more it is not."""
    few = run(couple[0], couple[0], "--surrogates", "19").output
    assert "above chance" in few
    assert words("heart.together.at") in few
    assert words("heart.together.luck") in few
    enough = run(couple[0], couple[0], "--surrogates", "199").output
    assert words("heart.together.above") in enough
    assert words("heart.together.luck") not in enough


def test_two_clocks_are_put_together(tmp_path: Path, couple: tuple[Path, Path]) -> None:
    """Recordings of the program's own say when they began; then the lag is a true one."""
    paths = []
    for i, source in enumerate(couple):
        now, members = (
            0.0,
            [json.dumps({"toward": "heart", "version": 1, "kind": "beats", "started_ms": 1e12 + 1000 * i})],
        )
        for rr in map(float, source.read_text().split()):
            now += rr
            members.append(json.dumps({"t_ms": now, "rr_ms": [rr]}))
        paths.append(tmp_path / f"{i}.ndjson")
        paths[-1].write_text("\n".join(members))
    told = json.loads(run(*paths, "--json", "--surrogates", "99").output)
    assert told["same_clock"] is True
    assert told["together"][0]["lag_s"] == pytest.approx(3, abs=0.5)
    assert words("heart.together.clocks") not in run(*paths, "--surrogates", "99").output


def test_pictures_are_drawn(couple: tuple[Path, Path], tmp_path: Path) -> None:
    """Of one and of two; the place is said, but not into JSON."""
    one, two = tmp_path / "one.svg", tmp_path / "two.png"
    assert words("heart.file.saved", file=str(one)) in run(couple[0], "--plot", one).output
    assert one.read_text("utf-8").count("<text") > 5
    json.loads(run(*couple, "--plot", two, "--json", "--surrogates", "19").output)
    assert two.read_bytes().startswith(b"\x89PNG")


def test_refuses_and_says_why(couple: tuple[Path, Path], tmp_path: Path) -> None:
    """No file, three files, a wrong ending, a picture over a recording, rubbish: one sentence each."""
    three = run(*couple, couple[0])
    assert (three.exit_code, words("heart.file.two") in three.output) == (2, True)
    recording = tmp_path / "mine.svg"
    recording.write_text("800\n" * 9)
    rubbish = tmp_path / "rubbish"
    rubbish.write_bytes(os.urandom(5000))
    for arguments, says in (
        ((tmp_path / "nowhere",), "There is no file"),
        ((couple[0], "--plot", tmp_path / "x.pdf"), words("heart.file.picture")),
        ((recording, "--plot", recording), words("heart.file.own")),
        ((rubbish,), "not a text file"),
        ((couple[0], "--format", "camera"), "columns for time"),
        ((couple[0], "--format", "ecg"), "--rate"),
    ):
        refused = run(*arguments)
        assert refused.exit_code == 1, refused.output
        assert refused.output.startswith("Error: ")
        assert says in refused.output
        assert "Traceback" not in refused.output
    assert run(couple[0], "--rate", "0").exit_code == 2


def test_notes_are_told(tmp_path: Path) -> None:
    """What was recognised stands before the figures."""
    (tmp_path / "s.txt").write_text("0.812\n0.790\n0.801\n0.833\n" * 30)
    assert run(tmp_path / "s.txt").output.startswith(words("heart.note.seconds"))


def test_a_long_file_shows_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above some size a bar is shown, on the side that isn't the answer's."""
    from toward.cli import heart

    monkeypatch.setattr(heart, "LONG_ROWS", 100)
    rows = [f"{np.sin(i / 8):.3f}" for i in range(6000)]
    (tmp_path / "long.csv").write_text("ecg\n" + "\n".join(rows))
    told = run(tmp_path / "long.csv", "--rate", "250", "--json")
    assert words("heart.file.reading") in told.stderr
    json.loads(told.stdout)


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    """Under .35 s of work, and neither NumPy nor Matplotlib nor Numba is loaded for it."""
    code = (
        "import sys; from toward.cli import main\n"
        "try: main(['heart', '--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'numpy', 'scipy', 'numba', 'matplotlib', 'toward.heart'} & set(sys.modules)"
    )
    spent = []
    for _ in range(3):
        before = os.times()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        after = os.times()
        spent.append(after.children_user + after.children_system - before.children_user - before.children_system)
        time.sleep(0)
    assert min(spent) <= 0.35


@pytest.mark.skipif(not DATA.is_dir() and "CI" not in os.environ, reason="the recordings are not here")
def test_real_recordings_are_told() -> None:
    """An ECG record by its bare name, a camera's frames, a strap's intervals: each says what it is."""
    for name, kind in (
        ("ecg/208", "ecg"),
        ("camera/welltory/subject_01/PPG.csv", "camera"),
        ("camera/welltory/subject_01/RR.txt", "rr"),
        ("ecg/100.atr", "rr"),
    ):
        told = json.loads(run(DATA / name, "--json").output)
        assert told["kind"] == kind
        assert told["hr_bpm"] is not None or told["abstained"]
