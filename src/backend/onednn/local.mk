libdla_a_SOURCES += src/backend/onednn/onednn.c
