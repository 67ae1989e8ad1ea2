"""All six ways of asking whether two hearts move together, each against its own chance level."""

from __future__ import annotations

from collections.abc import Callable  # a field of a NamedTuple is read at run time
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from toward.errors import BadInput
from toward.heart.surrogates import (
    amplitude_adjusted,
    circular_shifts,
    p_value,
    phase_surrogates,
    quick_length,
    segment_shuffles,
)
from toward.heart.together import concordance, recurrence, segments, spectral, windowed
from toward.heart.together.pairing import Pair, is_flat, whitened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from toward.heart.together.pairing import Whitening

    Floats = NDArray[np.float64]

Against = Literal["phase", "shift", "segment"]
Verdict = Literal["above chance", "at chance", "not enough data"]

NAMES: Final = (
    "windowed_correlation",
    "coherence",
    "phase_synchrony",
    "cross_recurrence",
    "concordance_index",
    "susy",
)
ALPHA: Final = 0.05
FEWEST_S: Final = 120.0
"""Both heard at once for less than this, and nothing is said: a dozen slow waves are the least that can agree by more
than luck."""
FEWEST_SHARE: Final = 2 / 3
"""With more gaps than this, the lines that bridge them would be most of a surrogate."""
FEWEST_SURROGATES: Final = 19
"""With fewer, even the best possible pair would not be rarer than 1 in 20."""
APART_S: Final = 10.0
"""Between circular shifts: twice the largest lag, so that what truly follows at some lag isn't called chance."""
LAG_S: Final = 5.0
SEGMENT_S: Final = 30.0


class Measure(NamedTuple):
    """One way of asking, and its answer."""

    name: str
    """One of `NAMES`."""
    value: float | None
    """In the unit of the figure itself (see its function); None where there is not enough data."""
    lag_s: float | None
    """How much later B does what A did (negative: A later), where the figure has a lag at all."""
    leads: Literal["a", "b"] | None
    """Who was first, if they move together above chance and not at once."""
    p: float | None
    """Probability of a figure at least as large for a pair with nothing in common."""
    verdict: Verdict
    chance: float | None
    """The middle of the same figure among the surrogates: what two strangers would get."""
    surrogates: int


class Together(NamedTuple):
    """All answers for one pair."""

    measures: tuple[Measure, ...]
    """In the order of `NAMES`."""
    p: float | None
    """The smallest p, corrected for having asked in several ways (Holm 1979); None if none could be asked."""
    verdict: Verdict
    """Of all of them at once, by that p: to be read first."""
    duration_s: float
    shared_s: float
    """How long both were heard at once."""
    whitening: str
    against: str
    seed: int


class Question(NamedTuple):
    """One figure, made ready: larger scores mean more together."""

    name: str
    b: Floats
    """What surrogates are made of."""
    score: Callable[[Floats], Floats]
    """float64[k, n] -> float64[k]."""
    tell: Callable[[float], tuple[float, float | None]]
    """From the pair's own score to the figure in its own unit, and the lag in samples if it has one."""
    unit: Callable[[float], float]
    """A surrogate's score in the figure's unit."""


def compare(
    pair: Pair,
    *,
    surrogates: int = 1000,
    seed: int = 0,
    alpha: float = ALPHA,
    whitening: Whitening = "difference",
    against: Against = "phase",
    progress: Callable[[int, int], None] | None = None,
) -> Together:
    """Ask in all six ways whether two hearts move together more than chance.

    The figures are compared on the change in heart rate (or what *whitening* says), as slow series agree by accident;
    the concordance index takes slopes by itself. Chance is *surrogates* pairs in which B has random phases (*against*
    "phase"; with its own values for cross-recurrence), is turned in time ("shift"; a short recording has few such),
    or has its half minutes in another order ("segment", which is also what SUSY is always held against). p = (k + 1)
    / (n + 1). The same *seed* gives the same answer to the last digit.

    pair: see `pair_of_beats`. Raises ``BadInput`` for fewer than 19 surrogates or an *alpha* outside 0 to 1. Sources:
    with each function of the room.
    """
    if surrogates < FEWEST_SURROGATES:
        raise BadInput("At least 19 surrogates are needed to tell 1 in 20.", field="surrogates", reason="few")
    if not 0.0 < alpha < 1.0:
        raise BadInput("alpha lies between 0 and 1.", field="alpha", reason="range")
    measures = []
    for i, name in enumerate(NAMES):
        measures.append(_asked(name, pair, surrogates, seed, alpha, whitening, against))
        if progress is not None:
            progress(i + 1, len(NAMES))
    known = sorted(m.p for m in measures if m.p is not None)
    p = min(1.0, known[0] * len(known)) if known else None
    verdict: Verdict = "not enough data" if p is None else "above chance" if p <= alpha else "at chance"
    return Together(tuple(measures), p, verdict, pair.duration_s, pair.shared_s, whitening, against, seed)


def _asked(
    name: str, pair: Pair, count: int, seed: int, alpha: float, whitening: Whitening, against: Against
) -> Measure:
    nothing = Measure(name, None, None, None, None, "not enough data", None, 0)
    heard = pair.shared_s >= max(FEWEST_S, FEWEST_SHARE * pair.duration_s)
    if not heard or is_flat(pair.a) or is_flat(pair.b):
        return nothing
    question = _question(name, pair, whitening)
    observed = float(question.score(question.b[None, :])[0])
    if np.isnan(observed):
        return nothing
    rows = _surrogates(question, count, seed, pair.rate_hz, "segment" if name == "susy" else against)
    chance = np.concatenate([question.score(some) for some in rows])
    chance = chance[~np.isnan(chance)]
    if chance.size < FEWEST_SURROGATES:
        return nothing
    p = p_value(observed, chance)
    value, lag = question.tell(observed)
    above = p <= alpha
    lag_s = None if lag is None else lag / pair.rate_hz
    return Measure(
        name,
        value if np.isfinite(value) else None,
        lag_s,
        None if not above or not lag else "a" if lag > 0 else "b",
        p,
        "above chance" if above else "at chance",
        question.unit(float(np.median(chance))),
        chance.size,
    )


def _surrogates(question: Question, count: int, seed: int, rate_hz: float, against: Against) -> Iterator[Floats]:
    if against == "segment":
        return segment_shuffles(question.b, count, segment=int(SEGMENT_S * rate_hz), seed=seed)
    if against == "shift":
        return circular_shifts(question.b, count, apart=round(APART_S * rate_hz))
    if question.name == "cross_recurrence":
        return amplitude_adjusted(question.b, count, seed=seed)
    return phase_surrogates(question.b, count, seed=seed)


def _question(name: str, pair: Pair, whitening: Whitening) -> Question:
    rate = pair.rate_hz
    if name == "concordance_index":
        slopes_a, slopes_b = (concordance.slopes(x, rate_hz=rate) for x in (pair.a, pair.b))
        return Question(
            name,
            slopes_b,
            lambda rows: concordance.concordance_rows(slopes_a, rows, rate_hz=rate),
            lambda own: (own, None),
            float,
        )
    a, b = (whitened(x, whitening, rate_hz=rate) for x in (pair.a, pair.b))
    a, b = (x[x.size - quick_length(x.size) :] for x in (a, b))
    make = {
        "windowed_correlation": _windowed,
        "coherence": _coherence,
        "phase_synchrony": _phase,
        "cross_recurrence": _recurrence,
        "susy": _susy,
    }[name]
    return make(a, b, rate)


def _windowed(a: Floats, b: Floats, rate: float) -> Question:
    """The lag at which the mean Fisher z over windows is farthest from 0; looked for in each surrogate alike."""
    at = windowed.grid(rate, lag_s=LAG_S)

    def tell(_own: float) -> tuple[float, float]:
        profile = windowed.profiles(a, b[None, :], at)[0]
        best = int(np.nanargmax(np.abs(profile)))
        return float(np.tanh(profile[best])), float(best - at.lag)

    return Question("windowed_correlation", b, lambda rows: _farthest(windowed.profiles(a, rows, at)), tell, _tanh)


def _coherence(a: Floats, b: Floats, rate: float) -> Question:
    def score(rows: Floats) -> Floats:
        return spectral.coherence_rows(a, rows, rate_hz=rate)

    return Question("coherence", b, score, lambda own: (own, None), float)


def _phase(a: Floats, b: Floats, rate: float) -> Question:
    def score(rows: Floats) -> Floats:
        return spectral.phase_rows(a, rows, rate_hz=rate)

    return Question("phase_synchrony", b, score, lambda own: (own, None), float)


def _recurrence(a: Floats, b: Floats, rate: float) -> Question:
    x, y = (recurrence.even(one, rate_hz=rate) for one in (a, b))
    delay = max(1, round(recurrence.DELAY_S * rate))
    lag = int(LAG_S * rate + 1e-9)
    radius = recurrence.radius_of(x, y, delay)

    def tell(own: float) -> tuple[float, float]:
        profile = recurrence.recurrence_rows(x, y[None, :], delay, lag, radius)[0]
        return own, float(int(np.nanargmax(profile)) - lag)

    return Question(
        "cross_recurrence",
        y,
        lambda rows: _farthest(recurrence.recurrence_rows(x, rows, delay, lag, radius)),
        tell,
        float,
    )


def _susy(a: Floats, b: Floats, rate: float) -> Question:
    """Scored by mean |z|, whose order is that of the effect; told as the effect."""
    own = segments.susy(a, b, rate_hz=rate)

    def effect(z: float) -> float:
        return (z - own.z_pseudo) / own.spread if own.spread > 0 else float("nan")

    def tell(score: float) -> tuple[float, float]:
        profile = segments.susy_rows(a, b[None, :], rate_hz=rate)[1]
        return effect(score), float(int(np.argmax(profile)) - profile.size // 2)

    return Question("susy", b, lambda rows: segments.susy_rows(a, rows, rate_hz=rate)[0], tell, effect)


def _farthest(profiles: Floats) -> Floats:
    """The largest distance from 0 in each row, NaN where there is none: float64[k]."""
    sizes = np.abs(profiles)
    known = ~np.isnan(sizes).all(axis=1)
    result = np.full(sizes.shape[0], np.nan)
    result[known] = np.nanmax(sizes[known], axis=1)
    return result


def _tanh(z: float) -> float:
    return float(np.tanh(z))
