libdla_a_SOURCES += src/optim/schedule.c src/optim/schedule.h
