libdla_a_SOURCES += include/dla/backend.h src/backend/backends.h src/backend/registry.c \
	src/backend/instruction.h
include src/backend/reference/local.mk
include src/backend/blocked/local.mk
if HAVE_OPENBLAS
include src/backend/openblas/local.mk
endif
if HAVE_ONEDNN
include src/backend/onednn/local.mk
endif
OPENCL_KERNEL_FILES = src/backend/opencl/kernels/common.cl \
	src/backend/opencl/kernels/elementwise.cl src/backend/opencl/kernels/batch_norm.cl \
	src/backend/opencl/kernels/convolution.cl src/backend/opencl/kernels/pool.cl \
	src/backend/opencl/kernels/softmax_cross_entropy.cl
EXTRA_DIST += $(OPENCL_KERNEL_FILES)
if HAVE_OPENCL
include src/backend/opencl/local.mk
endif
