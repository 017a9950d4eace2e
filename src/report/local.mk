libdla_a_SOURCES += src/report/assets.h src/report/axis.c src/report/axis.h \
	src/report/chart.c src/report/chart.h src/report/confusion.c src/report/confusion.h \
	src/report/curve.c src/report/curve.h src/report/curves.c src/report/curves.h \
	src/report/facts.c src/report/facts.h src/report/folder.c src/report/folder.h src/report/html.c src/report/html.h src/report/http.c src/report/http.h \
	src/report/network.c src/report/network.h src/report/page.c src/report/page.h \
	src/report/pictures.c src/report/pictures.h src/report/run.c src/report/run.h src/report/report.c src/report/report.h \
	src/report/runs_page.c src/report/runs_page.h src/report/server.c src/report/server.h \
	src/report/sweep_page.c src/report/sweep_page.h src/report/trials.c src/report/trials.h
# The page's style and script become arrays of lines.
PAGE_FILES = src/report/page.css src/report/page.js
EXTRA_DIST += $(PAGE_FILES)
nodist_libdla_a_SOURCES += src/report/assets.c
CLEANFILES += src/report/assets.c
src/report/assets.c: $(PAGE_FILES)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && { \
	  echo '#include "report/assets.h"'; \
	  echo '#include <stddef.h>'; \
	  for kind in css js; do \
	    echo "const char *const dla_page_$$kind[] = {"; \
	    $(AS_C_LINES) $(srcdir)/src/report/page.$$kind || exit 1; \
	    echo 'NULL};'; \
	  done; \
	} >$@.tmp && mv $@.tmp $@
