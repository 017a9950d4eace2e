/* Images of a run: the mistakes of its last evaluation that it was surest of, and the network's
 * input. */
#ifndef DLA_REPORT_PICTURES_H
#define DLA_REPORT_PICTURES_H

#include "report/page.h"
#include "report/run.h"

/* Each writes up to `most` images, or nothing where the run has none. */
void dla_mistakes_write(const dla_run *run, const dla_part *part, size_t most, dla_strbuf *out);
void dla_inputs_write(const dla_run *run, const dla_part *part, size_t most, dla_strbuf *out);

#endif
