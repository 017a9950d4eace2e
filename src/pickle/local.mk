libdla_a_SOURCES += src/pickle/pickle.h src/pickle/machine.h \
	src/pickle/calls.c src/pickle/machine.c src/pickle/opcodes.c src/pickle/values.c
