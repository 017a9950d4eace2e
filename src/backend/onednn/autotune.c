/* Finds the fastest of oneDNN's implementations of a convolution on this machine. Each one that
 * works on our layouts is timed once, on memory of its own. The result goes into the tuning
 * table. Its key names everything that the result depends on, so the same problem is never timed
 * twice.
 *
 * By default oneDNN takes the first implementation of its list that supports a problem. With
 * convolution_auto it takes Winograd's algorithm by its own rule, which small batches do not
 * meet. Neither considers the machine. */
#include <stdio.h>
#include <string.h>

#include "backend/backends.h"
#include "backend/onednn/internal.h"
#include "base/clock.h"
#include "base/pages.h"

enum { MOST_IMPLEMENTATIONS = 12, RUNS = 3, ALGORITHMS = 2, ROLES = 9 /* of memories */ };

static const dnnl_alg_kind_t algorithms[ALGORITHMS] = {dnnl_convolution_winograd,
                                                       dnnl_convolution_direct};

static void append_shape(dla_strbuf *text, const dla_program *program, int value)
{
  char shape[DLA_SHAPE_TEXT];
  if (value >= 0)
    dla_strbuf_printf(text, " %s", dla_shape_text(&program->value[value].shape, shape));
}

/* "AMD EPYC 9B14, 2 threads, oneDNN 2.6.3: forward 128x64x32x32 ..." */
static void describe(const onednn_plan *plan, const dla_program *program, const dla_instruction *i,
                     dla_strbuf *text)
{
  char version[DLA_BACKEND_VERSION];
  dla_strbuf_printf(text, "%s, %d threads, %s, block %d: %s", plan->backend->cpu,
                    dla_team_threads(plan->backend->blocked.team),
                    dla_backend_onednn.version(NULL, version), plan->backend->blocked.block,
                    dla_pass_name(i->pass));
  append_shape(text, program, i->arg[DLA_ARG_SRC]);
  append_shape(text, program, i->arg[DLA_ARG_DIFF_SRC]);
  append_shape(text, program, i->arg[DLA_ARG_WEIGHTS]);
  append_shape(text, program, i->arg[DLA_ARG_DIFF_WEIGHTS]);
  append_shape(text, program, i->arg[DLA_ARG_DST]);
  append_shape(text, program, i->arg[DLA_ARG_DIFF_DST]);
  if (backend_dilation(i) > 1) dla_strbuf_printf(text, " d%d", (int)backend_dilation(i));
  dla_strbuf_printf(text, " s%d p%d%s%s%s%s", (int)i->attr[DLA_ATTR_STRIDE],
                    (int)i->attr[DLA_ATTR_PADDING], i->arg[DLA_ARG_BIAS] >= 0 ? " bias" : "",
                    i->accumulate ? " accumulate" : "", i->relu ? " relu" : "",
                    program->mode == DLA_MODE_INFERENCE ? " inference" : "");
}

static const char *name_of(const_dnnl_primitive_desc_t pd)
{
  const char *name = NULL;
  dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &name);
  return name ? name : "";
}

/* Creates the primitive's memories, each at its own place in the pages. */
static dnnl_status_t make_arguments(const_dnnl_primitive_desc_t pd, const onednn_backend *backend,
                                    dla_pages *pages, dnnl_exec_arg_t *args, int *count)
{
  static const struct {
    dnnl_query_t query;
    int index, arg; /* of the weights, index 1 is the bias */
  } roles[ROLES] = {
      {dnnl_query_src_md, 0, DNNL_ARG_SRC},
      {dnnl_query_weights_md, 0, DNNL_ARG_WEIGHTS},
      {dnnl_query_weights_md, 1, DNNL_ARG_BIAS},
      {dnnl_query_dst_md, 0, DNNL_ARG_DST},
      {dnnl_query_diff_src_md, 0, DNNL_ARG_DIFF_SRC},
      {dnnl_query_diff_weights_md, 0, DNNL_ARG_DIFF_WEIGHTS},
      {dnnl_query_diff_weights_md, 1, DNNL_ARG_DIFF_BIAS},
      {dnnl_query_diff_dst_md, 0, DNNL_ARG_DIFF_DST},
      {dnnl_query_scratchpad_md, 0, DNNL_ARG_SCRATCHPAD},
  };
  size_t offset[ROLES], end = 0;
  for (int r = 0; r < ROLES; r++) {
    dla_const_md md = dnnl_primitive_desc_query_md(pd, roles[r].query, roles[r].index);
    offset[r] = end;
    end += md ? (dla_md_bytes(md) + 63) & ~(size_t)63 : 0;
  }
  if (end > pages->bytes) {
    dla_pages_unmap(pages);
    if (!dla_pages_map(end, backend->blocked.team, pages)) return dnnl_out_of_memory;
  }
  dnnl_status_t status = dnnl_success;
  for (int r = 0; r < ROLES && !status; r++) {
    dla_const_md md = dnnl_primitive_desc_query_md(pd, roles[r].query, roles[r].index);
    if (!md || dla_md_bytes(md) == 0) continue;
    args[*count].arg = roles[r].arg;
    status = dla_dnnl_memory(&args[*count].memory, md, backend->engine, pages->data + offset[r]);
    if (!status) (*count)++;
  }
  return status;
}

/* Seconds of the fastest of several runs. The first run is a warm-up. */
static dnnl_status_t time_primitive(const onednn_plan *plan, const_dnnl_primitive_desc_t pd,
                                    dla_pages *pages, double *seconds)
{
  dnnl_exec_arg_t args[ROLES];
  int count = 0;
  dnnl_primitive_t primitive = NULL;
  dnnl_status_t status = make_arguments(pd, plan->backend, pages, args, &count);
  if (!status) status = dnnl_primitive_create(&primitive, pd);
  for (int run = 0; run <= RUNS && !status; run++) {
    double start = dla_clock();
    status = dnnl_primitive_execute(primitive, plan->backend->stream, count, args);
    if (!status) status = dnnl_stream_wait(plan->backend->stream);
    double time = dla_clock() - start;
    if (run == 1 || (run > 1 && time < *seconds)) *seconds = time;
  }
  if (primitive) dnnl_primitive_destroy(primitive);
  for (int k = 0; k < count; k++)
    dnnl_memory_destroy(args[k].memory);
  return status;
}

typedef struct candidate {
  char name[64];
  double seconds;
} candidate;

/* Times every implementation of an algorithm except the naive one. Keeps the fastest. */
static void time_algorithm(const onednn_plan *plan, dla_dnnl_problem *problem, dla_pages *pages,
                           candidate *best)
{
  for (problem->skip = 0; problem->skip < MOST_IMPLEMENTATIONS; problem->skip++) {
    dnnl_primitive_desc_t pd = NULL;
    double seconds = 0;
    if (dla_dnnl_convolution(&pd, plan->backend->engine, problem)) return;
    bool naive = strncmp(name_of(pd), "ref", 3) == 0;
    if (!naive && !time_primitive(plan, pd, pages, &seconds) &&
        (!best->name[0] || seconds < best->seconds)) {
      snprintf(best->name, sizeof best->name, "%s", name_of(pd));
      best->seconds = seconds;
    }
    dnnl_primitive_desc_destroy(pd);
    if (naive) return;
  }
}

/* Creates the implementation of that name. If it is not found (another version of the library),
 * the result is unimplemented. */
static dnnl_status_t make_named(dnnl_primitive_desc_t *pd, dnnl_engine_t engine,
                                dla_dnnl_problem *problem, const char *name)
{
  for (int a = 0; a < ALGORITHMS; a++) {
    problem->algorithm = algorithms[a];
    for (problem->skip = 0; problem->skip < MOST_IMPLEMENTATIONS; problem->skip++) {
      if (dla_dnnl_convolution(pd, engine, problem)) break;
      if (strcmp(name_of(*pd), name) == 0) return dnnl_success;
      dnnl_primitive_desc_destroy(*pd);
      *pd = NULL;
    }
  }
  return dnnl_unimplemented;
}

/* The rule without tuning: Winograd wherever there is enough to do. The library's own rule
 * (convolution_auto) rejects backward_weights below a batch of about 128, which costs 14 % of a
 * training step at 32. */
static dnnl_status_t untuned(dnnl_primitive_desc_t *pd, dnnl_engine_t engine, int64_t pixels,
                             const dla_dnnl_problem *problem)
{
  dla_dnnl_problem p = *problem;
  p.algorithm = dnnl_convolution_winograd;
  if (pixels >= BLOCKED_WINOGRAD_PIXELS && dla_dnnl_convolution(pd, engine, &p) == dnnl_success)
    return dnnl_success;
  return dla_dnnl_convolution(pd, engine, problem);
}

dnnl_status_t onednn_tuned_convolution(dnnl_primitive_desc_t *pd, const onednn_plan *plan,
                                       const dla_program *program, const dla_instruction *i,
                                       const dla_dnnl_problem *problem)
{
  dla_tuning *tuning = plan->backend->tuning;
  dnnl_engine_t engine = plan->backend->engine;
  if (problem->algorithm != dnnl_convolution_auto) return dla_dnnl_convolution(pd, engine, problem);
  if (!tuning) return untuned(pd, engine, blocked_pixels(program), problem);
  dla_dnnl_problem p = *problem;
  dla_strbuf key = {0};
  describe(plan, program, i, &key);
  const char *known = dla_tuning_find(tuning, dla_strbuf_text(&key));
  candidate best = {0};
  if (!known) {
    dla_pages pages = {0};
    for (int a = 0; a < ALGORITHMS; a++) {
      p.algorithm = algorithms[a];
      time_algorithm(plan, &p, &pages, &best);
    }
    dla_pages_unmap(&pages);
    if (best.name[0] && !key.failed) dla_tuning_set(tuning, key.text, best.name);
  }
  const char *name = known ? known : best.name;
  dnnl_status_t status = make_named(pd, engine, &p, name);
  dla_strbuf_free(&key);
  return status ? untuned(pd, engine, program->batch, problem) : status;
}
