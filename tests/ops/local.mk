# Op tests: every op of every backend against the reference, the reference against finite differences.
UNIT_TESTS += tests/ops/test_ops
tests_ops_test_ops_SOURCES = tests/ops/test_ops.c tests/ops/harness.c tests/ops/harness.h \
	tests/ops/problem.c tests/ops/problem.h tests/ops/problems.c tests/ops/problems.h \
	tests/ops/result.c tests/ops/result.h
tests_ops_test_ops_CFLAGS = $(UNIT_CFLAGS)
tests_ops_test_ops_LDADD = $(UNIT_LIBS)
