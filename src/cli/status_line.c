#include "cli/status_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FIELD_SIZE = 40, BAR_LEAST = 6, BAR_MOST = 40, GAP = 2 };

/* The fields from left to right. by_importance: a narrow terminal shows the first of these. */
enum { EPOCH, BATCH, LOSS, ACCURACY, RATE, LR, LEFT, MEMORY, FIELDS };
static const int by_importance[FIELDS] = {EPOCH, LOSS, ACCURACY, LEFT, RATE, BATCH, MEMORY, LR};

typedef struct fields {
  char text[FIELDS][FIELD_SIZE];
  bool shown[FIELDS];
} fields;

static void write_duration(double seconds, char *text, size_t size)
{
  const int64_t s = seconds > 0 ? (int64_t)seconds : 0;
  if (s >= 86400)
    snprintf(text, size, "ETA %" PRId64 "d %02d h", s / 86400, (int)(s % 86400 / 3600));
  else if (s >= 3600)
    snprintf(text, size, "ETA %d:%02d:%02d", (int)(s / 3600), (int)(s % 3600 / 60), (int)(s % 60));
  else
    snprintf(text, size, "ETA %d:%02d", (int)(s / 60), (int)(s % 60));
}

/* Until the end of the last epoch, at the speed of the current epoch. */
static double seconds_left(const dla_progress *p, double now)
{
  const int64_t done = p->batch - p->first_batch;
  const int64_t left = p->batches - p->batch + (p->epochs - p->epoch) * p->batches;
  return done > 0 ? (now - p->started) / (double)done * (double)left : 0;
}

static void write_fields(const dla_progress *p, const dla_status_line *how, fields *f)
{
  const double bytes = (double)how->memory_bytes;
  snprintf(f->text[EPOCH], FIELD_SIZE, "epoch %" PRId64 "/%" PRId64, p->epoch, p->epochs);
  snprintf(f->text[BATCH], FIELD_SIZE, "%" PRId64 "/%" PRId64, p->batch, p->batches);
  snprintf(f->text[LOSS], FIELD_SIZE, "loss %.4f", p->loss);
  snprintf(f->text[ACCURACY], FIELD_SIZE, "acc %.2f%%", 100 * p->accuracy);
  snprintf(f->text[RATE], FIELD_SIZE, "%.1f images/s", p->images_per_second);
  snprintf(f->text[LR], FIELD_SIZE, "lr %.3g", p->lr);
  write_duration(seconds_left(p, how->now), f->text[LEFT], FIELD_SIZE);
  if (bytes >= 1e9)
    snprintf(f->text[MEMORY], FIELD_SIZE, "%.1f GB", bytes / 1e9);
  else
    snprintf(f->text[MEMORY], FIELD_SIZE, "%.0f MB", bytes / 1e6);
  if (!how->memory_bytes) f->text[MEMORY][0] = '\0';
}

/* Chooses the fields to show; returns how many columns are left. */
static int choose(fields *f, int columns)
{
  int left = columns - 1 + GAP;
  for (int i = 0; i < FIELDS; i++) {
    const int field = by_importance[i], length = (int)strlen(f->text[field]);
    if (!length || length + GAP > left) continue;
    f->shown[field] = true;
    left -= length + GAP;
  }
  return left;
}

static void write_bar(const dla_progress *p, int width, bool colour, dla_strbuf *out)
{
  const int done = p->batches > 0 ? (int)(p->batch * width / p->batches) : 0;
  dla_strbuf_printf(out, "%*s[%s", GAP, "", colour ? "\033[32m" : "");
  for (int i = 0; i < width; i++) {
    if (i == done && colour) dla_strbuf_printf(out, "\033[0m");
    dla_strbuf_append(out, i < done ? "#" : ".", 1);
  }
  dla_strbuf_printf(out, "%s]", colour ? "\033[0m" : "");
}

void dla_status_line_write(const dla_progress *progress, const dla_status_line *how,
                           dla_strbuf *out)
{
  fields f = {0};
  write_fields(progress, how, &f);
  const int room = choose(&f, how->columns) - GAP - 2; /* for the bar, without its brackets */
  bool first = true;
  for (int i = 0; i < FIELDS; i++) {
    if (f.shown[i]) dla_strbuf_printf(out, "%*s%s", first ? 0 : GAP, "", f.text[i]);
    first &= !f.shown[i];
    if (i == EPOCH && f.shown[EPOCH] && room >= BAR_LEAST)
      write_bar(progress, room < BAR_MOST ? room : BAR_MOST, how->colour, out);
  }
}
