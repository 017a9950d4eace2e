/* The optimizer that the configuration asks for. */
#include "config/config.h"
#include "config/schema.h"

const dla_optimizer *dla_config_optimizer(const dla_config *config)
{
  return dla_optimizer_find(config->optimizer.name);
}

/* A rule's numbers are keys of the section `optimizer`, by their names. */
static float number_of(const dla_config *config, const dla_optimizer_number *number)
{
  const void *field = (const char *)config + dla_key_find("optimizer", number->name)->offset;
  return number->boolean ? *(const bool *)field : (float)*(const double *)field;
}

dla_update_numbers dla_config_update(const dla_config *config, double lr)
{
  dla_update_numbers numbers = {.value = {(float)lr}};
  const dla_optimizer *optimizer = dla_config_optimizer(config);
  for (int i = 1; i < dla_optimizer_number_count(optimizer); i++)
    numbers.value[i] = number_of(config, &optimizer->number[i]);
  return numbers;
}
