"""Simulation-based calibration of the model of two: ``python -m benchmarks.dyad_calibration [--couples 200]``.

Draws couples from the priors, lets each live three weeks, fits it by sampling, and asks where the truth falls. Prints
one line per parameter: the p value of uniform ranks (after Holm), how far their distribution is from the diagonal, and
how often the 50, 80 and 95 % intervals held the truth. With the defaults it takes some minutes.
"""

from __future__ import annotations

import argparse
import time
from typing import Final

import numpy as np
from rich.progress import track

from toward.dyad import HABITS
from toward.dyad.calibration import SHARES, ranks, summary

#: With a softer word and practice alone now and then, so that every parameter is told something of.
EVERYTHING: Final = HABITS._replace(softenings=0.1, practices_a=0.1, practices_b=0.1, rungs=0.1, hearts=0.2)


def main() -> None:
    """Run it with a progress bar and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--couples", type=int, default=200)
    parser.add_argument("--days", type=float, default=21.0)
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = time.process_time()
    lives = ranks(asked.couples, days=asked.days, draws=asked.draws, seed=asked.seed, habits=EVERYTHING)
    rows = np.stack(list(track(lives, total=asked.couples, description="couples")))
    told = summary(rows)
    shares = " ".join(f"{share:>5.0%}" for share in SHARES)
    print(f"{asked.couples} couples, {asked.days:g} days; intervals that held the truth: {shares}")
    for name, p, holm, apart, held in zip(told.names, told.p, told.p_holm, told.apart, told.coverage, strict=True):
        print(
            f"{name:6s}  p {p:.3f}  after Holm {holm:.3f}  off the diagonal {apart:.3f}  "
            + " ".join(f"{share:5.3f}" for share in held)
        )
    least, most, mean = told.p_holm.min(), told.apart.max(), told.coverage.mean(axis=0)
    print(f"least p after Holm {least:.3f} (bar .05: {'met' if least >= 0.05 else 'missed'})")
    print(f"farthest off the diagonal {most:.3f} (band {told.band:.3f}: {'met' if most <= told.band else 'missed'})")
    held = " ".join(f"{share:.3f}" for share in mean)
    print(f"mean coverage {held} (80 %, bar .77 to .83: {'met' if 0.77 <= mean[1] <= 0.83 else 'missed'})")
    print(f"{time.process_time() - started:.0f} s of processor")


if __name__ == "__main__":
    main()
