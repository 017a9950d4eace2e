libdla_a_SOURCES += src/augment/affine.c src/augment/augment.c src/augment/augment.h src/augment/color_jitter.c \
	src/augment/cutout.c src/augment/loader.c src/augment/mix.c src/augment/mix.h src/augment/pictures.h \
	src/augment/policy.c src/augment/policy.h src/augment/progressive.c src/augment/random_erasing.c \
	src/augment/resized_crop.c src/augment/rotation.c src/augment/transform.c \
	src/augment/transform.h
