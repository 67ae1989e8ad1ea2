"""Going on from an earlier fit: the same couple as from nothing, sooner; and where it can't be trusted, it is left."""

from __future__ import annotations

import math
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.dyad.couples import TRAP, TWO_VALLEYS
from toward import dyad
from toward.dyad.events import chosen
from toward.dyad.laplace import MOST_GRADIENTS, SETTLED, Laplace, approximate
from toward.dyad.params import INDEX, SIZE, prior_arrays
from toward.dyad.plan import plan
from toward.dyad.posterior import data, minimise
from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

DIARY = dyad.HABITS._replace(
    checkins=1, bids=0.3, conflicts=0.1, softenings=0.12, touches=0.3, voices=0, harshnesses=0, practices_a=0.4,
    theres=0.3, moveds=0.3, marks=0, rungs=0.05, life_events=0.02,
)  # fmt: skip
WEEKS = dyad.simulate(TWO_VALLEYS, days=21, seed=4, habits=DIARY).journal


def couples() -> Iterator[dyad.Journal]:
    """Made-up weeks: of many couples, of a couple with two valleys, and of one that was led out of the low one."""
    for seed, couple in enumerate(dyad.population(16, seed=3)):
        yield dyad.simulate(couple, days=14 + 14 * (seed % 3), seed=seed, habits=DIARY).journal
    course = dyad.journal([(14.0, "both", "softening", 1.0)])
    for seed in range(8):
        yield dyad.simulate(TWO_VALLEYS, days=42, seed=seed, habits=DIARY).journal
        yield dyad.simulate(TWO_VALLEYS, days=35, seed=seed, start=TRAP, planned=course).journal


def without(journal: dyad.Journal, rows: int) -> dyad.Journal:
    """A journal before its last rows."""
    return chosen(journal, slice(journal.time_days.size - rows))


def left_by(journal: dyad.Journal) -> dyad.Start:
    """Where a fit of a journal comes to rest."""
    return approximate(plan(journal), dyad.PRIORS).start


def same(one: Laplace, other: Laplace) -> bool:
    """Whether two fits are one and the same, to the last bit."""
    return np.array_equal(one.w, other.w) and np.array_equal(one.root, other.root)


def days_of(journal: dyad.Journal) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Day by day to its end."""
    begin, end = journal.time_days[0], journal.time_days[-1]
    return np.append(np.arange(begin, end), end)


def test_one_more_answer_leads_to_the_same_couple_sooner() -> None:
    """Over many couples: the same mode and spread as from nothing, to what a search leaves open, in fewer gradients."""
    warm_took, cold_took = [], []
    for journal in couples():
        laid = plan(journal)
        cold = approximate(laid, dyad.PRIORS)
        for rows in (1, 3):
            warm = approximate(laid, dyad.PRIORS, start=left_by(without(journal, rows)))
            assert warm.log_posterior == pytest.approx(cold.log_posterior, abs=1e-5)
            assert warm.w == pytest.approx(cold.w, abs=5e-3)
            assert warm.root == pytest.approx(cold.root, abs=2e-2)
            assert warm.settled
            warm_took.append(warm.gradients)
        cold_took.append(cold.gradients)
    assert np.median(warm_took) < 0.4 * np.median(cold_took)


def test_says_the_same_through_the_whole_fit() -> None:
    """Parameters, state, evidence and draws of ``fit`` with a start are those without one."""
    cold = dyad.fit(WEEKS)
    warm = dyad.fit(WEEKS, start=left_by(without(WEEKS, 1)))
    assert warm.laplace.gradients < cold.laplace.gradients
    for name, marginal in cold.parameters.items():
        assert tuple(warm.parameters[name]) == pytest.approx(tuple(marginal), abs=0.01)
    assert tuple(warm.state.a) == pytest.approx(tuple(cold.state.a), abs=5e-3)
    assert warm.trap_probability == pytest.approx(cold.trap_probability, abs=5e-3)
    assert warm.log_evidence == pytest.approx(cold.log_evidence, abs=1e-3)
    assert warm.draws == pytest.approx(cold.draws, rel=0.05, abs=0.02)
    assert warm.notes == cold.notes


def with_two_modes() -> Iterator[tuple[dyad.Journal, dyad.Start]]:
    """Journals whose posterior has a second, worse mode, and a start from which a bare search falls into it."""
    for seed in chain((22,), range(120)):
        journal = dyad.simulate(TWO_VALLEYS, days=42, seed=seed, habits=DIARY).journal
        laid, start = plan(journal), left_by(without(journal, journal.time_days.size // 2))
        cold = approximate(laid, dyad.PRIORS)
        mean, sd = prior_arrays(dyad.PRIORS)
        w, inverse = (start.z - mean) / sd, start.covariance / np.outer(sd, sd)
        energy, _ = minimise(w, mean, sd, data(laid), inverse, SETTLED, MOST_GRADIENTS)
        if energy + cold.log_posterior > 0.01:
            yield journal, start


def test_a_start_that_leads_to_a_worse_couple_is_left() -> None:
    """From half of its answers a bare search ends in another, less likely couple; a fit does not."""
    ((journal, start),) = islice(with_two_modes(), 1)
    cold = dyad.fit(journal, valleys=False)
    assert same(dyad.fit(journal, valleys=False, start=start).laplace, cold.laplace)
    assert dyad.again(journal, days_of(journal), start) is None


def test_a_start_of_somebody_else_changes_nothing() -> None:
    """To the last bit the fit from nothing: another couple's, one no couple could have, one that is no better."""
    cold = approximate(plan(WEEKS), dyad.PRIORS)
    mean, sd = prior_arrays(dyad.PRIORS)
    narrow = np.diag(sd**2) * 1e-4
    others = [left_by(journal) for journal in islice(couples(), 6)]
    far = [dyad.Start(mean + by * sd, narrow) for by in (0.0, 3.0, -3.0, 60.0, 1e6)]
    for start in (*others, *far):
        assert same(approximate(plan(WEEKS), dyad.PRIORS, start=start), cold)
        assert dyad.again(WEEKS, WEEKS.time_days[-1:], start) is None


def test_what_is_not_touched_any_more_is_the_prior_s_again() -> None:
    """With its only softening gone, a softening's jump is exactly where nothing is known of it."""
    began = float(WEEKS.time_days[0])
    once = dyad.journal([*rows_of(WEEKS, "softening"), (began, "both", "softening", 0.2)])
    start, bare = left_by(once), dyad.journal(rows_of(WEEKS, "softening"))
    mean, sd = prior_arrays(dyad.PRIORS)
    js = INDEX["js"]
    assert start.z[js] != mean[js]
    warm = approximate(plan(bare), dyad.PRIORS, start=start)
    cold = approximate(plan(bare), dyad.PRIORS)
    assert not same(warm, cold)
    assert warm.z[js] == mean[js]
    assert warm.z_covariance[js, js] == pytest.approx(sd[js] ** 2)


def rows_of(journal: dyad.Journal, but: str) -> list[tuple[float, int, str, float]]:
    """A journal's rows but for one kind."""
    columns = zip(*(column.tolist() for column in journal), strict=True)
    return [(at, who, dyad.KINDS[kind], value) for at, who, kind, value in columns if dyad.KINDS[kind] != but]


def test_the_quick_line_is_the_fit_s_to_the_eye() -> None:
    """Over many couples, from one row before or from two: a fiftieth of a step, and a band within a tenth."""
    gaps, bands, none = [], [], 0
    for journal in couples():
        days = days_of(journal)
        told = dyad.path(dyad.fit(journal, valleys=False), days)
        for rows in (1, 2):
            quick = dyad.again(journal, days, left_by(without(journal, rows)))
            if quick is None:
                none += 1
                continue
            gaps.append(np.abs(quick.mean - told.mean).max())
            bands.append(np.abs(quick.sd / told.sd - 1.0).max())
    assert none <= 4
    assert np.median(gaps) < 0.005
    assert np.quantile(gaps, 0.9) < 0.02
    assert np.quantile(bands, 0.9) < 0.1


def test_the_quick_line_hangs_on_its_start_less_than_the_eye_sees() -> None:
    """From one, two or three rows before, it is the same line; from the same start, the same bits."""
    days = days_of(WEEKS)
    lines = [dyad.again(WEEKS, days, left_by(without(WEEKS, rows))) for rows in (1, 2, 3, 3)]
    one, two, three, same_three = (line for line in lines if line is not None)
    assert two.mean == pytest.approx(one.mean, abs=0.03)
    assert three.mean == pytest.approx(one.mean, abs=0.03)
    assert np.array_equal(three.mean, same_three.mean)
    assert np.array_equal(three.sd, same_three.sd)


@pytest.mark.parametrize(
    ("z", "covariance", "reason"),
    [
        (np.zeros(SIZE - 1), np.eye(SIZE), "shape"),
        (np.zeros(SIZE), np.eye(SIZE + 1), "shape"),
        (np.zeros(SIZE), np.ones(SIZE), "shape"),
        ("nothing", np.eye(SIZE), "shape"),
        (np.full(SIZE, math.nan), np.eye(SIZE), "finite"),
        (np.zeros(SIZE), np.full((SIZE, SIZE), math.inf), "finite"),
        (np.zeros(SIZE), -np.eye(SIZE), "covariance"),
        (np.zeros(SIZE), np.eye(SIZE) + np.eye(SIZE, k=1) * 0.1, "covariance"),
    ],
)
def test_what_is_no_start_is_refused(z: object, covariance: object, reason: str) -> None:
    """A wrong shape, a number that is none, a covariance that can't be one: each by its name."""
    start = dyad.Start(z, covariance)  # type: ignore[arg-type]
    for ask in (
        lambda: dyad.fit(WEEKS, start=start),
        lambda: dyad.again(WEEKS, WEEKS.time_days[-1:], start),
    ):
        with pytest.raises(BadInput) as refused:
            ask()
        assert (refused.value.field, refused.value.reason) == ("start", reason)
