"""The model of two: a couple's felt safety as a coupled, bistable state-space model, learnt from a few answers a day.

Arrays in, NamedTuples out. Nothing here knows an app, a file or a clock: a researcher imports it in a notebook.

    >>> from toward import dyad
    >>> made = dyad.simulate(dyad.TYPICAL, days=21, seed=1)
    >>> fit = dyad.fit(made.journal)
    >>> sorted(fit.state._fields)
    ['a', 'b']

==================  =======================================================================================
what                names
==================  =======================================================================================
data                ``Journal``, ``KINDS``, ``journal`` (rows to a journal), ``check``
parameters          ``Parameters``, ``TYPICAL``, ``PRIORS``, ``Prior``, ``Priors``, ``Constants``, ``CONSTANTS``
made-up couples     ``population``, ``POPULATION``, ``Population``, ``simulate``, ``Habits``, ``HABITS``, ``Simulation``
inference           ``filter``, ``log_likelihood``, ``fit``, ``Fit``, ``Start``, ``Marginal``, ``States``, ``warm``
looking back        ``smooth``, ``Smoothed`` (one couple), ``path``, ``Path`` (over a fit's posterior), ``again``
what it says        ``forecast``, ``dance``, ``tipping``, ``equilibria``, ``basins``, ``trap_probability``,
                    ``effect``, ``all_effects``, ``next_practice``, ``score``
without the bend    ``linear_log_likelihood``, ``fit_linear`` (the coupled Ornstein-Uhlenbeck special case)
==================  =======================================================================================

Partner 0 is *a*, partner 1 is *b*, 2 is both. Times are days, felt safety is in check-in steps (1 to 7). Names are
loaded when they are first used, so importing the room costs next to nothing; ``warm`` compiles its kernels once.

What it cannot tell: there is no public diary of dyadic felt safety, so nothing about people is proven by it. After
three weeks the data say much about where someone is and little about coupling: every result carries its interval and
its ``shrinkage`` (0: still the prior's voice, 1: all data).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from toward.dyad.events import KINDS, Journal, check, journal
from toward.dyad.params import CONSTANTS, PRIORS, TYPICAL, Constants, Parameters, Prior, Priors

if TYPE_CHECKING:
    from toward.dyad.choice import Choice, Gates, next_practice
    from toward.dyad.compiled import warm
    from toward.dyad.continued import again
    from toward.dyad.dancing import Dance, dance
    from toward.dyad.effects import Effect, all_effects, effect
    from toward.dyad.estimate import Fit, Marginal, States, fit
    from toward.dyad.evidence import trap_probability
    from toward.dyad.filtering import Filtered, filter, log_likelihood  # noqa: A004 - the field's own word
    from toward.dyad.forecasts import Forecast, forecast
    from toward.dyad.landscape import Equilibrium, Tipping, basins, equilibria, tipping
    from toward.dyad.laplace import Start
    from toward.dyad.linear import Linear, LinearFit, fit_linear, linear_log_likelihood
    from toward.dyad.people import POPULATION, Population, population
    from toward.dyad.scoring import Score, score
    from toward.dyad.simulation import HABITS, Habits, Simulation, simulate
    from toward.dyad.smoothing import Path, Smoothed, path, smooth

_HOMES = {
    "continued": ("again",),
    "choice": ("Choice", "Gates", "next_practice"),
    "compiled": ("warm",),
    "dancing": ("Dance", "dance"),
    "effects": ("Effect", "all_effects", "effect"),
    "estimate": ("Fit", "Marginal", "States", "fit"),
    "evidence": ("trap_probability",),
    "filtering": ("Filtered", "filter", "log_likelihood"),
    "forecasts": ("Forecast", "forecast"),
    "landscape": ("Equilibrium", "Tipping", "basins", "equilibria", "tipping"),
    "laplace": ("Start",),
    "linear": ("Linear", "LinearFit", "fit_linear", "linear_log_likelihood"),
    "people": ("POPULATION", "Population", "population"),
    "scoring": ("Score", "score"),
    "simulation": ("HABITS", "Habits", "Simulation", "simulate"),
    "smoothing": ("Path", "Smoothed", "path", "smooth"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "CONSTANTS",
    "HABITS",
    "KINDS",
    "POPULATION",
    "PRIORS",
    "TYPICAL",
    "Choice",
    "Constants",
    "Dance",
    "Effect",
    "Equilibrium",
    "Filtered",
    "Fit",
    "Forecast",
    "Gates",
    "Habits",
    "Journal",
    "Linear",
    "LinearFit",
    "Marginal",
    "Parameters",
    "Path",
    "Population",
    "Prior",
    "Priors",
    "Score",
    "Simulation",
    "Smoothed",
    "Start",
    "States",
    "Tipping",
    "again",
    "all_effects",
    "basins",
    "check",
    "dance",
    "effect",
    "equilibria",
    "filter",
    "fit",
    "fit_linear",
    "forecast",
    "journal",
    "linear_log_likelihood",
    "log_likelihood",
    "next_practice",
    "path",
    "population",
    "score",
    "simulate",
    "smooth",
    "tipping",
    "trap_probability",
    "warm",
]


def __getattr__(name: str) -> object:
    """Load the part that holds ``name`` when it is first asked for (PEP 562)."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"toward.dyad has no {name!r}")
    return getattr(import_module(f"toward.dyad.{home}"), name)


def __dir__() -> list[str]:
    """Say all public names, loaded or not."""
    return sorted(__all__)
