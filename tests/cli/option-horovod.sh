# The PyTorch program's switch: without a launcher a single process, with a note.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder a
"$DLA_TRAIN" --horovod c.yaml train.max_steps=2 >out 2>err || exit 1
grep horovod err
