# make dist packs every file that the repository has, but for those that only it needs.
build=$(dirname "$DLA_TRAIN")
[ -f "$build/Makefile" ] || { echo "the program is not beside its Makefile" >&2; exit 77; }
git -C "$DLA_SRCDIR" -c safe.directory='*' ls-files >tracked 2>/dev/null || { echo "the sources are no git repository" >&2; exit 77; }
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
make -s -C "$build" distdir distdir="$PWD/packed" >log 2>&1 || { cat log; exit 1; }
(cd packed && find . -type f | sed 's/^..//' | sort) >there
grep -vE '^(\.ci/|\.gitignore|\.github/)' tracked | sort | comm -23 - there | sed 's/^/not packed: /'
