# Trials that fail are told with their status and kept, the others go on; the sweep's own status says
# it, and a second run does not try them again unless it is asked to.
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
sweep_folder s 3
mkdir images && ln -s "$data"/* images/
cat >s.yaml <<END
base: base.yaml
parameters:
  dataset.path: [images, gone]
  optimizer.lr: [0.1, 1000]
overrides: {optimizer.weight_decay: 1, schedule.warmup_epochs: 0, checkpoint.every_steps: 2}
output: {dir: out.d}
END
sweep
echo "status $?"
sed 's/accuracy .*/accuracy/; s/step [0-9]*: [a-z0-9._ ]* became [^(]*/step N /' err
ls out.d/*/failure.json
sweep
echo "status $?"
cat err
# The folder is there now.
ln -s images gone
sweep --retry-failed
echo "status $?"
grep -c starts err
grep -c diverged err
ls out.d/*/failure.json
