libdla_a_SOURCES += src/doctor/doctor.c src/doctor/doctor.h src/doctor/checks.h \
	src/doctor/processor.c src/doctor/memory.c src/doctor/libraries.c src/doctor/disk.c \
	src/doctor/places.c src/doctor/cluster.c src/doctor/ask.c src/doctor/ask.h
