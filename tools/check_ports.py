"""Only app/ and testing/ reach the outside world; every other room goes through the ports of base/.

So one seed can replay a whole life of the engine: no clock, environment, file, socket, process, thread or outside
randomness is read behind the simulation's back.
"""

import re
from pathlib import Path

from source import report, sources

FREE_ROOMS = ("app", "testing")

# What is looked for in code (comments and strings left out), and the port to use instead.
WAYS = {
    "a clock": (
        r"\b(?:system|steady|high_resolution|utc)_clock::now\b"
        r"|(?<![\w.>:])(?:(?:std)?::)?(?:time\s*\(\s*(?:nullptr|NULL|0|&)|clock\s*\(\s*\)|gettimeofday\b|clock_gettime\b)",
        "Clock",
    ),
    "the environment": (r"\b(?:secure_)?getenv\b|\bsetenv\b|\benviron\b", "an argument from app/"),
    "a file": (
        r"\bfopen\b|\b(?:if|of|f)stream\b|\bstd::filesystem\b|\bmkstemp\b"
        r"|\barrow::io::(?:ReadableFile|MemoryMappedFile|FileOutputStream)\b|\bLocalFileSystem\b"
        r"|(?<![\w.>:])(?:::)?(?:open|openat|unlink|rename|mkdir)\s*\(",
        "StateFs",
    ),
    "a socket": (r"(?<![\w.>:])(?:::)?socket\s*\(|\bgetaddrinfo\b", "Net"),
    "a process": (
        r"(?<![\w.>:])(?:(?:std)?::)?(?:fork|vfork|system|popen|execlp?|execvp?e?|posix_spawnp?)\s*\(",
        "ProcessRunner",
    ),
    "a thread": (r"\bstd::j?thread\b|\bstd::async\b|\bpthread_\w+", "Parallel"),
    "randomness": (
        r"\brandom_device\b|\bmt19937\b|(?<![\w.>:])(?:(?:std)?::)?s?rand\s*\(|\bgetrandom\b",
        "Random and Rng",
    ),
}

# path, way, reason. A line here is a decision; a file that no longer needs it is reported.
EXCEPTIONS: dict[tuple[str, str], str] = {}


def violations(root: Path) -> list[str]:
    found: list[str] = []
    needed: set[tuple[str, str]] = set()
    for file in sources(root, "retrain"):
        if file.room in FREE_ROOMS:
            continue
        lines = file.code.splitlines()
        for way, (pattern, port) in WAYS.items():
            if way == "a file" and file.is_test:  # tests read golden files and make folders of their own
                continue
            hits = [number for number, line in enumerate(lines, 1) if re.search(pattern, line)]
            if (file.path, way) in EXCEPTIONS:
                needed |= {(file.path, way)} if hits else set()
            else:
                found += [f"{file.path}:{number}: reaches {way}; the way out is {port}" for number in hits]
    found += [
        f"{path}: no longer reaches {way}; remove its exception"
        for path, way in EXCEPTIONS
        if (path, way) not in needed and (root / path).exists()
    ]
    return found


if __name__ == "__main__":
    report(violations)
