/* What a run tells about itself, in words and numbers. */
#ifndef DLA_REPORT_FACTS_H
#define DLA_REPORT_FACTS_H

#include "report/page.h"
#include "report/run.h"

/* The numbers at the top. */
void dla_tiles_write(const dla_run *run, dla_strbuf *out);

/* Each writes a part of the page, or nothing where the run does not tell. */
void dla_times_write(const dla_run *run, const dla_part *part, dla_strbuf *out);
void dla_epochs_write(const dla_run *run, const dla_part *part, dla_strbuf *out);
void dla_config_write(const dla_run *run, const dla_part *part, dla_strbuf *out);
void dla_environment_write(const dla_run *run, const dla_part *part, dla_strbuf *out);

/* The seconds of all epochs. */
double dla_run_seconds(const dla_run *run);
/* Images a second, the mean over the steps; NAN: there are none. */
double dla_run_rate(const dla_run *run);

#endif
