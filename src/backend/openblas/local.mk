libdla_a_SOURCES += src/backend/openblas/openblas.c src/backend/openblas/internal.h \
	src/backend/openblas/convolution.c src/backend/openblas/linear.c \
	src/backend/openblas/layout.c src/backend/openblas/layout.h \
	src/backend/openblas/library.c src/backend/openblas/library.h \
	src/backend/openblas/core.c src/backend/openblas/core.h
