libdla_a_SOURCES += src/augment/augment.c src/augment/augment.h src/augment/loader.c
