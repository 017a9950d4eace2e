libdla_a_SOURCES += include/dla/tensor.h include/dla/graph.h include/dla/program.h \
	include/dla/network.h \
	src/graph/internal.h \
	src/graph/shape.c src/graph/graph.c src/graph/layers.c src/graph/op_table.c \
	src/graph/groups.c src/graph/freeze.c src/graph/chunks.h src/graph/average.c \
	src/graph/passes.c src/graph/lower.c src/graph/recompute.c src/graph/clip.c src/graph/precision.c src/graph/fold.c \
	src/graph/memory_plan.c \
	src/graph/memory.c src/graph/memory.h src/graph/program.c \
	src/graph/exchange.c src/graph/exchange.h src/graph/accumulate.c src/graph/accumulate.h \
	src/graph/network.c src/graph/programs.c src/graph/programs.h \
	src/graph/interpreter.c src/graph/parameters.c \
	src/graph/store.c src/graph/store.h src/graph/initialise.c src/graph/dot.c src/graph/summary.c \
	src/graph/ops/ops.h src/graph/ops/shared.c \
	src/graph/ops/conv2d.c src/graph/ops/batch_norm.c src/graph/ops/relu.c \
	src/graph/ops/add.c src/graph/ops/concat.c src/graph/ops/pool.c src/graph/ops/linear.c src/graph/ops/dropout.c \
	src/graph/ops/softmax_cross_entropy.c
