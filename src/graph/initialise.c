/* Initial values of parameters. As in torch.nn.Conv2d's and Linear's reset_parameters(), weights
 * come from kaiming_uniform(a = sqrt 5), whose bound is sqrt(6 / ((1 + 5) fan_in)) = 1 /
 * sqrt(fan_in); the bias has the same bound. As in torch.nn.BatchNorm2d, batch norms start at one
 * and zero. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/philox.h"
#include "base/team.h"
#include "dla/network.h"
#include "graph/internal.h"

enum { RUN = 1 << 14 }; /* numbers that a thread draws at a time */

typedef struct drawing {
  const dla_parameter *parameter;
  uint64_t seed;
  int64_t count;
  float *values;
} drawing;

static void draw_run(const drawing *d, int64_t first)
{
  const dla_parameter *p = d->parameter;
  /* A parameter's numbers depend on its name, not on its place in the graph. */
  uint64_t name = dla_hash(DLA_HASH_EMPTY, p->name, strlen(p->name));
  dla_random random = dla_random_at(d->seed, DLA_RANDOM_WEIGHTS, name, 0);
  double bound = p->fan_in ? 1 / sqrt((double)p->fan_in) : 0;
  int64_t end = d->count - first < RUN ? d->count : first + RUN;
  if (p->fan_in)
    dla_random_fill(&random, (uint32_t)first, d->values + first, (size_t)(end - first));
  for (int64_t i = first; i < end; i++)
    d->values[i] = p->fan_in ? (float)((2.0 * d->values[i] - 1) * bound) : p->initial;
}

/* torch.nn.init.dirac_() of the first filters, one per input channel. */
static void hand_channels_on(const dla_parameter *p, float *values)
{
  const int64_t channels = p->shape.dim[1], plane = p->shape.dim[2] * p->shape.dim[3];
  const int64_t filters = p->shape.dim[0] < channels ? p->shape.dim[0] : channels;
  memset(values, 0, (size_t)(filters * channels * plane) * sizeof *values);
  for (int64_t i = 0; i < filters; i++)
    values[(i * channels + i) * plane + plane / 2] = 1;
}

static void draw(const void *context, dla_items *items)
{
  for (int64_t run; dla_items_next(items, &run);)
    draw_run(context, run * RUN);
}

dla_status dla_network_initialise(dla_network *network, uint64_t seed, dla_error *err)
{
  dla_status status = dla_network_clear_states(network, err);
  for (int i = 0; i < dla_network_parameter_count(network) && !status; i++) {
    const dla_parameter *parameter = dla_network_parameter_rule(network, i);
    size_t count = (size_t)dla_shape_count(&parameter->shape);
    float *values = malloc(count * sizeof *values);
    if (!values) return dla_fail_memory(err, "the initial parameters");
    const drawing d = {parameter, seed, (int64_t)count, values};
    dla_team_run(dla_network_team(network), (d.count + RUN - 1) / RUN, draw, &d);
    if (parameter->dirac) hand_channels_on(parameter, values);
    status = dla_network_write(network, i, DLA_PARAMETER_VALUE, values, err);
    free(values);
  }
  return status;
}
