"""The drawing of a line: geometry and class names, no words of its own and no colours.

The band of uncertainty lies under the line. Fewer than three days are points without a line, since a line would claim
to know what lies between.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from toward.web.chart_marks import MarkSpot, mark_spots
from toward.web.chart_space import (
    BOTTOM,
    CHARACTER,
    HEIGHT,
    SIDE,
    TOP,
    Anchor,
    Scale,
    Spot,
    Who,
    box_of,
    curve,
    shorten,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toward.journal.projections import DayFelt, Mark
    from toward.journal.projections.level import Level

BAND_SD: Final = 1.2816
"""Four times in five the level lies within the band."""
LINE_DAYS: Final = 3
CORNERS: Final = 60
"""A path has at most so many; more make no difference to an eye."""
LONGEST_NAME: Final = 14
MONTH_ROOM: Final = 70.0
"""Wide enough for "September"."""
AXIS_WORD: Final = "x" * 10
YOU_WORD: Final = "x" * 4


class Series(NamedTuple):
    """One person's line: ``path`` and ``band``, or ``dots`` where those are all there is.

    ``label`` is the place of its name, by its right end; ``name`` is empty for one's own.
    """

    who: Who
    name: str
    path: str
    band: str
    dots: tuple[Spot, ...]
    label: Spot


class Month(NamedTuple):
    """A month on the axis; ``number`` is 1 to 12."""

    x: float
    number: int
    anchor: Anchor


class Drawing(NamedTuple):
    """Everything to draw, in the order to draw it."""

    width: int
    height: int
    axis: str
    high: Spot
    low: Spot
    months: tuple[Month, ...]
    series: tuple[Series, ...]
    marks: tuple[MarkSpot, ...]


def draw(
    levels: dict[Who, Level],
    days: dict[Who, list[DayFelt]],
    marks: Sequence[Mark],
    width: int,
    partner: str,
    *,
    plain: bool = False,
) -> Drawing:
    """Return the drawing of one or two lines, of which at least one has a day. *plain*: a point a day, and no line."""
    ordinals = [day.day.toordinal() for one in days.values() for day in one]
    scale = Scale(min(ordinals), max(ordinals), width)
    high, low = Spot(0, TOP - 12), Spot(0, BOTTOM + 18)
    names: dict[Who, str] = {"you": "", "them": shorten(partner, LONGEST_NAME)}
    labels = _name_places(levels, days, names, scale)
    taken = [box_of(spot, "start", AXIS_WORD) for spot in (high, low)]
    taken += [box_of(spot, "end", names[who] or YOU_WORD) for who, spot in labels.items()]
    return Drawing(
        width=width,
        height=HEIGHT,
        axis="".join(f"M0 {scale.y(felt):g}H{width}" for felt in (7, 4, 1)),
        high=high,
        low=low,
        months=_months(scale),
        series=tuple(
            _series(who, levels[who], days[who], scale, names[who], labels[who], plain=plain)
            for who in ("them", "you")
            if who in levels
        ),
        marks=mark_spots(marks, levels, scale, taken),
    )


def _series(
    who: Who, level: Level, days: Sequence[DayFelt], scale: Scale, name: str, label: Spot, *, plain: bool
) -> Series:
    if plain or len(days) < LINE_DAYS:
        dots = tuple(Spot(scale.x(day.day.toordinal()), scale.y(day.mean)) for day in days)
        return Series(who, name, "", "", dots, label)
    every = -(-len(level.mean) // CORNERS)
    picked = [*range(0, len(level.mean) - 1, every), len(level.mean) - 1]

    def at_sd(sds: float) -> list[Spot]:
        first = level.first.toordinal()
        return [Spot(scale.x(first + n), scale.y(level.mean[n] + sds * level.sd[n])) for n in picked]

    band = curve(at_sd(BAND_SD)) + curve(at_sd(-BAND_SD)[::-1]).replace("M", "L", 1) + "Z"
    return Series(who, name, curve(at_sd(0)), band, (), label)


def _name_places(
    levels: dict[Who, Level], days: dict[Who, list[DayFelt]], names: dict[Who, str], scale: Scale
) -> dict[Who, Spot]:
    """Names at the ends: above for the line that ends higher, below for the other, so that they can't meet."""
    ends = {
        who: scale.y(level.mean[-1] if len(days[who]) >= LINE_DAYS else days[who][-1].mean)
        for who, level in levels.items()
    }
    upper = min(ends, key=lambda who: (ends[who], who))
    places = {}
    for who, y in ends.items():
        end = scale.x(days[who][-1].day.toordinal()) + 4
        room = len(names[who] or YOU_WORD) * CHARACTER
        places[who] = Spot(round(max(end, room), 1), y - 10 if who == upper else y + 20)
    return places


def _months(scale: Scale) -> tuple[Month, ...]:
    """The month it begins in, and the firsts of months after, as many as have room for their names."""
    day = date.fromordinal(scale.first)
    if scale.first == scale.last:
        return (Month(scale.width / 2, day.month, "middle"),)
    found = [Month(SIDE, day.month, "start")]
    while True:
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        x = scale.x(day.toordinal()) if day.toordinal() <= scale.last else scale.width
        if x > scale.width - MONTH_ROOM:
            break
        found.append(Month(x, day.month, "start"))
    if len(found) > 1 and found[1].x - found[0].x < MONTH_ROOM:
        del found[0]  # a few last days of a month; the first whole month says more
    kept = found[:1]
    for month in found[1:]:
        if month.x - kept[-1].x >= MONTH_ROOM:
            kept.append(month)
    return tuple(kept)
