# Unit tests: tests/unit/test_NAME.c, one program each, with cmocka.
UNIT_TESTS =
if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif
AM_TESTS_ENVIRONMENT = DLA_TRAIN='$(abs_builddir)/dla-train' DLA_SRCDIR='$(abs_srcdir)' DLA_NEAR='$(abs_builddir)/tests/dist/near' export DLA_TRAIN DLA_SRCDIR DLA_NEAR;
include tests/unit/local.mk
include tests/golden/local.mk
include tests/ops/local.mk
include tests/cli/local.mk
include tests/staging/local.mk
include tests/dist/local.mk
include tests/fuzz/local.mk
