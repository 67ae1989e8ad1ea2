"""From a journal to the filter's work list: what is known without knowing the two, worked out once.

S, N, V, u and the touch shield are deterministic given the events, so a fit that asks for the likelihood a thousand
times walks a list of a few hundred rows in which they are plain numbers.

Row of ``work`` by code:

=========  ===============================================================================================
ADVANCE    dt, (1-S)(1-N) of a at start, middle, end, the same of b, togetherness, ease gained by a and b
CHECKIN    y
BID        1 where it was turned toward, and the value of the entry; ``who`` is the asker
THERE      y, (1-S)(1-N) of the one who answers
HEART      y
PUSH       conflict a, b; touch factor V of a, b; threatening life event a, b; good life event a, b; softening a, b
=========  ===============================================================================================
"""

# ruff: noqa: C901, PLR0912, PLR0915, PLR2004 - one pass over plain arrays is what Numba compiles; numbers are the sums' own
# An array's element has no type of its own:
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toward.dyad.compiled import inline, kernel
from toward.dyad.events import CODES, Journal, check, present
from toward.dyad.params import CONSTANTS, Constants
from toward.errors import BadInput

ADVANCE, CHECKIN, BID, THERE, HEART, PUSH = 0, 1, 2, 3, 4, 5
WIDTH: Final = 10
CUES: Final = ("touch", "message", "voice", "harshness")

# Positions in ``aside``: the deterministic states at one moment.
S_A, S_B, N_A, N_B, U_A, U_B, H_A, H_B, V_A, V_B, TOGETHER, ASIDE = 0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 17

K_CHECKIN, K_BID, K_CONFLICT, K_SOFTENING = CODES["checkin"], CODES["bid"], CODES["conflict"], CODES["softening"]
K_PRACTICE, K_TOUCH, K_MESSAGE, K_HARSHNESS = CODES["practice"], CODES["touch"], CODES["message"], CODES["harshness"]
K_LIFE, K_THERE, K_HEART, K_TOGETHER = CODES["life_event"], CODES["there"], CODES["heart"], CODES["together"]
K_MOVED, K_MARK, K_RUNG = CODES["moved"], CODES["mark"], CODES["rung"]


class Plan(NamedTuple):
    """A journal laid out for the filter. ``source`` is the row of the journal each row of ``work`` came from, or -1."""

    code: NDArray[np.int8]
    who: NDArray[np.int8]
    work: NDArray[np.float64]
    source: NDArray[np.int64]
    #: float64[4, 2]: of a then b, marks reached and pulled away, then moves pressed and pulled away
    marks: NDArray[np.float64]
    #: float64[m, 2]: rung and unanswered need (for one missed bid = 1) at every ladder answer
    rungs: NDArray[np.float64]
    aside: NDArray[np.float64]
    fixed: NDArray[np.float64]
    constants: Constants


def fresh_aside(constants: Constants) -> NDArray[np.float64]:
    """The deterministic states before anything happened, float64[17]."""
    aside = np.zeros(ASIDE)
    aside[V_A:TOGETHER] = constants.ease_start
    aside[TOGETHER] = 1.0
    return aside


def fixed_array(constants: Constants) -> NDArray[np.float64]:
    """The constants that the filter's kernels read, float64[15]."""
    c = constants
    ends = (c.low, c.high, c.stiff)
    there = 1.0 / (1.0 + math.exp(-c.there_odds))
    return np.array(
        [
            c.threat_at,
            c.threat_width,
            c.hears_at,
            c.hears_width,
            *ends,
            there,
            c.there_odds,
            c.slip,
            c.x_start,
            c.x_start_sd,
            c.room_low,
            c.room_high,
            c.room_width,
        ]
    )


def plan(journal: Journal, *, until: float | None = None, constants: Constants = CONSTANTS) -> Plan:
    """Lay out a journal, and go on to day ``until`` (default: its last entry).

    Raises ``BadInput`` as ``check`` does, or where ``until`` lies before the last entry.
    """
    entries = present(check(journal))
    n = entries.time_days.size
    end = float(entries.time_days[-1]) if n else 0.0
    if until is not None:
        if not math.isfinite(until) or (n and until < end):
            raise BadInput(f"until = {until:g} is before the last entry", field="until", reason="early")
        end = until
    times = np.append(entries.time_days, end)
    steps = np.ceil(np.diff(times, prepend=times[0]) / constants.step_days).sum() + times.size
    size = int(steps + n)
    code, who = np.zeros(size, np.int8), np.zeros(size, np.int8)
    work, source = np.zeros((size, WIDTH)), np.full(size, -1, np.int64)
    marks, rungs = np.zeros((4, 2)), np.zeros((int((entries.kind == K_RUNG).sum()), 2))
    aside = fresh_aside(constants)
    used = lay(*entries, end, aside, code, who, work, source, marks, rungs, rate_array(constants))
    rows = np.flatnonzero(~np.isnan(journal.value)) if n != journal.value.size else None
    source = source[:used]
    if rows is not None and used:
        source = np.where(source >= 0, rows[np.maximum(source, 0)], -1)
    return Plan(code[:used], who[:used], work[:used], source, marks, rungs, aside, fixed_array(constants), constants)


def rate_array(c: Constants) -> NDArray[np.float64]:
    """What ``happen`` and ``decay`` read, float64[12]; the last two scale the learning of a and b."""
    decays = (c.softening_days, c.practice_days, c.need_days, c.touch_days)
    return np.array(
        [*decays, c.softening_gain, c.practice_gain, c.practice_cap, c.learning, c.ease_start, c.step_days, 1.0, 1.0]
    )


@inline
def decay(aside: NDArray[np.float64], dt: float, rates: NDArray[np.float64]) -> None:
    """Let the deterministic states run for ``dt`` days without an event."""
    for i in range(2):
        aside[S_A + i] *= math.exp(-dt / rates[0])
        aside[N_A + i] *= math.exp(-dt / rates[1])
        aside[U_A + i] *= math.exp(-dt / rates[2])
        aside[H_A + i] *= math.exp(-dt / rates[3])


@inline
def learn(aside: NDArray[np.float64], i: int, cue: int, r: float, alpha: float) -> None:
    """Move partner ``i``'s learned ease with one cue toward what the contact brought."""
    at = V_A + 4 * i + cue
    aside[at] += alpha * (r - aside[at])


@inline
def ease(aside: NDArray[np.float64], i: int, start: float) -> float:
    """Learned ease gained since the start, mean over cues."""
    at = V_A + 4 * i
    return 0.25 * (aside[at] + aside[at + 1] + aside[at + 2] + aside[at + 3]) - start


@inline
def happen(aside: NDArray[np.float64], who: int, kind: int, value: float, rates: NDArray[np.float64]) -> None:
    """What an event does to shields, ease and need (its push on x is the filter's)."""
    for i in range(2):
        if who not in (i, 2):
            continue
        if kind == K_BID:
            learn(aside, i, 1, value, rates[7] * rates[10 + i])
            aside[U_A + i] = 0.0 if value > 0.0 else aside[U_A + i] + 1.0 - value
        elif kind == K_CONFLICT:
            aside[U_A + i] += value
        elif kind == K_SOFTENING:
            aside[S_A + i] = min(1.0, aside[S_A + i] + rates[4] * value)
            aside[U_A + i] = 0.0
        elif kind == K_PRACTICE:
            aside[N_A + i] = min(max(rates[6], aside[N_A + i]), aside[N_A + i] + rates[5] * value)
        elif K_TOUCH <= kind <= K_HARSHNESS:
            learn(aside, i, kind - K_TOUCH, value, rates[7] * rates[10 + i])
            if kind == K_TOUCH and value > 0.0:
                aside[H_A + i] = 1.0


@inline
def shield(aside: NDArray[np.float64], i: int, dt: float, rates: NDArray[np.float64]) -> float:
    """(1 - S)(1 - N) of partner ``i`` after ``dt`` more days."""
    return (1.0 - aside[S_A + i] * math.exp(-dt / rates[0])) * (1.0 - aside[N_A + i] * math.exp(-dt / rates[1]))


@kernel
def lay(  # noqa: PLR0913, PLR0917 - one pass over plain arrays is what Numba compiles
    time: NDArray[np.float64],
    partner: NDArray[np.int8],
    kind: NDArray[np.int8],
    value: NDArray[np.float64],
    end: float,
    aside: NDArray[np.float64],
    code: NDArray[np.int8],
    who: NDArray[np.int8],
    work: NDArray[np.float64],
    source: NDArray[np.int64],
    marks: NDArray[np.float64],
    rungs: NDArray[np.float64],
    rates: NDArray[np.float64],
) -> int:
    """Fill the arrays of a ``Plan`` in one pass; how many rows were used."""
    at = 0
    answered = 0
    n = time.size
    for row in range(n + 1):
        gap = 0.0
        if n > 0:
            gap = (time[row] if row < n else end) - time[max(row - 1, 0)]
        if gap > 0.0:
            parts = math.ceil(gap / rates[9] - 1e-9)
            dt = gap / parts
            for _ in range(parts):
                code[at] = ADVANCE
                work[at, 0] = dt
                for i in range(2):
                    for stage in range(3):
                        work[at, 1 + 3 * i + stage] = shield(aside, i, 0.5 * stage * dt, rates)
                    work[at, 8 + i] = ease(aside, i, rates[8])
                work[at, 7] = aside[TOGETHER]
                decay(aside, dt, rates)
                at += 1
        if row == n:
            break
        i, what, y = int(partner[row]), int(kind[row]), value[row]
        before = at
        if what in (K_CHECKIN, K_HEART):
            code[at] = CHECKIN if what == K_CHECKIN else HEART
            work[at, 0] = y
            at += 1
        elif what == K_BID:
            code[at] = BID
            work[at, 0] = 1.0 if y > 0.0 else 0.0
            work[at, 1] = y
            at += 1
        elif what == K_THERE:
            code[at] = THERE
            work[at, 0] = y
            work[at, 1] = shield(aside, i, 0.0, rates)
            at += 1
        elif what in (K_CONFLICT, K_SOFTENING, K_LIFE):
            code[at] = PUSH
            for j in range(2):
                work[at, 2 + j] = aside[V_A + 4 * j] * aside[H_A + j]
                if i not in (j, 2):
                    continue
                if what == K_CONFLICT:
                    work[at, j] = y
                elif what == K_SOFTENING:
                    work[at, 8 + j] = y
                elif y < 0.0:
                    work[at, 4 + j] = -y
                else:
                    work[at, 6 + j] = y
            at += 1
        elif what == K_TOGETHER:
            aside[TOGETHER] = y
        elif what in (K_MARK, K_MOVED):
            marks[2 * (what == K_MOVED) + i, 0 if y > 0.5 else 1] += 1.0
        elif what == K_RUNG:
            rungs[answered, 0] = y
            rungs[answered, 1] = aside[U_A + i]
            answered += 1
        if at > before:
            source[before] = row
            who[before] = i
        happen(aside, i, what, y, rates)
    return at
