# libFuzzer targets
EXTRA_DIST += tests/fuzz/seeds.sh
if ENABLE_FUZZ
check_PROGRAMS += tests/fuzz/fuzz_pickle tests/fuzz/fuzz_idx
tests_fuzz_fuzz_pickle_SOURCES = tests/fuzz/fuzz_pickle.c
tests_fuzz_fuzz_pickle_LDADD = $(DLA_LIBS)
tests_fuzz_fuzz_pickle_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_idx_SOURCES = tests/fuzz/fuzz_idx.c
tests_fuzz_fuzz_idx_LDADD = $(DLA_LIBS)
tests_fuzz_fuzz_idx_LDFLAGS = -fsanitize=fuzzer
endif
