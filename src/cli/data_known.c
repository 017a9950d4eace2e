#include "cli/data_known.h"

#include <stdlib.h>

#include "base/column.h"
#include "base/json.h"
#include "base/plural.h"
#include "cli/output.h"
#include "cli/show_evaluation.h"
#include "data/sources/find.h"

static void count_labels(const dla_dataset *dataset, int side, size_t (*counts)[2])
{
  for (size_t i = 0; i < dataset->count; i++)
    counts[dataset->labels[i]][side]++;
}

static void write_text(const dla_dataset *train, const dla_dataset *test, const size_t (*counts)[2],
                       dla_strbuf *out)
{
  dla_strbuf_printf(out, "%s: %zu pictures of %d classes, to train and to test with:\n",
                    train->format, train->count + test->count, train->classes);
  for (int c = 0; c < train->classes; c++) {
    char name[32];
    dla_show_class_name(train, c, name);
    dla_strbuf_printf(out, "  ");
    dla_column(out, name, 24);
    dla_strbuf_printf(out, " %8zu %8zu\n", counts[c][0], counts[c][1]);
  }
  dla_strbuf_printf(out, "  %-24s %8zu %8zu\n", "all", train->count, test->count);
  dla_strbuf_printf(out, "sizes: all are %d x %d, of %d channel%s\n", train->width, train->height,
                    train->channels, dla_plural((uint64_t)train->channels));
}

static void write_json(const dla_dataset *train, const dla_dataset *test, const size_t (*counts)[2],
                       dla_strbuf *out)
{
  dla_json json = dla_json_begin(out);
  dla_json_text(&json, "format", train->format);
  dla_json_integer(&json, "train", (int64_t)train->count);
  dla_json_integer(&json, "val", (int64_t)test->count);
  dla_json_boolean(&json, "has_split", true);
  dla_json_begin_array(&json, "classes");
  for (int c = 0; c < train->classes; c++) {
    char name[32];
    dla_show_class_name(train, c, name);
    dla_json_begin_object(&json, NULL);
    dla_json_text(&json, "name", name);
    dla_json_integer(&json, "train", (int64_t)counts[c][0]);
    dla_json_integer(&json, "val", (int64_t)counts[c][1]);
    dla_json_end_object(&json);
  }
  dla_json_end_array(&json);
  dla_json_integer(&json, "channels", train->channels);
  dla_json_integer(&json, "width", train->width);
  dla_json_integer(&json, "height", train->height);
  dla_json_end_line(&json);
}

static dla_status report(const dla_dataset *train, const dla_dataset *test, bool json,
                         dla_error *err)
{
  dla_strbuf out = {0};
  size_t(*counts)[2] = calloc((size_t)train->classes + 1, sizeof *counts);
  if (!counts) return dla_fail_memory(err, "the numbers");
  count_labels(train, 0, counts);
  count_labels(test, 1, counts);
  (json ? write_json : write_text)(train, test, (const size_t(*)[2])counts, &out);
  free(counts);
  return dla_cli_print(&out, err);
}

/* Whether the files of such a data set are there, or of several, whatever they contain. */
static bool is_there(const char *place, const dla_dataset_options *options)
{
  dla_source source;
  dla_error ignored = {0};
  if (dla_find_dataset(place, options, &source, &ignored)) return source.several;
  dla_source_close(&source);
  return true;
}

dla_status dla_cli_data_refuse_known(const char *place, const dla_dataset_options *options,
                                     dla_error *err)
{
  dla_source source;
  dla_error ignored = {0};
  if (dla_find_dataset(place, options, &source, &ignored)) return DLA_OK;
  const char *title = source.format->title;
  dla_source_close(&source);
  return dla_fail(err, DLA_E_INPUT, place,
                  "train on it as it is: its folder, or an archive of any kind of it",
                  "it is %s, and there are no files of pictures to pack", title);
}

dla_status dla_cli_data_known(const char *place, const dla_dataset_options *options, bool json,
                              bool *known, dla_error *err)
{
  dla_dataset *train = NULL, *test = NULL;
  dla_status status = dla_dataset_load(place, options, &train, &test, err);
  if (status) {
    *known = status != DLA_E_INPUT || is_there(place, options);
    return status;
  }
  *known = !train->read;
  if (*known) status = report(train, test, json, err);
  dla_dataset_free(train);
  dla_dataset_free(test);
  return status;
}
