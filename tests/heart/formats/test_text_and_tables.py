"""Files of intervals and tables as devices and people write them: layouts, units, clocks, gaps, and rubbish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toward.errors import BadInput, NotFound, TowardError, UnreadableFile
from toward.heart.formats import FORMATS, Reading, joined, open_recording, read
from toward.heart.formats.tables import look_at
from toward.heart.recording import Beats, CameraFrames, Ecg, Ppg

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RR = [812.0, 790, 801, 833, 845, 829, 795, 780, 799, 818]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Put a text in a file."""

    def put(content: str | bytes) -> Path:
        path = tmp_path / "one.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


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


def test_a_heading_is_found_below_what_stands_above_it(write: Callable[[str], Path]) -> None:
    """Names, dates and comments before the heading are left out."""
    table = look_at(write("Session of Mara\n2026-01-02\n#time;rr\n0.8;800\n1.6;810\n"))
    assert table.names == ("time", "rr")
    assert table.delimiter == ";"
    assert table.role(1) == "rr"


def test_other_ways_to_write_intervals(write: Callable[[str], Path]) -> None:
    """Several to a line, the last line short; one column among others by its name; a clock with a hiccup."""
    several = read(write("812,790,801,833\n845,829,795,780\n799,818\n"))
    assert intervals(several) == RR
    tabbed = read(write("\n".join(f"{rr}\t" for rr in RR)))
    assert intervals(tabbed) == RR
    named = read(
        write("x,my beats\n" + "".join(f"{i},{rr}\n" for i, rr in enumerate(RR))), format="rr", column="MY BEATS"
    )
    assert intervals(named) == RR
    with pytest.raises(BadInput, match="no column"):
        read(write("x,rr\n1,800\n2,810\n"), format="rr", column="ibi")
    with pytest.raises(UnreadableFile, match="no column of intervals"):
        read(write("x,y\n1,800\n2,810\n"), format="rr")
    ends = np.cumsum(RR * 5) / 1000
    ends[20] -= 2
    hiccup = read(write("time,rr\n" + "".join(f"{e:.3f},{rr}\n" for e, rr in zip(ends, RR * 5, strict=True))))
    assert "disorder" in notes(hiccup)
    lost = read(
        write(
            "time,rr\n"
            + "".join(
                f"{e:.3f},{rr if i % 9 else 0}\n"
                for i, (e, rr) in enumerate(zip(np.cumsum(RR * 5) / 1000, RR * 5, strict=True))
            )
        )
    )
    assert isinstance(lost.recording, Beats)
    assert lost.recording.time_s.size < 51


def test_a_day_of_intervals_on_one_line(write: Callable[[str], Path]) -> None:
    """A hundred thousand beats, as some programs write them."""
    reading = read(write(" ".join(["800"] * 100_000)))
    assert isinstance(reading.recording, Beats)
    assert reading.recording.time_s.size == 100_001


def test_a_table_that_turns_to_rubbish_is_refused(write: Callable[[str], Path]) -> None:
    """A column that is all time, frames that break off in the middle of a long file, a field longer than any."""
    with pytest.raises(UnreadableFile, match="no column but its time"):
        read(write("time\tt\n0\t0\n1\t1\n"), format="ecg")
    frames = [f"{i * 33},200,1,1" for i in range(20_000)]
    frames[17_000:] = [f"{i * 33},200,1,1" for i in range(3_000)]
    with pytest.raises(UnreadableFile, match="out of order"):
        read(write("time,R,G,B\n" + "\n".join(frames)))
    with pytest.raises(UnreadableFile, match="not a table"):
        read(write("time,ecg\n" + "".join(f"{i * 0.004},1\n" for i in range(300)) + '"' + "8" * 200_000 + '",1\n'))


WORDS_BESIDE = [
    "\n".join(f"{rr:.0f} N" for rr in RR),
    "\n".join(f"{rr:.0f} ms" for rr in RR),
    "\n".join(f"{rr:.0f},N" for rr in RR),
    "\n".join(f"{at / 1000:.3f} {rr:.0f} N" for at, rr in zip(np.cumsum(RR), RR, strict=True)),
    ";".join(f"{rr:.0f}" for rr in RR),
    "\t".join(f"{rr:.0f}" for rr in RR),
    "1700000000.000, IBI\n"
    + "\n".join(f"{at / 1000:.3f},{rr / 1000:.3f}" for at, rr in zip(np.cumsum(RR), RR, strict=True)),
]


@pytest.mark.parametrize("text", WORDS_BESIDE)
def test_a_word_in_every_row_is_a_label_and_no_gap(write: Callable[[str | bytes], Path], text: str) -> None:
    """A beat's letter, a unit, a list on one line, a heading with an hour in it."""
    assert intervals(read(write(text))) == RR


def test_a_word_in_one_row_is_still_a_gap(write: Callable[[str | bytes], Path]) -> None:
    """Nobody knows how long it lasted."""
    found = read(write("812 N\n790 N\nlost N\n833 N\n845 N\n829 N\n")).recording
    assert isinstance(found, Beats)
    assert len(found.gaps) == 1


SECONDS = np.arange(600) / 250.0
ECG_HEADINGS = [
    ("Zeit [s];EKG [mV]\n", [f"{t:.3f}".replace(".", ",") + ";{v}" for t in SECONDS]),
    ("time ecg\n", [f"{t:.3f} {{v}}" for t in SECONDS]),
    ("'Elapsed time','MLII'\n'hh:mm:ss.mmm','mV'\n", [f"'0:{t // 60:02.0f}:{t % 60:06.3f}',{{v}}" for t in SECONDS]),
    ("time,ecg\ns,mV\n", [f"{t:.3f},{{v}}" for t in SECONDS]),
    ("timestamp,ecg\n", [f"2026-01-01T00:00:{t:06.3f},{{v}}" for t in SECONDS]),
    ("timestamp,ecg\n", [f"2026-01-01 00:00:{t:06.3f}+01:00,{{v}}" for t in SECONDS]),
    ("Phone timestamp;timestamp [ms];ecg [uV]\n", [f"2026-01-01T00:00:00.{i % 7};{4 * i};{{v}}" for i in range(600)]),
]


@pytest.mark.parametrize(("heading", "rows"), ECG_HEADINGS)
def test_clocks_and_headings_of_other_programs_are_understood(
    write: Callable[[str | bytes], Path], heading: str, rows: list[str]
) -> None:
    """Other languages, quotes, units on a line of their own, hours and dates; columns between spaces."""
    text = heading + "\n".join(row.format(v=i % 50) for i, row in enumerate(rows)) + "\n"
    found = read(write(text)).recording
    assert isinstance(found, Ecg)
    assert found.rate_hz == pytest.approx(250.0, abs=0.01)
    assert found.samples.tolist() == [float(i % 50) for i in range(600)]


@pytest.mark.parametrize(
    "names",
    ["R,G,B", "avgRed,avgGreen,avgBlue", "R_mean,G_mean,B_mean", "mean r,mean g,mean b", "'red','green','blue'"],
)
def test_colours_have_many_names(write: Callable[[str | bytes], Path], names: str) -> None:
    """Frames are frames."""
    rows = "\n".join(f"{33 * i},200,20,{i % 9}" for i in range(60))
    assert isinstance(read(write(f"frame_time,{names}\n{rows}\n")).recording, CameraFrames)


BEGUN = '{"toward": "heart", "version": 1, "kind": "%s"}\n'


@pytest.mark.parametrize(
    "text",
    [
        "time,rr\n" + "".join(f"{at},0.8\n" for at in (0.8, 1.6, 2.4, 3.2, 1.7e9)),
        "time,R,G,B\n" + "".join(f"{at},200,20,9\n" for at in (0.0, 0.03, 0.06, 0.1, 0.13, 1.7e9)),
        BEGUN % "beats" + "".join(f'{{"t_ms": {at}, "rr_ms": [800]}}\n' for at in (900, 1e15)),
        BEGUN % "frames" + "".join(f'{{"t_ms": {at}, "r": 1, "g": 1, "b": 1}}\n' for at in (9, 1e15)),
    ],
)
def test_a_clock_that_jumps_by_years_is_refused(write: Callable[[str | bytes], Path], text: str) -> None:
    """It would take the memory of those years."""
    with pytest.raises(UnreadableFile) as refused:
        read(write(text))
    assert refused.value.reason == "time"
