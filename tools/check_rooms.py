"""A room includes only what its add_room(… DEPENDS …) names, and the rooms form no cycle."""

from pathlib import Path

from source import Source, report, rooms, sources


def undeclared_includes(root: Path) -> list[str]:
    known = rooms(root)
    found = []
    for file in sources(root, "retrain"):
        if not file.room or file.path == "retrain/app/main.cpp":
            continue
        if file.room not in known:
            found.append(f"{file.path}: no add_room() names the room {file.room}")
            continue
        room = known[file.room]
        allowed = {room.name, *room.depends, *(room.test_depends if file.is_test else ())}
        found += [
            f"{file.path}:{line}: {file.room} includes {include}, but its DEPENDS does not name {target}"
            for line, include in file.includes()
            if (target := _room_of(include)) and target not in allowed
        ]
    return found


def _room_of(include: str) -> str:
    return Source(include, "").room


def cycles(root: Path) -> list[str]:
    """Each cycle of rooms once, as `a -> b -> a`, by what they declare and by what they include."""
    edges = {name: set(room.depends) for name, room in rooms(root).items()}
    for file in sources(root, "retrain"):
        if file.room and not file.is_test:
            targets = {_room_of(include) for _, include in file.includes()}
            edges.setdefault(file.room, set()).update(targets - {"", file.room})
    found: set[str] = set()

    def walk(path: list[str]) -> None:
        for target in sorted(edges.get(path[-1], ())):
            if target == path[0]:
                found.add(" -> ".join([*path, target]))
            elif target not in path and target > path[0]:  # each cycle from its first name only
                walk([*path, target])

    for name in sorted(edges):
        walk([name])
    return sorted(found)


def violations(root: Path) -> list[str]:
    return undeclared_includes(root) + [f"rooms in a cycle: {cycle}" for cycle in cycles(root)]


if __name__ == "__main__":
    report(violations)
