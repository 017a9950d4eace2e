# Every command of the documents is run, in a folder with what the pages name: docs_run.py. What is slow waits for
# `make check-docs`.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
! is_sanitized || { echo "other tests run the same code under sanitizers" >&2; exit 77; }
/usr/bin/python3 -c 'import numpy, PIL' 2>/dev/null || { echo "python3-numpy or python3-pil is missing" >&2; exit 77; }
"$DLA_TRAIN" --version | grep -q 'pictures: .*JPEG' || { echo "this build reads no JPEG" >&2; exit 77; }
exec env TMPDIR="$PWD" /usr/bin/python3 "$DLA_SRCDIR/tests/cli/docs_run.py" "$DLA_SRCDIR/tests/cli/docs-run.table"
