# Every command of the documents is one: its verb, its options and its keys with their values are known. What they do
# is other tests' matter; here nothing is trained or moved.
cd "$DLA_SRCDIR" || exit 99

# commands: one a line, of the indented lines of all pages; continued lines are joined.
commands() {
  sed -e ':again' -e '/\\$/{N;s/\\\n//;b again' -e '}' README.md CONTRIBUTING.md docs/*.md |
    grep -E '^    .*\./dla-train ' | sed -e 's/^.*\.\/dla-train //' -e 's/ #.*//' -e 's/[|)>].*//' -e 's/\[[^]]*\]//g' | sort -u
}

# check WORD ...: the words behind ./dla-train.
check() {
  verb=train config=
  if "$DLA_TRAIN" "$1" --help >/dev/null 2>&1; then
    verb=$1
    shift
  fi
  "$DLA_TRAIN" "$verb" --help >"$out/help" 2>&1 || echo "no verb $verb"
  [ "$verb" != train ] || "$DLA_TRAIN" --help >>"$out/help"
  case ${1:-} in
    *.workflow.yaml | */sweep.yaml) ;;
    examples/*.yaml) config=$1 ;;
  esac
  for word; do
    shift
    case $word in
      --version | --help*) ;;
      -[a-z] | --[a-z]*) grep -qF -e "${word%%=*}" "$out/help" || echo "dla-train $verb has no ${word%%=*}" ;;
      *.*=*) set -- "$@" "$word" ;;
    esac
  done
  # shellcheck disable=SC2086
  "$DLA_TRAIN" config $config "$@" >/dev/null || echo "in: $verb $*"
}

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
commands >"$out/commands"
[ "$(wc -l <"$out/commands")" -gt 40 ] || echo "too few commands were found"
while read -r line; do
  set -f
  # shellcheck disable=SC2086
  eval "set -- $line"
  check "$@"
done <"$out/commands"
