"""Files of intervals and tables as devices and people write them: layouts, units, clocks, gaps, and rubbish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toward.errors import BadInput, NotFound, TowardError, UnreadableFile
from toward.heart.formats import FORMATS, Reading, joined, open_recording, read
from toward.heart.recording import Beats, CameraFrames, Ecg, Ppg

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RR = [812.0, 790, 801, 833, 845, 829, 795, 780, 799, 818]


def intervals(reading: Reading) -> list[float]:
    """The intervals between the beats that were read, in whole milliseconds."""
    assert isinstance(reading.recording, Beats)
    return [float(rr) for rr in np.round(np.diff(reading.recording.time_s) * 1000)]


def notes(reading: Reading) -> list[str]:
    """The keys of what was noted."""
    return [note.key for note in reading.notes]


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("812\n790\n801\n833\n845\n829\n795\n780\n799\n818\n", []),  # Elite HRV
        ("812 790 801 833 845 829 795 780 799 818", []),  # Welltory
        ("812,790,801,833,845,829,795,780,799,818\n", []),
        ("812.0\r\n790\n801\r833\r\n845\n829\n795\n780\n799\n818", []),
        ("\ufeff812\n790\n801\n833\n845\n829\n795\n780\n799\n818", []),
        ("0.812\n0.790\n0.801\n0.833\n0.845\n0.829\n0.795\n0.780\n0.799\n0.818", ["seconds"]),  # Kubios in seconds
        ("0,812\n0,790\n0,801\n0,833\n0,845\n0,829\n0,795\n0,780\n0,799\n0,818", ["seconds"]),
        ("812000\n790000\n801000\n833000\n845000\n829000\n795000\n780000\n799000\n818000", ["micro"]),
        ("# made on a Monday\nName: Mara\n\nRR\n812\n790\n801\n833\n845\n829\n795\n780\n799\n818", []),
        ("rr_ms\n812\n790\n801\n833\n845\n829\n795\n780\n799\n818", []),
        ("RR [s]\n.812\n.790\n.801\n.833\n.845\n.829\n.795\n.780\n.799\n.818", []),
        ("RR [ms]\n.812\n.790\n.801\n.833\n.845\n.829\n.795\n.780\n.799\n.818", ["seconds"]),
        ("rr (1/1024 s)\n831.488\n808.96\n820.224\n852.992\n865.28\n848.896\n814.08\n798.72\n818.176\n837.632", []),
    ],
)
def test_reads_intervals_as_they_are_written(write: Callable[[str], Path], text: str, noted: list[str]) -> None:
    """One number a line or all on one; any line ends; headings; units told, or plain from the size and then noted."""
    reading = read(write(text))
    assert intervals(reading) == RR
    assert notes(reading) == noted
    assert reading.format == "rr"


def test_reads_a_clock_beside_the_intervals(write: Callable[[str], Path]) -> None:
    """Named or not, with any delimiter; the clock shows the silence in which beats are missing."""
    ends = np.cumsum(RR) / 1000
    rows = [f"{end:.3f};{rr:.0f}" for end, rr in zip(ends, RR, strict=True)]
    late = [f"{end + 30 * (i > 4):.3f},{rr:.0f}" for i, (end, rr) in enumerate(zip(ends, RR, strict=True))]
    plain = read(write("\n".join(rows)))
    assert intervals(plain) == RR
    spaced = read(write("\n".join(rows).replace(";", "  ")))
    assert intervals(spaced) == RR
    gapped = read(write("time,RR-interval [ms]\n" + "\n".join(late)))
    assert isinstance(gapped.recording, Beats)
    assert gapped.recording.gaps.round(3).tolist() == [[4.081, 34.081]]
    assert notes(gapped) == ["gaps"]
    dated = read(
        write(
            "Phone timestamp;RR-interval [ms]\n" + "\n".join(f"2026-01-02T10:00:0{i};{rr}" for i, rr in enumerate(RR))
        )
    )
    assert intervals(dated) == RR


def test_ticks_show_by_the_clock_alone(write: Callable[[str], Path]) -> None:
    """1/1024 s looks like milliseconds; only a clock beside it proves otherwise, and then it is said."""
    drawn = np.random.default_rng(1)
    rr = drawn.normal(850, 40, 120)
    ends = np.cumsum(rr) / 1000
    ticks = np.round(rr * 1.024)
    with_clock = read(write("time,rr\n" + "\n".join(f"{e:.3f},{t:.0f}" for e, t in zip(ends, ticks, strict=True))))
    assert notes(with_clock) == ["ticks"]
    assert isinstance(with_clock.recording, Beats)
    assert np.diff(with_clock.recording.time_s).mean() == pytest.approx(rr.mean() / 1000, rel=0.001)
    alone = "\n".join(f"{t:.0f}" for t in ticks)
    assert notes(read(write(alone))) == []
    told = read(write(alone), unit="1/1024 s")
    assert isinstance(told.recording, Beats)
    assert np.diff(told.recording.time_s).mean() == pytest.approx(rr.mean() / 1000, rel=0.001)
    honest = read(write("time,rr\n" + "\n".join(f"{e:.3f},{t:.0f}" for e, t in zip(ends, rr, strict=True))))
    assert notes(honest) == []


def test_missing_intervals_are_gaps(write: Callable[[str], Path]) -> None:
    """A word or a zero among the numbers is a stretch of unknown length, and no interval reaches over it."""
    reading = read(write("812\n790\nlost\n801\n0\n833\n845\n829\n795\n780"))
    assert isinstance(reading.recording, Beats)
    assert reading.recording.gaps.shape == (2, 2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\n\n \n", "empty"),
        ("dear diary\nnothing today\n", "numbers"),
        ("70\n71\n72\n70\n", "unit"),  # heart rates
        ("nan\nnan\n", "empty"),
        ("time,rr\n" + "\n".join(f"{10 - i},{800 + i}" for i in range(10)), "time"),
        ("a,b\n1,2\n3,4\n", "column"),
        ("HR (bpm)\n70\n71\n", "rate"),
        ("rr,hr\nx,70\ny,71\n", "numbers"),
        ("1;2;3\n4;5;6\n", "column"),
        (b"\x00\x01\x02\x03" * 100, "binary"),
        ("8" * 5_000_000, "line"),
        ("rr\n" + "nan\n" * 3 + "1\n" * 2, "numbers"),
        ("nan 3\nnan nan\n" * 3 + "rr 9\n" * 9, "unit"),
        ("800\n" + "3\n" * 2 + "800\n" * 2 + "9000\n" * 2 + "4000\n", "unit"),
        ("time,rr\n" + "".join(f"{i * 0.8 - 2 * (i % 8 == 0)},800\n" for i in range(40)), "time"),
    ],
)
def test_refuses_what_holds_no_intervals(write: Callable[[str | bytes], Path], text: str | bytes, reason: str) -> None:
    """A clear error with its reason, and never a number."""
    with pytest.raises(UnreadableFile) as refused:
        read(write(text))
    assert refused.value.reason == reason
    assert str(refused.value) != refused.value.__class__.__doc__


def test_reads_samples_with_a_clock(write: Callable[[str], Path]) -> None:
    """The rate is the clock's; samples that are missing are NaN in their places, late ones are left out, all said."""
    stamps = np.arange(500) * 0.004
    kept = np.r_[0:200, 240:500]
    rows = [f"{stamps[i]:.3f},{i}" for i in kept]
    rows.insert(100, "0.100,999")
    reading = read(write("time [s],ECG\n" + "\n".join(rows)))
    assert isinstance(reading.recording, Ecg)
    assert reading.recording.rate_hz == 250
    assert reading.recording.samples.size == 500
    assert np.isnan(reading.recording.samples[200:240]).all()
    assert np.array_equal(reading.recording.samples[kept], kept)
    assert notes(reading) == ["signal", "gaps", "disorder"]


def test_reads_rounded_stamps_as_even(write: Callable[[str], Path]) -> None:
    """A clock with two digits at 125 a second has equal stamps; the samples are even all the same."""
    rows = [f"{i / 125:.2f},{i % 7}" for i in range(2000)]
    reading = read(write("Time [s],PLETH\n" + "\n".join(rows)))
    assert isinstance(reading.recording, Ppg)
    assert reading.recording.rate_hz == 125
    assert reading.recording.samples.size == 2000
    assert np.isfinite(reading.recording.samples).all()


def test_reads_samples_without_a_clock(write: Callable[[str], Path]) -> None:
    """Then somebody has to say the rate; a column is chosen by name, or by the usual lead."""
    text = "V1,II,PPG\n" + "\n".join(f"{i},{2 * i},{3 * i}" for i in range(50))
    with pytest.raises(BadInput, match="--rate"):
        read(write(text))
    chosen = read(write(text), rate_hz=100).recording
    assert isinstance(chosen, Ecg)
    assert chosen.samples[:3].tolist() == [0, 2, 4]
    named = read(write(text), rate_hz=100, column="ppg").recording
    assert isinstance(named, Ppg)
    assert named.samples[:3].tolist() == [0, 3, 6]
    by_format = read(write(text), rate_hz=100, format="ppg").recording
    assert isinstance(by_format, Ppg)
    bare = read(write("1\n2\n3\n"), rate_hz=100, format="ecg").recording
    assert bare[0].tolist() == [1, 2, 3]
    with pytest.raises(BadInput, match="no column"):
        read(write(text), rate_hz=100, column="ECG")
    with pytest.raises(BadInput, match="Name one"):
        read(write("a,b\n1,2\n3,4\n"), rate_hz=100, format="ecg")


def test_reads_camera_frames(write: Callable[[str], Path]) -> None:
    """Stamps jitter and stay as they are; milliseconds show by their steps; a broken or late frame is left out."""
    stamps = np.cumsum(np.random.default_rng(1).integers(20, 50, 300))
    rows = [f"{t},{200 + i % 5},0.0,0.01" for i, t in enumerate(stamps)]
    rows[50] = "x,,,"
    rows[60] = rows[10]
    reading = read(write("time,R,G,B\n" + "\n".join(rows)))
    assert isinstance(reading.recording, CameraFrames)
    assert reading.recording.time_s.size == 298
    assert (np.diff(reading.recording.time_s) > 0).all()
    assert notes(reading) == ["time_unit", "disorder"]
    rows.reverse()
    with pytest.raises(UnreadableFile, match="runs backwards"):
        read(write("time,R,G,B\n" + "\n".join(rows)))
    with pytest.raises(UnreadableFile, match="columns for time"):
        read(write("time,R,G\n0,1,2\n"), format="camera")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("time,ecg\n" + "5,1\n" * 20, "does not go on"),
        ("time,ecg\n" + "".join(f"{i * 70},1\n" for i in range(20)), "fits no unit"),
        ("time,ecg\n" + "".join(f"{i * 0.004},1\n" for i in range(20)) + "900000,1\n", "more than a day"),
        ("time,ecg\n" + "".join(f"{(i % 10) * 0.004},1\n" for i in range(200)), "backwards"),
        ("time,ecg\n" + "".join(f"{i * 0.004},1\n" for i in range(20)) + "a,b\n" * 40, "hold no number"),
    ],
)
def test_refuses_clocks_that_can_not_be(write: Callable[[str], Path], text: str, says: str) -> None:
    """Standing still, in no unit, jumping, running back, ending in prose."""
    with pytest.raises(UnreadableFile, match=says):
        read(write(text))


def test_refuses_what_was_asked_wrongly(write: Callable[[str], Path], tmp_path: Path) -> None:
    """No file, no format, no rate, no unit of that name."""
    path = write("812\n790\n801\n")
    with pytest.raises(NotFound):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(NotFound):
        read(path, format="wfdb")
    for wrong in ({"format": "mp3"}, {"rate_hz": 0.0}, {"rate_hz": 1e9}, {"unit": "h"}, {"column": "rr"}):
        with pytest.raises(BadInput):
            read(path, **wrong)
    with pytest.raises(UnreadableFile):
        joined(iter([]))


def test_other_alphabets_are_read(tmp_path: Path) -> None:
    """UTF-16 with its mark, and Latin-1 for what is neither."""
    path = tmp_path / "sixteen.txt"
    path.write_bytes("RR\n812\n790\n801\n".encode("utf-16"))
    assert intervals(read(path)) == [812, 790, 801]
    path.write_bytes("Größe\n812\n790\n801\n".encode("latin-1"))
    assert intervals(read(path)) == [812, 790, 801]


def test_a_day_is_read_in_pieces(tmp_path: Path) -> None:
    """No piece is larger than another day's, and together they are the file."""
    path = tmp_path / "long.csv"
    with path.open("w") as target:
        target.write("ecg\n")
        target.writelines(f"{i % 1000}\n" for i in range(100_000))
    opened = open_recording(path, rate_hz=250)
    sizes = [piece[0].size for piece in opened.pieces()]
    assert sum(sizes) == 100_000
    assert max(sizes) <= 16_384
    assert opened.rows == pytest.approx(100_000, rel=0.35)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400), kind=st.sampled_from(FORMATS))
def test_rubbish_is_refused_or_read(write: Callable[[bytes], Path], content: bytes, kind: str) -> None:
    """Whatever the bytes: a recording of finite, rising times, or an error of ours; no other, and no hanging."""
    try:
        recording = read(write(content), format=kind, rate_hz=100.0).recording
    except TowardError:
        return
    if isinstance(recording, (Beats, CameraFrames)):
        assert np.isfinite(recording.time_s).all()
        assert (np.diff(recording.time_s) >= 0).all()


CELLS = st.one_of(
    st.floats(-10, 2000).map(str),
    st.integers(-5, 3000).map(str),
    st.sampled_from(["", "nan", "-", "inf", "1e999", '"7']),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    heading=st.lists(
        st.sampled_from(["time", "rr", "R", "G", "B", "ecg", "ppg", "x", "time_ms", "rr [s]"]), max_size=4
    ),
    rows=st.lists(st.lists(CELLS, max_size=4), max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", " "]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_broken_tables_are_refused_or_read(
    write: Callable[[str], Path], heading: list[str], rows: list[list[str]], delimiter: str, end: str
) -> None:
    """Tables of anything, torn anywhere: the same promise."""
    text = end.join(delimiter.join(cells) for cells in [heading, *rows])
    try:
        recording = read(write(text), rate_hz=50.0 if len(rows) % 2 else None).recording
    except TowardError:
        return
    if isinstance(recording, (Beats, CameraFrames)):
        assert np.isfinite(recording.time_s).all()
        assert (np.diff(recording.time_s) >= 0).all()
    else:
        assert not np.isinf(recording.samples).any()
