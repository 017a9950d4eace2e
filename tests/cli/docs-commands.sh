# Every command of the documents is one: its verb, its options and its keys with their values are known. What they do
# is other tests' matter; here nothing is trained or moved.
cd "$DLA_SRCDIR" || exit 99

# commands: one a line, of the indented lines of all pages; continued lines are joined.
commands() {
  sed -e ':again' -e '/\\$/{N;s/\\\n//;b again' -e '}' README.md CONTRIBUTING.md docs/*.md |
    grep -E '^    .*\./dla-train ' | sed -e 's/^.*\.\/dla-train //' -e 's/ #.*//' -e 's/[|)>].*//' -e 's/\[[^]]*\]//g' | sort -u
}

# help VERB: what its help says, asked for once, in a file of that name.
help() {
  [ ! -e "$out/help.$1" ] || return 0
  "$DLA_TRAIN" "$1" --help >"$out/help.$1" 2>&1 || rm "$out/help.$1"
  [ "$1" != train ] || "$DLA_TRAIN" --help >>"$out/help.train"
}

# check WORD ...: the words behind ./dla-train.
check() {
  verb=train config=
  case ${1:-} in
    "" | -* | *=* | *.yaml | */*) ;;
    *) help "$1" && verb=$1 && shift ;;
  esac
  [ -e "$out/help.$verb" ] || { echo "no verb $verb"; return; }
  case ${1:-} in
    *.workflow.yaml | */sweep.yaml) ;;
    examples/*.yaml) config=$1 ;;
  esac
  for word; do
    shift
    case $word in
      --version | --help*) ;;
      -[a-z] | --[a-z]*) grep -qF -e "${word%%=*}" "$out/help.$verb" || echo "dla-train $verb has no ${word%%=*}" ;;
      *.*=*) set -- "$@" "$word" ;;
    esac
  done
  # shellcheck disable=SC2086
  "$DLA_TRAIN" config $config "$@" >/dev/null || echo "in: $verb $*"
}

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
commands >"$out/commands"
help train
[ "$(wc -l <"$out/commands")" -gt 40 ] || echo "too few commands were found"
while read -r line; do
  set -f
  # shellcheck disable=SC2086
  eval "set -- $line"
  check "$@"
done <"$out/commands"
