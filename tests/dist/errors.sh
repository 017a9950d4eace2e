# What goes wrong is told once, in one line, with status 2: on all ranks, on one, and where the verb or
# the launcher does not fit.
. "$DLA_SRCDIR/tests/dist/fixture.sh"
folder a
told() {
  grep '^dla-train: ' err | sed "s/on [^ ]*:/on HOST:/"
}
ranks 2 c.yaml train.epoch=3 >out 2>err
echo "status $?"
told
# Only the second rank has no such file.
cat >wrapper <<'END'
#!/bin/sh
[ "$OMPI_COMM_WORLD_RANK" = 1 ] && exec "$DLA_TRAIN" c.yaml dataset.path=nowhere
exec "$DLA_TRAIN" c.yaml
END
chmod +x wrapper
mpirun --oversubscribe -np 2 ./wrapper >out 2>err
echo "status $?"
told
# And here rank 0 cannot write what it should, in the middle of the run.
ranks 2 c.yaml output.dir=c.yaml >out 2>err
echo "status $?"
told
# The loss is the same on all ranks: they stop together, and keep what was saved before.
ranks 2 c.yaml train.epochs=50 schedule.t_max=50 optimizer.lr=1000 optimizer.weight_decay=1 checkpoint.every_steps=2 >out 2>err
echo "status $?"
told | sed 's/step [0-9]*: [a-z0-9._ ]* became [^(]*/step N /'
"$DLA_TRAIN" inspect ckpt.safetensors >inspect || exit 1
ranks 2 inspect ckpt.safetensors >out 2>err
told | sort -u
SLURM_STEP_NUM_TASKS=3 "$DLA_TRAIN" c.yaml
echo "status $?"
