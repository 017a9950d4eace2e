# Unit tests: tests/unit/test_NAME.c, one program each, with cmocka.
UNIT_TESTS =
if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif
# Tests share the processors: who waits for a thread does not spin.
# OpenCL's kernels are compiled once, into a folder that several builds may share: DLA_TEST_CACHE.
AM_TESTS_ENVIRONMENT = cache=$${DLA_TEST_CACHE:-'$(abs_builddir)/tests/cache'}; OMP_WAIT_POLICY=passive DLA_TRAIN='$(abs_builddir)/dla-train' DLA_SRCDIR='$(abs_srcdir)' DLA_NEAR='$(abs_builddir)/tests/dist/near' POCL_CACHE_DIR="$$cache/pocl" XDG_CACHE_HOME="$$cache" LSAN_OPTIONS='suppressions=$(abs_srcdir)/tests/lsan.supp:print_suppressions=0' export OMP_WAIT_POLICY DLA_TRAIN DLA_SRCDIR DLA_NEAR POCL_CACHE_DIR XDG_CACHE_HOME LSAN_OPTIONS;
# What depends on the backend, for builds with other ones.
BACKEND_UNITS = tests/ops/test_ops tests/ops/test_known tests/ops/test_nonfinite tests/ops/test_table \
	tests/golden/test_golden tests/unit/test_accumulate tests/unit/test_clip tests/unit/test_dropout \
	tests/unit/test_evaluation tests/unit/test_graph tests/unit/test_memory_plan tests/unit/test_network \
	tests/unit/test_no_memory tests/unit/test_openblas tests/unit/test_optimizer tests/unit/test_steady \
	tests/unit/test_tta tests/unit/test_whiten
BACKEND_CLI_TESTS = tests/cli/resume.sh tests/cli/resume-backends.sh \
	tests/cli/backend-not-built.sh tests/cli/openblas-missing.sh tests/cli/train.sh \
	tests/cli/version.sh $(OPENCL_CLI_TESTS)
clean-local: clean-test-cache
clean-test-cache:
	rm -rf tests/cache
.PHONY: clean-test-cache
check-backend:
	DLA_TEST_ISA_ONLY=yes $(MAKE) check check_PROGRAMS='$(filter $(BACKEND_UNITS),$(UNIT_TESTS))' \
		TESTS='$(filter $(BACKEND_UNITS),$(UNIT_TESTS)) $(BACKEND_CLI_TESTS)'
# The unit and op tests of another machine, which EMULATOR runs. The two that train SimpleDLA for many
# steps would take hours.
check-emulated:
	$(MAKE) check LOG_COMPILER='$(EMULATOR)' \
		TESTS='$(filter-out tests/unit/test_steady tests/golden/test_golden,$(UNIT_TESTS))'
# Of avx512 below avx512_bf16 only the op tests: its kernels on images of floats are the same.
# What computes, with each lower instruction set that this machine has, by its name (`make check` itself
# takes the best): scripts/test. And the whole suite with each.
OP_TESTS = tests/ops/test_ops tests/ops/test_known
ISA_TESTS = $(OP_TESTS) tests/ops/test_nonfinite tests/golden/test_golden \
	tests/cli/resume.sh tests/cli/train.sh
ISA_NAMES = `./dla-train$(EXEEXT) --version | sed -n 's/^kernels: .* of //p'`
ISA_BEST = `./dla-train$(EXEEXT) --version | sed -n 's/^kernels: \(.*\) of .*/\1/p'`
check-isa-short: dla-train$(EXEEXT)
	for isa in $(ISA_NAMES); do [ $$isa != $(ISA_BEST) ] || continue; echo "instruction set: $$isa"; \
	  tests='$(ISA_TESTS)'; [ $$isa.$(ISA_BEST) != avx512.avx512_bf16 ] || tests='$(OP_TESTS)'; \
	  DLA_MAX_CPU_ISA=$$isa DLA_TEST_ISA_ONLY=yes $(MAKE) check TESTS="$$tests" || exit 1; done
check-isa: dla-train$(EXEEXT)
	for isa in $(ISA_NAMES); do echo "instruction set: $$isa"; \
	  DLA_MAX_CPU_ISA=$$isa $(MAKE) check || exit 1; done
.PHONY: check-backend check-emulated check-isa check-isa-short
EXTRA_DIST += tests/lsan.supp
include tests/unit/local.mk
include tests/golden/local.mk
include tests/ops/local.mk
include tests/cli/local.mk
include tests/staging/local.mk
include tests/dist/local.mk
include tests/slurm/local.mk
include tests/fuzz/local.mk
include tests/torture/local.mk
