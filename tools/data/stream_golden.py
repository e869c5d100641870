"""Writes tests/golden/drift/streams.json: streams of numbers, and where the detectors of other tools alarm.

    stream_golden.py [river] [old-river] [frouros]

`river` is release 0.26, `old-river` 0.21, whose ADWIN passed over a bucket of each row. Each part merges
into the file, so that each may run in an environment of its own; the streams are made when the file is not there.
"""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

PATH = Path(__file__).resolve().parents[2] / "tests/golden/drift/streams.json"
Values = list[float]
Alarms = tuple[list[int], list[int]]  # indices of drift and of warning


def streams() -> dict[str, Values]:
    rng = np.random.Generator(np.random.PCG64(77))
    published = np.random.RandomState(12345)  # the stream of river's own tests
    return {
        "integers": [
            float(x) for x in np.concatenate((published.randint(2, size=1000), published.randint(8, size=1000)))
        ],
        "errors": [float(x) for p in (0.1, 0.3, 0.05, 0.5) for x in rng.random(1500) < p],
        "calm errors": [float(x) for x in rng.random(4000) < 0.2],
        "steps": [x for mean in (0, 0.6, -1, 3) for x in (rng.standard_normal(700) + mean).round(3).tolist()],
        "calm": rng.standard_normal(3000).round(3).tolist(),
        "slope": (rng.standard_normal(2500) + np.arange(2500) / 900).round(3).tolist(),
        "spread": [x for scale in (1, 3) for x in (scale * rng.standard_normal(900)).round(3).tolist()],
    }


ERRORS = ("errors", "calm errors")
NUMBERS = ("integers", "steps", "calm", "slope", "spread", "errors")


def river_detectors() -> Iterator[tuple[str, dict[str, Any], tuple[str, ...], Any]]:
    from river import drift

    for options in ({}, {"delta": 0.05}, {"clock": 1, "min_window_length": 10, "max_buckets": 3, "grace_period": 50}):
        yield "adwin", options, NUMBERS, drift.ADWIN(**options)
    for options in ({}, {"threshold": 10.0, "min_instances": 60}, {"threshold": 20.0, "delta": 0.05, "alpha": 0.999}):
        yield "page_hinkley", options, NUMBERS, drift.PageHinkley(**options)
    for seed in (1, 42):
        yield "kswin", {"seed": seed}, NUMBERS, drift.KSWIN(seed=seed)
    wider = {"alpha": 0.001, "window_size": 300, "stat_size": 60}
    yield "kswin", wider | {"seed": 7}, NUMBERS, drift.KSWIN(**wider, seed=7)
    for options in ({}, {"warm_start": 100, "warning_threshold": 1.5, "drift_threshold": 2.5}):
        yield "ddm", options, ERRORS, drift.binary.DDM(**options)
    for options in ({}, {"warm_start": 50, "alpha": 0.9, "beta": 0.8}):
        yield "eddm", options, ERRORS, drift.binary.EDDM(**options)
    for two_sided in (False, True):
        of = {"two_sided": float(two_sided)}
        yield "hddm_a", of, ERRORS, drift.binary.HDDMA(two_sided_test=two_sided)
        yield "hddm_w", of, ERRORS, drift.binary.HDDMW(two_sided_test=two_sided)
    yield "hddm_w", {"lambda": 0.01}, ERRORS, drift.binary.HDDMW(lambda_val=0.01)


def alarms_of_river(detector: Any, values: Values) -> Alarms:
    drifts, warnings = [], []
    detector = detector.clone()
    for index, value in enumerate(values):
        detector.update(value)
        drifts += [index] if detector.drift_detected else []
        warnings += [index] if getattr(detector, "warning_detected", False) else []
    return drifts, warnings


def ask_river(of: dict[str, Values]) -> Iterator[dict[str, Any]]:
    for name, options, on, detector in river_detectors():
        for stream in on:
            drifts, warnings = alarms_of_river(detector, of[stream])
            yield {"detector": name, "options": options, "stream": stream, "drift": drifts, "warning": warnings}


def ask_old_river(of: dict[str, Values]) -> Iterator[dict[str, Any]]:
    from river import drift

    for stream in NUMBERS:
        drifts, _ = alarms_of_river(drift.ADWIN(), of[stream])
        yield {"detector": "adwin_old", "options": {}, "stream": stream, "drift": drifts, "warning": []}


def ask_frouros(of: dict[str, Values]) -> Iterator[dict[str, Any]]:
    from frouros.detectors import concept_drift

    kinds = {
        "page_hinkley_unclipped": (concept_drift.PageHinkley, concept_drift.PageHinkleyConfig),
        "cusum": (concept_drift.CUSUM, concept_drift.CUSUMConfig),
    }
    for name, (detector_of, config_of) in kinds.items():
        for options in ({}, {"threshold": 15.0, "delta": 0.1, "min_instances": 50}):
            theirs = {"threshold": "lambda_", "min_instances": "min_num_instances", "delta": "delta"}
            config = {theirs[key]: int(value) if key == "min_instances" else value for key, value in options.items()}
            for stream in NUMBERS:
                detector, drifts = detector_of(config=config_of(**config)), []
                for index, value in enumerate(of[stream]):
                    detector.update(value=value)
                    if detector.drift:
                        drifts.append(index)
                        detector.reset()
                yield {"detector": name, "options": options, "stream": stream, "drift": drifts, "warning": []}


PARTS = {"river": ask_river, "old-river": ask_old_river, "frouros": ask_frouros}


def write(document: dict[str, Any]) -> None:
    streams_text = ",\n".join(f"  {json.dumps(name)}: {json.dumps(of)}" for name, of in document["streams"].items())
    alarms_text = ",\n".join("  " + json.dumps(row) for row in document["alarms"])
    versions = json.dumps(document["versions"])
    PATH.write_text(
        f'{{\n "versions": {versions},\n "streams": {{\n{streams_text}\n }},\n "alarms": [\n{alarms_text}\n ]\n}}\n'
    )


def main() -> None:
    made = {"versions": {}, "streams": streams(), "alarms": []}
    document: dict[str, Any] = json.loads(PATH.read_text()) if PATH.exists() else made
    for part in sys.argv[1:]:
        rows = [{"by": part} | row for row in PARTS[part](document["streams"])]
        document["alarms"] = [row for row in document["alarms"] if row["by"] != part] + rows
        document["versions"][part] = version(part.removeprefix("old-"))
    write(document)


if __name__ == "__main__":
    main()
