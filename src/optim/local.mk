libdla_a_SOURCES += src/optim/optimizer.c src/optim/rules.h src/optim/parameter_groups.c \
	src/optim/sgd.c src/optim/sgd.h src/optim/adam.c src/optim/adam.h src/optim/lion.c src/optim/lion.h \
	 src/optim/schedule.c src/optim/schedule.h include/dla/plateau.h include/dla/optimizer.h include/dla/parameter_groups.h src/optim/plateau.c src/optim/plateau.h

# What each rule computes, compiled once for each instruction set (src/kernels/local.mk).
UPDATE_KERNELS = src/optim/sgd_kernel.c src/optim/adam_kernel.c src/optim/lion_kernel.c
