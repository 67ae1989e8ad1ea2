"""Tables to arrays: what is written comes back, and what can't be read is told with its line."""

from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.dyad.events import KINDS, PARTNERS, Journal, journal
from toward.dyad.reading import is_journal, read_journal, read_two_series, write_rows
from toward.errors import TooLong, UnreadableFile

HEAD = "time_days,partner,kind,value\n"

ROWS = st.lists(
    st.tuples(
        st.floats(0, 400),
        st.sampled_from(["a", "b"]),
        st.sampled_from(KINDS).filter(lambda kind: kind != "together"),
        st.sampled_from([1.0, math.nan]),
    ),
    max_size=40,
    unique_by=lambda row: row[:3],
)


def table(made: Journal) -> str:
    """A journal as text."""
    out = io.StringIO()
    csv.writer(out).writerows(write_rows(made))
    return out.getvalue()


@given(ROWS)
def test_what_is_written_comes_back(rows: list[tuple[float, str, str, float]]) -> None:
    """To the last bit, in order of time."""
    made = journal(rows)
    again = read_journal(table(made))
    assert [str(column.tolist()) for column in again] == [str(column.tolist()) for column in made]
    assert [column.dtype for column in again] == [column.dtype for column in made]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_in_any_order_and_any_usual_separator(separator: str) -> None:
    """A byte order mark, empty lines, big letters, quotes, other columns: none is in the way."""
    lines = ['"Value",kind,note,PARTNER,time_days', "", "5,CheckIn,,a,2.5", ",checkin,x,b,1", '0,"bid",,B,3', "  "]
    text = "\ufeff" + "\r\n".join(lines).replace(",", separator)
    made = read_journal(text)
    assert made.time_days.tolist() == [1, 2.5, 3]
    assert [PARTNERS[who] for who in made.partner] == ["b", "a", "b"]
    assert [KINDS[kind] for kind in made.kind] == ["checkin", "checkin", "bid"]
    assert str(made.value.tolist()) == "[nan, 5.0, 0.0]"


def test_an_empty_table_is_an_empty_journal() -> None:
    """Column names and nothing else."""
    assert read_journal(HEAD).time_days.size == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: no column time_days"),
        ("\n\nday,partner,kind,value\n", "line 3: no column time_days; a journal has time_days, partner, kind, value"),
        ("time_days,partner,kind,value,kind\n", "line 1: two columns are called 'kind'"),
        (HEAD + "1,a,checkin,4\n2,c,checkin,4\n", "line 3: partner is 'c'; it must be a, b or both"),
        (HEAD + "1,a,mood,4\n", "line 2: kind 'mood' is not known; one of checkin, bid"),
        (HEAD + "1,a,checkin,8\n", "line 2: checkin of 8; it goes from 1 to 7"),
        (HEAD + "3,a,checkin,4\n2,a,checkin,4.5\n", "line 3: checkin takes whole steps, not 4.5"),
        (HEAD + "1,both,checkin,4\n", "line 2: checkin is of one partner"),
        (HEAD + "1,a,checkin,good\n", "line 2: value is 'good', which is no number"),
        (
            HEAD.replace(",", ";") + "1,5;a;checkin;4\n",
            "line 2: time_days is '1,5', which is no number; write decimals",
        ),
        (HEAD + "1,a,checkin,inf\n", "line 2: value is 'inf', which is no finite number"),
        (HEAD + "1,a,checkin,1_0\n", "no finite number"),
        (HEAD + ",a,checkin,4\n", "line 2: no time_days"),
        (HEAD + "1,a,checkin\n", "line 2: it has 3 columns and the first line has 4"),
        (HEAD + '"1,a,checkin,4\n', "line 2: it does not read as a table"),
        (HEAD + "1,a,checkin,4\n\n1.0,a,checkin,5\n", "line 4: the checkin of a at 1 days stands on line 2 already"),
        (HEAD + "1,a,checkin," + "9" * 5000 + "x\n", "line 2: value is '9999"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    """And with what should be there."""
    with pytest.raises(UnreadableFile) as raised:
        read_journal(text)
    assert told in str(raised.value)
    assert len(str(raised.value)) < 600


def test_times_that_are_no_days_are_told() -> None:
    """Milliseconds since 1970, by mistake: only the whole shows it."""
    with pytest.raises(Exception, match="are the times in days"):
        read_journal(HEAD + "0,a,checkin,4\n1700000000000,a,checkin,4\n")


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before they are all in memory twice."""
    monkeypatch.setattr("toward.dyad.reading.MOST", 3)
    with pytest.raises(TooLong):
        read_journal(HEAD + "".join(f"{day},a,checkin,4\n" for day in range(4)))


@given(st.text(max_size=300))
def test_any_text_is_read_or_explained(text: str) -> None:
    """Never a traceback of something else."""
    for read in (read_journal, read_two_series, lambda some: read_journal(HEAD + some)):
        told = "line "
        try:
            read(text)
        except (UnreadableFile, TooLong) as error:
            told = str(error)
        assert told.startswith("line ")


@given(st.lists(st.tuples(*[st.floats(allow_infinity=False, allow_nan=True)] * 2)))
def test_two_series_come_back(pairs: list[tuple[float, float]]) -> None:
    """Column names are kept, and gaps are gaps."""
    text = "wife,husband\n" + "".join(f"{one!r},{two!r}\n" for one, two in pairs)
    made = read_two_series(text)
    assert (made.name_a, made.name_b) == ("wife", "husband")
    assert str(list(zip(made.a.tolist(), made.b.tolist(), strict=True))) == str(pairs)


def test_two_of_several_columns_are_chosen() -> None:
    """By name, or because they are called a and b."""
    text = "b,time,a\n2,0,1\n"
    assert read_two_series(text).a.tolist() == [1]
    assert read_two_series(text, ("time", "b")).b.tolist() == [2]
    with pytest.raises(UnreadableFile, match="line 1: no column husband; there are b, time, a"):
        read_two_series(text, ("a", "husband"))
    with pytest.raises(UnreadableFile, match="line 1: which two columns"):
        read_two_series("x,y,z\n1,2,3\n")
    with pytest.raises(UnreadableFile, match="line 2: y is 'two'"):
        read_two_series("x,y\n1,two\n")


def test_one_couple_of_several_is_chosen() -> None:
    """By what its column says; a table of several without a choice is not mixed up."""
    text = "couple," + HEAD + "7,1,a,checkin,4\n8,1,a,checkin,5\n7,2,b,checkin,6\n"
    assert read_journal(text, "7").value.tolist() == [4, 6]
    assert read_journal(text, "8").value.tolist() == [5]
    assert read_journal(text[: text.index("8,")]).value.tolist() == [4]
    with pytest.raises(UnreadableFile, match="line 3: couple '8' comes after '7': say which couple is meant"):
        read_journal(text)
    with pytest.raises(UnreadableFile, match="line 1: no line is of couple '9'"):
        read_journal(text, "9")
    with pytest.raises(UnreadableFile, match="line 1: no column couple"):
        read_journal(HEAD, "9")


def test_a_journal_is_told_from_two_series() -> None:
    """By its column names; one that is misspelt is still a journal, so that the error speaks of the right thing."""
    assert is_journal(HEAD)
    assert is_journal("time_days,partner,kind,valu\n")
    assert not is_journal("wife,husband\n1,2\n")
    assert not is_journal("")
