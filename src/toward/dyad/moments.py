"""Expectations under a Gaussian, in closed form: how the bend of the model meets uncertainty.

A logistic is nearly a mixture of normal distribution functions (Monahan and Stefanski 1989; the constants here are
minimax fits: two of them are within 5.2e-4, three within 4.4e-5). Under x ~ N(m, P) each has a closed
expectation, Phi((c - m) / sqrt(s^2 + P)), and with it every derivative in m. Derivatives in P come for free, because
d/dP E f(x) = 1/2 d^2/dm^2 E f(x). So no nodes, no loops, and exact gradients.
"""

# ruff: noqa: PLR2004 - one pass over plain arrays is what Numba compiles; numbers are the sums' own
# An array's element has no type of its own:
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

import math
from typing import Final

from toward.dyad.compiled import inline

ROOT_HALF: Final = math.sqrt(0.5)
NORMAL: Final = 1.0 / math.sqrt(2.0 * math.pi)

# Weights and squared widths of the normal distribution functions for a logistic of width 1.
U1, U2 = 0.43555804, 0.56444196
V1, V2 = 5.27848925, 1.69275975
W1, W2, W3 = 0.16244464, 0.58510295, 0.25245241
S1, S2, S3 = 7.54749518, 2.9965719, 1.2135514

# Abramowitz and Stegun 26.2.17: the normal tail from its density, |error| < 7.5e-8.
AS0 = 0.2316419
AS1, AS2, AS3, AS4, AS5 = 0.319381530, -0.356563782, 1.781477937, -1.821255978, 1.330274429


@inline
def density(z: float) -> float:
    """The standard normal density."""
    return NORMAL * math.exp(-0.5 * z * z)


@inline
def below(z: float, phi: float) -> float:
    """The standard normal distribution function at ``z``, where ``phi`` is the density there."""
    t = 1.0 / (1.0 + AS0 * abs(z))
    tail = phi * t * (AS1 + t * (AS2 + t * (AS3 + t * (AS4 + t * AS5))))
    return 1.0 - tail if z > 0.0 else tail


@inline
def falling(m: float, p: float, at: float, width: float) -> tuple[float, float, float, float]:
    """E f and three derivatives in m for f(x) = 1 / (1 + exp((x - at) / width)), x ~ N(m, p); |error| < 5.2e-4."""
    w = width * width
    i1 = 1.0 / math.sqrt(V1 * w + p)
    i2 = 1.0 / math.sqrt(V2 * w + p)
    z1, z2 = (at - m) * i1, (at - m) * i2
    d1, d2 = density(z1), density(z2)
    b1, b2 = U1 * d1 * i1, U2 * d2 * i2
    return (
        U1 * below(z1, d1) + U2 * below(z2, d2),
        -b1 - b2,
        -b1 * i1 * z1 - b2 * i2 * z2,
        b1 * i1 * i1 * (1.0 - z1 * z1) + b2 * i2 * i2 * (1.0 - z2 * z2),
    )


@inline
def falling_all(m: float, p: float, at: float, width: float) -> tuple[float, float, float, float, float]:
    """As ``falling`` with one more component and one more derivative, for answers; |error| < 4.4e-5."""
    w = width * width
    i1 = 1.0 / math.sqrt(S1 * w + p)
    i2 = 1.0 / math.sqrt(S2 * w + p)
    i3 = 1.0 / math.sqrt(S3 * w + p)
    z1, z2, z3 = (at - m) * i1, (at - m) * i2, (at - m) * i3
    d1, d2, d3 = density(z1), density(z2), density(z3)
    e0 = W1 * below(z1, d1) + W2 * below(z2, d2) + W3 * below(z3, d3)
    b1, b2, b3 = W1 * d1 * i1, W2 * d2 * i2, W3 * d3 * i3
    e1 = b1 + b2 + b3
    e2 = b1 * i1 * z1 + b2 * i2 * z2 + b3 * i3 * z3
    e3 = b1 * i1 * i1 * (z1 * z1 - 1.0) + b2 * i2 * i2 * (z2 * z2 - 1.0) + b3 * i3 * i3 * (z3 * z3 - 1.0)
    e4 = (
        b1 * i1 * i1 * i1 * (3.0 - z1 * z1) * z1
        + b2 * i2 * i2 * i2 * (3.0 - z2 * z2) * z2
        + b3 * i3 * i3 * i3 * (3.0 - z3 * z3) * z3
    )
    return e0, -e1, -e2, -e3, e4


@inline
def wall(m: float, p: float, low: float, high: float, stiff: float) -> tuple[float, float, float, float]:
    """E of the spring that keeps x within the scale, and three derivatives in m.

    It is stiff * ((x - high)+ - (low - x)+), per day. An end that is more than five deviations away is left out.
    """
    e0 = e1 = e2 = e3 = 0.0
    far = 25.0 * p
    if m > high or (high - m) * (high - m) < far:
        q = math.sqrt(p)
        z = (m - high) / q
        d = density(z)
        f = below(z, d)
        e0, e1, e2, e3 = stiff * q * (z * f + d), stiff * f, stiff * d / q, -stiff * z * d / p
    if m < low or (m - low) * (m - low) < far:
        q = math.sqrt(p)
        z = (low - m) / q
        d = density(z)
        f = below(z, d)
        e0 -= stiff * q * (z * f + d)
        e1 += stiff * f
        e2 -= stiff * d / q
        e3 -= stiff * z * d / p
    return e0, e1, e2, e3


@inline
def logs(z0: float, z1: float, z2: float, z3: float, z4: float) -> tuple[float, float, float, float, float]:
    """Logarithm of z0 and its first four derivatives, from z0 and its derivatives."""
    r1, r2, r3, r4 = z1 / z0, z2 / z0, z3 / z0, z4 / z0
    q1 = r1 * r1
    return (
        math.log(z0),
        r1,
        r2 - q1,
        r3 - 3.0 * r1 * r2 + 2.0 * r1 * q1,
        r4 - 4.0 * r1 * r3 - 3.0 * r2 * r2 + 12.0 * q1 * r2 - 6.0 * q1 * q1,
    )


@inline
def step(m: float, w: float, y: float, slip: float) -> tuple[float, float, float, float, float]:
    """Log probability of the check-in y in 1..7 for x + noise ~ N(m, w), and four derivatives in m.

    y = clip(round(.), 1, 7), so the lowest and the highest step are open to the outside. ``slip`` is the share of
    answers that are any step at all (a slip of the thumb): it keeps a far answer possible and its pull bounded.
    """
    i = 1.0 / math.sqrt(w)
    upper, lower = (y + 0.5 - m) * i, (y - 0.5 - m) * i
    d_upper = density(upper) if y < 7.0 else 0.0
    d_lower = density(lower) if y > 1.0 else 0.0
    if y < 1.5:
        z0 = 0.5 * math.erfc(-upper * ROOT_HALF)
    elif y > 6.5:
        z0 = 0.5 * math.erfc(lower * ROOT_HALF)
    elif lower > 0.0:
        z0 = 0.5 * (math.erfc(lower * ROOT_HALF) - math.erfc(upper * ROOT_HALF))
    else:
        z0 = 0.5 * (math.erfc(-upper * ROOT_HALF) - math.erfc(-lower * ROOT_HALF))
    keep = 1.0 - slip
    z1 = -keep * (d_upper - d_lower) * i
    z2 = -keep * (upper * d_upper - lower * d_lower) * i * i
    z3 = keep * ((1.0 - upper * upper) * d_upper - (1.0 - lower * lower) * d_lower) * i * i * i
    z4 = keep * ((3.0 - upper * upper) * upper * d_upper - (3.0 - lower * lower) * lower * d_lower) * (i * i * i * i)
    return logs(keep * z0 + slip / 7.0, z1, z2, z3, z4)


@inline
def normal(m: float, w: float, y: float) -> tuple[float, float, float, float, float]:
    """Log density of y ~ N(m, w), and four derivatives in m."""
    gap = (y - m) / w
    return -0.5 * (math.log(w) + gap * gap * w) - 0.9189385332046727, gap, -1.0 / w, 0.0, 0.0
