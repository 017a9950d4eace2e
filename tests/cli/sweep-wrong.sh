# Every mistake in a sweep file is one line with its place, before anything is begun.
try() {
  printf '%s\n' "$@" >s.yaml
  "$DLA_TRAIN" sweep s.yaml
  [ $? = 2 ] || echo "status: $*"
}
printf 'train: {epochs: 2}\n' >base.yaml
printf 'checkpoint: {out: x.pth}\n' >out.yaml
printf 'checkpoint: {in: x.pth}\n' >in.yaml
printf 'output: {s3: {bucketUrl: "s3://b"}}\n' >s3.yaml
printf 'train: {epoch: 2}\n' >wrong.yaml
O='output: {dir: out.d}'
P='parameters: {optimizer.lr: [0.1, 0.2]}'
R='parameters: {optimizer.lr: {min: 0.1, max: 1}}'
try ''
try '- a'
try "$P"
try "$O"
try "$P" "$O" 'methd: grid'
try "$P" "$O" 'method: gird'
try "$P" "$O" 'method: [grid]'
try "$P" "$O" 'metric: accuracy'
try "$P" "$O" 'parallel: 0'
try "$P" "$O" 'parallel: 1000' 2>&1 | sed 's/on [0-9]* processors/on N processors/' >&2
try "$P" "$O" 'seed: -1'
try "$P" "$O" 'trials: 3'
try "$P" "$O" 'method: random'
try "$P" "$O" 'method: random' 'trials: 3'
try "$P" "$O" 'method: random' 'trials: 20000'
try "$P" "$O" 'base: gone.yaml'
try "$P" "$O" 'base: wrong.yaml'
try "$P" "$O" 'base: out.yaml'
try "$P" "$O" 'base: in.yaml'
try "$P" "$O" 'base: s3.yaml'
try "$P" 'output: {dir: out.d, s3: {}}'
# Keys and values.
try "$O" 'parameters: {optimizer.rl: [0.1]}'
try "$O" 'parameters: {lr: [0.1]}'
try "$O" 'parameters: {optimizer.lr: 0.1}'
try "$O" 'parameters: {optimizer.lr: []}'
try "$O" 'parameters: {optimizer.lr: [0.1, -1]}'
try "$O" 'parameters: {optimizer.lr: [0.1, 1e-1]}'
try "$O" 'parameters: {optimizer.lr: [[0.1]]}'
try "$O" 'parameters: {train.batch_size: [16, 1.5]}'
try "$O" 'parameters: {schedule.name: [cosine, steps]}'
try "$O" 'parameters: {output.dir: [a, b]}'
try "$O" 'parameters: {checkpoint.in: [a, b]}'
try "$O" 'parameters: {log.level: [info]}'
try "$O" "$P" 'overrides: {train.epochs: 0}'
try "$O" "$P" 'overrides: {input.s3.secretAccessKey: let-me-in}'
try "$O" 'parameters: {optimizer.momentum: [0, 0.9]}' 'overrides: {optimizer.nesterov: true}'
# Ranges.
try "$O" "$R"
try "$O" 'parameters: {optimizer.lr: {min: 0.1}}'
try "$O" 'parameters: {optimizer.lr: {min: 1, max: 0.1}}'
try "$O" 'parameters: {optimizer.lr: {min: 0.1, max: 1, stp: 0.1}}'
try "$O" 'parameters: {optimizer.lr: {min: 0.1, max: 1, step: 0}}'
try "$O" 'parameters: {optimizer.lr: {min: 0, max: 1, log: true}}'
try "$O" 'parameters: {optimizer.lr: {min: 0.1, max: 1, log: yes}}'
try "$O" 'parameters: {optimizer.lr: {min: 0.1, max: 1, log: true, step: 0.5}}'
try "$O" 'parameters: {optimizer.lr: {min: 0, max: 1, step: 1e-9}}'
try "$O" 'parameters: {optimizer.lr: {min: 0, max: 2000}}' 'method: random' 'trials: 3'
try "$O" 'parameters: {train.batch_size: {min: 16, max: 64, step: 1.5}}'
try "$O" 'parameters: {augment.flip: {min: 0, max: 1}}'
try "$O" 'parameters: {train.seed: {min: 0, max: 999, step: 1}, optimizer.lr: {min: 0.01, max: 1, step: 0.01}}'
# Halving.
try "$O" "$P" 'method: halving'
try "$O" "$P" 'budget: {min_epochs: 1, max_epochs: 3}'
H='method: halving'
try "$O" "$P" "$H" 'budget: {min_epochs: 1}'
try "$O" "$P" "$H" 'budget: {min_epochs: 3, max_epochs: 1}'
try "$O" "$P" "$H" 'budget: {min_epochs: 1, max_epochs: 3, eta: 1}'
try "$O" "$P" "$H" 'budget: {min_epochs: 1, max_epochs: 3}' 'overrides: {train.epochs: 3}'
try "$O" "$P" "$H" 'budget: {min_epochs: 1, max_epochs: 3}' 'overrides: {train.max_steps: 3}'
# Options.
printf '%s\n' "$O" "$P" >s.yaml
for options in '' '--trial=0' '--trial=3' '--trial=x' '--now' '--csv --json' '--json --dry-run' \
  '--report --dry-run' '--report --retry-failed' '--trial=1 --retry-failed'; do
  # shellcheck disable=SC2086
  "$DLA_TRAIN" sweep $options $([ "$options" ] && echo s.yaml)
  [ $? = 2 ] || echo "status: $options"
done
printf '%s\n' "$O" "$P" "$H" 'budget: {min_epochs: 1, max_epochs: 3}' >s.yaml
"$DLA_TRAIN" sweep s.yaml --slurm
"$DLA_TRAIN" sweep s.yaml --trial=1
printf '%s\n' "$O" "$P" 'overrides: {slurm.ntasks: 2}' >s.yaml
"$DLA_TRAIN" sweep s.yaml --slurm
[ ! -e out.d ] || echo "something was begun"
