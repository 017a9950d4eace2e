# A power failure at some moments of a run and a download (tests/torture/power.py); all: make check-power. The
# sanitizers' own library would have to come before the preloaded one.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
is_sanitized && exit 77
${CC:-cc} -shared -fPIC -O1 -o record.so "$DLA_SRCDIR/tests/torture/record.c" -ldl -lpthread || exit 1
/usr/bin/python3 -B "$DLA_SRCDIR/tests/torture/power.py" "$DLA_TRAIN" record.so --data "$data" --scenarios train,archive --every 307 >out 2>&1 ||
  { cat out; exit 1; }
grep -c ' after a power failure: 0 bad$' out
