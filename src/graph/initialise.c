/* What parameters start from: torch.nn.Conv2d's and Linear's reset_parameters() draws weights from
 * kaiming_uniform(a = sqrt 5), whose bound is sqrt(6 / ((1 + 5) fan_in)) = 1 / sqrt(fan_in), and
 * the bias from the same; torch.nn.BatchNorm2d starts at one and zero. */
#include <math.h>
#include <stdlib.h>

#include "base/philox.h"
#include "dla/network.h"
#include "graph/internal.h"

/* FNV-1a: a parameter's numbers depend on its name, not on its place in the graph. */
static uint64_t hash_name(const char *name)
{
  uint64_t hash = 0xcbf29ce484222325u;
  for (; *name; name++)
    hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
  return hash;
}

static void initial_values(const dla_parameter *parameter, uint64_t seed, float *values)
{
  int64_t count = dla_shape_count(&parameter->shape);
  dla_random random = dla_random_at(seed, DLA_RANDOM_WEIGHTS, hash_name(parameter->name), 0);
  double bound = parameter->fan_in ? 1 / sqrt((double)parameter->fan_in) : 0;
  for (int64_t i = 0; i < count; i++)
    values[i] = parameter->fan_in ? (float)((2.0 * dla_random_float(&random) - 1) * bound)
                                  : parameter->initial;
}

dla_status dla_network_initialise(dla_network *network, uint64_t seed, dla_error *err)
{
  dla_status status = DLA_OK;
  for (int i = 0; i < dla_network_parameter_count(network) && !status; i++) {
    const dla_parameter *parameter = dla_network_parameter_rule(network, i);
    size_t count = (size_t)dla_shape_count(&parameter->shape);
    float *values = calloc(count, sizeof *values);
    if (!values) return dla_fail_memory(err, "the initial parameters");
    if (parameter->trainable && dla_network_is_training(network))
      status = dla_network_write(network, i, DLA_PARAMETER_MOMENTUM, values, err);
    initial_values(parameter, seed, values);
    if (!status) status = dla_network_write(network, i, DLA_PARAMETER_VALUE, values, err);
    free(values);
  }
  return status;
}
