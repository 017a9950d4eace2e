libdla_a_SOURCES += src/backend/reference/reference.c
