/* Update rules, as torch.optim's: which there are, and the numbers that a step computes with.
 * dla/update_rule.h has what a rule is made of. */
#ifndef DLA_OPTIMIZER_H
#define DLA_OPTIMIZER_H

#include <stdbool.h>
#include <stdint.h>

#include "dla/status.h"

enum { DLA_OPTIMIZER_NUMBERS = 8, DLA_OPTIMIZER_STATES = 4 };

typedef struct dla_optimizer dla_optimizer;

/* What one update computes with. */
typedef struct dla_update_numbers {
  double value[DLA_OPTIMIZER_NUMBERS]; /* in the rule's order; the first is the learning rate */
  int64_t step;                        /* of the run, from 1 */
} dla_update_numbers;

/* What a group of parameters changes of them. */
typedef struct dla_update_change {
  double lr_scale;     /* factor on the learning rate */
  double weight_decay; /* instead of the rule's; NAN: the rule's */
} dla_update_change;

/* The i-th, or NULL behind the last; the first is the default. */
const dla_optimizer *dla_optimizer_at(int index);
/* By name ("sgd", "adam", "adamw", "lion"); NULL: there is none. */
const dla_optimizer *dla_optimizer_find(const char *name);

int dla_optimizer_number_count(const dla_optimizer *optimizer);
int dla_optimizer_state_count(const dla_optimizer *optimizer);
/* The place of a number ("lr", "momentum", "weight_decay"); -1: the rule has none of that name. */
int dla_optimizer_number_find(const dla_optimizer *optimizer, const char *name);

#endif
