libdla_a_SOURCES += src/model/models.h src/model/models.c src/model/simple_dla.c \
	src/model/graph_file.c
