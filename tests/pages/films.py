"""What a camera sees of a finger: films (Y4M) of made or recorded means of frames, for a browser to be shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RECORDINGS: Final = Path(__file__).parents[3] / "shared" / "data" / "camera" / "welltory"
RATE: Final = 30
SIDE: Final = 64


def made_pulse(seconds: float = 40.0, *, bpm: float = 66.0, seed: int = 1) -> tuple[Floats, Floats]:
    """Stamps in seconds and means float64[n, 3] of a pulse that breathes: a steep dip of red, a slow way back."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0.0, seconds, 1 / RATE)
    rate_hz = bpm / 60 * (1 + 0.04 * np.sin(2 * np.pi * 0.1 * time_s))
    phase = np.cumsum(rate_hz) / RATE % 1.0
    dip = np.where(phase < 0.2, np.sin(np.pi * phase / 0.4), np.cos(np.pi * (phase - 0.2) / 1.6))
    red = 235.0 - 1.5 * dip + 0.3 * np.sin(2 * np.pi * 0.07 * time_s) + rng.normal(0, 0.02, time_s.size)
    return time_s, np.column_stack((red, np.full(time_s.size, 12.0), np.full(time_s.size, 6.0)))


def recorded_pulse(subject: str) -> tuple[Floats, Floats] | None:
    """The same of a real recording, with its own stamps; None where the recordings are not at hand."""
    path = RECORDINGS / subject / "PPG.csv"
    if not path.exists():
        return None
    table = np.genfromtxt(path, delimiter=",", skip_header=1)
    return table[:, 0] / 1000, table[:, 1:4]


def write_film(path: Path, time_s: Floats, means: Floats, *, seed: int = 2) -> None:
    """Write frames of 64 by 64 at an even rate, rounded by chance: the mean keeps what a step of one hides."""
    rng = np.random.default_rng(seed)
    at = np.arange(time_s[0], time_s[-1], 1 / RATE)
    red, green, blue = (np.interp(at, time_s, channel) for channel in means.T)
    planes = (
        (16 + (65.738 * red + 129.057 * green + 25.064 * blue) / 256, SIDE),
        (128 + (-37.945 * red - 74.494 * green + 112.439 * blue) / 256, SIDE // 2),
        (128 + (112.439 * red - 94.154 * green - 18.285 * blue) / 256, SIDE // 2),
    )
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{SIDE} H{SIDE} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for i in range(at.size):
            film.write(b"FRAME\n")
            for value, side in planes:
                film.write(np.floor(value[i] + rng.random((side, side))).clip(0, 255).astype(np.uint8).tobytes())
