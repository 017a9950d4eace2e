# Sourced by the tests of several ranks: resume_fixture.sh's small network, and mpirun.
"$DLA_TRAIN" --version | grep -q 'MPI' || { echo "this build has no MPI" >&2; exit 77; }
command -v mpirun >/dev/null || { echo "mpirun is missing: install openmpi-bin" >&2; exit 77; }
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"

# Containers run the tests as root, and may have fewer processors than ranks.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# Other tests run beside this one: who waits leaves the processor to them.
export OMPI_MCA_mpi_yield_when_idle=1

# In a build with sanitizers: MPI's own leaks are not ours.
export LSAN_OPTIONS="suppressions=$DLA_SRCDIR/tests/dist/lsan.supp:print_suppressions=0:fast_unwind_on_malloc=0"

# without_leaks: from here on no leaks are looked for. To tell MPI's from ours every allocation is unwound
# in the slow way, which takes most of a run's time; what follows runs the same code as what came before.
without_leaks() {
  export LSAN_OPTIONS=detect_leaks=0
}

# ranks NUMBER ARGUMENT ...: dla-train on so many, one thread each.
ranks() {
  number=$1
  shift
  OMP_NUM_THREADS=1 mpirun --oversubscribe --bind-to none -np "$number" "$DLA_TRAIN" "$@"
}
