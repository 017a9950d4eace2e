# What bash offers; the functions of zsh and fish are read by their shells where these are here.
command -v bash >/dev/null || { echo "there is no bash" >&2; exit 77; }
"$DLA_TRAIN" --completion-bash >completion.bash || exit 1
cat >ask.bash <<'END'
. ./completion.bash
# As readline takes a line apart: = is a word of its own.
ask() {
  COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=() COMPREPLY=()
  local word last
  for word in ${1//=/ = }; do COMP_WORDS+=("$word"); done
  case $1 in *' ' | *=) COMP_WORDS+=('') ;; esac
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _dla_train
  echo "$1| ${COMPREPLY[*]}"
}
ask "dla-train do"
ask "dla-train predict --to"
ask "dla-train config.yaml optimizer.na"
ask "dla-train config.yaml optimizer.name="
ask "dla-train optimizer.name=ad"
ask "dla-train bench train.recompute=f"
ask "dla-train stage "
ask "dla-train help self"
ask "dla-train --man"
ask "dla-train predict optimizer.na"
ask "dla-train new --d"
ask "dla-train dataset.path=x"
END
bash ask.bash
for shell in zsh fish; do
  "$DLA_TRAIN" --completion-$shell >completion.$shell || exit 1
  command -v $shell >/dev/null && { $shell -n completion.$shell || echo "$shell cannot read it"; }
done
grep -c "^complete -c dla-train .* -a optimizer.name=adamw " completion.fish
grep -c "'optimizer.name=:" completion.zsh
