# What a resumed run says of a changed configuration, and what it refuses.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder a
"$DLA_TRAIN" c.yaml train.max_steps=10 train.threads=2 >out 2>err || exit 1
sed -i 's/warmup_epochs: 0.5/warmup_epochs: 0.25/' c.yaml
"$DLA_TRAIN" c.yaml optimizer.lr=0.05 train.max_steps=12 train.threads=1 >out 2>err || exit 1
grep -v '^epoch\|^IDX\|^planned\|^[0-9]* checkpoints\?' err >&2
refused() {
  "$DLA_TRAIN" c.yaml "$@" >out
  status=$?
  [ $status = 2 ] || echo "exit status $status"
}
refused model.classes=20
refused train.batch_size=8
refused train.max_steps=12
# From the checkpoint alone: all of its configuration.
"$DLA_TRAIN" checkpoint.in=last checkpoint.out=ckpt.safetensors train.max_steps=0 >out 2>err || exit 1
grep -c '^epoch' err
refused
"$DLA_TRAIN" eval checkpoint.in=best checkpoint.out=ckpt.safetensors 2>err | head -n 1 | grep -c accuracy
# The images of an input that is another one now: those of the checkpoint are not looked for.
folder ../moved
cp -r "$data" old
sed -i "s,path: $data\, ,," c.yaml
"$DLA_TRAIN" c.yaml input.dir=old train.max_steps=10 >out 2>err || { cat err; exit 2; }
mv old new
"$DLA_TRAIN" c.yaml input.dir=new train.max_steps=12 >out 2>err || { cat err; exit 3; }
"$DLA_TRAIN" eval checkpoint.in=ckpt.safetensors input.dir=new >out 2>err || { cat err; exit 4; }
