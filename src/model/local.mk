libdla_a_SOURCES += src/model/models.h src/model/models.c src/model/blocks.h src/model/blocks.c \
	src/model/cifar_dla.c src/model/fast_dla.c src/model/dla.c \
	src/model/graph_file.c
