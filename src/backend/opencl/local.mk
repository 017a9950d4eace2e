libdla_a_SOURCES += src/backend/opencl/opencl.c src/backend/opencl/internal.h \
	src/backend/opencl/api.c src/backend/opencl/api.h \
	src/backend/opencl/device.c src/backend/opencl/device.h \
	src/backend/opencl/program.c src/backend/opencl/program.h src/backend/opencl/kernels.h \
	src/backend/opencl/memory.c src/backend/opencl/launch.c \
	src/backend/opencl/conv2d.c src/backend/opencl/linear.c src/backend/opencl/batch_norm.c \
	src/backend/opencl/elementwise.c src/backend/opencl/update.c src/backend/opencl/pool.c \
	src/backend/opencl/softmax_cross_entropy.c
# The kernels become one array of lines.
nodist_libdla_a_SOURCES += src/backend/opencl/kernels.c
CLEANFILES += src/backend/opencl/kernels.c
src/backend/opencl/kernels.c: $(OPENCL_KERNEL_FILES)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { \
	  echo '#include "backend/opencl/kernels.h"'; \
	  echo 'const char *const opencl_kernel_lines[] = {'; \
	  for file in $(OPENCL_KERNEL_FILES); do \
	    $(AS_C_LINES) $(srcdir)/$$file || exit 1; \
	  done; \
	  echo '};'; \
	  echo 'const unsigned opencl_kernel_line_count ='; \
	  echo '    sizeof opencl_kernel_lines / sizeof *opencl_kernel_lines;'; \
	} >$@.tmp && mv $@.tmp $@
