# Several ranks, with mpirun and under Slurm; skipped in a build without MPI.
DIST_TESTS = tests/dist/equal.sh tests/dist/nonfinite.sh tests/dist/one-value.sh tests/dist/resume.sh tests/dist/signal.sh \
	tests/dist/errors.sh tests/dist/opencl.sh tests/dist/srun.sh
TESTS += $(DIST_TESTS)
check_PROGRAMS += tests/dist/near
tests_dist_near_SOURCES = tests/dist/near.c
tests_dist_near_LDADD = $(DLA_LIBS)
EXTRA_DIST += $(DIST_TESTS) tests/dist/fixture.sh tests/dist/lsan.supp \
	tests/dist/nonfinite.stdout.exact tests/dist/one-value.stdout.exact tests/dist/resume.stdout.exact tests/dist/signal.stdout.exact \
	tests/dist/opencl.stdout.exact tests/dist/errors.stdout.exact tests/dist/errors.stderr.exact tests/dist/srun.stdout.exact
