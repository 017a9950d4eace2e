/* Reads and writes the network's parameters, and shares them with other ranks. */
#include <stdlib.h>
#include <string.h>

#include "graph/internal.h"
#include "graph/programs.h"

int dla_network_parameter_count(const dla_network *net)
{
  return net->graph->parameter_count;
}

dla_status dla_network_clear_states(dla_network *net, dla_error *err)
{
  return dla_store_clear_states(&net->store, &net->engine, net->graph, err);
}

const dla_parameter *dla_network_parameter_rule(const dla_network *net, int index)
{
  return &net->graph->parameter[index];
}

dla_parameter_info dla_network_parameter(const dla_network *net, int index)
{
  const dla_parameter *p = &net->graph->parameter[index];
  return (dla_parameter_info){p->name, p->stored.rank ? p->stored : p->shape, p->trainable,
                              p->whitens};
}

/* Copies the columns [column, column + columns) of a matrix's rows to or from a dense matrix: the
 * part of a convolution's weights for one of several sources. */
static void copy_part(const dla_shape *whole, const dla_shape *part, int64_t first_channel,
                      float *whole_write, const float *whole_read, float *part_write,
                      const float *part_read)
{
  int64_t inner = whole->rank == 4 ? whole->dim[2] * whole->dim[3] : 1;
  int64_t row = whole->rank > 1 ? whole->dim[1] * inner : 1, rows = whole->dim[0];
  int64_t columns = part->rank > 1 ? part->dim[1] * inner : 1, column = first_channel * inner;
  for (int64_t r = 0; r < rows; r++) {
    size_t bytes = (size_t)columns * sizeof(float);
    if (whole_write)
      memcpy(whole_write + r * row + column, part_read + r * columns, bytes);
    else
      memcpy(part_write + r * columns, whole_read + r * row + column, bytes);
  }
}

static dla_status copy_parameter(dla_network *net, int index, dla_parameter_array array,
                                 float *read_into, const float *write_from, dla_error *err)
{
  dla_compiled *c =
      &net->compiled[0]; /* every program has all parameters; the first always exists */
  const dla_parameter *parameter = &net->graph->parameter[index];
  float *apart = dla_store_apart(&net->store, net->graph, index, array);
  if (apart) {
    copy_part(&parameter->shape, &parameter->shape, 0, read_into, write_from, apart, apart);
    return DLA_OK;
  }
  float *dense = NULL; /* a dense copy of one part */
  dla_status status = DLA_OK;
  int64_t channel = 0;
  for (int part = 0; !status; part++) {
    dla_value value;
    int at = dla_store_find(&net->store, c->program, index, part, array, &value);
    if (at < 0) break;
    /* Work in the program's own value: the backend knows its layout. */
    dla_value *home = &c->program->value[at];
    void *data = home->data;
    const bool whole = dla_shape_equal(&value.shape, &parameter->shape);
    if (!whole && !dense)
      dense = malloc((size_t)dla_shape_count(&parameter->shape) * sizeof *dense);
    if (!whole && !dense) return dla_fail_memory(err, "a parameter");
    home->data = value.data;
    if (whole && read_into) {
      status = net->engine.backend->read(c->plan, home, read_into, err);
    } else if (whole) {
      status = net->engine.backend->write(c->plan, home, write_from, err);
    } else if (read_into) {
      status = net->engine.backend->read(c->plan, home, dense, err);
      copy_part(&parameter->shape, &value.shape, channel, read_into, NULL, NULL, dense);
    } else {
      copy_part(&parameter->shape, &value.shape, channel, NULL, write_from, dense, NULL);
      status = net->engine.backend->write(c->plan, home, dense, err);
    }
    home->data = data;
    channel += value.shape.rank > 1 ? value.shape.dim[1] : 0;
  }
  free(dense);
  return status;
}

dla_status dla_network_read(dla_network *net, int index, dla_parameter_array array, float *plain,
                            dla_error *err)
{
  return copy_parameter(net, index, array, plain, NULL, err);
}

dla_status dla_network_write(dla_network *net, int index, dla_parameter_array array,
                             const float *plain, dla_error *err)
{
  net->prepared = NULL;
  return copy_parameter(net, index, array, NULL, plain, err);
}

dla_status dla_network_share_parameters(dla_network *net, dla_error *err)
{
  uint64_t layout = dla_store_layout(&net->store, net->compiled[0].program), first = layout;
  dla_dist_broadcast(net->dist, &first, sizeof first);
  if (dla_dist_any(net->dist, layout != first))
    return dla_fail(err, DLA_E_UNSUPPORTED, NULL,
                    "use hosts of one kind, or backend.name=reference",
                    "the ranks' processors lay the parameters out in different ways");
  dla_dist_broadcast(net->dist, net->store.parameters.data, net->store.trainable_bytes);
  for (int k = 0; k < net->store.states; k++)
    dla_dist_broadcast(net->dist, net->store.optimizer[k].data, net->store.trainable_bytes);
  if (net->store.averaged) {
    dla_dist_broadcast(net->dist, net->store.average.data, net->store.trainable_bytes);
    dla_dist_broadcast(net->dist, net->store.average_state.data, net->store.state_bytes);
  }
  dla_network_share_statistics(net);
  return DLA_OK;
}

void dla_network_share_statistics(dla_network *net)
{
  net->prepared = NULL;
  dla_dist_broadcast(net->dist, net->store.state.data, net->store.state_bytes);
}

size_t dla_network_parameter_bytes(const dla_network *net)
{
  return dla_store_bytes(&net->store);
}
