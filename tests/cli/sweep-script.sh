# examples/sweep.sh: overrides, exit statuses and --json are all that a script needs.
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
sweep_folder s 1
export DLA_TRAIN
script=$DLA_SRCDIR/examples/sweep.sh
"$script" base.yaml runs >out 2>err || { cat err; exit 1; }
cmp out runs/results.csv && sed 's/",.*/",/' out | LC_ALL=C sort
python3 -c 'import json, sys; print(*sorted(json.load(sys.stdin)))' <runs/lr=0.1,momentum=0/result.json
# What is done is passed over; what failed is told, and the others go on.
ls -i runs/*/* >before
rm runs/lr=0.05,momentum=0/result.json runs/lr=0.05,momentum=0/checkpoint*
"$script" base.yaml runs dataset.path=gone >out 2>err
echo "status $?"
cat err
ls -i runs/*/* | grep -v lr=0.05,momentum=0/ >after
grep -v lr=0.05,momentum=0/ before | cmp - after
