"""What peers make of one record; runs in their own environment.

    .venv-peers-heart/bin/python benchmarks/heart_signals_peers.py RECORD.npz

Prints one JSON object: detector -> F1 within 50 ms, milliseconds of processor time; `neurokit2 ectopic` -> sensitivity
and precision of its Kubios method on the true beats; `neurokit2 variability` -> RMSSD, SDNN, LF/HF, milliseconds.
"""

# ruff: noqa: ANN001, ANN201, ANN202 - peers have no types to speak of

import json
import sys
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")


def f1(truth, found):
    """Greedy matching in order of time, the nearest free one."""
    taken = set()
    for at in truth:
        low, high = np.searchsorted(found, [at - 0.05, at + 0.05])
        free = [i for i in range(low, high) if i not in taken]
        if free:
            taken.add(min(free, key=lambda i: abs(found[i] - at)))
    return 2.0 * len(taken) / (len(truth) + len(found))


def timed(work, times):
    """What it gives, and its quickest run in milliseconds."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        out = work()
        spent.append(time.process_time() - start)
    return out, 1000.0 * min(spent)


def main(path):
    """Run all of them on one record."""
    import biosppy.signals.ecg as biosppy_ecg
    import heartpy
    import neurokit2 as nk
    import sleepecg
    from wfdb.processing import xqrs_detect

    kept = np.load(path)
    x, truth, letters, rate = kept["samples"], kept["truth"], kept["letters"], int(kept["rate_hz"])
    cleaned = {}

    def neurokit(method):
        cleaned[method] = nk.ecg_clean(x, sampling_rate=rate)
        return nk.ecg_peaks(cleaned[method], sampling_rate=rate, method=method)[1]["ECG_R_Peaks"]

    detectors = {
        "sleepecg": (lambda: sleepecg.detect_heartbeats(x, rate), 5),
        "neurokit2": (lambda: neurokit("neurokit"), 3),
        "neurokit2 rodrigues2021": (lambda: neurokit("rodrigues2021"), 2),
        "wfdb xqrs": (lambda: xqrs_detect(x, fs=rate, verbose=False), 1),
        "heartpy": (
            lambda: np.array(
                heartpy.process(heartpy.filter_signal(x, 0.05, rate, filtertype="notch"), rate)[0]["peaklist"]
            ),
            1,
        ),
        "biosppy hamilton": (lambda: biosppy_ecg.hamilton_segmenter(x, rate)["rpeaks"], 1),
    }
    out = {}
    for name, (work, times) in detectors.items():
        try:
            found, ms = timed(work, times)
            out[name] = [f1(truth, np.sort(np.asarray(found)) / rate), ms]
        except Exception as problem:  # noqa: BLE001 - a peer that fails is shown as failing
            print(name, repr(problem), file=sys.stderr)
            out[name] = []
    peaks = np.round(truth * 1000).astype(int)
    found, _ = nk.signal_fixpeaks(peaks, sampling_rate=1000, method="Kubios", iterative=False)
    called = np.zeros(len(truth), bool)
    # It names the interval after the one that came early.
    called[np.asarray(found["ectopic"], int) - 1] = True
    real = np.isin(letters, list("AaJSVFE"))
    unsure = letters == "Q"
    out["neurokit2 ectopic"] = [
        (called & real).sum() / real.sum(),
        (called & real).sum() / max(1, (called & ~unsure).sum()),
    ]
    exact = nk.intervals_to_peaks(1000.0 * np.diff(truth), sampling_rate=1000)

    def figures():
        return nk.hrv_time(exact, 1000), nk.hrv_frequency(exact, 1000, normalize=False)

    (in_time, in_frequency), ms = timed(figures, 3)
    out["neurokit2 variability"] = [
        float(in_time["HRV_RMSSD"].iloc[0]),
        float(in_time["HRV_SDNN"].iloc[0]),
        float(in_frequency["HRV_LFHF"].iloc[0]),
        ms,
    ]
    print(json.dumps(out, default=float))


if __name__ == "__main__":
    main(sys.argv[1])
