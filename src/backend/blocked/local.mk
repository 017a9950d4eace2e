libdla_a_SOURCES += src/backend/blocked/blocked.h src/backend/blocked/layout.c src/backend/blocked/bf16.c \
	src/backend/blocked/vector.c src/backend/blocked/convolution.c src/backend/blocked/fold.c \
	src/backend/blocked/groups.c
