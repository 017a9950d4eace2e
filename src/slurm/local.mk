libdla_a_SOURCES += src/slurm/batch_script.c src/slurm/batch_script.h
