/* The confusion matrix of a run, and precision and recall by class. */
#ifndef DLA_REPORT_CONFUSION_H
#define DLA_REPORT_CONFUSION_H

#include "report/page.h"
#include "report/run.h"

/* Appends the name of a class of the run, or its number. */
void dla_class_text(const dla_run *run, int64_t index, dla_strbuf *out);

/* Writes nothing where the run has no evaluation. */
dla_status dla_confusion_write(const dla_run *run, const dla_part *part, dla_strbuf *out,
                               dla_error *err);

#endif
