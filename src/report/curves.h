/* The curves of one run, or of several in the same pictures. */
#ifndef DLA_REPORT_CURVES_H
#define DLA_REPORT_CURVES_H

#include "report/run.h"

dla_status dla_curves_write(dla_run *const *runs, size_t count, dla_strbuf *out, dla_error *err);

#endif
