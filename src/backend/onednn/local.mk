libdla_a_SOURCES += src/backend/onednn/internal.h src/backend/onednn/dnnl_api.h \
	src/backend/onednn/dnnl_api.c src/backend/onednn/onednn.c \
	src/backend/onednn/plan_primitive.c \
	src/backend/onednn/fold.c src/backend/onednn/autotune.c \
	src/backend/onednn/own.c src/backend/onednn/openmp.c src/backend/onednn/openmp.h \
	src/backend/onednn/fail.c src/backend/onednn/weights.c src/backend/onednn/grouped.c
