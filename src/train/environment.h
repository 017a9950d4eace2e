/* Environment of the run: everything that the bits of the results depend on. Checkpoints store
 * it. */
#ifndef DLA_ENVIRONMENT_H
#define DLA_ENVIRONMENT_H

#include "base/strbuf.h"
#include "config/config.h"
#include "dla/dist.h"

/* Appends lines "what: value": program, processor, kernels, threads and ranks, backend. */
void dla_environment_describe(const dla_config *config, const dla_dist *dist, dla_strbuf *text);

/* Calls report for every line that differs, with both values ("": missing on that side). */
typedef void dla_environment_report(void *context, const char *what, const char *before,
                                    const char *now);
dla_status dla_environment_compare(const char *before, const char *now,
                                   dla_environment_report *report, void *context, dla_error *err);

#endif
