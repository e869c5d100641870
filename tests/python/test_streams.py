"""The stream detectors as Python has them, against the alarms of river and Frouros."""

import json
import math
from pathlib import Path

import pytest
from omgkit.mlops import ConfigError, DataError, StreamDetector
from omgkit.mlops.streams import Outcome, detectors

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/drift/streams.json").read_text())


@pytest.mark.parametrize("name", sorted({row["detector"] for row in GOLDEN["alarms"]}))
def test_alarms_come_where_those_of_the_other_tools_do(name: str) -> None:
    for row in GOLDEN["alarms"]:
        if row["detector"] != name:
            continue
        detector = StreamDetector(name, **row["options"])
        outcomes = [detector.update(value) for value in GOLDEN["streams"][row["stream"]]]
        assert [i for i, outcome in enumerate(outcomes) if outcome.drift] == row["drift"]
        assert [i for i, outcome in enumerate(outcomes) if outcome.warning] == row["warning"]


def test_every_detector_tells_its_rule_and_takes_its_usual_options() -> None:
    kinds = detectors()
    assert {"adwin", "e_detector", "incremental_ks", "kswin"} <= {kind.name for kind in kinds}
    for kind in kinds:
        assert kind.what
        detector = StreamDetector(kind.name, **kind.options)
        assert detector.update(1) == Outcome(drift=False, warning=False)
        assert (detector.seen, detector.drift_detected, detector.warning_detected) == (1, False, False)


def test_a_wrong_name_option_or_value_is_an_error_with_a_cure() -> None:
    with pytest.raises(ConfigError, match="write `adwin`"):
        StreamDetector("adwinn")
    with pytest.raises(ConfigError, match="write `delta`"):
        StreamDetector("adwin", delt=0.1)
    with pytest.raises(ConfigError, match="from 0 to 1"):
        StreamDetector("page_hinkley", alpha=2)
    detector = StreamDetector("ddm")
    with pytest.raises(DataError, match="0 for a hit and 1 for an error"):
        detector.update(0.5)
    with pytest.raises(DataError):
        StreamDetector("adwin").update(math.nan)
    assert detector.seen == 0
