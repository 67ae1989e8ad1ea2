"""Files as other programs write them: headings, clocks, labels and names of colours that are not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.heart.formats.test_text_and_tables import RR, intervals, notes
from toward.errors import BadInput, UnreadableFile
from toward.heart.formats import read
from toward.heart.formats.tables import look_at
from toward.heart.recording import Beats, CameraFrames, Ecg

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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


ENDS = np.cumsum([*RR, *RR, *RR]).astype(int)
DATES = np.datetime64("2026-03-15T09:00:15.000") + ENDS.astype("timedelta64[ms]")
LOGGED = [
    (
        "date,rr,since start",
        [f"{str(d)[:19].replace('T', ' ')} +0000,{{rr}},{e - ENDS[0]}" for d, e in zip(DATES, ENDS, strict=True)],
    ),
    ("timestamp, rr, since_start", [f"{1_773_565_215_000 + e}, {{rr}}, {e - ENDS[0]}" for e in ENDS]),
    ("Phone timestamp;RR-interval [ms]", [f"{d}Z;{{rr}}" for d in DATES]),
    (
        "Phone timestamp;PP-interval [ms];error estimate [ms];blocker;contact;contact;hr [bpm]",
        [f"{d}Z;{{rr}};5;0;1;1;66" for d in DATES],
    ),
]


@pytest.mark.parametrize(("heading", "rows"), LOGGED)
def test_a_loggers_date_says_when_it_was_and_where_something_is_missing(
    write: Callable[[str | bytes], Path], heading: str, rows: list[str]
) -> None:
    """HRV Logger in both of its layouts, Polar Sensor Logger with a strap and with light; ten beats are lost."""
    told = [row.format(rr=rr) for row, rr in zip(rows, RR * 3, strict=True)]
    whole = read(write("\n".join([heading, *told]) + "\n"))
    assert intervals(whole) == RR * 3
    assert whole.started_ms == pytest.approx(1_773_565_215_000, abs=1000)
    torn = read(write("\n".join([heading, *told[:10], *told[20:]]) + "\n")).recording
    assert isinstance(torn, Beats)
    assert torn.gaps == pytest.approx(np.array([[ENDS[9], ENDS[19]]]) / 1000.0, abs=1.0)


def test_midnight_is_no_end_of_time(write: Callable[[str | bytes], Path]) -> None:
    """Where only the hour is told, it begins anew."""
    ends = np.cumsum(RR * 5) / 1000.0 + 86_370.0
    hours = [f"{e // 3600 % 24:02.0f}:{e // 60 % 60:02.0f}:{e % 60:06.3f}" for e in ends]
    reading = read(write("time,rr\n" + "".join(f"{h},{rr}\n" for h, rr in zip(hours, RR * 5, strict=True))))
    assert notes(reading) == []
    assert intervals(reading) == RR * 5
    assert reading.started_ms is None


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
