/* The value of each parameter in each trial: a function of the sweep file alone. */
#ifndef DLA_SWEEP_DRAW_H
#define DLA_SWEEP_DRAW_H

#include "base/strbuf.h"
#include "sweep/sweep.h"

/* Combination i of the grid, in which the last parameter changes fastest. False: past the last. */
bool dla_sweep_combination(const dla_sweep *sweep, size_t i, size_t parameter, dla_strbuf *value);

/* The value that trial i draws in its attempt-th try. A number from a range is rounded to four
 * digits, so that it equals the one in the trial's name. */
void dla_sweep_draw(const dla_sweep *sweep, size_t trial, size_t attempt, size_t parameter,
                    dla_strbuf *value);

/* Appends a number as in a config: an integer for an integer key, else rounded to so many
 * digits. */
void dla_sweep_write_number(const dla_key *key, double number, int digits, dla_strbuf *out);

#endif
