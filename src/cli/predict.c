/* dla-train predict CHECKPOINT PICTURE ...: classifies pictures with a trained network. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "base/one_line.h"
#include "base/try.h"
#include "checkpoint/tensor_set.h"
#include "cli/arguments.h"
#include "cli/fetch_pictures.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/sort_into.h"
#include "cli/verb.h"
#include "data/pictures/loose.h"
#include "process/argv.h"
#include "train/predictor.h"

enum { AT_ONCE = 32, THREADS_MAX = 1024 };

typedef struct predict_options {
  bool json, csv, tta;
  const char *top, *threshold, *sort_into, *threads, *key, *graph, *classes, *image_size;
} predict_options;

static const dla_flag flags[] = {
    {"top", "N", "the N most probable classes; 1 unless given", offsetof(predict_options, top)},
    {"threshold", "P", "a class that is less probable, 0 to 1, is none",
     offsetof(predict_options, threshold)},
    {"tta", NULL, "the mean of the logits over each picture and its mirror image",
     offsetof(predict_options, tta)},
    {"json", NULL, "a JSON object a picture, each on a line", offsetof(predict_options, json)},
    {"csv", NULL, "lines of file,class,probability", offsetof(predict_options, csv)},
    {"sort-into", "DIR", "link each picture into DIR/CLASS", offsetof(predict_options, sort_into)},
    {"threads", "N", "that compute; as many as there are processors unless given",
     offsetof(predict_options, threads)},
    {"key", "NAME", "where in a .pth the weights are", offsetof(predict_options, key)},
    {"graph", "FILE", "the layer graph of a checkpoint that another program made",
     offsetof(predict_options, graph)},
    {"classes", "N", "of such a checkpoint; 10 unless given", offsetof(predict_options, classes)},
    {"image-size", "N", "of such a checkpoint, in pixels; 32 unless given",
     offsetof(predict_options, image_size)},
    {0},
};

typedef struct prediction {
  predict_options options;
  int64_t top;
  double threshold;
  dla_predictor *predictor;
  dla_fetched *fetched; /* NULL: there was no URL */
  dla_picture_set *set;
  const dla_dataset *dataset;
  dla_strbuf out;
  size_t done, failed;
} prediction;

/* ---- One picture ---- */

/* The most probable class that is not taken; of equal ones, the first. */
static int64_t next_best(const float *probabilities, int64_t classes, const bool *taken)
{
  int64_t best = -1;
  for (int64_t c = 0; c < classes; c++)
    if (!taken[c] && (best < 0 || probabilities[c] > probabilities[best])) best = c;
  return best;
}

/* The class's name, or NULL if it is not probable enough. */
static const char *class_of(const prediction *p, const float *probabilities, int64_t class)
{
  return (double)probabilities[class] >= p->threshold ? dla_predictor_class(p->predictor, class)
                                                      : NULL;
}

static void add_json(prediction *p, const char *name, const float *probabilities,
                     const int64_t *best)
{
  dla_json json = dla_json_begin(&p->out);
  dla_json_text(&json, "file", name);
  dla_json_text(&json, "class", class_of(p, probabilities, best[0]));
  dla_json_number(&json, "probability", (double)probabilities[best[0]]);
  dla_json_begin_array(&json, "top");
  for (int64_t k = 0; k < p->top; k++) {
    dla_json_begin_object(&json, NULL);
    dla_json_text(&json, "class", dla_predictor_class(p->predictor, best[k]));
    dla_json_number(&json, "probability", (double)probabilities[best[k]]);
    dla_json_end_object(&json);
  }
  dla_json_end_array(&json);
  dla_json_end_line(&json);
}

static void add_csv(prediction *p, const char *name, const float *probabilities,
                    const int64_t *best)
{
  for (int64_t k = 0; k < p->top; k++) {
    const char *class = class_of(p, probabilities, best[k]);
    dla_strbuf_csv_field(&p->out, name);
    dla_strbuf_append(&p->out, ",", 1);
    dla_strbuf_csv_field(&p->out, class ? class : "");
    dla_strbuf_printf(&p->out, ",%.4f\n", (double)probabilities[best[k]]);
  }
}

static void add_text(prediction *p, const char *name, const float *probabilities,
                     const int64_t *best)
{
  dla_strbuf_printf(&p->out, "%s:", name);
  for (int64_t k = 0; k < p->top; k++) {
    const char *class = class_of(p, probabilities, best[k]);
    dla_strbuf_printf(&p->out, "%s %s %.1f %%", k ? "," : "", class ? class : "?",
                      100 * (double)probabilities[best[k]]);
  }
  dla_strbuf_append(&p->out, "\n", 1);
}

/* The path of the file as it was given, or the URL. */
static char *name_of(const prediction *p, const dla_picture_entry *entry)
{
  dla_strbuf path = {0};
  dla_picture_path(&p->set->list, entry, &path);
  if (path.failed || !path.text) {
    dla_strbuf_free(&path);
    return NULL;
  }
  if (strncmp(path.text, "./", 2) == 0) memmove(path.text, path.text + 2, path.length - 1);
  char *url = dla_fetched_name(p->fetched, path.text);
  if (!url) return path.text;
  dla_strbuf_free(&path);
  return url;
}

static dla_status say_broken(prediction *p, const dla_error *why)
{
  dla_error shown = *why;
  char *url = dla_fetched_name(p->fetched, why->where);
  if (url) snprintf(shown.where, sizeof shown.where, "%s", url);
  free(url);
  dla_cli_report(&shown);
  p->failed++;
  return DLA_OK;
}

static dla_status add_picture(prediction *p, char *name, const float *probabilities, dla_error *err)
{
  const int64_t classes = dla_predictor_classes(p->predictor);
  int64_t *best = malloc((size_t)p->top * sizeof *best);
  bool *taken = calloc((size_t)classes, sizeof *taken);
  if (!best || !taken) {
    free(best);
    free(taken);
    return dla_fail_memory(err, "the classes");
  }
  for (int64_t k = 0; k < p->top; k++)
    taken[best[k] = next_best(probabilities, classes, taken)] = true;
  free(taken);
  const char *class = class_of(p, probabilities, best[0]);
  dla_status status = DLA_OK;
  if (p->options.sort_into && class)
    status = dla_cli_sort_into(p->options.sort_into, class, name, err);
  dla_one_line(name);
  if (p->options.json)
    add_json(p, name, probabilities, best);
  else if (p->options.csv)
    add_csv(p, name, probabilities, best);
  else
    add_text(p, name, probabilities, best);
  free(best);
  return status;
}

static dla_status take(void *context, size_t sample, const float *probabilities,
                       const dla_error *why, dla_error *err)
{
  prediction *p = context;
  if (why) return say_broken(p, why);
  char *name = name_of(p, dla_picture_set_entry(p->dataset, sample));
  if (!name) return dla_fail_memory(err, "a file name");
  dla_error here = {0};
  dla_status status = add_picture(p, name, probabilities, &here);
  free(name);
  p->done++;
  if (status == DLA_E_INPUT || status == DLA_E_IO) {
    say_broken(p, &here);
  } else if (status) {
    *err = here;
    return status;
  }
  return p->out.length < 1 << 12 ? DLA_OK : dla_cli_print(&p->out, err);
}

/* ---- All of them ---- */

static void refuse(void *context, const dla_error *why)
{
  say_broken(context, why);
}

static void say_left_out(prediction *p)
{
  for (size_t i = 0; i < p->set->list.count; i++) {
    const dla_picture_entry *e = &p->set->list.entries[i];
    if (e->state != DLA_PICTURE_LEFT_OUT) continue;
    const dla_picture_reason *reason = &p->set->list.reasons[e->reason];
    char *name = name_of(p, e);
    dla_error why = {0};
    dla_fail(&why, DLA_E_INPUT, name, reason->hint, "%s", reason->what);
    free(name);
    say_broken(p, &why);
  }
}

static dla_status predict(prediction *p, const char *checkpoint, dla_argv *paths, int64_t threads,
                          dla_error *err)
{
  const dla_pictures_options pictures = {.stop = dla_cli_is_stopped};
  dla_dataset *dataset = NULL;
  dla_stop stop = dla_cli_stop();
  TRY(dla_tensor_set_refuse_folder(checkpoint, err));
  TRY(dla_fetch_pictures(paths, refuse, p, &p->fetched, err));
  TRY(dla_picture_set_loose(paths->items, paths->count, &pictures, refuse, p, &p->set, err));
  say_left_out(p);
  TRY(dla_picture_set_dataset(p->set, DLA_SIDE_VAL, &dataset, err));
  p->dataset = dataset;
  const dla_predictor_options options = {
      .key = p->options.key ? p->options.key : "",
      .threads = (int)threads,
      .most = dataset->count < AT_ONCE ? (int64_t)dataset->count + (dataset->count == 0) : AT_ONCE,
      .mirrored = p->options.tta,
      .graph = p->options.graph,
      .classes = p->options.classes,
      .image_size = p->options.image_size};
  dla_status status = dla_predictor_create(checkpoint, &options, &p->predictor, err);
  if (!status && p->top > dla_predictor_classes(p->predictor))
    p->top = dla_predictor_classes(p->predictor);
  if (!status && p->options.csv) dla_strbuf_printf(&p->out, "file,class,probability\n");
  if (!status && dataset->count)
    status = dla_predictor_run(p->predictor, dataset, &stop, take, p, err);
  dla_error printing = {0};
  dla_status printed = dla_cli_print(&p->out, &printing); /* prints what is done even after a
                                                           * failure */
  if (!status && printed) *err = printing;
  dla_dataset_free(dataset);
  return status ? status : printed;
}

static dla_status conclude(const prediction *p, dla_error *err)
{
  if (p->failed)
    return dla_fail(err, DLA_E_IO, NULL, NULL, "%zu of what was given could not be read: see above",
                    p->failed);
  if (p->done) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, "predict",
                  "give JPEG, PNG, WebP, BMP or PNM files, or folders of them",
                  "there are no pictures");
}

/* ---- The command line ---- */

static dla_status read_options(prediction *p, int64_t *threads, dla_error *err)
{
  const predict_options *o = &p->options;
  p->top = 1;
  *threads = 0;
  if (o->top && (!dla_integer_read(o->top, &p->top) || p->top < 1))
    return dla_fail(err, DLA_E_INPUT, "--top", "for example --top=5",
                    "'%.40s' is no number of classes", o->top);
  if (o->threads &&
      (!dla_integer_read(o->threads, threads) || *threads < 1 || *threads > THREADS_MAX))
    return dla_fail(err, DLA_E_INPUT, "--threads", "for example --threads=2",
                    "'%.40s' is no number of threads", o->threads);
  if (o->threshold &&
      (!dla_number_read(o->threshold, &p->threshold) || !(p->threshold >= 0 && p->threshold <= 1)))
    return dla_fail(err, DLA_E_INPUT, "--threshold", "for example --threshold=0.5",
                    "'%.40s' is no probability", o->threshold);
  if (o->sort_into && !*o->sort_into)
    return dla_fail(err, DLA_E_INPUT, "--sort-into", "for example --sort-into=sorted",
                    "the folder has no name");
  if (o->json && o->csv)
    return dla_fail(err, DLA_E_INPUT, "predict", NULL, "--json and --csv exclude each other");
  return DLA_OK;
}

/* "-" stands for names on standard input, one on each line. */
static dla_status add_names(dla_argv *paths, dla_error *err)
{
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  while ((length = getline(&line, &size, stdin)) > 0) {
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
      line[--length] = '\0';
    if (length > 0) dla_argv_add(paths, "%s", line);
  }
  free(line);
  return ferror(stdin) ? dla_fail_errno(err, "standard input", "read names") : DLA_OK;
}

static dla_status run_operands(prediction *p, const dla_arguments *a, dla_error *err)
{
  int64_t threads;
  dla_argv paths = {0};
  TRY(read_options(p, &threads, err));
  if (a->count < 2)
    return dla_fail(err, DLA_E_INPUT, "predict", "dla-train predict CHECKPOINT PICTURE ...",
                    "it takes a checkpoint and pictures");
  dla_status status = DLA_OK;
  for (int i = 1; i < a->count && !status; i++)
    if (strcmp(a->operands[i], "-") == 0)
      status = add_names(&paths, err);
    else
      dla_argv_add(&paths, "%s", a->operands[i]);
  if (!status && paths.failed) status = dla_fail_memory(err, "the names");
  if (!status) status = predict(p, a->operands[0], &paths, threads, err);
  dla_argv_free(&paths);
  return status ? status : conclude(p, err);
}

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  prediction p = {.options = *(const predict_options *)options};
  dla_cli_catch_signals();
  dla_status status = run_operands(&p, arguments, err);
  dla_predictor_free(p.predictor);
  dla_picture_set_close(p.set);
  dla_fetched_free(p.fetched);
  dla_strbuf_free(&p.out);
  return status;
}

const dla_verb dla_verb_predict = {
    .name = "predict",
    .summary = "say what is on pictures, by a trained network",
    .arguments = "CHECKPOINT PICTURE|FOLDER|ARCHIVE|URL|- ...",
    .flags = flags,
    .options = sizeof(predict_options),
    .act = act,
};
