# A training run, or another verb, in which one call fails (tests/torture/faults.py): some calls of many. All: make
# check-faults. The sanitizers' own library would have to come before the preloaded one.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
is_sanitized && exit 77
${CC:-cc} -shared -fPIC -O1 -o fault.so "$DLA_SRCDIR/tests/torture/fault.c" -ldl || exit 1
/usr/bin/python3 -B "$DLA_SRCDIR/tests/torture/faults.py" "$DLA_TRAIN" fault.so --data "$data" --every 151 --verbs train,predict,stage,put >out 2>&1 ||
  { cat out; exit 1; }
grep -c ' 0 found$' out
