#!/usr/bin/env bash
# A model on real flights is trained, retrained as the months go by, judged each time, and deployed or refused.
# Everything happens in the folder demo/, which stays for you to look at. Started by `./dev demo`.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$PWD/build/bin/retrain
python=$PWD/.venv/bin/python

bold=$'\033[1m' faint=$'\033[2m' plain=$'\033[0m'
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || bold= faint= plain=

tell() { printf '\n'; printf '%s\n' "$*" | fold -s -w 88; }

# Shows a command as you would type it, and runs it. A refused candidate (exit code 3) is a decision, not a failure.
retrain() {
  printf '\n%s$ retrain %s%s\n' "$bold" "$*" "$plain"
  local outcome=0
  "$program" "$@" || outcome=$?
  [ $outcome = 0 ] || [ $outcome = 3 ] || { printf 'the demo stops: exit code %s\n' $outcome >&2; exit $outcome; }
  return $outcome
}

# The next file arrives where the pipeline looks for new data.
arrive() { mv "data/arriving/$1.parquet" data/production/new/; printf '\n%s%s.parquet arrives in data/production/new/%s\n' "$faint" "$1" "$plain"; }

rm -rf demo
tell "Every flight that left New York City in 2013: will it arrive more than 15 minutes late? A model knows carrier, route, hour and the weather at the airport. Here are the data, laid out as a team would have them:"
printf '\n'
$python tools/data/flights.py demo
cd demo

cat > retrain.yaml <<'YAML'
# What is to be kept fresh, and what a new model has to prove before it takes over.
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

training_config:
  epochs: 12
  learning_rate: 0.001
  early_stopping: true
  hidden: [64, 64]
  weight_decay: 0.001

validation_config:
  metrics: [roc_auc, log_loss]   # the first decides; the second must not get worse
  minimum_improvement: 0.005     # of area under the ROC curve
YAML
tell "And this is all that the pipeline is told (demo/retrain.yaml):"
printf '\n'; sed 's/^/    /' retrain.yaml

tell "1. January is there. Nothing serves yet, so the first model has to beat a guess: a predictor that always says the average."
retrain run --reason "first model"  || true

tell "2. The first weeks of February arrive. The champion goes on learning from them; the candidate meets the champion on the same 6,239 flights of the last week of February, which no model has trained on."
for week in 1 2 3; do
  arrive "2013-02-week$week"
  retrain run --reason "week $week of February" || true
done

tell "3. The first 200 flights of March. Too few to learn from: nothing is trained, and the journal says what is missing."
$python - <<'PY'
import pyarrow.parquet as pq
march = pq.read_table("data/arriving/2013-03.parquet")
pq.write_table(march.slice(0, 200), "data/production/new/2013-03-first.parquet")
pq.write_table(march.slice(200), "data/arriving/2013-03-rest.parquet")
PY
retrain run --reason "a first look at March" || true

tell "4. All of March, and April with its storms. A model that learns from them gets worse at what it is judged on, so it is refused, and the champion keeps serving."
arrive 2013-03-rest
arrive 2013-04
retrain run --reason "spring" || true

tell "Why? The numbers of that decision, as the journal keeps them:"
retrain explain last

tell "Where things stand, and all that happened:"
retrain status
retrain runs
retrain models list

tell "What would start the next run by itself:"
retrain why

tell "The champion at work on next month's flights:"
printf '\n%s$ retrain predict data/arriving/2013-05.parquet | head -n 4%s\n' "$bold" "$plain"
"$program" predict data/arriving/2013-05.parquet 2>/dev/null | head -n 4 || true

tell "All of it lies in demo/.retrain/: one database, and each model under the digest of its bytes. What to try next:"
cat <<TEXT

    cd demo
    mv data/arriving/2013-05.parquet data/production/new/
    ../build/bin/retrain run                 # kill it in the middle and run it again: it goes on where it was
    ../build/bin/retrain models rollback     # the previous champion serves again
    ../build/bin/retrain run full            # from scratch, on everything that ever arrived

Your own data: in a folder that holds them, \`retrain init data/\` looks at them and writes a commented
retrain.yaml; then \`retrain run\`. From Python: see README.md.
TEXT
