"""Five steps that do nothing, as a Dagster job in process; prints the median wall time and the peak memory as JSON."""

import json
import resource
import statistics
import time

from dagster import DagsterInstance, job, op


@op
def first() -> int:
    return 1


def step(number: int):  # type: ignore[no-untyped-def]
    @op(name=f"step_{number}")
    def pass_on(value: int) -> int:
        return value

    return pass_on


steps = [step(number) for number in range(4)]


@job
def nothing() -> None:
    value = first()
    for one in steps:
        value = one(value)


def timed(instance: DagsterInstance) -> float:
    began = time.perf_counter()
    nothing.execute_in_process(instance=instance)
    return time.perf_counter() - began


if __name__ == "__main__":
    with DagsterInstance.get() as instance:
        timed(instance)
        wall = statistics.median(timed(instance) for _ in range(5))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"wall_ms": wall * 1000, "peak_bytes": peak}))
