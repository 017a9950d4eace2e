# optimizer.clip_grad_norm: every step says the norm; a run that was stopped goes on to the byte; a norm that is never
# reached changes nothing; a backend that cannot clip says so.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
here=$PWD
clipped() {
  folder "$1"
  sed -i '$a optimizer: {clip_grad_norm: 0.5}' c.yaml
}
# norms FOLDER: of each step, and whether it is above 0.5.
norms() {
  sed -n 's/.*"grad_norm":\([0-9.e-]*\)}$/\1/p' "$1/metrics.jsonl"
}
goes_on clipped "$here/whole" "$here/parts"
cd "$here" || exit 99
norms parts >parts.norms
norms whole | cmp - parts.norms
[ "$(wc -l <parts.norms)" = 21 ] && awk '$1 > 0.5 {n++} END {exit !n}' parts.norms || { cat parts.norms; exit 1; }
(folder free && "$DLA_TRAIN" c.yaml >out 2>err) || exit 2
(folder high && "$DLA_TRAIN" c.yaml optimizer.clip_grad_norm=1e6 >out 2>err) || exit 3
[ -z "$(norms free)" ] && [ "$(norms high | wc -l)" = 21 ] || exit 4
losses() {
  sed -n 's/.*"test_loss":\([^,]*\).*/\1/p' "$1/metrics.jsonl"
}
losses free >free.losses
losses high | cmp - free.losses || exit 5
! losses whole | cmp -s - free.losses || exit 6
backends | grep -q opencl || exit 0
"$DLA_TRAIN" whole/c.yaml model.graph=whole/net.yaml checkpoint.in= backend.name=opencl backend.device=0 output.dir=never 2>&1 | tail -n 1 >err
grep -q '^dla-train: error: optimizer.clip_grad_norm: the opencl backend has no clip_grad_norm (choose another backend)$' err || cat err
