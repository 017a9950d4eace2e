# The model of the continuous sync in all its states (tests/torture/sync.pml). Larger: make check-sync-model.
! grep -q __asan_init "$DLA_TRAIN" || { echo "the program does not run in it" >&2; exit 77; }
command -v spin >/dev/null || { echo "spin is not installed" >&2; exit 77; }
sh "$DLA_SRCDIR/tests/torture/model.sh" "$DLA_SRCDIR/tests/torture/sync.pml" -DSTEPS=3 -DKILLS=1 >out || { cat out; exit 1; }
grep -c ' states, no fault; 7 of 7 made faults found$' out
