# Jobs under Slurm, on a cluster of two nodes on loopback.
SLURM_TESTS = tests/slurm/preempt.sh tests/slurm/preempt-ranks.sh tests/slurm/array.sh
TESTS += $(SLURM_TESTS)
EXTRA_DIST += $(SLURM_TESTS) tests/slurm/cluster.sh tests/slurm/fixture.sh \
	tests/slurm/preempt.stdout.exact tests/slurm/preempt-ranks.stdout.exact tests/slurm/array.stdout.exact
check-slurm: dla-train$(EXEEXT)
	$(MAKE) check TESTS='$(SLURM_TESTS) tests/dist/srun.sh'
.PHONY: check-slurm
