#include "cli/curve.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LABEL = 8, WIDTH_MOST = 60, DOTS_ACROSS = 2, DOTS_DOWN = 4 };

/* The dots: [rows][across]. */
typedef struct grid {
  int across, rows, columns; /* columns: characters */
  bool braille;
  uint8_t dot[DLA_CURVE_HEIGHT * DOTS_DOWN][WIDTH_MOST * DOTS_ACROSS];
} grid;

/* The value at x, from 0 to 1; NAN in a gap. */
static double value_at(const double *values, int count, double x)
{
  const double at = x * (count - 1);
  const int i = (int)at < count - 1 ? (int)at : count - 1;
  if (i == count - 1 || at == i) return values[i];
  return values[i] + (at - i) * (values[i + 1] - values[i]);
}

static int row_of(const grid *g, double value, double low, double high)
{
  const double share = high > low ? (value - low) / (high - low) : 0;
  return (int)lround((1 - share) * (g->rows - 1));
}

/* Draws one dot in each column, and dots between it and the last column's. */
static void draw(grid *g, const double *values, int count, double low, double high)
{
  int last = -1;
  for (int x = 0; x < g->across; x++) {
    const double value = value_at(values, count, g->across > 1 ? (double)x / (g->across - 1) : 0);
    if (!isfinite(value)) {
      last = -1;
      continue;
    }
    const int row = row_of(g, value, low, high), from = last < 0 ? row : last;
    for (int y = from < row ? from + 1 : row; y <= (from > row ? from - 1 : row); y++)
      g->dot[y][x] = 1;
    g->dot[row][x] = 1;
    last = row;
  }
}

/* Unicode's braille patterns, from U+2800 on: one bit for each dot, three bytes of UTF-8. */
static void write_braille(const grid *g, int row, int column, dla_strbuf *out)
{
  static const int bits[DOTS_DOWN][DOTS_ACROSS] = {{0, 3}, {1, 4}, {2, 5}, {6, 7}};
  unsigned pattern = 0;
  for (int y = 0; y < DOTS_DOWN; y++)
    for (int x = 0; x < DOTS_ACROSS; x++)
      if (g->dot[row * DOTS_DOWN + y][column * DOTS_ACROSS + x]) pattern |= 1u << bits[y][x];
  const char text[] = {(char)0xe2, (char)(0xa0 | pattern >> 6), (char)(0x80 | (pattern & 0x3f))};
  dla_strbuf_append(out, text, sizeof text);
}

static void write_row(const grid *g, int row, double low, double high, dla_strbuf *out)
{
  const bool top = row == 0, bottom = row == DLA_CURVE_HEIGHT - 1;
  if (top || bottom)
    dla_strbuf_printf(out, "%6.2f%% ", 100 * (top ? high : low));
  else
    dla_strbuf_printf(out, "%*s", LABEL, "");
  for (int column = 0; column < g->columns; column++) {
    if (g->braille)
      write_braille(g, row, column, out);
    else
      dla_strbuf_append(out, g->dot[row][column] ? "*" : " ", 1);
  }
  dla_strbuf_append(out, "\n", 1);
}

void dla_curve_write(const double *values, int count, int columns, bool braille, dla_strbuf *out)
{
  grid g = {.braille = braille, .columns = columns - LABEL};
  double low = INFINITY, high = -INFINITY;
  for (int i = 0; i < count; i++) {
    if (!isfinite(values[i])) continue;
    low = fmin(low, values[i]);
    high = fmax(high, values[i]);
  }
  if (g.columns > WIDTH_MOST) g.columns = WIDTH_MOST;
  if (g.columns < 1 || high < low) return;
  g.across = g.columns * (braille ? DOTS_ACROSS : 1);
  g.rows = DLA_CURVE_HEIGHT * (braille ? DOTS_DOWN : 1);
  draw(&g, values, count, low, high);
  for (int row = 0; row < DLA_CURVE_HEIGHT; row++)
    write_row(&g, row, low, high, out);
}

bool dla_locale_is_utf8(void)
{
  /* The first one that is set counts (POSIX, "Environment Variables"). */
  const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = getenv(names[i]);
    if (!value || !*value) continue;
    const char *codeset = strchr(value, '.');
    return codeset && (!strncasecmp(codeset, ".utf-8", 6) || !strncasecmp(codeset, ".utf8", 5));
  }
  return false;
}
