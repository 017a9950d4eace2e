libdla_a_SOURCES += \
	include/dla/checkpoint.h src/checkpoint/beside.c src/checkpoint/beside.h \
	src/checkpoint/checkpoint.c src/checkpoint/retention.c src/checkpoint/retention.h \
	src/checkpoint/describe.c src/checkpoint/digest.c \
	src/checkpoint/earlier.c src/checkpoint/earlier.h src/checkpoint/file.c src/checkpoint/link.c \
	src/checkpoint/link.h src/checkpoint/names.c src/checkpoint/names.h src/checkpoint/numbers.c \
	src/checkpoint/order.c src/checkpoint/pth.h src/checkpoint/pth_read.c \
	src/checkpoint/pth_write.c src/checkpoint/match.c src/checkpoint/match.h \
	src/checkpoint/pretrained.c src/checkpoint/restore.c src/checkpoint/restore.h \
	src/checkpoint/arrays.c src/checkpoint/arrays.h \
	src/checkpoint/pth_legacy.c src/checkpoint/pth_root.c src/checkpoint/pth_weights.c src/checkpoint/shards.c \
	src/checkpoint/shards.h src/checkpoint/pth_groups.c src/checkpoint/pth_optimizer.c src/checkpoint/pth_reader.h \
	src/checkpoint/pth_tensor.c src/checkpoint/pth_values.c src/checkpoint/safetensors.h \
	src/checkpoint/safetensors_read.c src/checkpoint/safetensors_write.c \
	src/checkpoint/tensor_set.c src/checkpoint/tensor_set.h src/checkpoint/text.h src/checkpoint/weights_read.c src/checkpoint/zip_read.c \
	src/checkpoint/zip_read.h src/checkpoint/zip_write.c src/checkpoint/zip_write.h
