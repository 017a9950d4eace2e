libdla_a_SOURCES += \
	src/job/folders.c src/job/folders.h \
	src/job/place.c src/job/place.h
