/* Update rules, as in torch.optim: the list of rules, and the numbers of a step.
 * dla/update_rule.h describes a rule. */
#ifndef DLA_OPTIMIZER_H
#define DLA_OPTIMIZER_H

#include <stdbool.h>
#include <stdint.h>

#include "dla/status.h"

enum { DLA_OPTIMIZER_NUMBERS = 8, DLA_OPTIMIZER_STATES = 4 };

typedef struct dla_optimizer dla_optimizer;

/* The numbers of one update. */
typedef struct dla_update_numbers {
  double value[DLA_OPTIMIZER_NUMBERS]; /* in the rule's order; the first is the learning rate */
  int64_t step;                        /* of the run, from 1 */
} dla_update_numbers;

/* What a parameter group changes. */
typedef struct dla_update_change {
  double lr_scale;     /* factor on the learning rate */
  double weight_decay; /* replaces the rule's; NAN: the rule's own */
} dla_update_change;

/* The i-th, or NULL past the last; the first is the default. */
const dla_optimizer *dla_optimizer_at(int index);
/* By its name, such as "sgd"; NULL: no such rule. */
const dla_optimizer *dla_optimizer_find(const char *name);

int dla_optimizer_number_count(const dla_optimizer *optimizer);
int dla_optimizer_state_count(const dla_optimizer *optimizer);
/* The index of a number ("lr", "momentum", "weight_decay"); -1: the rule has no such number. */
int dla_optimizer_number_find(const dla_optimizer *optimizer, const char *name);

#endif
