"""One heart's signals: beats, ectopic beats, variability, the camera against a strap, breath.

    python -m benchmarks.heart_signals DATA

DATA is a folder with `ecg/`, `breath/` and `camera/`. Peers run in the same run where `.venv-peers-heart` is (see
`benchmarks/heart.py`). Protocols, fixed before anything was tuned:

- Beats: the first lead; each annotated beat takes the nearest free one within 50 ms; all kinds count.
- Ectopic: A, a, J, S, V, F and E are; Q can't be told by anybody and counts for neither.
- Camera: against all intervals of the strap, as they are. Tuned on the odd-numbered subjects only; both halves shown.
  A figure that is not given is an abstention: counted, shown, and left out of the means.
- Breath: windows of a minute every ten seconds, against breaths counted on the belt (or impedance) by its own peaks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from toward.heart.breath import STEP_S, WINDOW_S, breath
from toward.heart.cleaning import intervals
from toward.heart.ecg import find_beats
from toward.heart.formats import read
from toward.heart.formats.wfdb import read_annotations
from toward.heart.ppg import find_pulses
from toward.heart.recording import ECTOPIC, NORMAL, Beats, CameraFrames, Ecg, Ppg
from toward.heart.stream import summarise
from toward.heart.variability import variability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from toward.heart.seeking import FoundBeats

    Floats = NDArray[np.float64]

RECORDS: Final = (("100", 0.999), ("105", 0.993), ("208", 0.997))
ECTOPIC_LETTERS: Final = tuple("AaJSVFE")
SUBJECTS: Final = range(1, 14)
BREATHS: Final = (
    ("rest_5min_100hz", 100.0, {"ecg": 0, "ppg": 1}, 2, 2.3),
    ("rest_8min_100hz", 100.0, {"ecg": 0}, 1, 0.21),
    ("bidmc_01_125hz", 125.0, {"ecg": 5, "ppg": 2}, 1, 1.3),
)
"""File, rate, columns of signals, column of the belt, best single source of peers."""
PEERS_PYTHON: Final = Path(__file__).parents[1] / ".venv-peers-heart" / "bin" / "python"


class Detected(NamedTuple):
    """What one record gave."""

    f1: float
    missed: int
    extra: int
    sensitivity: float
    precision: float
    """The last two of ectopic beats."""
    ms: float


def partners(truth: Floats, found: Floats, within_s: float = 0.05) -> list[int]:
    """For each true beat the number of the found one it takes, the nearest that is free, or -1."""
    taken: set[int] = set()
    out = []
    for at in truth.tolist():
        low, high = np.searchsorted(found, [at - within_s, at + within_s])
        free = [i for i in range(int(low), int(high)) if i not in taken]
        best = min(free, key=lambda i: abs(found[i] - at), default=-1)
        taken.add(best)
        out.append(best)
    return out


def quickest(work: Callable[[], object], times: int = 9) -> float:
    """Milliseconds of processor time, the quickest of some runs after one that compiles."""
    work()
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return 1000.0 * min(spent)


def truth_of(data: Path, name: str) -> tuple[Ecg, Floats, NDArray[np.str_]]:
    """A record, the times of its annotated beats, and their letters."""
    recording = read(data / "ecg" / f"{name}.hea").recording
    assert isinstance(recording, Ecg)
    noted = read_annotations(data / "ecg" / f"{name}.atr")
    return recording, noted.sample / recording.rate_hz, np.array(noted.letter)


def detected(data: Path, name: str, *, timed: bool = True) -> Detected:
    """How well one record's beats and their kinds are found."""
    recording, truth, letters = truth_of(data, name)
    found, _ = find_beats(recording)
    pairs = np.array(partners(truth, found.time_s))
    hits = int((pairs >= 0).sum())
    real = np.isin(letters, ECTOPIC_LETTERS)
    called = found.kind == ECTOPIC
    right = int(called[pairs[(pairs >= 0) & real]].sum())
    unsure = int(called[pairs[(pairs >= 0) & (letters == "Q")]].sum())
    return Detected(
        2.0 * hits / (truth.size + found.time_s.size),
        truth.size - hits,
        found.time_s.size - hits,
        right / int(real.sum()),
        right / max(1, int(called.sum()) - unsure),
        quickest(lambda: find_beats(recording)) if timed else np.nan,
    )


class Seen(NamedTuple):
    """One camera recording against its strap; NaN where the camera says nothing."""

    subject: int
    hr_off: float
    rmssd_off: float
    rmssd_ms: float
    strap_rmssd_ms: float
    quality: float


def seen(data: Path, subject: int) -> Seen:
    """What the camera says less what the strap says."""
    folder = data / "camera" / "welltory" / f"subject_{subject:02d}"
    recording = read(folder / "PPG.csv", format="camera").recording
    assert isinstance(recording, CameraFrames)
    told = summarise(recording)
    rr = np.array(folder.joinpath("RR.txt").read_text().split(), np.float64)
    rmssd = float(np.sqrt(np.mean(np.diff(rr) ** 2)))
    hr = np.nan if told.hr_bpm is None else told.hr_bpm
    ours = np.nan if told.rmssd_ms is None else told.rmssd_ms
    return Seen(subject, hr - 60_000.0 / float(rr.mean()), ours - rmssd, ours, rmssd, told.quality)


def breaths_on_belt(belt: Floats, rate_hz: float, starts: Floats) -> Floats:
    """Breaths a minute in each window, by the belt's own peaks: one a swing from below to above its mean.

    Swings of less than a quarter of the usual size are no breaths. The band is 3 to 48 a minute.
    """
    spectrum = np.fft.rfft(belt - belt.mean())
    f = np.fft.rfftfreq(belt.size, 1.0 / rate_hz)
    wave = np.fft.irfft(np.where((f >= 0.05) & (f <= 0.8), spectrum, 0.0), belt.size)
    up = np.flatnonzero((wave[:-1] < 0.0) & (wave[1:] >= 0.0))
    swings = [(a, wave[a:b]) for a, b in zip(up[:-1].tolist(), up[1:].tolist(), strict=True)]
    size = np.array([np.ptp(part) for _, part in swings])
    peaks = np.array([a + int(part.argmax()) for a, part in swings]) / rate_hz
    peaks = peaks[size > 0.25 * np.median(size)]
    inside = [peaks[(peaks >= s) & (peaks <= s + WINDOW_S)] for s in starts.tolist()]
    return np.array([60.0 / np.diff(part).mean() for part in inside])


def breath_errors(data: Path) -> Iterable[tuple[str, str, float, int, int, float]]:
    """File, signal, mean absolute error a minute, windows judged, windows there are, and the bar."""
    for name, rate_hz, signals, belt, bar in BREATHS:
        table = np.loadtxt(data / "breath" / f"{name}.csv", delimiter=",", skiprows=1)
        seconds = len(table) / rate_hz
        starts = np.arange(0.0, seconds - WINDOW_S + 1e-9, STEP_S)
        truth = breaths_on_belt(table[:, belt], rate_hz, starts)
        for kind, column in signals.items():
            found, _ = (
                find_beats(Ecg(table[:, column], rate_hz))
                if kind == "ecg"
                else find_pulses(Ppg(table[:, column], rate_hz))
            )
            told = breath(breath_sources(found), seconds, np.zeros((0, 2))).window_per_min
            known = np.isfinite(told)
            yield name, kind, float(np.abs(told - truth)[known].mean()), int(known.sum()), known.size, bar


def breath_sources(found: FoundBeats) -> dict[str, tuple[Floats, Floats]]:
    """What breathing moves, from beats."""
    rr = intervals(Beats(found.time_s, found.kind, np.zeros((0, 2))))
    plain = found.kind == NORMAL
    return {
        "rsa": (rr.end_s[rr.normal], rr.rr_ms[rr.normal]),
        "height": (found.time_s[plain], found.height[plain]),
        "level": (found.time_s[plain], found.level[plain]),
    }


def peers(data: Path) -> dict[str, dict[str, list[float]]]:
    """What peers say of the same records: record -> detector -> F1 and milliseconds, and more."""
    if not PEERS_PYTHON.exists():
        print("no .venv-peers-heart here: peers are left out")
        return {}
    out = {}
    for name, _ in RECORDS:
        recording, truth, letters = truth_of(data, name)
        with tempfile.TemporaryDirectory() as folder:
            kept = Path(folder) / "record.npz"
            np.savez(kept, samples=recording.samples, truth=truth, letters=letters, rate_hz=recording.rate_hz)
            script = str(Path(__file__).with_name("heart_signals_peers.py"))
            done = subprocess.run([str(PEERS_PYTHON), script, str(kept)], capture_output=True, text=True, check=False)
            out[name] = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {}
            if done.returncode:
                print(done.stderr[-500:])
    return out


def print_beats(data: Path) -> None:
    """Beats, ectopic beats and variability, ours and peers'."""
    theirs = peers(data)
    print("Beats, F1 within 50 ms       ours (bar)      missed extra       ms (bar 25)")
    for name, bar in RECORDS:
        d = detected(data, name)
        print(f"  {name:24} {d.f1:.4f} ({bar})   {d.missed:6d} {d.extra:5d} {d.ms:10.1f}")
        print(f"    ectopic: sensitivity {d.sensitivity:.3f} (bar .95), precision {d.precision:.3f} (bar .90)")
        for peer, row in theirs.get(name, {}).items():
            print(f"    {peer:24} " + " ".join(f"{value:.4g}" for value in row))
    _, truth, _ = truth_of(data, "100")
    rr = 1000.0 * np.diff(truth)
    v = variability(rr)
    ms = quickest(lambda: variability(rr), 50)
    print(f"Variability of {truth.size} beats: {ms:.2f} ms (bar 1)")
    print(f"  RMSSD {v.rmssd_ms:.3f} (63.232), SDNN {v.sdnn_ms:.3f} (48.846)")
    print(f"  LF {v.lf_ms2:.1f}, HF {v.hf_ms2:.1f} ms², LF/HF {v.lf_hf:.4f} (within a tenth of neurokit2's)")


def print_camera(data: Path) -> None:
    """The camera against the strap, halves apart."""
    print("Camera against strap         HR off      RMSSD off   r(lnRMSSD)   abstained (bars .6, 8, .95)")
    rows = {subject: seen(data, subject) for subject in SUBJECTS}
    for title, who in (("odd (tuned on)", SUBJECTS[::2]), ("even (held out)", SUBJECTS[1::2]), ("all", SUBJECTS)):
        table = np.array([rows[subject][1:] for subject in who])
        given = np.isfinite(table[:, 2])
        r = np.corrcoef(np.log(table[given, 2]), np.log(table[given, 3]))[0, 1]
        print(
            f"  {title:24} {np.nanmean(np.abs(table[:, 0])):7.2f} {np.nanmean(np.abs(table[:, 1])):14.2f} {r:12.3f}"
            f"   HR {int(np.isnan(table[:, 0]).sum())}, RMSSD {int((~given).sum())} of {len(table)}"
        )
    for row in rows.values():
        print(
            f"    subject {row.subject:2d}: HR {row.hr_off:+.2f}, "
            f"RMSSD {row.rmssd_off:+.1f} of {row.strap_rmssd_ms:.1f}, quality {row.quality:.2f}"
        )


def main(data: Path) -> None:
    """Print it all."""
    print_beats(data)
    print_camera(data)
    print("Breath, mean absolute error a minute     (bar)   windows judged")
    for name, kind, error, judged, many, bar in breath_errors(data):
        print(f"  {name:20} {kind}   {error:12.2f}     ({bar})   {judged} of {many}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
