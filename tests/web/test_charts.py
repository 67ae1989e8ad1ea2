"""My line: what the sentence says, and that the drawing is readable whatever was felt and marked."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import toward.web
from toward.catalogue import Catalogue
from toward.journal.projections import DayFelt, Line, Mark
from toward.journal.projections.level import Level
from toward.web.chart_drawing import AXIS_WORD, YOU_WORD, Drawing
from toward.web.chart_marks import RING
from toward.web.chart_space import BOTTOM, TOP, Box, Spot, box_of, curve
from toward.web.charts import LineChart, line_chart
from toward.web.times import Times

if TYPE_CHECKING:
    from collections.abc import Sequence

TODAY = date(2025, 11, 21)
WORDS = Catalogue.load("en")
TEMPLATES = Path(toward.web.__file__).parent / "templates"


def felt_days(values: Sequence[float | None], *, ago: int | None = None) -> tuple[DayFelt, ...]:
    """Return days up to today, one for each value; None is a day without a check-in."""
    begin = TODAY - timedelta(days=len(values) - 1 if ago is None else ago)
    return tuple(DayFelt(begin + timedelta(days=n), felt, 1) for n, felt in enumerate(values) if felt is not None)


def line(mine: tuple[DayFelt, ...] = (), theirs: tuple[DayFelt, ...] = (), marks: tuple[Mark, ...] = ()) -> Line:
    """Return a line as a life gives it."""
    return Line(mine, theirs, marks, i_share=bool(theirs), both_share=bool(theirs))


def chart(mine: list[float | None]) -> LineChart:
    """Return the chart of one's own days up to today."""
    return line_chart(line(felt_days(mine)), TODAY)


FELT = st.none() | st.floats(1, 7)
DAYS = st.builds(felt_days, st.lists(FELT, max_size=200), ago=st.integers(0, 250))
MARKS = st.lists(
    st.builds(
        Mark,
        day=st.integers(0, 220).map(lambda ago: TODAY - timedelta(days=ago)),
        label=st.text("abc ", max_size=60),
        sort=st.just("life"),
        id=st.binary(min_size=16, max_size=16),
    ),
    max_size=12,
).map(lambda marks: tuple(sorted(marks)))
LINES = st.builds(line, DAYS, DAYS, MARKS)
WIDTHS = st.integers(320, 680)


# ------------------------------------------------------------------------------------------ sentence


@pytest.mark.parametrize(
    ("mine", "key"),
    [
        ([], "empty"),
        ([4], "one"),
        ([2, 6], "two"),
        ([2, None, 6, 4], "unsure"),
        ([4, 4, 5, 4, 4, 5, 4] * 6, "steady"),
        ([2, 3, 2] * 8 + [5, 6, 5] * 8, "rising"),
        ([5, 6, 5] * 8 + [2, 3, 2] * 8, "falling"),
        ([5, 6] * 8 + [2, 1] * 8 + [5, 6] * 8, "moving"),
        ([6, 6, 5, 4, 3, 2, 2], "unsure"),
    ],
)
def test_says_what_the_line_shows(mine: list[float | None], key: str) -> None:
    """A direction takes three weeks and more certainty than the band is wide."""
    assert chart(mine).sentence.key == key


@pytest.mark.parametrize("newer", [[], [4], [4, 5]])
def test_who_comes_back_after_long_is_no_beginner(newer: list[float | None]) -> None:
    """Days that are too old to be drawn are not denied: nothing says that the line only starts now."""
    older = felt_days([3, 4, 5], ago=400)
    assert line_chart(line((*older, *felt_days(newer))), TODAY).sentence.key == "older"
    assert line_chart(line((*older, *felt_days([4, 4, 4]))), TODAY).sentence.key == "unsure"


@given(DAYS)
def test_of_long_ago_it_says_from_when_and_not_where_to(mine: tuple[DayFelt, ...]) -> None:
    """An earlier half year names the month of its first day, and no direction."""
    end = TODAY - timedelta(weeks=26)
    older = tuple(DayFelt(one.day - timedelta(weeks=26), one.mean, one.n) for one in mine)
    found = line_chart(line(older), end, past=True)
    assert found.sentence.key == ("past" if found.rows else "past_empty")
    assert found.sentence.since is not None
    assert not found.rows or found.sentence.since == found.rows[0].day


@given(LINES)
def test_whatever_it_says_has_words(drawn: Line) -> None:
    """Every sentence fills every gap of its text."""
    sentence = line_chart(drawn, TODAY).sentence
    gaps = WORDS.gaps(f"ours.line.{sentence.key}")
    assert ("felt" in gaps) == (sentence.felt is not None)
    assert "since" not in gaps or sentence.since is not None


@given(DAYS, DAYS)
def test_the_partners_days_change_no_word_about_mine(mine: tuple[DayFelt, ...], theirs: tuple[DayFelt, ...]) -> None:
    """Two lines are two lives: the sentence is about one's own."""
    assert line_chart(line(mine, theirs), TODAY).sentence == line_chart(line(mine), TODAY).sentence


# ------------------------------------------------------------------------------------------- drawing


def words_of(drawing: Drawing) -> list[Box]:
    """Where the words of a drawing lie, the months aside, which have a row to themselves."""
    boxes = [box_of(spot, "start", AXIS_WORD) for spot in (drawing.high, drawing.low)]
    boxes += [box_of(one.label, "end", one.name or YOU_WORD) for one in drawing.series]
    return boxes + [box_of(mark.label, mark.anchor, mark.text) for mark in drawing.marks if mark.text]


@given(LINES, WIDTHS, st.sampled_from(["", "Lin", "Bartholomew-Maximilian the Third"]))
def test_words_cover_no_words_and_stay_inside(drawn: Line, width: int, partner: str) -> None:
    """Names, marks and the words of the axis never meet, and none is cut off; the months keep apart too."""
    drawing = line_chart(drawn, TODAY, width=width, partner=partner).drawing
    if drawing is None:
        return
    boxes = words_of(drawing)
    marked = boxes[2:]
    for one, other in combinations(boxes, 2):
        # A name may come close to the words of the axis where a whole life lies in one corner; marks never do.
        assert not one.meets(other) or (one in boxes[:2] and other in boxes[2 : 2 + len(drawing.series)])
    for box in marked:
        assert box.left >= -1
        assert box.right <= width + 1
        assert box.top >= 0
        assert box.bottom <= drawing.height
    for mark in drawing.marks:
        if mark.lead:
            x, *ends = (float(number) for number in re.findall(r"-?[\d.]+", mark.lead))
            lead = Box(x - 1, min(ends), x + 1, max(ends))
            own = box_of(mark.label, mark.anchor, mark.text)
            assert not any(lead.meets(box) for box in boxes if box != own)
    for month, after in pairwise(drawing.months):
        assert after.x - month.x >= 70
    for mark in drawing.marks:
        ring = Box(mark.spot.x - RING, mark.spot.y - RING, mark.spot.x + RING, mark.spot.y + RING)
        assert not any(box_of(one.label, one.anchor, one.text).meets(ring) for one in drawing.marks if one.text)


@given(LINES, WIDTHS)
def test_everything_drawn_lies_in_its_place(drawn: Line, width: int) -> None:
    """No path, dot or ring leaves the field between 1 and 7, and no number in a path is not one."""
    drawing = line_chart(drawn, TODAY, width=width).drawing
    if drawing is None:
        return
    for one in drawing.series:
        for path in (one.path, one.band):
            assert "nan" not in path
            assert "inf" not in path
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
            assert all(0 <= x <= width for x in numbers[::2])
            assert all(TOP - 0.1 <= y <= BOTTOM + 0.1 for y in numbers[1::2])
    for spot in [dot for one in drawing.series for dot in one.dots] + [mark.spot for mark in drawing.marks]:
        assert 0 <= spot.x <= width
        assert TOP <= spot.y <= BOTTOM


@pytest.mark.parametrize("mine", [[4], [2, 6], [2, None, None, 6]])
def test_one_and_two_days_are_points(mine: list[float | None]) -> None:
    """A line between two points would claim what nobody looked at."""
    drawing = chart(mine).drawing
    assert drawing is not None
    (mine_drawn,) = drawing.series
    assert (mine_drawn.path, mine_drawn.band) == ("", "")
    assert len(mine_drawn.dots) == sum(felt is not None for felt in mine)


def test_nothing_is_drawn_of_nothing() -> None:
    """The empty state is a sentence."""
    empty = chart([])
    assert empty.drawing is None
    assert not empty.rows


def test_higher_is_safer() -> None:
    """Seven lies above one."""
    drawing = chart([1, 7]).drawing
    assert drawing is not None
    low, high = drawing.series[0].dots
    assert (low.y, high.y) == (BOTTOM, TOP)


@given(st.lists(st.floats(0, 100), min_size=2, max_size=20))
def test_a_curve_passes_through_its_spots_and_rises_only_where_they_do(heights: list[float]) -> None:
    """Between two spots the curve stays between their heights."""
    spots = [Spot(10.0 * n, round(height, 1)) for n, height in enumerate(heights)]
    numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", curve(spots))]
    here = (numbers[0], numbers[1])
    assert here == tuple(spots[0])
    for n, there in enumerate(spots[1:]):
        x1, y1, x2, y2, x, y = numbers[2 + 6 * n : 8 + 6 * n]
        assert (x, y) == tuple(there)
        assert here[0] <= x1 <= x2 <= x
        low, high = sorted((here[1], y))
        for t in (0.1, 0.3, 0.5, 0.7, 0.9):
            at = (1 - t) ** 3 * here[1] + 3 * (1 - t) ** 2 * t * y1 + 3 * (1 - t) * t**2 * y2 + t**3 * y
            assert low - 0.1 <= at <= high + 0.1
        here = (x, y)


# -------------------------------------------------------------------------------------- table, page


@given(LINES)
def test_the_table_holds_every_day_and_every_mark(drawn: Line) -> None:
    """Within the weeks shown, nothing of the drawing is missing from the table; in order, each day once."""
    rows = line_chart(drawn, TODAY, weeks=26).rows
    begin = TODAY - timedelta(weeks=26)
    assert [row.day for row in rows] == sorted({row.day for row in rows})
    assert [row.day for row in rows if row.mine] == [day.day for day in drawn.mine if begin < day.day <= TODAY]
    assert [row.day for row in rows if row.theirs] == [day.day for day in drawn.theirs if begin < day.day <= TODAY]
    told = [label for row in rows for label in row.marks]
    assert told == [mark.label for mark in drawn.marks if begin < mark.day <= TODAY]


def test_the_page_has_the_sentence_the_drawing_and_the_table() -> None:
    """Rendered: words are escaped, the drawing is hidden from screen readers, and no style or colour is in it."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(t=WORDS.words, t_list=WORDS.words_list)
    page = environment.from_string(
        '{% from "parts/line_chart.html" import line_chart %}{{ line_chart(chart, times, "<Lin>") }}'
    )
    mark = Mark(TODAY - timedelta(days=9), "<b>moved</b>", "life", b"m" * 16)
    days = felt_days([2, 3, 2] * 8 + [5, 6, 5] * 8)
    html = page.render(
        chart=line_chart(line(days, days, (mark,)), TODAY, partner="<Lin>"), times=Times(WORDS, 1_763_700_000_000, 60)
    )
    assert "It has felt safer of late than in October." in html
    assert 'aria-hidden="true"' in html
    assert html.count("<tr>") == 1 + len(days)
    assert "&lt;b&gt;moved&lt;/b&gt;" in html
    assert "<b>" not in html
    assert "<Lin>" not in html
    assert not re.search(r"style=|fill=|stroke=|#[0-9a-f]{3,6}\b", html)
    assert html.index("band-you") < html.index("line-you")


@pytest.mark.parametrize("values", [[], [4], [2, 6]])
def test_the_page_shows_every_small_state(values: list[float | None]) -> None:
    """Nothing, one and two days render without a word missing."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.globals.update(t=WORDS.words, t_list=WORDS.words_list)
    page = environment.from_string('{% from "parts/line_chart.html" import line_chart %}{{ line_chart(chart, times) }}')
    html = page.render(chart=chart(values), times=Times(WORDS, 1_763_700_000_000, 60))
    assert ("<svg" in html) == bool(values)
    assert ("<table" in html) == bool(values)


# ------------------------------------------------------------------------------------------ the model's line


def modelled(days: int, mean: float = 2.0, sd: float = 0.3) -> Level:
    """A level way of so many days up to today."""
    return Level(TODAY - timedelta(days=days - 1), (mean,) * days, (sd,) * days, 0.0, 0.1)


def test_the_model_s_line_is_drawn_and_says_nothing_of_where_it_goes() -> None:
    """Its band and its words in the table; the sentence is of the days; what spans other days is not drawn."""
    days = felt_days([5.0] * 30)
    own = line_chart(line(days), TODAY)
    told = line_chart(line(days), TODAY, level=modelled(30))
    assert told.sentence == own.sentence
    assert told.drawing is not None
    assert own.drawing is not None
    assert told.drawing.series[0].band != own.drawing.series[0].band
    assert {row.likely for row in told.rows} == {("unsafe", "unsafe")}
    assert line_chart(line(days), TODAY, level=modelled(29)) == own


@given(LINES, WIDTHS)
def test_plain_days_claim_nothing(days: Line, width: int) -> None:
    """A point for each day that was told, no line, no band, no direction, and no likely in the table."""
    found = line_chart(days, TODAY, width=width, plain=True)
    assert found.sentence.key in {"empty", "older", "one", "two", "plain"}
    assert not found.banded
    assert all(row.likely is None for row in found.rows)
    for one in found.drawing.series if found.drawing else ():
        assert not one.path
        told = [row.mine if one.who == "you" else row.theirs for row in found.rows]
        assert len(one.dots) == sum(word is not None for word in told)
