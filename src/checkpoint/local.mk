libdla_a_SOURCES += include/dla/checkpoint.h \
	src/checkpoint/checkpoint.c src/checkpoint/describe.c src/checkpoint/safetensors.h \
	src/checkpoint/safetensors_read.c src/checkpoint/safetensors_write.c
