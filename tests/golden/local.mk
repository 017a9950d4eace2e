UNIT_TESTS += tests/golden/test_golden
tests_golden_test_golden_SOURCES = tests/golden/test_golden.c tests/golden/fixed.c \
	tests/golden/fixed.h
tests_golden_test_golden_CFLAGS = $(UNIT_CFLAGS)
tests_golden_test_golden_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/golden/make.py tests/golden/simple_dla.py tests/golden/simple_dla.txt
# The optimizer and its schedules alone, over several steps.
UNIT_TESTS += tests/golden/test_sgd
tests_golden_test_sgd_SOURCES = tests/golden/test_sgd.c tests/golden/fixed.c tests/golden/fixed.h \
	tests/ops/harness.c tests/ops/harness.h tests/ops/problem.c tests/ops/problem.h
tests_golden_test_sgd_CFLAGS = $(UNIT_CFLAGS)
tests_golden_test_sgd_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/golden/make_sgd.py tests/golden/sgd.txt
# Each update rule alone.
UNIT_TESTS += tests/golden/test_rules
tests_golden_test_rules_SOURCES = tests/golden/test_rules.c tests/golden/fixed.c tests/golden/fixed.h
tests_golden_test_rules_CFLAGS = $(UNIT_CFLAGS)
tests_golden_test_rules_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/golden/make_rules.py tests/golden/rules.txt
# What PyTorch saved, and what we save.
UNIT_TESTS += tests/golden/test_pth
tests_golden_test_pth_SOURCES = tests/golden/test_pth.c
tests_golden_test_pth_CFLAGS = $(UNIT_CFLAGS)
tests_golden_test_pth_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/golden/make_pth.py tests/golden/pth
# A run that PyTorch began, and this program goes on with.
check_PROGRAMS += tests/golden/go_on
tests_golden_go_on_SOURCES = tests/golden/go_on.c tests/golden/fixed.c tests/golden/fixed.h
tests_golden_go_on_LDADD = $(DLA_LIBS)
TESTS += tests/golden/torch.sh
EXTRA_DIST += tests/golden/torch.sh tests/golden/go_on.py
# Every built-in network: numbers of its parameters, logits and gradients.
check_PROGRAMS += tests/golden/family
tests_golden_family_SOURCES = tests/golden/family.c tests/golden/fixed.c tests/golden/fixed.h
tests_golden_family_LDADD = $(DLA_LIBS)
TESTS += tests/golden/models.sh
EXTRA_DIST += tests/golden/models.sh tests/golden/family.py tests/golden/dla.py
# What is exported, run by others.
check_PROGRAMS += tests/golden/logits
tests_golden_logits_SOURCES = tests/golden/logits.c
tests_golden_logits_LDADD = $(DLA_LIBS)
TESTS += tests/golden/export.sh
EXTRA_DIST += tests/golden/export.sh tests/golden/exported.py
check-models: dla-train$(EXEEXT)
	DLA_MODELS=all $(MAKE) check TESTS='tests/golden/models.sh tests/golden/export.sh'
.PHONY: check-models
