#include "checkpoint/arrays.h"

#include <stdio.h>

#include "checkpoint/names.h"
#include "dla/update_rule.h"

const char *dla_array_name(dla_tensor_name name, const dla_network *network,
                           dla_parameter_array array, const char *prefix, const char *parameter)
{
  const dla_optimizer *optimizer = dla_network_optimizer(network);
  const bool state = array > DLA_PARAMETER_VALUE && array < DLA_PARAMETER_AVERAGE;
  if (state || (array == DLA_PARAMETER_VALUE && dla_network_averages(network)))
    snprintf(name, sizeof(dla_tensor_name), DLA_NAME_OPTIMIZER "%s.%s%s",
             state ? optimizer->state[array - DLA_PARAMETER_STATE].name : DLA_NAME_VALUES, prefix,
             parameter);
  else
    snprintf(name, sizeof(dla_tensor_name), DLA_NAME_MODEL "%s%s", prefix, parameter);
  return name;
}

int dla_state_count(const dla_network *network)
{
  const dla_optimizer *optimizer = dla_network_optimizer(network);
  return optimizer ? dla_optimizer_state_count(optimizer) : 0;
}
