# Every instruction set that this machine has, by name: training with it goes on to the same bytes, and
# what computes is told, by bench, too. A name that is not there is refused, and so is another machine's.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
here=$("$DLA_TRAIN" --version | sed -n 's/^kernels: .* of //p')
for backend in $(backends); do
  case $backend in onednn | openblas) ;; *) continue ;; esac
  [ $backend = onednn ] || ! is_sanitized || continue
  for isa in $here; do
    export DLA_MAX_CPU_ISA=$isa
    (folder "$backend.$isa" && "$DLA_TRAIN" c.yaml backend.name="$backend" train.threads=2 >/dev/null 2>&1) || exit 1
    (folder "$backend.$isa.2" && for steps in 5 21; do
      "$DLA_TRAIN" c.yaml backend.name="$backend" train.threads=2 train.max_steps=$steps >/dev/null 2>&1 || exit 1
    done) || exit 1
    values "$backend.$isa/metrics.jsonl" >a
    values "$backend.$isa.2/metrics.jsonl" | cmp - a || exit 1
    "$DLA_TRAIN" --version | grep "^kernels: $isa of $here$" >/dev/null || echo "--version does not tell $isa"
    "$DLA_TRAIN" inspect "$backend.$isa/ckpt.safetensors" | grep "kernels: $isa$" >/dev/null || echo "the checkpoint does not tell $isa"
  done
done
folder wrong
for isa in $here; do
  DLA_MAX_CPU_ISA=$isa "$DLA_TRAIN" bench --steps 1 c.yaml >out 2>err
  grep "^machine's peak .*(FMA, $isa)" out >/dev/null || { echo "bench does not tell $isa"; cat out err; }
done
unset DLA_MAX_CPU_ISA
case $(uname -m) in aarch64) foreign=avx2 ;; *) foreign=neon ;; esac
for isa in avx1024 AVX2 $foreign; do
  for verb in '' bench; do
    # shellcheck disable=SC2086
    DLA_MAX_CPU_ISA=$isa "$DLA_TRAIN" $verb c.yaml 2>err >out
    echo "status $?"
    sed -n "s/are here: .*/are here/; s/'$foreign'/FOREIGN/; s/^dla-train: error: //p" err
  done
done
