libdla_a_SOURCES += \
	src/job/folders.c src/job/folders.h \
	src/job/hooks.c src/job/hooks.h \
	src/job/output_lock.c src/job/output_lock.h \
	src/job/place.c src/job/place.h \
	src/job/staged_run.c src/job/staged_run.h \
	src/job/start.c src/job/start.h
