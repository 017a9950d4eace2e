#include "report/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/html.h"

enum { MOST_LAYERS = 4096, MOST_SOURCES = 64, HEIGHT = 260, ARCS = 110, STEP = 10 };

/* A layer that only changes values in place is drawn as part of the layer before it. */
typedef struct drawing {
  const json_t *layers;
  size_t count;
  int *shown; /* by layer: its place in the drawing; -1: the image's */
  int places;
  int longest; /* the longest arc, in places */
  double most; /* the most work of any layer */
} drawing;

static bool works_in_place(const char *op)
{
  static const char *const ops[] = {"batch_norm", "relu", "dropout", "stochastic_depth", NULL};
  return dla_is_one_of(op, ops);
}

/* Colours of the legend, by op. */
static const struct {
  const char *op, *name;
  int colour;
} kinds[] = {{"conv2d", "convolution", 0},
             {"linear", "linear", 3},
             {"add", "sum", 2},
             {"concat", "concatenation", 6},
             {"max_pool", "pooling", 4},
             {"avg_pool", "pooling", 4},
             {NULL, "other", 7}};

static int kind_of(const char *op)
{
  int i = 0;
  while (kinds[i].op && strcmp(kinds[i].op, op) != 0)
    i++;
  return i;
}

static int source_of(const json_t *layer, size_t k, size_t before)
{
  const json_t *source = json_array_get(json_object_get(layer, "src"), k);
  const json_int_t at = json_is_integer(source) ? json_integer_value(source) : -1;
  return at >= 0 && (size_t)at < before ? (int)at : -1;
}

static void place_layers(drawing *d)
{
  for (size_t i = 0; i < d->count; i++) {
    const json_t *layer = json_array_get(d->layers, i);
    const int source = source_of(layer, 0, i);
    if (works_in_place(dla_json_text_of(layer, "op")))
      d->shown[i] = source >= 0 ? d->shown[source] : -1;
    else
      d->shown[i] = d->places++;
    const double macs = dla_json_number_of(layer, "macs");
    if (macs > d->most) d->most = macs;
  }
}

static void write_bar(const drawing *d, const json_t *layer, int place, dla_strbuf *out)
{
  const int least = 6;
  const double macs = dla_json_number_of(layer, "macs");
  const double part = d->most > 0 && macs > 0 ? sqrt(macs / d->most) : 0;
  const double height = least + part * (HEIGHT - ARCS - least);
  dla_strbuf_printf(out,
                    "<rect class=\"c%d\" x=\"%d\" y=\"%.0f\" width=\"%d\" height=\"%.0f\"><title>",
                    kinds[kind_of(dla_json_text_of(layer, "op"))].colour, place * STEP + 1,
                    HEIGHT - height, STEP - 2, height);
  dla_html_text(out, dla_json_text_of(layer, "name"));
  dla_html_between(out, ": ", dla_json_text_of(layer, "op"), "</title></rect>");
}

/* Draws an arc between two places, the higher the farther it goes. Neighbours get none. */
static void write_arc(const drawing *d, int from, int to, dla_strbuf *out)
{
  const double x = (from + 0.5) * STEP, end = (to + 0.5) * STEP, base = ARCS - 6;
  const double top = base - (ARCS - 12) * sqrt((double)(to - from) / (double)d->longest);
  if (to - from < 2) return;
  dla_strbuf_printf(out, "<path class=\"skip\" d=\"M%.0f %.0fC%.0f %.0f %.0f %.0f %.0f %.0f\"/>", x,
                    base, x, top - (base - top) / 3, end, top - (base - top) / 3, end, base);
}

/* out NULL: only measures the arcs. */
static void write_skips(drawing *d, size_t index, dla_strbuf *out)
{
  const json_t *layer = json_array_get(d->layers, index);
  const size_t sources = json_array_size(json_object_get(layer, "src"));
  for (size_t k = 0; k < sources && k < MOST_SOURCES; k++) {
    const int source = source_of(layer, k, index);
    const int from = source >= 0 ? d->shown[source] : -1, to = d->shown[index];
    if (out)
      write_arc(d, from, to, out);
    else if (to - from > d->longest)
      d->longest = to - from;
  }
}

static void write_legend(const drawing *d, dla_strbuf *out)
{
  bool seen[8] = {false};
  dla_strbuf_printf(out, "<ul class=\"legend\">");
  for (size_t i = 0; i < d->count; i++) {
    const char *op = dla_json_text_of(json_array_get(d->layers, i), "op");
    const int kind = kind_of(op), colour = kinds[kind].colour;
    if (works_in_place(op) || seen[colour]) continue;
    seen[colour] = true;
    dla_strbuf_printf(out, "<li class=\"c%d\">%s</li>", colour, kinds[kind].name);
  }
  dla_strbuf_printf(out, "</ul>\n");
}

static void write_skyline(drawing *d, dla_strbuf *out)
{
  for (size_t i = 0; i < d->count; i++)
    write_skips(d, i, NULL);
  write_legend(d, out);
  dla_strbuf_printf(out,
                    "<div class=\"scroll skyline\" tabindex=\"0\" role=\"group\" "
                    "aria-label=\"Layers\"><svg viewBox=\"0 0 %d %d\" role=\"img\" "
                    "aria-label=\"%d layers, from the image at the left; the table tells "
                    "their sizes\">",
                    d->places * STEP, HEIGHT, d->places);
  for (size_t i = 0; i < d->count; i++)
    write_skips(d, i, out);
  int next = 0;
  for (size_t i = 0; i < d->count; i++)
    if (d->shown[i] == next) write_bar(d, json_array_get(d->layers, i), next++, out);
  dla_strbuf_printf(out, "</svg></div>\n");
}

/* ---- Stages: layers whose names begin with the same word ---- */

typedef struct stage {
  const char *name;
  size_t length;
  int layers;
  double parameters, macs;
  const json_t *output; /* of the last layer */
} stage;

static void write_stage(const stage *s, double macs, dla_strbuf *out)
{
  dla_strbuf name = {0};
  dla_strbuf_append(&name, s->name, s->length);
  dla_html_between(out, "<tr><th scope=\"row\">", dla_strbuf_text(&name), "</th>");
  dla_strbuf_printf(out, "<td>%d</td><td>", s->layers);
  for (size_t d = 0; d < json_array_size(s->output); d++)
    dla_strbuf_printf(out, "%s%lld", d ? " \xc3\x97 " : "",
                      (long long)json_integer_value(json_array_get(s->output, d)));
  dla_strbuf_printf(out,
                    "</td><td>%s</td><td>%s</td>"
                    "<td class=\"meter\"><span style=\"width:%.1f%%\"></span></td></tr>\n",
                    dla_html_count(s->parameters).text, dla_html_count(s->macs).text,
                    macs > 0 ? 100 * s->macs / macs : 0);
  out->failed |= dla_strbuf_done(&name);
}

static void write_stages(const drawing *d, double macs, dla_strbuf *out)
{
  stage s = {0};
  dla_scroll_begin(out, "Stages");
  dla_strbuf_printf(out, "<table class=\"full\"><thead><tr><th class=\"text\" scope=\"col\">stage"
                         "</th><th scope=\"col\">layers</th><th scope=\"col\">output</th>"
                         "<th scope=\"col\">parameters</th><th scope=\"col\">multiply-adds</th>"
                         "<th scope=\"col\" class=\"text\">as a bar</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < d->count; i++) {
    const json_t *layer = json_array_get(d->layers, i);
    const char *name = dla_json_text_of(layer, "name");
    const size_t length = strcspn(name, ".");
    if (s.layers && (length != s.length || strncmp(name, s.name, length) != 0)) {
      write_stage(&s, macs, out);
      s = (stage){0};
    }
    s.name = name;
    s.length = length;
    s.layers++;
    s.parameters += fmax(dla_json_number_of(layer, "parameters"), 0);
    s.macs += fmax(dla_json_number_of(layer, "macs"), 0);
    s.output = json_object_get(layer, "output");
  }
  if (s.layers) write_stage(&s, macs, out);
  dla_strbuf_printf(out, "</tbody></table>\n");
  dla_scroll_end(out);
}

double dla_network_sum(const dla_run *run, const char *key)
{
  const json_t *layers = json_object_get(run->facts, "layers");
  double sum = 0;
  if (!json_array_size(layers)) return NAN;
  for (size_t i = 0; i < json_array_size(layers); i++)
    sum += dla_json_number_of(json_array_get(layers, i), key);
  return sum;
}

dla_status dla_network_write_picture(const dla_run *run, const dla_part *part, dla_strbuf *out,
                                     dla_error *err)
{
  drawing d = {.layers = json_object_get(run->facts, "layers")};
  const double macs = dla_network_sum(run, "macs");
  d.count = json_array_size(d.layers);
  if (!d.count || d.count > MOST_LAYERS) return DLA_OK;
  d.shown = calloc(d.count, sizeof *d.shown);
  if (!d.shown) return dla_fail_memory(err, "the network's picture");
  place_layers(&d);
  dla_part_begin(out, part, "network", "Network");
  dla_strbuf_printf(out,
                    "<p class=\"soft\">A bar a layer, from the image at the left, as high as "
                    "the square root of its multiply-adds; an arc where a layer takes what is "
                    "not the one before. Batch norms and activations belong to the layer "
                    "before them. %s parameters, %s multiply-adds an image.</p>\n",
                    dla_html_count(dla_network_sum(run, "parameters")).text,
                    dla_html_count(macs).text);
  if (d.places > 1) write_skyline(&d, out);
  write_stages(&d, macs, out);
  dla_part_end(out, part);
  free(d.shown);
  return DLA_OK;
}
