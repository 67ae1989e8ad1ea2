"""Other people's models of two, fitted to two series: so that ours can be compared, and theirs can be used.

Arrays in, NamedTuples out, and the published digits come back (``tests/dyad/published``).

=================  =====================================================================================
module             model
=================  =====================================================================================
``gottman``        Gottman-Murray as first estimated: what each does alone, then how each pushes the other
``threshold``      Gottman-Murray with an estimated bend (bilinear), a step (ojive), or no influence at all
``inertia``        inertia-coordination: own and partner's earlier value, a lag apart
``oscillator``     coupled damped oscillator on estimated derivatives
``apim``           actor-partner interdependence, across couples or from day to day
``autoregression`` VAR(1), and its one-person special case AR(1)
=================  =====================================================================================

The linear coupled Ornstein-Uhlenbeck model, which needs no equal spacing, is ``toward.dyad.fit_linear``: it shares the
likelihood of our own model without its bend.

Series are float arrays of one length n, equally spaced, NaN where an answer is missing. Partner *a* comes first. Where
a package in R sets a convention, ours is the same and is said, so that the published numbers can be had again; where
the convention is odd, that is said too.
"""

from __future__ import annotations

__all__ = ["apim", "autoregression", "gottman", "inertia", "oscillator", "threshold"]
