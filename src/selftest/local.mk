libdla_a_SOURCES += src/selftest/selftest.h src/selftest/test.h src/selftest/selftest.c src/selftest/fixture.c \
	src/selftest/fixture.h src/selftest/parts.h src/selftest/ops.c src/selftest/rules.c src/selftest/steps.c \
	src/selftest/roundtrip.c
