# Op tests: every op of every backend against the reference, the reference against finite differences.
UNIT_TESTS += tests/ops/test_ops
tests_ops_test_ops_SOURCES = tests/ops/test_ops.c tests/ops/harness.c tests/ops/harness.h \
	tests/ops/problem.c tests/ops/problem.h tests/ops/problems.c tests/ops/problems.h \
	tests/ops/result.c tests/ops/result.h
tests_ops_test_ops_CFLAGS = $(UNIT_CFLAGS)
tests_ops_test_ops_LDADD = $(UNIT_LIBS)
UNIT_TESTS += tests/ops/test_known
tests_ops_test_known_SOURCES = tests/ops/test_known.c tests/ops/harness.c tests/ops/harness.h \
	tests/ops/problem.c tests/ops/problem.h
tests_ops_test_known_CFLAGS = $(UNIT_CFLAGS)
tests_ops_test_known_LDADD = $(UNIT_LIBS)
# Prints a table: every op of every backend, pass by pass.
UNIT_TESTS += tests/ops/test_table
tests_ops_test_table_SOURCES = tests/ops/test_table.c tests/ops/harness.c tests/ops/harness.h \
	tests/ops/problem.c tests/ops/problem.h tests/ops/result.c tests/ops/result.h
tests_ops_test_table_CFLAGS = $(UNIT_CFLAGS)
tests_ops_test_table_LDADD = $(UNIT_LIBS)
# NaN and infinities.
UNIT_TESTS += tests/ops/test_nonfinite
tests_ops_test_nonfinite_SOURCES = tests/ops/test_nonfinite.c tests/ops/problem.c tests/ops/problem.h
tests_ops_test_nonfinite_CFLAGS = $(UNIT_CFLAGS)
tests_ops_test_nonfinite_LDADD = $(UNIT_LIBS)
