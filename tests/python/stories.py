"""What a user can get wrong and how the program has to answer: the table behind test_bad_inputs."""

from collections.abc import Callable
from dataclasses import dataclass

from breakage import (
    added,
    ask,
    at,
    both,
    config,
    config_only,
    data,
    empty_home,
    file,
    flip_a_byte,
    from_the_future,
    garbled_parquet,
    home_is_a_file,
    leak,
    lose_the_artifact,
    nothing,
    overwritten,
    replaced,
    rows_of_csv,
    same,
    scribble_over_the_database,
    second,
    yaml,
)
from world import World


@dataclass(frozen=True)
class Story:
    """How to break a folder, what to run there, and the error that has to come."""

    name: str
    breaks: Callable[[World], None]
    code: str
    says: str  # parts of the text, divided by " | "
    command: str = "run"


RMSE = {"metrics": ["rmse"]}

CONFIG = [  # exit code 2
    Story(
        "an unknown section",
        yaml("data_config: {new_data_path: d}\ntrainig_config: {}\n"),
        "E0101",
        "`trainig_config` | did you mean `training_config`? | retrain.yaml:2:1",
    ),
    Story(
        "an unknown key of a section",
        config(validation_config={"minimum_improvment": 0.1}),
        "E0101",
        "`minimum_improvment` in validation_config | did you mean `minimum_improvement`?",
    ),
    Story(
        "an unknown key that is near to none",
        config(training_config={"zzz": 1}),
        "E0101",
        "`zzz` | the keys here are | learning_rate",
    ),
    Story(
        "an unknown trigger",
        config(triggers=[{"type": "drift_detcted"}]),
        "E0102",
        "`drift_detcted` | did you mean `drift_detected`? | triggers[0].type",
    ),
    Story(
        "a trigger that is no mapping", config(triggers=["scheduled"]), "E0102", "triggers[0] | a mapping with a `type`"
    ),
    Story("a trigger without what it needs", config(triggers=[{"type": "scheduled"}]), "E0104", "triggers[0].cron"),
    Story(
        "a minute that no clock shows",
        config(triggers=[{"type": "scheduled", "cron": "61 * * * *"}]),
        "E0102",
        "61 as minute | triggers[0].cron",
    ),
    Story(
        "a cron of four fields",
        config(triggers=[{"type": "scheduled", "cron": "0 0 * *"}]),
        "E0102",
        "`0 0 * *` | triggers[0].cron",
    ),
    Story(
        "a text for a number",
        config(training_config={"epochs": "ten"}),
        "E0102",
        '`epochs` is the text "ten" | a whole number | training_config.epochs',
    ),
    Story(
        "a fraction for a whole number",
        config(training_config={"epochs": 1.5}),
        "E0102",
        "`epochs` is `1.5` | a whole number",
    ),
    Story("no epochs", config(training_config={"epochs": 0}), "E0102", "`epochs` is 0 | from 1 to 100000"),
    Story("a negative learning rate", config(training_config={"learning_rate": -1}), "E0102", "`learning_rate` is -1"),
    Story("a word for a flag", config(training_config={"early_stopping": "maybe"}), "E0102", "maybe | true or false"),
    Story("a layer of no units", config(training_config={"hidden": [64, 0]}), "E0102", "`hidden` is 0"),
    Story("layers as a word", config(training_config={"hidden": "wide"}), "E0102", "`hidden` | whole numbers"),
    Story(
        "an unknown metric",
        config(validation_config={"metrics": ["acuracy"]}),
        "E0102",
        "`acuracy` | did you mean `accuracy`?",
    ),
    Story(
        "an unknown strategy",
        yaml("strategy: incrmental\ndata_config: {new_data_path: d}\n"),
        "E0102",
        "`incrmental` | did you mean `incremental`? | retrain.yaml:1:11",
    ),
    Story("an unknown learner", config(model_config={"type": "mpl"}), "E0102", "`mpl` | did you mean `mlp`?"),
    Story("no data section", yaml("strategy: full\n"), "E0104", "data_config"),
    Story("no place for new data", yaml("data_config: {min_new_samples: 5}\n"), "E0104", "data_config.new_data_path"),
    Story("a section that is a list", yaml("data_config: [1]\n"), "E0102", "`data_config` is a list | a mapping"),
    Story(
        "broken YAML", yaml("data_config:\n  new_data_path: [d\n"), "E0103", "retrain.yaml is not YAML | retrain.yaml:3"
    ),
    Story("an empty config file", yaml(""), "E0103", "retrain.yaml holds no keys | retrain init"),
    Story("no config at all", nothing, "E0106", "there is no config | retrain init"),
    Story(
        "a config file that is not there",
        nothing,
        "E0106",
        "there is no config file other.yaml",
        command="run --config other.yaml",
    ),
    Story(
        "an improvement beyond what is possible",
        config(validation_config={"minimum_improvement": 2}),
        "E0102",
        "minimum_improvement is 2 | accuracy",
    ),
    Story("a metric of another task", config(data_config={"task": "regression"}), "E0105", "`accuracy` | regression"),
    Story("a confidence of one", config(validation_config={"confidence": 1}), "E0102", "`confidence` is 1"),
    Story("a look at no home", nothing, "E0106", "there is no pipeline in .retrain | retrain init", command="status"),
]

DATA = [  # before there is any champion
    Story("no folder of data", config_only, "E0201", "data/new | mkdir -p data/new"),
    Story(
        "validation data that are not there",
        config(data_config={"validation_data": "val.parquet"}),
        "E0201",
        "val.parquet | data_config",
    ),
    Story("garbled Parquet", garbled_parquet, "E0202", "part-1.parquet"),
    Story("a row of CSV that is too long", rows_of_csv("1,2,0,9"), "E0202", "part-1.csv | 202"),
    Story("CSV that is no text", file("data/new/part-1.csv", bytes(range(256)) * 9), "E0202", "part-1.csv"),
    Story("an Arrow file that is none", file("data/new/part-1.arrow", "ARROW?" * 40), "E0202", "part-1.arrow"),
    Story("a target that is no column", config(data_config={"target": "targt"}), "E0203", "`targt` | `target`"),
    Story("a feature that is no column", config(data_config={"features": ["x1", "x9"]}), "E0203", "`x9`"),
    Story("an excluded column that is none", config(data_config={"exclude": ["clour"]}), "E0203", "`clour` | `colour`"),
    Story("a time column that is none", config(data_config={"time_column": "when"}), "E0203", "`when`"),
    Story(
        "no target among the columns",
        data(lambda rows: rows.rename_columns(["a", "b", "c", "d"])),
        "E0210",
        "a, b, c | data_config.target",
    ),
    Story("a label that is null", data(replaced("target", at(17, None))), "E0205", "target | row 17 | null"),
    Story(
        "a label that is infinite",
        data(replaced("target", lambda values: [*range(399), float("inf")]), validation_config=RMSE),
        "E0205",
        "target | row 399 | infinite",
    ),
    Story("a constant target", data(replaced("target", lambda values: [1] * len(values))), "E0206", "`target`"),
    Story(
        "a feature that equals the target",
        data(added("answer", lambda rows: rows["target"].to_pylist())),
        "E0207",
        "`answer` | exclude",
    ),
    Story("validation rows among the training rows", leak, "E0208", "50"),
    Story(
        "files of different columns", both(data(lambda rows: rows.drop_columns(["x2"])), second(same)), "E0203", "`x2`"
    ),
    Story(
        "a weight below zero",
        data(added("w", lambda rows: [-1.0, *[1.0] * 399]), data_config={"weight": "w"}),
        "E0215",
        "`w` | -1",
    ),
    Story("a weight of words", data(same, data_config={"weight": "colour"}), "E0211", "`colour`"),
    Story("the target as a feature", data(same, data_config={"features": ["x1", "target"]}), "E0211", "`target`"),
    Story("a positive class that never occurs", data(same, data_config={"positive_class": "7"}), "E0211", "`7`"),
    Story(
        "a task that the target does not fit",
        data(same, data_config={"task": "regression", "target": "colour"}, validation_config=RMSE),
        "E0211",
        "`colour` | regression",
    ),
    Story("a single row", data(lambda rows: rows.slice(0, 1), data_config={"min_new_samples": 1}), "E0206", "`target`"),
    Story(
        "predictions without a champion",
        both(empty_home, ask(same)),
        "E0306",
        "there is no champion yet",
        command="predict ask.parquet",
    ),
    Story("a home that is a file", both(data(same), home_is_a_file), "E0501", ".retrain"),
]

LATER = [  # a champion stands, and has to stand afterwards
    Story("a column that is gone", second(lambda rows: rows.drop_columns(["x2"])), "E0203", "`x2`"),
    Story(
        "a column renamed",
        second(lambda rows: rows.rename_columns(["x1", "x2", "color", "target"])),
        "E0203",
        "`colour` | `color`",
    ),
    Story(
        "a column of another type",
        second(replaced("x1", lambda values: [str(value) for value in values])),
        "E0204",
        "`x1` | text | number",
    ),
    Story("a class never seen", second(replaced("target", at(3, 2))), "E0213", "2 | row 3 | retrain run full"),
    Story("a label that is null, later", second(replaced("target", at(0, None))), "E0205", "row 0"),
    Story("a file that changed after it was learned from", overwritten, "E0209", "part-1.parquet | new file name"),
    Story(
        "a row of CSV that is too short",
        file("data/new/part-2.csv", "x1,x2,colour,target\n1,2,red,0\n1,2\n"),
        "E0202",
        "part-2.csv",
    ),
    Story(
        "training that runs away",
        config(
            training_config={"learning_rate": 10.0, "hidden": [64, 64], "epochs": 50},
            data_config={"target": "x2"},
            validation_config=RMSE,
        ),
        "E0304",
        "learning_rate",
        command="run full",
    ),
    Story(
        "predictions without a feature",
        ask(lambda rows: rows.drop_columns(["x1"])),
        "E0203",
        "`x1`",
        command="predict ask.parquet",
    ),
    Story(
        "predictions of another type",
        ask(replaced("x1", lambda values: ["a"] * len(values))),
        "E0204",
        "`x1`",
        command="predict ask.parquet",
    ),
    Story("predictions for a file that is not there", nothing, "E0201", "ask.parquet", command="predict ask.parquet"),
    Story("a rollback without a previous champion", nothing, "E0504", "champion 1 | --to", command="models rollback"),
    Story("a promotion of no version", nothing, "E0504", "9", command="models promote 9"),
    Story(
        "the champion promoted again", nothing, "E0402", "version 1 is the champion already", command="models promote 1"
    ),
    Story("a run that never was", nothing, "E0504", "there is no run 12: the last one is 1", command="explain 12"),
    Story("an artifact with a flipped byte", flip_a_byte, "E0505", "artifacts/", command="models show 1"),
    Story("a base with a flipped byte", both(flip_a_byte, second(same)), "E0505", "artifacts/"),
    Story("an artifact that is gone", lose_the_artifact, "E0505", "artifacts/", command="models show 1"),
    Story("a database of other bytes", scribble_over_the_database, "E0502", "state.db", command="status"),
    Story("a database of a newer program", from_the_future, "E0503", "`runs` | newer", command="status"),
]

STORIES = [*CONFIG, *DATA, *LATER]
