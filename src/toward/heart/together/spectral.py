"""Coherence and phase synchrony: do two hearts keep the same rhythms, and keep them in step?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from toward.errors import BadInput
from toward.heart.surrogates import bridged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BAND_HZ: Final = (0.04, 0.4)
"""Slow waves and breathing: all of what heart rate does within a minute."""
SLOW_WAVES_HZ: Final = (0.04, 0.15)
"""The waves of about ten seconds: a phase needs one rhythm to belong to."""
SEGMENT_S: Final = 40.0
"""Tells frequencies 1/40 Hz apart, finer than the band's lower end, and leaves many segments to average."""
FEWEST_SEGMENTS: Final = 4


def coherence(
    a: Floats, b: Floats, *, rate_hz: float, band_hz: tuple[float, float] = BAND_HZ, segment_s: float = SEGMENT_S
) -> float:
    """Mean magnitude-squared coherence within *band_hz*, 0 to 1.

        C(f) = |<A*(f) B(f)>|^2 / (<|A(f)|^2> <|B(f)|^2>)

    with < > the mean over segments of *segment_s* that overlap by half, each less its mean and under a Hann window
    (Welch 1967, IEEE Trans Audio Electroacoust 15:70; Carter 1987, Proc IEEE 75:236). With K segments, two unrelated
    series give about 1/K and not 0, so the number says something only beside its chance level. Each segment is first
    scaled to the same power within the band: hearts have bursts, and two that happen to meet would outweigh all else
    (strangers with bursts were then called coherent twice as often as they may be).

    a, b: float64[n] at *rate_hz*; segments that touch a gap (NaN) are left out. NaN if fewer than four are left.
    Raises ``BadInput`` if the band holds no frequency that the rate and the segment can tell.
    """
    return float(coherence_rows(a, b[None, :], rate_hz=rate_hz, band_hz=band_hz, segment_s=segment_s)[0])


def coherence_rows(
    a: Floats,
    rows: Floats,
    *,
    rate_hz: float,
    band_hz: tuple[float, float] = BAND_HZ,
    segment_s: float = SEGMENT_S,
) -> Floats:
    """`coherence` of *a*, float64[n], with each of *rows*, float64[k, n]: float64[k]."""
    length = round(segment_s * rate_hz)
    frequencies = np.fft.rfftfreq(length, 1 / rate_hz)
    band = (frequencies >= band_hz[0]) & (frequencies <= band_hz[1]) & (frequencies > 0)
    if not band.any():
        raise BadInput("No frequency of this band can be told at this rate.", field="band_hz", reason="range")
    if a.size < length:
        return np.full(rows.shape[0], np.nan)
    spectrum_a, known_a = _segments(a[None, :], length, band)
    spectrum_b, known_b = _segments(rows, length, band)
    weight = (known_a & known_b).astype(np.float64)
    spectrum_a, spectrum_b = _even(spectrum_a), _even(spectrum_b)
    cross = np.einsum("ks,ksf->kf", weight, spectrum_a.conj() * spectrum_b)
    power_a = np.einsum("ks,ksf->kf", weight, np.broadcast_to(_power(spectrum_a), spectrum_b.shape))
    power_b = np.einsum("ks,ksf->kf", weight, _power(spectrum_b))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = _power(cross) / (power_a * power_b)
        result: Floats = share.mean(axis=1)
    result[weight.sum(axis=1) < FEWEST_SEGMENTS] = np.nan
    return result


def _power(spectrum: NDArray[np.complex128]) -> Floats:
    result: Floats = spectrum.real**2 + spectrum.imag**2
    return result


def _even(spectrum: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Every segment with the same mean power; one without any stays without."""
    power = _power(spectrum).mean(axis=-1, keepdims=True)
    result: NDArray[np.complex128] = spectrum / np.sqrt(np.where(power > 0, power, 1.0))
    return result


def _segments(rows: Floats, length: int, band: NDArray[np.bool_]) -> tuple[NDArray[np.complex128], NDArray[np.bool_]]:
    """complex128[k, segments, frequencies] in the band, and which segments have no gap: bool[k, segments]."""
    pieces = np.lib.stride_tricks.sliding_window_view(rows, length, axis=1)[:, :: max(1, length // 2)]
    known: NDArray[np.bool_] = np.logical_not(np.isnan(pieces).any(axis=2))
    filled = np.where(known[..., None], pieces, 0.0)
    filled = (filled - filled.mean(axis=2, keepdims=True)) * np.hanning(length + 1)[:length]
    spectrum: NDArray[np.complex128] = np.fft.rfft(filled, axis=2)[..., band]
    return spectrum, known


def phase_synchrony(a: Floats, b: Floats, *, rate_hz: float, band_hz: tuple[float, float] = SLOW_WAVES_HZ) -> float:
    """The phase-locking value within *band_hz*, 0 (no steady relation) to 1 (always the same distance in phase).

        PLV = |mean over t of exp(i (phi_a(t) - phi_b(t)))|

    phi is the angle of the analytic signal of the band-passed series, both made in one Fourier transform (Lachaux and
    others 1999, Hum Brain Mapp 8:194; Rosenblum and others 1996, Phys Rev Lett 76:1804). The steady distance itself
    may be anything: half a turn, when one heart speeds up as the other slows, counts as much as none.

    a, b: float64[n] at *rate_hz*. Gaps (NaN) are bridged for the transform and then left out of the mean. NaN if
    nothing is left or either doesn't move. Raises ``BadInput`` if the band holds no frequency of such a series.
    """
    return float(phase_rows(a, b[None, :], rate_hz=rate_hz, band_hz=band_hz)[0])


def phase_rows(a: Floats, rows: Floats, *, rate_hz: float, band_hz: tuple[float, float] = SLOW_WAVES_HZ) -> Floats:
    """`phase_synchrony` of *a*, float64[n], with each of *rows*, float64[k, n]: float64[k]."""
    turn_a, known_a = _turns(a[None, :], rate_hz, band_hz)
    turn_b, known_b = _turns(rows, rate_hz, band_hz)
    known = known_a & known_b
    count = known.sum(axis=1)
    total = np.abs((turn_a * turn_b.conj() * known).sum(axis=1))
    result: Floats = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return result


def _turns(
    rows: Floats, rate_hz: float, band_hz: tuple[float, float]
) -> tuple[NDArray[np.complex128], NDArray[np.bool_]]:
    """exp(i phi) for each sample, complex128[k, n], and where it is known."""
    n = rows.shape[1]
    frequencies = np.fft.fftfreq(n, 1 / rate_hz)
    band = (frequencies >= band_hz[0]) & (frequencies <= band_hz[1])
    if not band.any():
        raise BadInput("No frequency of this band can be told in so short a time.", field="band_hz", reason="range")
    known = ~np.isnan(rows)
    filled = rows if known.all() else np.stack([bridged(row) for row in rows])
    # Positive frequencies alone, doubled, are the analytic signal (Gabor 1946): its angle is the phase.
    analytic = np.fft.ifft(np.fft.fft(filled, axis=1) * (2.0 * band), axis=1)
    size = np.abs(analytic)
    floor = 1e-9 * np.maximum(size.max(axis=1, keepdims=True), 1e-300)
    known &= size > floor
    turns: NDArray[np.complex128] = analytic / np.maximum(size, 1e-300)
    return turns, known
