libdla_a_SOURCES += src/model/models.h src/model/simple_dla.c
