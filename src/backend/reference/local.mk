libdla_a_SOURCES += src/backend/reference/reference.h src/backend/reference/reference.c \
	src/backend/reference/conv2d.c src/backend/reference/batch_norm.c \
	src/backend/reference/relu.c src/backend/reference/add.c src/backend/reference/concat.c \
	src/backend/reference/pool.c src/backend/reference/linear.c \
	src/backend/reference/dropout.c \
	src/backend/reference/softmax_cross_entropy.c src/backend/reference/update.c \
	src/backend/reference/clip_grad_norm.c src/backend/reference/convert.c \
	src/backend/reference/fold_batch_norm.c
