/* The table of dla-train graph --summary, and the same as JSON. It resembles torchinfo's, except
 * for the memory, which bench shows here. */
#include "cli/graph_summary.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"

enum { NAME_WIDTH = 44 };

static void write_shape(dla_json *json, const dla_shape *shape)
{
  dla_json_begin_array(json, "output");
  for (int d = 0; d < shape->rank; d++)
    dla_json_integer(json, NULL, shape->dim[d]);
  dla_json_end_array(json);
}

dla_status dla_graph_summary_json(const dla_graph *graph, dla_strbuf *out, dla_error *err)
{
  int64_t macs = 0;
  dla_json json = dla_json_begin(out);
  dla_json_begin_array(&json, "layers");
  for (int i = 0; i < dla_graph_layer_count(graph); i++) {
    dla_layer_info layer = dla_graph_layer(graph, i);
    macs += layer.macs;
    dla_json_begin_object(&json, NULL);
    dla_json_text(&json, "name", layer.name);
    dla_json_text(&json, "op", layer.op);
    write_shape(&json, &layer.output);
    dla_json_integer(&json, "parameters", layer.parameters);
    dla_json_integer(&json, "macs", layer.macs);
    dla_json_end_object(&json);
  }
  dla_json_end_array(&json);
  dla_json_integer(&json, "parameters", dla_graph_parameter_count(graph));
  dla_json_integer(&json, "macs", macs);
  dla_json_end_object(&json);
  dla_strbuf_printf(out, "\n");
  return out->failed ? dla_fail_memory(err, "the summary") : DLA_OK;
}

dla_status dla_graph_summary_table(const dla_graph *graph, dla_strbuf *out, dla_error *err)
{
  char shape[DLA_SHAPE_TEXT];
  int64_t macs = 0;
  dla_strbuf_printf(out, "%-*s %-12s %-14s %12s %14s\n", NAME_WIDTH, "layer", "op", "output",
                    "parameters", "multiply-adds");
  for (int i = 0; i < dla_graph_layer_count(graph); i++) {
    dla_layer_info layer = dla_graph_layer(graph, i);
    macs += layer.macs;
    dla_strbuf_printf(out, "%-*s %-12s %-14s ", NAME_WIDTH, layer.name, layer.op,
                      dla_shape_text(&layer.output, shape));
    if (layer.parameters)
      dla_strbuf_printf(out, "%12" PRId64, layer.parameters);
    else
      dla_strbuf_printf(out, "%12s", "-");
    if (layer.macs)
      dla_strbuf_printf(out, " %14" PRId64 "\n", layer.macs);
    else
      dla_strbuf_printf(out, " %14s\n", "-");
  }
  dla_strbuf_printf(out, "%" PRId64 " parameters, %.2f million; %.3f GMAC for an image\n",
                    dla_graph_parameter_count(graph),
                    (double)dla_graph_parameter_count(graph) / 1e6, (double)macs / 1e9);
  return out->failed ? dla_fail_memory(err, "the summary") : DLA_OK;
}
