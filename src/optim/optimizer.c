#include "dla/update_rule.h"

#include <math.h>
#include <string.h>

#include "optim/rules.h"

static const dla_optimizer *const table[] = {&dla_optimizer_sgd, &dla_optimizer_adam,
                                             &dla_optimizer_adamw, &dla_optimizer_lion};

const dla_optimizer *dla_optimizer_at(int index)
{
  int count = (int)(sizeof table / sizeof *table);
  return index >= 0 && index < count ? table[index] : NULL;
}

const dla_optimizer *dla_optimizer_find(const char *name)
{
  for (int i = 0; dla_optimizer_at(i); i++)
    if (strcmp(table[i]->name, name) == 0) return table[i];
  return NULL;
}

int dla_optimizer_number_count(const dla_optimizer *optimizer)
{
  int count = 0;
  while (count < DLA_OPTIMIZER_NUMBERS && optimizer->number[count].name)
    count++;
  return count;
}

int dla_optimizer_state_count(const dla_optimizer *optimizer)
{
  int count = 0;
  while (count < DLA_OPTIMIZER_STATES && optimizer->state[count].name)
    count++;
  return count;
}

int dla_optimizer_number_find(const dla_optimizer *optimizer, const char *name)
{
  for (int i = 0; i < dla_optimizer_number_count(optimizer); i++)
    if (strcmp(optimizer->number[i].name, name) == 0) return i;
  return -1;
}

dla_update_numbers dla_update_changed(const dla_optimizer *optimizer,
                                      const dla_update_numbers *numbers,
                                      const dla_update_change *change)
{
  dla_update_numbers changed = *numbers;
  const int decay = dla_optimizer_number_find(optimizer, "weight_decay");
  changed.value[0] *= change->lr_scale;
  if (decay >= 0 && !isnan(change->weight_decay)) changed.value[decay] = change->weight_decay;
  return changed;
}
