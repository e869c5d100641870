"""`retrain reproduce`: what is kept of a version gives its bytes again."""

from world import World, table


def test_every_version_is_reproduced_from_what_is_kept(world: World) -> None:
    world.write("data/new/part-1.parquet", table(600))
    world.configure()
    assert world.retrain("run").json["version"] == 1
    world.write("data/new/part-2.parquet", table(600, seed=2))
    assert world.retrain("run").json["strategy"] == "incremental"
    (world.folder / "retrain.yaml").unlink()  # the config of that time counts
    for version in ("1", "2"):
        answer = world.retrain("reproduce", version)
        assert answer.code == 0
        assert answer.json["same"]
        assert answer.json["digest"] == world.retrain("models", "show", version).json["digest"]
    assert not list((world.folder / ".retrain/work").iterdir())


def test_bytes_that_differ_are_told(world: World) -> None:
    world.write("data/new/part-1.parquet", table(600))
    world.configure()
    world.retrain("run")
    world.alter("update runs set body = json_set(body, '$.seed', '8')")
    answer = world.retrain("reproduce", "1")
    assert answer.code == 1
    assert not answer.json["same"]


def test_a_version_that_is_none(world: World) -> None:
    world.write("data/new/part-1.parquet", table(600))
    world.configure()
    world.retrain("run")
    assert world.retrain("reproduce", "7").error["code"] == "E0504"
