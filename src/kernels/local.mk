libdla_a_SOURCES += src/kernels/kernels.h src/kernels/leaf.h src/kernels/sizes.h src/kernels/images.h src/kernels/planes.h \
	src/kernels/winograd_lines.h src/kernels/winograd_tiles.h src/kernels/product.h \
	src/kernels/winograd.h src/kernels/winograd_problem.c src/kernels/winograd_problem.h \
	src/kernels/winograd_convolve.c src/kernels/winograd_convolve.h \
	src/kernels/winograd_weights.c src/kernels/winograd_weights.h \
	src/kernels/winograd_scratchpad.c src/kernels/parts.c src/kernels/parts.h \
	src/kernels/pointwise.c src/kernels/pointwise.h src/kernels/windows.h src/kernels/pool.c src/kernels/dropout.c \
	src/kernels/batch_norm.c src/kernels/elementwise.c src/kernels/softmax.c src/kernels/clip.c src/kernels/choose.c \
	src/kernels/peak.c

# leaf.c, and the kernels of src/optim and src/picture, are compiled once for each instruction set. -O3 (see m4/compiler.m4) vectorises plain loops; contraction is
# what makes a multiply and an add one FMA.
LEAF_CFLAGS = $(AM_CFLAGS) $(DLA_KERNEL_CFLAGS) -ffp-contract=fast -fno-math-errno -fno-trapping-math -Wno-psabi

AVX2_CFLAGS = -mavx2 -mfma
AVX512_CFLAGS = -mavx512f -mavx512bw -mavx512vl -mavx512dq -mfma -mprefer-vector-width=512

noinst_LIBRARIES += libleaf_generic.a
libleaf_generic_a_SOURCES = src/kernels/leaf.c $(UPDATE_KERNELS) $(PICTURE_KERNELS)
libleaf_generic_a_CPPFLAGS = $(AM_CPPFLAGS) -DDLA_LEAF=generic
libleaf_generic_a_CFLAGS = $(LEAF_CFLAGS)
KERNEL_LIBS += libleaf_generic.a

if HAVE_KERNELS_NEON
noinst_LIBRARIES += libleaf_neon.a
libleaf_neon_a_SOURCES = src/kernels/leaf.c $(UPDATE_KERNELS) $(PICTURE_KERNELS)
libleaf_neon_a_CPPFLAGS = $(AM_CPPFLAGS) -DDLA_LEAF=neon -DDLA_NEON
libleaf_neon_a_CFLAGS = $(LEAF_CFLAGS)
KERNEL_LIBS += libleaf_neon.a
endif

if HAVE_KERNELS_AVX2
noinst_LIBRARIES += libleaf_avx2.a
libleaf_avx2_a_SOURCES = src/kernels/leaf.c $(UPDATE_KERNELS) $(PICTURE_KERNELS)
libleaf_avx2_a_CPPFLAGS = $(AM_CPPFLAGS) -DDLA_LEAF=avx2
libleaf_avx2_a_CFLAGS = $(LEAF_CFLAGS) $(AVX2_CFLAGS)
KERNEL_LIBS += libleaf_avx2.a
endif

if HAVE_KERNELS_AVX512
noinst_LIBRARIES += libleaf_avx512.a
libleaf_avx512_a_SOURCES = src/kernels/leaf.c $(UPDATE_KERNELS) $(PICTURE_KERNELS)
libleaf_avx512_a_CPPFLAGS = $(AM_CPPFLAGS) -DDLA_LEAF=avx512
libleaf_avx512_a_CFLAGS = $(LEAF_CFLAGS) $(AVX512_CFLAGS)
KERNEL_LIBS += libleaf_avx512.a
endif

# The same on images of bfloat16.

noinst_LIBRARIES += libhalf_generic.a
libhalf_generic_a_SOURCES = src/kernels/leaf.c
libhalf_generic_a_CPPFLAGS = $(AM_CPPFLAGS) -DDLA_HALF -DDLA_LEAF=generic
libhalf_generic_a_CFLAGS = $(LEAF_CFLAGS)
KERNEL_LIBS += libhalf_generic.a

if HAVE_KERNELS_NEON
noinst_LIBRARIES += libhalf_neon.a
libhalf_neon_a_SOURCES = src/kernels/leaf.c
libhalf_neon_a_CPPFLAGS = $(AM_CPPFLAGS) -DDLA_HALF -DDLA_LEAF=neon -DDLA_NEON
libhalf_neon_a_CFLAGS = $(LEAF_CFLAGS)
KERNEL_LIBS += libhalf_neon.a
endif

if HAVE_KERNELS_AVX2
noinst_LIBRARIES += libhalf_avx2.a
libhalf_avx2_a_SOURCES = src/kernels/leaf.c
libhalf_avx2_a_CPPFLAGS = $(AM_CPPFLAGS) -DDLA_HALF -DDLA_LEAF=avx2
libhalf_avx2_a_CFLAGS = $(LEAF_CFLAGS) $(AVX2_CFLAGS)
KERNEL_LIBS += libhalf_avx2.a
endif

if HAVE_KERNELS_AVX512
noinst_LIBRARIES += libhalf_avx512.a
libhalf_avx512_a_SOURCES = src/kernels/leaf.c
libhalf_avx512_a_CPPFLAGS = $(AM_CPPFLAGS) -DDLA_HALF -DDLA_LEAF=avx512
libhalf_avx512_a_CFLAGS = $(LEAF_CFLAGS) $(AVX512_CFLAGS)
KERNEL_LIBS += libhalf_avx512.a
endif

if HAVE_KERNELS_AVX512_BF16
noinst_LIBRARIES += libhalf_avx512_bf16.a
libhalf_avx512_bf16_a_SOURCES = src/kernels/leaf.c
libhalf_avx512_bf16_a_CPPFLAGS = $(AM_CPPFLAGS) -DDLA_HALF -DDLA_LEAF=avx512_bf16
libhalf_avx512_bf16_a_CFLAGS = $(LEAF_CFLAGS) $(AVX512_CFLAGS) -mavx512bf16
KERNEL_LIBS += libhalf_avx512_bf16.a
endif
