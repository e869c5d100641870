"""Adds up the JUnit files of a test run: `count_tests.py FOLDER` prints `N passed, N failed[, N skipped]`.

Exit code 1 when a test failed or when no test ran at all.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def text(self) -> str:
        line = f"{self.passed} passed, {self.failed} failed"
        return line + (f", {self.skipped} skipped" if self.skipped else "")


def count(folder: Path) -> Counts:
    counts = Counts()
    for file in sorted(folder.glob("*.xml")):
        for case in ElementTree.parse(file).iter("testcase"):
            outcomes = {child.tag for child in case}
            if outcomes & {"failure", "error"} or case.get("status") == "fail":
                counts.failed += 1
            elif "skipped" in outcomes:
                counts.skipped += 1
            else:
                counts.passed += 1
            counts.seconds += float(case.get("time") or 0)
    return counts


def slowest(folder: Path) -> tuple[str, float]:
    """The name and the seconds of the test that took longest."""
    cases = (case for file in folder.glob("*.xml") for case in ElementTree.parse(file).iter("testcase"))
    times = {case.get("name") or "": float(case.get("time") or 0) for case in cases}
    return max(times.items(), key=lambda named: named[1])


if __name__ == "__main__":
    total = count(Path(sys.argv[1]))
    print(total.text())
    sys.exit(1 if total.failed or not total.passed else 0)
