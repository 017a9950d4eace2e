libdla_a_SOURCES += src/optim/optimizer.c src/optim/rules.h \
	src/optim/sgd.c src/optim/sgd.h src/optim/schedule.c src/optim/schedule.h

# What each rule computes, compiled once for each instruction set (src/kernels/local.mk).
UPDATE_KERNELS = src/optim/sgd_kernel.c
