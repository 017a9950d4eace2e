#include "report/pictures.h"

#include <math.h>

#include "report/confusion.h"
#include "report/html.h"

static void write_image(const json_t *item, dla_strbuf *out)
{
  dla_html_between(out, "<img src=\"data:image/png;base64,", dla_json_text_of(item, "png"),
                   "\" alt=\"\">");
}

static void write_class(const dla_run *run, const json_t *item, const char *key, dla_strbuf *out)
{
  const json_t *class = json_object_get(item, key);
  dla_class_text(run, json_is_integer(class) ? json_integer_value(class) : -1, out);
}

static void write_mistake(const dla_run *run, const json_t *item, dla_strbuf *out)
{
  dla_strbuf_printf(out, "<li>");
  write_image(item, out);
  dla_strbuf_printf(out, "said <b>");
  write_class(run, item, "said", out);
  dla_strbuf_printf(out, "</b> %.1f&nbsp;%%<br>is ", 100 * dla_json_number_of(item, "confidence"));
  write_class(run, item, "label", out);
  dla_strbuf_printf(out, " %.1f&nbsp;%%<br><small>test image %.0f</small></li>\n",
                    100 * dla_json_number_of(item, "of_label"), dla_json_number_of(item, "sample"));
}

void dla_mistakes_write(const dla_run *run, const dla_part *part, size_t most, dla_strbuf *out)
{
  const json_t *list = json_object_get(run->evaluation, "mistakes");
  if (!json_array_size(list) || !most) return;
  dla_part_begin(out, part, "mistakes", "Surest mistakes");
  dla_strbuf_printf(out,
                    "<p class=\"soft\">What was said with the largest probability and is not "
                    "so, behind epoch %.0f: look here for wrong labels. Images are counted "
                    "from 0.</p>\n<ul class=\"pictures\">\n",
                    dla_json_number_of(run->evaluation, "epoch"));
  for (size_t i = 0; i < json_array_size(list) && i < most; i++)
    write_mistake(run, json_array_get(list, i), out);
  dla_strbuf_printf(out, "</ul>\n");
  dla_part_end(out, part);
}

/* A mixed image has two labels: 70 % cat, 30 % dog. */
static void write_input(const dla_run *run, const json_t *item, dla_strbuf *out)
{
  const double lambda = dla_json_number_of(item, "lambda");
  dla_strbuf_printf(out, "<li>");
  write_image(item, out);
  if (!isnan(lambda)) dla_strbuf_printf(out, "%.0f&nbsp;%% ", 100 * lambda);
  write_class(run, item, "label", out);
  if (!isnan(lambda)) {
    dla_strbuf_printf(out, "<br>%.0f&nbsp;%% ", 100 - 100 * lambda);
    write_class(run, item, "partner", out);
  }
  dla_strbuf_printf(out, "</li>\n");
}

void dla_inputs_write(const dla_run *run, const dla_part *part, size_t most, dla_strbuf *out)
{
  const json_t *list = json_object_get(run->facts, "inputs");
  if (!json_array_size(list) || !most) return;
  dla_part_begin(out, part, "inputs", "What the network is shown");
  dla_strbuf_printf(out, "<p class=\"soft\">The first images of the first batch, cropped, changed "
                         "and mixed as the configuration says.</p>\n<ul class=\"pictures\">\n");
  for (size_t i = 0; i < json_array_size(list) && i < most; i++)
    write_input(run, json_array_get(list, i), out);
  dla_strbuf_printf(out, "</ul>\n");
  dla_part_end(out, part);
}
