"""What the peers of the model of two do, run in their own environment by ``benchmarks.dyad``: prints one JSON object.

    .venv-peers-dyad/bin/python benchmarks/dyad_peers.py DATA.npz statsmodels|numpyro|euler|scipy

statsmodels fits the linear special case as a time-varying state space model; NumPyro samples it by NUTS under the same
weak priors; the Euler loop is what one writes with the standard library for the nonlinear model.
"""

# ruff: noqa: ANN001, ANN003, ANN202, ANN204, PLW0108 - a script for another environment
# mypy: ignore-errors
from __future__ import annotations

import json
import math
import random
import sys
import time

import numpy as np

WEAK_MEAN = [-0.2, 0.0, 0.0, -0.2, 4.0, 4.0, -0.2, 0.0, -0.2, -1.0, -1.0]
WEAK_SD = [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0]


def statsmodels_part(t, y) -> dict[str, float]:
    """Seconds of one likelihood and of one fit, and the optimum."""
    from scipy.linalg import solve_continuous_lyapunov
    from statsmodels.tsa.statespace.mlemodel import MLEModel

    gaps = np.append(np.diff(t), 0.0)

    class Process(MLEModel):
        """Two coupled Ornstein-Uhlenbeck states at irregular times."""

        def __init__(self, endog):
            super().__init__(endog, k_states=2, k_posdef=2)
            n = endog.shape[0]
            self["design"], self["selection"] = np.eye(2), np.eye(2)
            for name, shape in (("transition", (2, 2, n)), ("state_cov", (2, 2, n))):
                self[name] = np.zeros(shape)

        @property
        def start_params(self):
            wide = np.maximum(self.endog.std(axis=0), 1e-3)
            middle = self.endog.mean(axis=0)
            return np.array(
                [0, 0, 0, 0, *middle, math.log(0.9 * wide[0]), 0, math.log(0.9 * wide[1]), *np.log(0.3 * wide**2)]
            )

        def update(self, params, **kwargs):
            z = super().update(params, **kwargs)
            a = np.array([[-np.exp(z[0]), z[1]], [z[2], -np.exp(z[3])]])
            low = np.array([[np.exp(z[6]), 0.0], [z[7], np.exp(z[8])]])
            end = solve_continuous_lyapunov(a, -low @ low.T)
            rates, left = np.linalg.eig(a.astype(complex))
            grown = np.exp(np.outer(gaps, rates))
            f = np.einsum("ij,nj,jk->nik", left, grown, np.linalg.inv(left)).real
            self["transition"] = np.ascontiguousarray(f.transpose(1, 2, 0))
            self["state_cov"] = np.ascontiguousarray((end - f @ end @ f.transpose(0, 2, 1)).transpose(1, 2, 0))
            self["obs_intercept"] = z[4:6]
            self["obs_cov"] = np.diag(np.exp(z[9:11]))
            self.ssm.initialize_known(np.zeros(2), end)

    model = Process(y)
    start = model.start_params
    model.loglike(start)
    likelihood = min(timed(lambda: model.loglike(start)) for _ in range(200))
    bare = min(timed(lambda: model.ssm.loglike()) for _ in range(200))
    found = []
    fit = min(
        timed(lambda: found.append(model.fit(disp=0, maxiter=500, method="lbfgs", cov_type="none"))) for _ in range(3)
    )
    return {"likelihood": likelihood, "bare": bare, "fit": fit, "optimum": float(found[-1].llf)}


def timed(work) -> float:
    """Seconds of one call: of the processor or of the wall, whichever is fewer."""
    began, spent = time.perf_counter(), time.process_time()
    work()
    return min(time.perf_counter() - began, time.process_time() - spent)


def numpyro_part(t, y) -> dict[str, float]:
    """Seconds of NUTS after compiling, and its least effective sample size."""
    import jax
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist
    from numpyro.diagnostics import effective_sample_size
    from numpyro.infer import MCMC, NUTS

    jax.config.update("jax_enable_x64", val=True)
    gaps = jnp.asarray(np.insert(np.diff(t), 0, 0.0))
    seen = jnp.asarray(y)

    def likelihood(z):
        a = jnp.array([[-jnp.exp(z[0]), z[1]], [z[2], -jnp.exp(z[3])]])
        low = jnp.array([[jnp.exp(z[6]), 0.0], [z[7], jnp.exp(z[8])]])
        q, det, trace = low @ low.T, jnp.linalg.det(a), jnp.trace(a)
        adj = jnp.array([[a[1, 1], -a[0, 1]], [-a[1, 0], a[0, 0]]])
        end = -(det * q + adj @ q @ adj.T) / (2 * trace * det)
        noise = jnp.diag(jnp.exp(z[9:11]))
        half = 0.5 * trace
        bend = 0.25 * (a[0, 0] - a[1, 1]) ** 2 + a[0, 1] * a[1, 0]
        root = jnp.sqrt(jnp.abs(bend) + 1e-12)

        def step(carry, row):
            m, p = carry
            dt, value = row
            big = jnp.where(bend > 0, jnp.cosh(root * dt), jnp.cos(root * dt)) * jnp.exp(half * dt)
            small = jnp.where(bend > 0, jnp.sinh(root * dt), jnp.sin(root * dt)) / root * jnp.exp(half * dt)
            f = big * jnp.eye(2) + small * (a - half * jnp.eye(2))
            m, p = f @ m, f @ (p - end) @ f.T + end
            s = p + noise
            gap = value - z[4:6] - m
            gain = jnp.linalg.solve(s, p).T
            log_p = -0.5 * (gap @ jnp.linalg.solve(s, gap) + jnp.log(jnp.linalg.det(s))) - math.log(2 * math.pi)
            return (m + gain @ gap, p - gain @ s @ gain.T), log_p

        _, told = jax.lax.scan(step, (jnp.zeros(2), end), (gaps, seen))
        return jnp.where((trace < 0) & (det > 0), jnp.sum(told), -1e6)

    def model():
        z = numpyro.sample("z", dist.Normal(jnp.array(WEAK_MEAN), jnp.array(WEAK_SD)).to_event(1))
        numpyro.factor("seen", likelihood(z))

    sampler = MCMC(NUTS(model), num_warmup=150, num_samples=250, progress_bar=False)
    sampler.run(jax.random.PRNGKey(0))
    jax.block_until_ready(sampler.get_samples()["z"])

    def sample():
        sampler.run(jax.random.PRNGKey(1))
        jax.block_until_ready(sampler.get_samples()["z"])

    seconds = timed(sample)
    draws = np.asarray(sampler.get_samples()["z"])
    least = float(np.min(effective_sample_size(draws[None])))
    return {"seconds": seconds, "ess": least, "mean": draws.mean(axis=0).tolist(), "sd": draws.std(axis=0).tolist()}


def euler_part(days: int = 365, per_day: int = 48) -> dict[str, float]:
    """Seconds of a couple-year in a plain loop: the same drift, decays, bids, conflicts and check-ins."""
    luck = random.Random(1)
    began = time.process_time()
    a = b = 4.2
    dt = 1.0 / per_day
    root, fade = math.sqrt(dt), math.exp(-dt / 3.0)
    s_a = s_b = 0.0
    said = []
    for n in range(days * per_day):
        w_a = luck.gauss(0, 1)
        w_b = 0.2 * w_a + math.sqrt(1 - 0.04) * luck.gauss(0, 1)
        h_a, h_b = 1 / (1 + math.exp((a - 3.5) / 0.4)), 1 / (1 + math.exp((b - 3.5) / 0.4))
        wall_a = 1.5 * (max(a - 7.0, 0.0) - max(1.0 - a, 0.0))
        wall_b = 1.5 * (max(b - 7.0, 0.0) - max(1.0 - b, 0.0))
        a, b = (
            a + dt * (0.8 * (4.8 - a) + 0.35 * (b - a) - 1.2 * (1 - s_a) * h_b - wall_a) + 0.8 * root * w_a,
            b + dt * (0.8 * (4.8 - b) + 0.35 * (a - b) - 1.2 * (1 - s_b) * h_a - wall_b) + 0.8 * root * w_b,
        )
        s_a, s_b = s_a * fade, s_b * fade
        if luck.random() < 6.0 * dt:
            if luck.random() < 1 / (1 + math.exp(-0.95 - 0.9 * (b - 4))):
                a += 0.35 / (1 + math.exp((2.8 - a) / 0.35))
                b += 0.17 / (1 + math.exp((2.8 - b) / 0.35))
            else:
                a -= 0.35
        if luck.random() < 0.12 * dt:
            a, b = a - 0.7, b - 0.7
        if n % (per_day // 2) == 0:
            said.append((min(7, max(1, round(a + 0.6 * luck.gauss(0, 1)))), min(7, max(1, round(b)))))
    assert len(said) == 2 * days
    return {"seconds": time.process_time() - began}


def scipy_part(days: int = 365, per_day: int = 48) -> dict[str, float]:
    """The same life as one writes it with NumPy and SciPy: states are arrays of two, one step at a time."""
    from scipy.special import expit

    luck = np.random.default_rng(1)
    began = time.process_time()
    x, shield, dt = np.array([4.2, 4.2]), np.zeros(2), 1.0 / per_day
    mix = np.linalg.cholesky(np.array([[1.0, 0.2], [0.2, 1.0]])) * 0.8 * math.sqrt(dt)
    fade = math.exp(-dt / 3.0)
    path = np.empty((days * per_day, 2))
    for n in range(days * per_day):
        other = x[::-1]
        wall = 1.5 * (np.maximum(x - 7.0, 0.0) - np.maximum(1.0 - x, 0.0))
        threat = 1.2 * (1.0 - shield) * expit((3.5 - other) / 0.4)
        x = x + dt * (0.8 * (4.8 - x) + 0.35 * (other - x) - threat - wall) + mix @ luck.standard_normal(2)
        shield *= fade
        if luck.random() < 6.0 * dt:
            asker = int(luck.integers(2))
            if luck.random() < expit(0.95 + 0.9 * (x[1 - asker] - 4)):
                x += np.where(np.arange(2) == asker, 0.35, 0.17) * expit((x - 2.8) / 0.35)
            else:
                x[asker] -= 0.35
        if luck.random() < 0.12 * dt:
            x -= 0.7
        path[n] = x
    assert np.isfinite(path).all()
    return {"seconds": time.process_time() - began}


def main() -> None:
    """Run one part and print what it took."""
    table = np.load(sys.argv[1])
    t, y = table["t"], table["y"]
    parts = {
        "statsmodels": lambda: statsmodels_part(t, y),
        "numpyro": lambda: numpyro_part(t, y),
        "euler": lambda: {"seconds": min(euler_part()["seconds"] for _ in range(5))},
        "scipy": lambda: {"seconds": min(scipy_part()["seconds"] for _ in range(3))},
    }
    print(json.dumps(parts[sys.argv[2]]()))


if __name__ == "__main__":
    main()
