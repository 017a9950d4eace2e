#include "sweep/draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/philox.h"

enum { DRAWN_DIGITS = 4 };

bool dla_sweep_combination(const dla_sweep *sweep, size_t i, size_t parameter, dla_strbuf *value)
{
  for (size_t p = sweep->parameter_count; p-- > 0; i /= sweep->parameters[p].value_count)
    if (p == parameter)
      dla_strbuf_printf(value, "%s",
                        sweep->parameters[p].values[i % sweep->parameters[p].value_count]);
  return i == 0;
}

void dla_sweep_write_number(const dla_key *key, double number, int digits, dla_strbuf *out)
{
  char text[32];
  snprintf(text, sizeof text, "%.*g", digits, number);
  if (key->type == DLA_KEY_INTEGER)
    dla_strbuf_printf(out, "%.0f", round(number));
  else
    dla_number_write(strtod(text, NULL), out);
}

void dla_sweep_draw(const dla_sweep *sweep, size_t trial, size_t attempt, size_t parameter,
                    dla_strbuf *value)
{
  const dla_sweep_parameter *p = &sweep->parameters[parameter];
  enum { ATTEMPTS_SHIFT = 32 };
  dla_random random =
      dla_random_at((uint64_t)sweep->seed, DLA_RANDOM_SWEEP,
                    (uint64_t)attempt << ATTEMPTS_SHIFT | trial, (uint32_t)parameter);
  if (p->value_count) {
    uint32_t index = dla_random_below(&random, (uint32_t)p->value_count);
    dla_strbuf_printf(value, "%s", p->values[index]);
    return;
  }
  /* Gives all whole numbers the same chance, also the first and the last. */
  double half = p->key->type == DLA_KEY_INTEGER ? 0.5 : 0;
  double low = p->min - half, high = p->max + half, u = dla_random_double(&random);
  if (p->log) low = log(fmax(low, p->min / 2)), high = log(high);
  double drawn = low + u * (high - low);
  drawn = fmin(fmax(p->log ? exp(drawn) : drawn, p->min), p->max);
  dla_sweep_write_number(p->key, drawn, DRAWN_DIGITS, value);
}
