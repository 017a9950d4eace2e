#include "report/confusion.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/png.h"
#include "report/html.h"

/* Classes: up to TABLE as a table, up to PICTURE as a picture. PAIRS: so many confused pairs are
 * listed. */
enum { TABLE = 32, PICTURE = 512, PAIRS = 10, MOST_CLASSES = 100000 };

typedef struct cell {
  int64_t label, said, count;
} cell;

/* The matrix of evaluation.json, checked. */
typedef struct matrix {
  int64_t classes;
  cell *cell; /* the cells that are not 0 */
  size_t count;
  int64_t *labels, *said, *right; /* sums by class */
} matrix;

static void free_matrix(matrix *m)
{
  free(m->cell);
  free(m->labels);
  free(m->said);
  free(m->right);
  *m = (matrix){0};
}

static bool take_cell(matrix *m, const json_t *list, size_t at)
{
  const cell c = {json_integer_value(json_array_get(list, at)),
                  json_integer_value(json_array_get(list, at + 1)),
                  json_integer_value(json_array_get(list, at + 2))};
  const int64_t most = INT64_C(1) << 40;
  if (c.label < 0 || c.label >= m->classes || c.said < 0 || c.said >= m->classes || c.count < 1 ||
      c.count > most)
    return false;
  m->cell[m->count++] = c;
  m->labels[c.label] += c.count;
  m->said[c.said] += c.count;
  if (c.label == c.said) m->right[c.label] += c.count;
  return true;
}

/* A matrix that makes no sense counts as missing: m->classes is 0 then. */
static dla_status read_matrix(const dla_run *run, matrix *m, dla_error *err)
{
  const json_t *list = json_object_get(run->evaluation, "confusion");
  const double classes = dla_json_number_of(run->evaluation, "classes");
  const size_t numbers = json_array_size(list);
  *m = (matrix){0};
  if (!(classes >= 1 && classes <= MOST_CLASSES) || numbers < 3 || numbers % 3) return DLA_OK;
  m->classes = (int64_t)classes;
  m->cell = calloc(numbers / 3, sizeof *m->cell);
  m->labels = calloc((size_t)m->classes, sizeof *m->labels);
  m->said = calloc((size_t)m->classes, sizeof *m->said);
  m->right = calloc((size_t)m->classes, sizeof *m->right);
  bool good = m->cell && m->labels && m->said && m->right;
  dla_status status = good ? DLA_OK : dla_fail_memory(err, "a confusion matrix");
  for (size_t i = 0; good && i < numbers; i += 3)
    good = take_cell(m, list, i);
  if (!good) free_matrix(m);
  return status;
}

void dla_class_text(const dla_run *run, int64_t index, dla_strbuf *out)
{
  const json_t *names = json_object_get(run->facts, "classes");
  const char *name = index >= 0 ? json_string_value(json_array_get(names, (size_t)index)) : NULL;
  if (name && *name)
    dla_html_text(out, name);
  else
    dla_strbuf_printf(out, "class %" PRId64, index);
}

/* ---- As a table ---- */

static void write_cell(const matrix *m, int64_t label, int64_t said, int64_t count, dla_strbuf *out)
{
  if (!count) {
    dla_strbuf_printf(out, "<td class=\"none\"></td>");
    return;
  }
  dla_strbuf_printf(out, "<td%s style=\"--p:%.3g\">%" PRId64 "</td>",
                    label == said ? " class=\"hit\"" : "", (double)count / (double)m->labels[label],
                    count);
}

static void write_table(const dla_run *run, const matrix *m, dla_strbuf *out)
{
  int64_t row[TABLE];
  dla_scroll_begin(out, "Confusion matrix");
  dla_strbuf_printf(out, "<table class=\"matrix\"><thead><tr><td></td>");
  for (int64_t c = 0; c < m->classes; c++) {
    dla_strbuf_printf(out, "<th scope=\"col\"><span>");
    dla_class_text(run, c, out);
    dla_strbuf_printf(out, "</span></th>");
  }
  dla_strbuf_printf(out, "</tr></thead><tbody>\n");
  for (int64_t label = 0; label < m->classes; label++) {
    for (int64_t c = 0; c < m->classes; c++)
      row[c] = 0;
    for (size_t i = 0; i < m->count; i++)
      if (m->cell[i].label == label) row[m->cell[i].said] += m->cell[i].count;
    dla_strbuf_printf(out, "<tr><th scope=\"row\">");
    dla_class_text(run, label, out);
    dla_strbuf_printf(out, "</th>");
    for (int64_t c = 0; c < m->classes; c++)
      write_cell(m, label, c, row[c], out);
    dla_strbuf_printf(out, "</tr>\n");
  }
  dla_strbuf_printf(out, "</tbody></table>\n");
  dla_scroll_end(out);
}

/* ---- As a picture ---- */

/* Right is blue, wrong is orange. The larger a cell's part of its row, the more opaque it is. */
static void paint(const matrix *m, uint8_t *rgba)
{
  static const uint8_t hit[] = {59, 130, 246}, miss[] = {234, 88, 12};
  for (size_t i = 0; i < m->count; i++) {
    const cell *c = &m->cell[i];
    uint8_t *pixel = rgba + 4 * (c->label * m->classes + c->said);
    const double share = (double)c->count / (double)m->labels[c->label];
    for (int k = 0; k < 3; k++)
      pixel[k] = c->label == c->said ? hit[k] : miss[k];
    pixel[3] = (uint8_t)(55 + 200 * sqrt(fmin(share, 1)));
  }
}

static dla_status write_picture(const matrix *m, dla_strbuf *out, dla_error *err)
{
  dla_strbuf png = {0};
  uint8_t *rgba = calloc((size_t)(m->classes * m->classes), 4);
  if (!rgba) return dla_fail_memory(err, "a picture of the confusion matrix");
  paint(m, rgba);
  dla_png_write(rgba, (int)m->classes, (int)m->classes, 4, &png);
  dla_strbuf_printf(out,
                    "<p class=\"soft\">A row a class, a column what it was taken for; the "
                    "diagonal, in blue, is right.</p>\n<img class=\"heat\" alt=\"Confusion matrix "
                    "of %" PRId64 " classes; the table has its largest numbers\" "
                    "src=\"data:image/png;base64,",
                    m->classes);
  dla_base64_write(dla_strbuf_text(&png), png.length, out);
  dla_strbuf_printf(out, "\">\n");
  out->failed |= dla_strbuf_done(&png);
  free(rgba);
  return DLA_OK;
}

/* ---- What is confused most ---- */

/* Larger counts come first; equal ones in the order of their classes. */
static int compare_cells(const void *a, const void *b)
{
  const cell *x = a, *y = b;
  if (x->count != y->count) return x->count < y->count ? 1 : -1;
  if (x->label != y->label) return x->label < y->label ? -1 : 1;
  return (x->said > y->said) - (x->said < y->said);
}

/* Sorts the cells. */
static void write_pairs(const dla_run *run, const matrix *m, dla_strbuf *out)
{
  int written = 0;
  qsort(m->cell, m->count, sizeof *m->cell, compare_cells);
  dla_strbuf_printf(out,
                    "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Confused "
                    "most\"><h3>Confused most</h3>\n<table class=\"full\"><thead><tr>"
                    "<th class=\"text\" scope=\"col\">is</th><th class=\"text\" scope=\"col\">"
                    "taken for</th><th scope=\"col\">images</th><th scope=\"col\">of its class"
                    "</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < m->count && written < PAIRS; i++) {
    const cell *c = &m->cell[i];
    if (c->label == c->said) continue;
    dla_strbuf_printf(out, "<tr><td class=\"text\">");
    dla_class_text(run, c->label, out);
    dla_strbuf_printf(out, "</td><td class=\"text\">");
    dla_class_text(run, c->said, out);
    dla_strbuf_printf(out, "</td><td>%" PRId64 "</td><td>%.1f %%</td></tr>\n", c->count,
                      100 * (double)c->count / (double)m->labels[c->label]);
    written++;
  }
  dla_strbuf_printf(out, "</tbody></table></div>\n");
}

/* ---- By class ---- */

static double share(int64_t part, int64_t whole)
{
  return whole ? (double)part / (double)whole : NAN;
}

static void write_share(double value, dla_strbuf *out)
{
  if (isnan(value))
    dla_strbuf_printf(out, "<td data-v=\"-1\">\xe2\x80\x93</td>");
  else
    dla_strbuf_printf(out, "<td data-v=\"%.5f\">%.1f %%</td>", value, 100 * value);
}

static void write_class(const dla_run *run, const matrix *m, int64_t c, dla_strbuf *out)
{
  const double recall = share(m->right[c], m->labels[c]);
  dla_strbuf_printf(out, "<tr><th scope=\"row\">");
  dla_class_text(run, c, out);
  dla_strbuf_printf(out, "</th>");
  write_share(share(m->right[c], m->said[c]), out);
  write_share(recall, out);
  dla_strbuf_printf(out,
                    "<td class=\"meter\" data-v=\"%.5f\"><span style=\"width:%.1f%%\">"
                    "</span></td>",
                    isnan(recall) ? -1 : recall, isnan(recall) ? 0 : 100 * recall);
  write_share(share(2 * m->right[c], m->said[c] + m->labels[c]), out);
  dla_strbuf_printf(out, "<td>%" PRId64 "</td></tr>\n", m->labels[c]);
}

static void write_classes(const dla_run *run, const matrix *m, const dla_part *part,
                          dla_strbuf *out)
{
  dla_part_begin(out, part, "classes", "By class");
  dla_strbuf_printf(out, "<p class=\"soft\">Recall: of the images of the class, those that were "
                         "found. Precision: of what was taken for the class, what is. F1: their "
                         "harmonic mean.</p>\n");
  dla_scroll_begin(out, "By class");
  dla_strbuf_printf(out,
                    "<table class=\"full sortable\"><thead><tr><th class=\"text\" "
                    "scope=\"col\">class</th><th scope=\"col\">precision</th>"
                    "<th scope=\"col\">recall</th><th scope=\"col\" class=\"text\">recall as a "
                    "bar</th><th scope=\"col\">F1</th><th scope=\"col\">images</th></tr>"
                    "</thead><tbody>\n");
  for (int64_t c = 0; c < m->classes; c++)
    if (m->labels[c] + m->said[c]) write_class(run, m, c, out);
  dla_strbuf_printf(out, "</tbody></table>\n");
  dla_scroll_end(out);
  dla_part_end(out, part);
}

dla_status dla_confusion_write(const dla_run *run, const dla_part *part, dla_strbuf *out,
                               dla_error *err)
{
  matrix m;
  dla_status status = read_matrix(run, &m, err);
  if (status || !m.classes) return status;
  dla_part_begin(out, part, "confusion", "Confusion matrix");
  if (m.classes <= TABLE)
    dla_strbuf_printf(out,
                      "<p class=\"soft\">A row a class, a column what it was taken for, behind "
                      "epoch %.0f. The colour tells the part of the row.</p>\n",
                      dla_json_number_of(run->evaluation, "epoch"));
  dla_strbuf_printf(out, "<div class=\"two\"><div>\n");
  if (m.classes <= TABLE)
    write_table(run, &m, out);
  else if (m.classes <= PICTURE)
    status = write_picture(&m, out, err);
  dla_strbuf_printf(out, "</div>\n");
  write_pairs(run, &m, out);
  dla_strbuf_printf(out, "</div>\n");
  dla_part_end(out, part);
  write_classes(run, &m, part, out);
  free_matrix(&m);
  return status;
}
