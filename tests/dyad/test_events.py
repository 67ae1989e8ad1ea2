"""A journal of two says what is wrong with it, and where."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward import dyad
from toward.dyad import events
from toward.errors import BadInput, TooLong


def columns(*rows: tuple[float, int, int, float]) -> dyad.Journal:
    """A journal of rows as they are, unchecked."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return dyad.Journal(table[:, 0], table[:, 1].astype(np.int8), table[:, 2].astype(np.int8), table[:, 3])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(0.0, 0, 0, 8.0)], "range"),
        ([(0.0, 0, 0, 4.5)], "whole"),
        ([(0.0, 2, 0, 4.0)], "both"),
        ([(1.0, 0, 0, 4.0), (0.5, 0, 0, 4.0)], "order"),
        ([(1.0, 0, 0, 4.0), (1.0, 0, 0, 5.0)], "twice"),
        ([(math.nan, 0, 0, 4.0)], "missing"),
        ([(math.inf, 0, 0, 4.0)], "missing"),
        ([(0.0, 3, 0, 4.0)], "unknown"),
        ([(0.0, 0, 99, 4.0)], "unknown"),
        ([(0.0, -1, 0, 4.0)], "unknown"),
        ([(0.0, 0, 0, 4.0), (50_000.0, 0, 0, 4.0)], "span"),
        ([(0.0, 0, 1, math.inf)], "range"),
    ],
)
def test_a_wrong_row_is_named(rows: list[tuple[float, int, int, float]], reason: str) -> None:
    """Every kind of wrong row raises with its reason."""
    with pytest.raises(BadInput) as caught:
        dyad.check(columns(*rows))
    assert caught.value.reason == reason


def test_columns_of_different_lengths_are_refused() -> None:
    """Four columns must be one table."""
    with pytest.raises(BadInput, match="one length"):
        dyad.check(dyad.Journal(np.zeros(2), np.zeros(1, np.int8), np.zeros(2, np.int8), np.ones(2)))


def test_too_many_rows_are_refused() -> None:
    """More than a million rows is no couple."""
    n = events.MOST + 1
    with pytest.raises(TooLong):
        dyad.check(dyad.Journal(np.arange(float(n)), np.zeros(n, np.int8), np.zeros(n, np.int8), np.ones(n)))


def test_names_that_are_unknown_are_refused() -> None:
    """A row with an unknown partner or kind says which are known."""
    with pytest.raises(BadInput, match="a, b or both"):
        dyad.journal([(0.0, "c", "checkin", 4)])
    with pytest.raises(BadInput, match="checkin"):
        dyad.journal([(0.0, "a", "mood", 4)])


def test_rows_come_out_in_order_of_time() -> None:
    """Rows may be given in any order; an empty journal is a journal."""
    made = dyad.journal([(2.0, "a", "checkin", 4), (1.0, 1, 0, 5)])
    assert made.time_days.tolist() == [1.0, 2.0]
    assert made.value.tolist() == [5.0, 4.0]
    assert dyad.check(dyad.journal([])).time_days.size == 0
    assert events.span_days(dyad.journal([])) == 0.0


def test_an_open_answer_is_not_present() -> None:
    """NaN is a question left open, and is dropped without a trace."""
    made = dyad.journal([(0.0, "a", "checkin", 4), (1.0, "a", "checkin", math.nan), (2.0, "b", "checkin", 4)])
    assert events.present(made).time_days.tolist() == [0.0, 2.0]
    assert events.counts(made, "checkin") == (1, 1)


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from("ab"), st.integers(1, 7)), max_size=20, unique_by=lambda r: r[:2]
    )
)
def test_mirroring_twice_changes_nothing(rows: list[tuple[int, str, int]]) -> None:
    """Exchanging the names twice gives the journal back."""
    made = dyad.journal([(float(t), who, "checkin", y) for t, who, y in rows])
    again = events.mirrored(events.mirrored(made))
    assert [column.tolist() for column in made] == [column.tolist() for column in again]


def test_every_public_name_is_there() -> None:
    """The room hands out what it lists, and nothing else."""
    assert all(getattr(dyad, name) is not None for name in dyad.__all__)
    assert dir(dyad) == sorted(dyad.__all__)
    with pytest.raises(AttributeError):
        _ = dyad.love
