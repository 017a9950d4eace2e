libdla_a_SOURCES += include/dla/dist.h src/dist/launcher.c src/dist/launcher.h
if HAVE_MPI
libdla_a_SOURCES += src/dist/mpi.c
else
libdla_a_SOURCES += src/dist/single.c
endif
