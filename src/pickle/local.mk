libdla_a_SOURCES += src/pickle/pickle.h src/pickle/machine.h \
	src/pickle/calls.c src/pickle/machine.c src/pickle/numpy.c src/pickle/numpy.h \
	src/pickle/opcodes.c src/pickle/text_opcodes.c src/pickle/values.c
