libdla_a_SOURCES += include/dla/picture.h src/picture/bmp.c src/picture/codec.c src/picture/codec.h \
	src/picture/evaluation.c src/picture/exif.c src/picture/jpeg.c src/picture/png.c src/picture/pnm.c src/picture/reader.c \
	src/picture/reader.h src/picture/resize.c src/picture/resize_kernel.h \
	src/picture/room.c src/picture/webp.c

# The passes of a resize, compiled once for each instruction set (src/kernels/local.mk).
PICTURE_KERNELS = src/picture/resize_kernel.c
