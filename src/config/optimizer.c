/* The optimizer that the configuration asks for. */
#include "config/config.h"
#include "config/schema.h"

const dla_optimizer *dla_config_optimizer(const dla_config *config)
{
  return dla_optimizer_find(config->optimizer.name);
}

/* The numbers of a rule are keys of the section `optimizer`, by name. */
static double number_of(const dla_config *config, const dla_optimizer_number *number)
{
  const void *field = (const char *)config + dla_key_find("optimizer", number->name)->offset;
  return number->boolean ? *(const bool *)field : *(const double *)field;
}

dla_update_numbers dla_config_update(const dla_config *config, double lr)
{
  dla_update_numbers numbers = {.value = {lr}};
  const dla_optimizer *optimizer = dla_config_optimizer(config);
  for (int i = 1; i < dla_optimizer_number_count(optimizer); i++)
    numbers.value[i] = number_of(config, &optimizer->number[i]);
  return numbers;
}

/* Numbers that were not given get the rule's own defaults: Adam's rate is not SGD's. */
void dla_config_settle_optimizer(dla_config *config)
{
  const dla_optimizer *optimizer = dla_config_optimizer(config);
  for (int i = 0; i < dla_optimizer_number_count(optimizer); i++) {
    const dla_optimizer_number *number = &optimizer->number[i];
    void *field = (char *)config + dla_key_find("optimizer", number->name)->offset;
    if (dla_config_given(config, "optimizer", number->name) != DLA_GIVEN_NOWHERE) continue;
    if (number->boolean)
      *(bool *)field = number->initial != 0;
    else
      *(double *)field = number->initial;
  }
}
