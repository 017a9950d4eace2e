UNIT_TESTS += tests/golden/test_golden
tests_golden_test_golden_SOURCES = tests/golden/test_golden.c
tests_golden_test_golden_CFLAGS = $(UNIT_CFLAGS)
tests_golden_test_golden_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/golden/make.py tests/golden/simple_dla.txt
# What PyTorch saved, and what we save.
UNIT_TESTS += tests/golden/test_pth
tests_golden_test_pth_SOURCES = tests/golden/test_pth.c
tests_golden_test_pth_CFLAGS = $(UNIT_CFLAGS)
tests_golden_test_pth_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/golden/make_pth.py tests/golden/pth
