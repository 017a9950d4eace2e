#ifndef DLA_CLI_GRAPH_SUMMARY_H
#define DLA_CLI_GRAPH_SUMMARY_H

#include "base/strbuf.h"
#include "dla/graph.h"

/* Append each layer with its shape, parameters and multiply-adds for one image, and the sums. */
dla_status dla_graph_summary_table(const dla_graph *graph, dla_strbuf *out, dla_error *err);
dla_status dla_graph_summary_json(const dla_graph *graph, dla_strbuf *out, dla_error *err);

#endif
