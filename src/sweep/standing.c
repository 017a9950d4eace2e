#include "sweep/standing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "sweep/halving.h"

/* Sort class of a trial, whatever its value: higher classes rank lower. */
static int class_of(const dla_trial_state *state)
{
  if (state->stage == DLA_TRIAL_FAILED) return 3;
  if (isnan(state->value)) return 2;
  return state->stage == DLA_TRIAL_UNFINISHED;
}

/* Is a better than b? Ties are broken by name, so that the order is the same everywhere. */
static bool is_better(const dla_sweep *sweep, const dla_trials *trials, const dla_standing *s,
                      size_t a, size_t b)
{
  const dla_trial_state *x = &s->states[a], *y = &s->states[b];
  if (x->rung != y->rung && class_of(x) < 2 && class_of(y) < 2) return x->rung > y->rung;
  if (class_of(x) != class_of(y)) return class_of(x) < class_of(y);
  if (class_of(x) < 2 && x->value != y->value)
    return sweep->metric->least ? x->value < y->value : x->value > y->value;
  return strcmp(trials->items[a].name, trials->items[b].name) < 0;
}

static void sort(const dla_sweep *sweep, const dla_trials *trials, dla_standing *s)
{
  for (size_t i = 1; i < s->count; i++) {
    size_t moved = s->order[i], place = i;
    for (; place > 0 && is_better(sweep, trials, s, moved, s->order[place - 1]); place--)
      s->order[place] = s->order[place - 1];
    s->order[place] = moved;
  }
}

/* Looks at the trials of a rung; *done: all have finished it. */
static dla_status look_at_rung(const dla_sweep *sweep, const dla_trials *trials, dla_standing *s,
                               bool *done, dla_error *err)
{
  int64_t epochs =
      sweep->method == DLA_SWEEP_HALVING ? dla_sweep_rung_epochs(sweep, s->rung) : INT64_MAX;
  *done = true;
  for (size_t i = 0; i < s->count; i++) {
    dla_trial_state *state = &s->states[i];
    if (state->rung != s->rung || state->stage == DLA_TRIAL_FAILED) continue;
    TRY(dla_trial_look(sweep, &trials->items[i], epochs, state, err));
    *done &= state->stage == DLA_TRIAL_FINISHED || state->stage == DLA_TRIAL_FAILED;
  }
  return DLA_OK;
}

/* Moves the best of a finished rung to the next. */
static void promote(const dla_sweep *sweep, const dla_trials *trials, dla_standing *s)
{
  size_t places = dla_sweep_rung_trials(sweep, s->rung + 1, s->count);
  sort(sweep, trials, s);
  for (size_t i = 0; i < s->count; i++) {
    dla_trial_state *state = &s->states[s->order[i]];
    if (state->rung != s->rung || state->stage != DLA_TRIAL_FINISHED) continue;
    if (places && !isnan(state->value)) {
      state->rung++;
      places--;
    } else {
      state->stage = DLA_TRIAL_STOPPED;
    }
  }
}

static dla_status look(const dla_sweep *sweep, const dla_trials *trials, dla_standing *s,
                       dla_error *err)
{
  int rungs = dla_sweep_rungs(sweep);
  while (s->rung < rungs) {
    bool done;
    TRY(look_at_rung(sweep, trials, s, &done, err));
    if (!done) break;
    if (s->rung + 1 < rungs) promote(sweep, trials, s);
    s->rung++;
  }
  sort(sweep, trials, s);
  return DLA_OK;
}

dla_status dla_standing_look(const dla_sweep *sweep, const dla_trials *trials,
                             dla_standing *standing, dla_error *err)
{
  *standing = (dla_standing){.states = calloc(trials->count, sizeof *standing->states),
                             .order = calloc(trials->count, sizeof *standing->order),
                             .count = trials->count};
  dla_status status = DLA_OK;
  if (!standing->states || !standing->order) status = dla_fail_memory(err, "the trials");
  for (size_t i = 0; !status && i < trials->count; i++)
    standing->order[i] = i;
  if (!status) status = look(sweep, trials, standing, err);
  if (status) dla_standing_free(standing);
  return status;
}

size_t dla_standing_failed(const dla_standing *standing)
{
  size_t failed = 0;
  for (size_t i = 0; i < standing->count; i++)
    failed += standing->states[i].stage == DLA_TRIAL_FAILED;
  return failed;
}

void dla_standing_free(dla_standing *standing)
{
  free(standing->states);
  free(standing->order);
  *standing = (dla_standing){0};
}
