libdla_a_SOURCES += \
	include/dla/dataset.h include/dla/loader.h src/dataset/archive.c src/dataset/archive.h \
	src/dataset/blob.c src/dataset/blob.h src/dataset/cifar.h src/dataset/cifar_binary.c \
	src/dataset/cifar_python.c src/dataset/dataset.c src/dataset/format.c src/dataset/format.h \
	src/dataset/idx.c src/dataset/numpy.c src/dataset/numpy.h src/dataset/pickle.c \
	src/dataset/pickle.h src/dataset/picture.c src/dataset/sampler.c src/dataset/sampler.h src/dataset/source.c \
	src/dataset/source.h src/dataset/split.c src/dataset/split.h
