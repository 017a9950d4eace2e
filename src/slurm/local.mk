libdla_a_SOURCES += \
	src/slurm/batch_script.c src/slurm/batch_script.h src/slurm/directives.c src/slurm/directives.h \
	src/slurm/submit.c src/slurm/submit.h
