libdla_a_SOURCES += include/dla/backend.h src/backend/backends.h src/backend/registry.c
include src/backend/reference/local.mk
include src/backend/blocked/local.mk
if HAVE_OPENBLAS
include src/backend/openblas/local.mk
endif
if HAVE_ONEDNN
include src/backend/onednn/local.mk
endif
