#!/usr/bin/env bash
# A model on real flights is trained, retrained as the months go by, judged each time, and deployed or refused.
# Everything happens in the folder demo/, which stays for you to look at. Started by `./dev demo`.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$PWD/build/bin/retrain
python=$PWD/.venv/bin/python

bold=$'\033[1m' faint=$'\033[2m' plain=$'\033[0m'
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || bold='' faint='' plain=''

tell() { printf '\n%s\n' "$*" | fold -s -w 96; }

# Shows a command as you would type it, and runs it. A candidate that is not promoted (exit code 3) is a decision.
retrain() {
  printf '\n%s$ retrain' "$bold"
  local word; for word in "$@"; do case $word in *' '*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac; done
  printf '%s\n' "$plain"
  "$program" "$@" || [ $? = 3 ] || { printf 'the demo stops here\n' >&2; exit 1; }
}

# The next file arrives where the pipeline looks for new data.
arrive() {
  mv "data/arriving/$1.parquet" data/production/new/
  printf '\n%s+ data/production/new/%s.parquet%s\n' "$faint" "$1" "$plain"
}

# Cuts the first rows off a file that is to arrive, into a file of their own: cut_off FILE ROWS NAME.
cut_off() {
  $python - "$@" <<'PY'
import sys

import pyarrow.parquet as pq

name, rows, first = sys.argv[1], int(sys.argv[2]), sys.argv[3]
table = pq.read_table(f"data/arriving/{name}.parquet")
pq.write_table(table.slice(0, rows), f"data/arriving/{first}.parquet")
pq.write_table(table.slice(rows), f"data/arriving/{name}.parquet")
PY
}

rm -rf demo
$python tools/data/flights.py demo >/dev/null
cd demo
tell "Every flight that left New York City in 2013. The question: will it arrive more than 15 minutes late? The model knows carrier, route, hour, weekday, and the weather at the airport."
cat <<'TEXT'

    data/production/new/2013-01.parquet   January, 26,398 flights: what the first model learns from
    data/splits/val.parquet               the last week of February: the yardstick, never trained on
    data/arriving/                        what comes later: weeks of February, then month by month
TEXT

cat > retrain.yaml <<'YAML'
strategy: incremental            # a run goes on from the champion's weights

triggers:
  - {type: manual}
  - {type: new_data, min_new_samples: 5000}

data_config:
  new_data_path: data/production/new/
  validation_data: data/splits/val.parquet
  target: late
  time_column: departure
  min_new_samples: 1000

training_config: {epochs: 12, learning_rate: 0.001, early_stopping: true, hidden: [64, 64], weight_decay: 0.001}

validation_config:
  metrics: [roc_auc, log_loss]   # the first decides; the second must not get worse
  minimum_improvement: 0.005     # of the area under the ROC curve
YAML
tell "And all that the pipeline is told, in retrain.yaml:"
printf '\n'; sed 's/^/    /' retrain.yaml

tell "1. January. Nothing serves yet, so the first model has to beat a guess that always says the average."
retrain run --reason "first model"

tell "2. The first week of February arrives. The champion goes on learning from it; then both predict the same flights of the yardstick, and the difference has to be more than chance."
arrive 2013-02-week1
retrain run --reason "week 1 of February"

tell "3. Of the next week only 200 flights are there. That is too few to learn from."
cut_off 2013-02-week2 200 2013-02-week2-begin
arrive 2013-02-week2-begin
retrain run --reason "impatience"

tell "4. The rest of that week."
arrive 2013-02-week2
retrain run --reason "week 2 of February"

tell "5. One more week. A model can be better on paper and the evidence still too thin: then the champion stays, and the flights wait for the next run."
arrive 2013-02-week3
retrain run --reason "week 3 of February"

tell "6. Somebody drops June in. Summer's delays are not winter's: whoever learns them predicts the yardstick worse, and is refused."
arrive 2013-06
retrain run --reason "June"

tell "Why? The numbers of that decision, as they were written down:"
retrain explain last

tell "Where things stand, all that happened, and what would start the next run:"
retrain status
retrain runs
retrain why

tell "The champion at work on flights of May, from Python:"
cat > predict.py <<'PY'
import pandas as pd
from omgkit.mlops import RetrainingPipeline

pipeline = RetrainingPipeline()
may = pd.read_parquet("data/arriving/2013-05.parquet")
may["chance_of_delay"] = pipeline.predict_proba(may)[:, 1]
print(may[["departure", "carrier", "origin", "dest", "chance_of_delay"]].iloc[5000:5005].to_string(index=False))
PY
printf '\n'; sed 's/^/    /' predict.py; printf '\n'
$python predict.py

tell "All of it lies in demo/.retrain/: one database, and each model under the digest of its bytes. To go on:"
cat <<'TEXT'

    cd demo
    mv data/arriving/2013-05.parquet data/production/new/
    ../build/bin/retrain run                 # press Ctrl-C or kill it, and run it again: it goes on where it was
    ../build/bin/retrain run full            # from scratch, on everything that ever arrived
    ../build/bin/retrain models rollback     # the previous champion serves again

Your own data: in a folder that holds them, `retrain init PATH` looks at them and writes a commented retrain.yaml;
then `retrain run`.
TEXT
