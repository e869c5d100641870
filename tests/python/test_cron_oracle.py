"""Our cron against cronsim (which keeps daylight saving as Debian's cron) and croniter, on random time-tables.

cronsim steps by whole hours from midnight, so that a time-table with `*` misses or invents a time where the clocks skip
midnight itself or change by half an hour; there a scan minute for minute judges.
"""

import random
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter  # type: ignore[import-untyped]
from cronsim import CronSim
from test_oracles import ask

COUNT = 10_000
#: Zones of every kind: both hemispheres, half hours, changes at midnight, by 30 minutes, in Ramadan, none at all.
ZONES = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Atlantic/Azores",
    "Pacific/Apia",
    "Antarctica/Troll",
]
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]


def item(rng: random.Random, least: int, most: int, plain: bool) -> str:
    first = rng.randint(least, most)
    match rng.randrange(6):
        case 0:
            if first < most:
                return f"{first}-{rng.randint(first + 1, most)}"
            return str(first)
        case 1:
            if first < most:  # cronsim reads 5-5/2 as 5/2, croniter 6-6 as the whole week
                return f"{first}-{rng.randint(first + 1, most)}/{rng.randint(1, most)}"
            return str(first)
        case 2 if not plain:
            return f"{first}/{rng.randint(1, most)}"
        case _:
            return str(first)


def field(rng: random.Random, least: int, most: int, stars: float, plain: bool) -> str:
    if rng.random() < stars:
        return "*" if rng.random() < 0.6 else f"*/{rng.randint(1, most)}"
    return ",".join(item(rng, least, most, plain) for _ in range(rng.choice((1, 1, 1, 2, 3))))


def expression(rng: random.Random, *, plain: bool = False) -> str:
    """A time-table; a plain one has none of `L`, `#`, 5/2 and */2 in its days."""
    day, month, weekday = (
        field(rng, 1, 31, 0.55, plain),
        field(rng, 1, 12, 0.75, plain),
        field(rng, 0, 6 if plain else 7, 0.6, plain),
    )
    if plain:
        day, weekday = ("*" if "*/" in text else text for text in (day, weekday))
    elif rng.random() < 0.3:
        day, month, weekday = rng.choice(
            [
                ("L", month, "*"),
                (f"L,{rng.randint(1, 28)}", month, "*"),
                ("*", month, f"{rng.randint(0, 7)}#{rng.randint(1, 4)}"),
                ("*", month, f"{rng.randint(0, 7)}L"),
                (f"{rng.randint(1, 28)}", rng.choice(MONTHS), rng.choice(WEEKDAYS)),
                (
                    "*",
                    f"{rng.choice(MONTHS[:6])}-{rng.choice(MONTHS[6:])}",
                    f"{WEEKDAYS[1]}-{rng.choice(WEEKDAYS[2:])}",
                ),
            ]
        )
    return f"{field(rng, 0, 59, 0.3, plain)} {field(rng, 0, 23, 0.35, plain)} {day} {month} {weekday}"


def instant(rng: random.Random, zone: ZoneInfo) -> int:
    """Anywhere in ten years, or within two days of a change of the clocks."""
    at = rng.randint(
        int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2030, 1, 1, tzinfo=UTC).timestamp())
    )
    if rng.random() < 0.5:
        return at
    day = 86_400
    for later in range(0, 366 * day, day):
        before, after = (datetime.fromtimestamp(at + later + step, zone).utcoffset() for step in (0, day))
        if before != after:
            return at + later + rng.randint(-day, day)
    return at


def by_cronsim(cron: str, zone: ZoneInfo, after: int, count: int) -> list[int]:
    times = CronSim(cron, datetime.fromtimestamp(after, zone))
    return [int(next(times).timestamp()) for _ in range(count)]


def by_scan(request: dict[str, Any]) -> list[int]:
    """Minute for minute, for time-tables that follow the clocks: the judge where cronsim and we differ."""
    zone, times = ZoneInfo(request["zone"]), CronSim(request["cron"], datetime(2024, 1, 1, tzinfo=UTC))
    assert times.parts[1].startswith("*") or times.parts[2].startswith("*"), request
    found: list[int] = []
    at = request["after"] // 60 * 60
    while len(found) < request["count"]:
        at += 60
        shown = datetime.fromtimestamp(at, zone)
        at_this_time = shown.minute in times.minutes and shown.hour in times.hours
        if at_this_time and shown.month in times.months and times.match_day(shown.date()):
            found.append(at)
    return found


def never(cron: str) -> bool:
    try:
        next(CronSim(cron, datetime(2024, 1, 1)))
    except Exception:
        return True
    return False


def test_cron_agrees_with_cronsim_on_random_time_tables_zones_and_instants() -> None:
    rng = random.Random(20260301)
    requests: list[dict[str, Any]] = []
    expected: list[list[int]] = []
    while len(requests) < COUNT:
        cron, name = expression(rng), rng.choice(ZONES)
        if never(cron):
            continue
        after = instant(rng, ZoneInfo(name))
        requests.append({"what": "cron", "cron": cron, "zone": name, "after": after, "count": 3})
        expected.append(by_cronsim(cron, ZoneInfo(name), after, 3))
    answers = [answer["times"] for answer in ask(requests)]
    odd = [(r, ours, theirs) for r, ours, theirs in zip(requests, answers, expected, strict=True) if ours != theirs]
    for request, ours, theirs in odd:
        assert ours == by_scan(request), f"{request}: cronsim says {theirs}, we say {ours}"
    assert len(odd) <= COUNT // 200, "cronsim itself is wrong only where the clocks skip midnight or half an hour"


def test_cron_agrees_with_croniter_where_clocks_never_change() -> None:
    rng = random.Random(7)
    requests: list[dict[str, Any]] = []
    expected: list[list[int]] = []
    while len(requests) < 2_000:
        cron = expression(rng, plain=True)
        if never(cron):
            continue
        after = instant(rng, ZoneInfo("UTC"))
        times = croniter(cron, datetime.fromtimestamp(after, UTC))
        requests.append({"what": "cron", "cron": cron, "zone": "UTC", "after": after, "count": 3})
        expected.append([int(times.get_next(datetime).timestamp()) for _ in range(3)])
    for request, answer, times in zip(requests, ask(requests), expected, strict=True):
        assert answer["times"] == times, request
