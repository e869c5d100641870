"""What a user can get wrong, and what the program then says: message, code, exit code, and what was kept.

Each story breaks a folder in one way and runs one command there. Every message has to follow the same rules besides:
names and numbers in one sentence without a period, a place or a cure, and no word of our insides.
"""

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
from typing import Any

import pytest
from breakage import alter_the_kept_data, at, replaced
from stories import CONFIG, LATER, STORIES, Story
from world import Answer, World, table


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_what_the_program_says(story: Story, world: World) -> None:
    if story in LATER:
        world.first_champion()
    story.breaks(world)
    before = champion(world) if story in LATER else None
    answer = world.retrain(*story.command.split())
    assert answer.json, answer
    error = mistake(answer, story.code)
    for part in story.says.split(" | "):
        assert part in error["text"], error["text"]
    assert answer.code == (2 if story in CONFIG else 1), answer
    assert before is None or champion(world) == before
    hold_the_rules(error)


def mistake(answer: Answer, code: str) -> dict[str, Any]:
    mistakes = [answer.error, *answer.error["more"]]
    assert code in [error["code"] for error in mistakes], answer.error["text"]
    return next(error for error in mistakes if error["code"] == code)


def hold_the_rules(error: dict[str, Any]) -> None:
    message = error["message"]
    assert not message.endswith((".", "!")) and "\n" not in message
    assert any(error["where"][key] for key in ("file", "key")) or error["hint"], "neither a place nor a cure"
    for word in ("std::", "nullptr", "please", "Please", "errno", "arrow::", "0x"):
        assert word not in error["text"]


def champion(world: World) -> str:
    """Its digest, read past the program: some of these homes it rightly refuses to open."""
    query = "select digest from versions v join aliases a on v.id = a.version where a.name = 'champion'"
    try:
        ((digest,),) = world.rows(query)
    except sqlite3.DatabaseError:
        return "unreadable"
    return str(digest)


def test_the_table_is_long_enough_and_has_no_twin() -> None:
    assert len(STORIES) >= 40
    assert len({story.name for story in STORIES}) == len(STORIES)


# ---- what takes more than one command -----------------------------------------------------------------------------


def test_all_mistakes_of_a_config_come_at_once_in_the_order_of_the_file(world: World) -> None:
    world.configure(
        "strategy: fulll\ndata_config:\n  new_data_path: d\n  min_samples: 5\ntraining_config:\n  epochs: x\n"
    )
    answer = world.retrain("run")
    lines = [error["where"]["line"] for error in [answer.error, *answer.error["more"]]]
    assert (answer.code, lines) == (2, [1, 4, 6])
    assert world.home_files() == set() or not list((world.folder / ".retrain/artifacts").glob("*"))


def test_a_half_written_file_is_left_for_later(world: World) -> None:
    world.configure()
    whole = world.write("whole.parquet", table(600))
    part = world.folder / "data/new/part-1.parquet"
    part.parent.mkdir(parents=True)
    part.write_bytes(whole.read_bytes()[:-100])
    answer = world.retrain("run")
    assert answer.json["status"] == "skipped" and answer.code == 0, answer
    assert any("part-1.parquet is left for later" in note for note in answer.json["notes"])
    whole.rename(part)
    assert world.retrain("run").json["status"] == "promoted"


def test_the_same_bytes_again_are_skipped_and_said(world: World) -> None:
    world.first_champion()
    shutil.copy(world.folder / "data/new/part-1.parquet", world.folder / "data/new/again.parquet")
    answer = world.retrain("run")
    assert answer.json["status"] == "skipped"
    assert any("again.parquet" in note and "part-1.parquet" in note for note in answer.json["notes"])


def test_data_that_failed_a_check_can_be_mended_under_their_name(world: World) -> None:
    world.configure()
    path = world.write("data/new/part-1.parquet", replaced("target", at(5, None))(table(600)))
    assert world.retrain("run").json["status"] == "failed"
    path.unlink()
    world.write("data/new/part-1.parquet", table(600))
    assert world.retrain("run").json["status"] == "promoted"


def test_altered_kept_data_are_found_by_doctor(world: World) -> None:
    world.first_champion()
    alter_the_kept_data(world)
    answer = world.retrain("doctor")
    assert answer.code == 1
    (check,) = [check for check in answer.json["checks"] if not check["ok"]]
    assert check["check"] == "data" and "part-1.parquet" in check["found"]


def test_a_home_in_use_is_busy(world: World) -> None:
    world.first_champion()
    with (world.folder / ".retrain/lock").open("r+") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        answer = world.retrain("run")
        assert answer.code == 75 and answer.error["code"] == "E0401"
        assert world.retrain("status").code == 0
    assert world.retrain("run").code == 0


# ---- disks --------------------------------------------------------------------------------------------------------


def on_a_disk(world: World, options: str, script: str) -> list[Answer]:
    """Mounts a file system of its own at .retrain, in a mount namespace of its own, and runs `script` there."""
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    (world.folder / ".retrain").mkdir(exist_ok=True)
    mount = f"mount -t tmpfs -o {options} tmpfs .retrain"
    program = f'retrain() {{ \'{world.program}\' "$@" --json; echo "exit $?"; }}'
    shell = ["sh", "-c", f"{mount}; {program}; {script}"]
    done = subprocess.run([*alone, *shell], cwd=world.folder, env=world.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answers, lines = [], []
    for line in done.stdout.splitlines():
        if line.startswith("exit "):
            answers.append(Answer(int(line[5:]), json.loads("\n".join(lines)), done.stderr))
            lines = []
        else:
            lines.append(line)
    return answers


def test_a_home_that_cannot_be_written(world: World) -> None:
    world.configure()
    world.write("data/new/part-1.parquet", table(600))
    ways = (
        "retrain run",
        "mount -o remount,ro .retrain",
        "retrain run",
        "retrain status",
        "mount -o remount,rw .retrain",
    )
    first, refused, status, again = on_a_disk(world, "size=50m", "; ".join([*ways, "retrain run"]))
    assert first.json["status"] == "promoted"
    assert refused.code == 1 and refused.error["code"] == "E0501" and ".retrain" in refused.error["text"]
    assert status.code == 0 and status.json["champion"] == 1
    assert again.json["status"] == "skipped"
    hold_the_rules(refused.error)


@pytest.mark.parametrize("kilobytes", [64, 160, 256, 320])
def test_a_full_disk_loses_nothing_and_the_same_command_goes_on(world: World, kilobytes: int) -> None:
    world.configure(training_config={"hidden": [256, 128]})
    world.write("data/new/part-1.parquet", table(600))
    script = "retrain run; mount -o remount,size=50m .retrain; retrain run; retrain doctor"
    full, again, doctor = on_a_disk(world, f"size={kilobytes}k", script)
    assert full.code == 1 and full.error["code"] == "E0506", full.json
    assert "df -h .retrain" in full.error["text"]
    hold_the_rules(full.error)
    assert again.json["status"] == "promoted", again.json
    assert doctor.code == 0, doctor.json
