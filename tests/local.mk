# Unit tests: tests/unit/test_NAME.c, one program each, with cmocka.
UNIT_TESTS =
if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif
AM_TESTS_ENVIRONMENT = DLA_TRAIN='$(abs_builddir)/dla-train' DLA_SRCDIR='$(abs_srcdir)' DLA_NEAR='$(abs_builddir)/tests/dist/near' export DLA_TRAIN DLA_SRCDIR DLA_NEAR;
# What depends on the backend, for builds with other ones.
BACKEND_TESTS = $(UNIT_TESTS) tests/cli/resume.sh tests/cli/resume-backends.sh \
	tests/cli/backend-not-built.sh tests/cli/openblas-missing.sh tests/cli/train.sh \
	tests/cli/version.sh
check-backend:
	$(MAKE) check TESTS='$(BACKEND_TESTS)'
.PHONY: check-backend
include tests/unit/local.mk
include tests/golden/local.mk
include tests/ops/local.mk
include tests/cli/local.mk
include tests/staging/local.mk
include tests/dist/local.mk
include tests/slurm/local.mk
include tests/fuzz/local.mk
