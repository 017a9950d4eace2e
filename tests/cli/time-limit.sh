# A run ends by the clock, evaluated and saved, and the same command goes on to the byte.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
more="schedule.t_max=30 train.threads=1"
here=$PWD
folder parts
sed -i "s/epochs: 3/$endless/" c.yaml
for part in 1 2 3; do
  # shellcheck disable=SC2086
  "$DLA_TRAIN" c.yaml $more train.time_limit=0.3 >out 2>err || { cat err; exit 1; }
  grep -q '^test accuracy' err out || { echo "part $part was not evaluated"; exit 1; }
done
ends_soon
cp c.yaml "$here/c.yaml"
# shellcheck disable=SC2086
"$DLA_TRAIN" c.yaml $more train.time_limit=0 >out 2>err || { cat err; exit 1; }
# shellcheck disable=SC2086
(folder "$here/whole" && cp "$here/c.yaml" . && "$DLA_TRAIN" c.yaml $more >out 2>err) || exit 1
cd "$here" && same whole parts
