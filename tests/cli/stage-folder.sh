# Between folders: copied, told apart by content, deleted where asked.
mkdir -p in/a out && echo 1 >in/a/x && echo 2 >in/y && echo 3 >out/gone
"$DLA_TRAIN" stage sync in out --delete --dry-run --parallel=1 && [ -f out/gone ] && [ ! -e out/y ] || exit 1
"$DLA_TRAIN" stage sync in out --delete --parallel=1 && diff -r in out || exit 3
echo 4 >in/y
"$DLA_TRAIN" stage sync in out --json --parallel=1 && diff -r in out
