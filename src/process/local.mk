libdla_a_SOURCES += \
	src/process/capture.c src/process/capture.h src/process/argv.c src/process/argv.h src/process/kin.c src/process/kin.h src/process/lines.c \
	src/process/lines.h src/process/memory.c src/process/memory.h src/process/process.c \
	src/process/process.h
