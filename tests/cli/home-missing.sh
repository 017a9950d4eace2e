# A home that does not exist, as a daemon's: nothing is made above it or in it, there is no cache, and
# what would have been kept in one is told.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder a
unset XDG_CACHE_HOME DEEPSQUARE_TMP DEEPSQUARE_SHARED_TMP
export HOME="$PWD/missing/home"
"$DLA_TRAIN" c.yaml train.max_steps=1 backend.autotune=full >out 2>err || { cat err; exit 1; }
if grep -q 'warning: the tuning' err; then
  grep '^warning: the tuning' err
else # only oneDNN has something to choose from
  echo "warning: the tuning is not kept: HOME: is no folder that exists"
fi
XDG_CACHE_HOME=$HOME/.cache "$DLA_TRAIN" c.yaml train.max_steps=2 backend.autotune=full >out 2>err || exit 2
[ -e missing ] && ls -R missing
# One that exists gets its folders.
mkdir -p "$HOME"
XDG_CACHE_HOME=$HOME/.cache "$DLA_TRAIN" c.yaml train.max_steps=3 backend.autotune=full >out 2>err || exit 3
grep 'the tuning' err
exit 0
