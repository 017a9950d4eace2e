libdla_a_SOURCES += src/export/model.c src/export/model.h src/export/fold.c src/export/fold.h \
	src/export/messages.c src/export/messages.h \
	src/export/onnx.c src/export/onnx.h src/export/onnx_layers.c src/export/onnx_layers.h \
	src/export/pytorch.c src/export/pytorch.h src/export/pytorch_layers.c src/export/pytorch_layers.h
