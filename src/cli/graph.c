/* dla-train graph config.yaml: prints the layer graph, the sizes of its layers, or its program. */
#include <stdio.h>

#include "base/try.h"
#include "cli/arguments.h"
#include "cli/graph_summary.h"
#include "cli/verb.h"
#include "dla/graph.h"
#include "train/experiment.h"
#include "train/model_graph.h"

typedef struct graph_options {
  bool dot, program, inference, summary, json;
} graph_options;

static const dla_flag flags[] = {
    {"dot", NULL, "print the layer graph for Graphviz (the default)", offsetof(graph_options, dot)},
    {"program", NULL, "print the instructions with shapes, bytes and arena offsets",
     offsetof(graph_options, program)},
    {"inference", NULL, "with --program: that of the evaluation",
     offsetof(graph_options, inference)},
    {"summary", NULL, "print each layer's shape, parameters and multiply-adds, and their sums",
     offsetof(graph_options, summary)},
    {"json", NULL, "the summary as one JSON object", offsetof(graph_options, json)},
    {0},
};

static void print_argument(const dla_program *program, const dla_instruction *i, dla_arg arg)
{
  char shape[DLA_SHAPE_TEXT];
  const dla_value *value = dla_program_arg(program, i, arg);
  if (!value) return;
  const char *type = value->dtype == DLA_BF16 ? "BF16 " : "";
  printf("      %-16s %-44s %-18s %s%-8s %11zu bytes", dla_arg_name(arg), value->name,
         dla_shape_text(&value->shape, shape), type, value->layout, value->bytes);
  if (value->parameter >= 0)
    printf(" in the parameter store\n");
  else if (value->view_of >= 0)
    printf(" a slice of %s\n", program->value[value->view_of].name);
  else
    printf(" at %zu\n", value->offset);
}

static void print_program(const dla_network *network, const dla_program *program)
{
  for (int k = 0; k < program->instruction_count; k++) {
    const dla_instruction *i = &program->instruction[k];
    printf("%4d  %s %s %s%s  [%s]\n", k, i->name, dla_op_name(i->op), dla_pass_name(i->pass),
           i->accumulate ? ", accumulating" : "", dla_network_implementation(network, program, k));
    for (int a = 0; a < DLA_ARG_COUNT; a++)
      print_argument(program, i, (dla_arg)a);
  }
  printf("planned peak: %zu bytes in the arena, %zu for parameters\n", program->arena_bytes,
         dla_network_parameter_bytes(network));
}

static dla_status show_program(const dla_config *config, bool inference, dla_error *err)
{
  dla_network *network = NULL;
  const dla_program *program = NULL;
  TRY(dla_experiment_network(config, !inference, NULL, NULL, &network, err));
  dla_status status = dla_network_prepare(
      network, inference ? DLA_MODE_INFERENCE : DLA_MODE_TRAINING,
      inference ? config->train.test_batch_size : config->train.batch_size, &program, err);
  if (!status) print_program(network, program);
  dla_network_free(network);
  return status;
}

static dla_status show_dot(const dla_config *config, dla_error *err)
{
  dla_graph *graph = NULL;
  dla_status status = dla_model_graph(config, &graph, err);
  if (!status) dla_graph_dot(graph, stdout);
  dla_graph_free(graph);
  return status;
}

static dla_status show_summary(const dla_config *config, bool json, dla_error *err)
{
  dla_graph *graph = NULL;
  dla_strbuf text = {0};
  dla_status status = dla_model_graph(config, &graph, err);
  if (!status)
    status = json ? dla_graph_summary_json(graph, &text, err)
                  : dla_graph_summary_table(graph, &text, err);
  if (!status) fputs(text.text, stdout);
  dla_strbuf_free(&text);
  dla_graph_free(graph);
  return status;
}

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  const graph_options *o = options;
  dla_config config;
  TRY(dla_arguments_config(arguments, NULL, &config, err));
  dla_status status = o->summary || o->json ? show_summary(&config, o->json, err)
                      : o->program          ? show_program(&config, o->inference, err)
                                            : show_dot(&config, err);
  dla_config_free(&config);
  return status;
}

const dla_verb dla_verb_graph = {
    .name = "graph",
    .summary = "draw the layer graph, list its layers, or print the program it becomes",
    .flags = flags,
    .options = sizeof(graph_options),
    .act = act,
};
