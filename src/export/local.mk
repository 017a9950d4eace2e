libdla_a_SOURCES += src/export/model.c src/export/model.h src/export/fold.c src/export/fold.h \
	src/export/messages.c src/export/messages.h \
	src/export/onnx.c src/export/onnx.h src/export/onnx_layers.c src/export/onnx_layers.h \
	src/export/pytorch.c src/export/pytorch.h src/export/pytorch_layers.c src/export/pytorch_layers.h
libdla_a_SOURCES += src/export/html.c src/export/html.h src/export/html_page.h
EXTRA_DIST += src/export/page.html
nodist_libdla_a_SOURCES += src/export/html_page.c
CLEANFILES += src/export/html_page.c
src/export/html_page.c: src/export/page.html
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { \
	  echo '#include "export/html_page.h"'; echo '#include <stddef.h>'; \
	  echo 'const char *const dla_html_page[] = {'; \
	  $(AS_C_LINES) $(srcdir)/src/export/page.html; echo 'NULL};'; \
	} >$@.tmp && mv $@.tmp $@
