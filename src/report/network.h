/* Draws the network: a bar a layer, as high as its work, and an arc for each connection that skips
 * layers. Writes its stages as a table. */
#ifndef DLA_REPORT_NETWORK_H
#define DLA_REPORT_NETWORK_H

#include "report/page.h"
#include "report/run.h"

/* Writes nothing where the run does not tell its layers. */
dla_status dla_network_write_picture(const dla_run *run, const dla_part *part, dla_strbuf *out,
                                     dla_error *err);

/* The sum of a number over the layers: "parameters", "macs". NAN: it is not told. */
double dla_network_sum(const dla_run *run, const char *key);

#endif
