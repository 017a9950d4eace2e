/* torch.optim.SGD's state_dict, where a number is a parameter's place in the model:
 * {'state': {0: {'momentum_buffer': tensor}}, 'param_groups': [{'lr': 0.1, 'params': [0]}]}. */
#include "base/try.h"
#include "checkpoint/names.h"
#include "checkpoint/pth_reader.h"

/* torch.optim numbers the model's trainable tensors in their order. */
static bool next_trainable(const dla_tensor_set *set, size_t *at)
{
  for (; *at < set->tensor_count; ++*at)
    if (dla_name_after(set->tensor[*at].name, DLA_NAME_MODEL) &&
        dla_name_is_trainable(set->tensor[*at].name))
      return true;
  return false;
}

/* What torch.optim.SGD keeps of a parameter: {'momentum_buffer': tensor or None}, or nothing. */
static dla_status add_momentum(dla_pth_reader *r, size_t parameter, const dla_pickle_value *kept)
{
  size_t count = 0;
  const dla_pickle_value *momentum = NULL;
  TRY(dla_pth_lookup(r, kept, "momentum_buffer", &momentum));
  dla_pickle_items(r->pickle, kept, &count);
  if (count != (momentum ? 2 : 0))
    return dla_fail_at(r->err, r->data_pkl, kept->offset, "save it without 'optimizer'",
                       "the optimizer's state is not that of torch.optim.SGD");
  if (!momentum || momentum->kind == DLA_PICKLE_NONE) return DLA_OK;
  const char *name = dla_name_after(r->set->tensor[parameter].name, DLA_NAME_MODEL);
  TRY(dla_pth_add_named(r, DLA_NAME_MOMENTUM, name, momentum));
  const dla_tensor_entry *added = &r->set->tensor[r->set->tensor_count - 1];
  if (dla_shape_equal(&added->shape, &r->set->tensor[parameter].shape)) return DLA_OK;
  return DLA_PTH_FAIL(r, momentum, "the momentum of '%.80s' has another shape than it", name);
}

/* The state's keys are numbers of parameters, in order; some may have none. */
static dla_status read_momentum(dla_pth_reader *r, const dla_pickle_value *state, size_t parameters)
{
  size_t count = 0, at = 0, used = 0;
  const dla_pickle_value *items = dla_pickle_items(r->pickle, state, &count);
  for (size_t i = 0; i < parameters; i++, at++) {
    if (!next_trainable(r->set, &at))
      return DLA_PTH_FAIL(r, state, "the optimizer has %zu parameters, but the model only %zu",
                          parameters, i);
    if (used == count || items[used].kind != DLA_PICKLE_INT || items[used].integer != (int64_t)i)
      continue;
    TRY(add_momentum(r, at, &items[used + 1]));
    used += 2;
  }
  if (next_trainable(r->set, &at))
    return DLA_PTH_FAIL(r, state, "the optimizer has %zu parameters, but the model more",
                        parameters);
  if (used < count)
    return DLA_PTH_FAIL(r, state, "the optimizer's state is not in the order of its parameters");
  return DLA_OK;
}

/* The one group of parameters, numbered from 0 up. */
static dla_status find_group(dla_pth_reader *r, const dla_pickle_value *optimizer,
                             const dla_pickle_value **group, size_t *count)
{
  const dla_pickle_value *groups = NULL, *parameters = NULL;
  TRY(dla_pth_lookup(r, optimizer, "param_groups", &groups));
  *group = groups ? dla_pickle_items(r->pickle, groups, count) : NULL;
  if (!*group || groups->kind != DLA_PICKLE_LIST || *count != 1)
    return DLA_PTH_FAIL(r, optimizer, "the optimizer has not just one group of parameters");
  TRY(dla_pth_lookup(r, *group, "params", &parameters));
  if (!parameters || parameters->kind != DLA_PICKLE_LIST)
    return DLA_PTH_FAIL(r, *group, "the optimizer has no list of parameters");
  const dla_pickle_value *numbers = dla_pickle_items(r->pickle, parameters, count);
  for (size_t i = 0; i < *count; i++)
    if (numbers[i].kind != DLA_PICKLE_INT || numbers[i].integer != (int64_t)i)
      return DLA_PTH_FAIL(r, parameters, "the optimizer's parameters are not numbered from 0 up");
  return DLA_OK;
}

static dla_status note_group(dla_pth_reader *r, const dla_pickle_value *group)
{
  static const char *const keys[] = {"lr", "momentum", "weight_decay", "nesterov"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const dla_pickle_value *value = NULL;
    double number;
    TRY(dla_pth_lookup(r, group, keys[i], &value));
    if (!value) continue;
    TRY(dla_pth_number(r, keys[i], value, &number));
    TRY(dla_pth_note(r, keys[i], number));
  }
  return DLA_OK;
}

dla_status dla_pth_read_optimizer(dla_pth_reader *r, const dla_pickle_value *optimizer, bool note)
{
  const dla_pickle_value *state = NULL, *group = NULL;
  size_t count = 0;
  TRY(find_group(r, optimizer, &group, &count));
  TRY(dla_pth_lookup(r, optimizer, "state", &state));
  if (!state || state->kind != DLA_PICKLE_DICT)
    return DLA_PTH_FAIL(r, optimizer, "the optimizer has no state");
  TRY(read_momentum(r, state, count));
  return note ? note_group(r, group) : DLA_OK;
}
