/* torch.optim's state_dict, where a number is a parameter's place in the model:
 * {'state': {0: {'momentum_buffer': tensor}}, 'param_groups': [{'lr': 0.1, 'params': [0]}]}. */
#include <stdio.h>
#include <stdlib.h>

#include "base/try.h"
#include "checkpoint/names.h"
#include "checkpoint/pth_reader.h"
#include "dla/optimizer.h"

/* torch.optim numbers the model's trainable tensors in their order. */
static bool next_trainable(const dla_tensor_set *set, size_t *at)
{
  for (; *at < set->tensor_count; ++*at)
    if (dla_name_after(set->tensor[*at].name, DLA_NAME_MODEL) &&
        dla_name_is_trainable(set->tensor[*at].name))
      return true;
  return false;
}

/* Of a parameter: {'momentum_buffer': tensor or None}, say, or nothing. */
static dla_status add_states(dla_pth_reader *r, const dla_optimizer *optimizer, size_t parameter,
                             const dla_pickle_value *kept)
{
  size_t count = 0, known = 0;
  const char *name = dla_name_after(r->set->tensor[parameter].name, DLA_NAME_MODEL);
  for (int k = 0; k < dla_optimizer_state_count(optimizer); k++) {
    const dla_pickle_value *state = NULL;
    char prefix[80];
    TRY(dla_pth_lookup(r, kept, optimizer->state[k].torch_name, &state));
    known += state != NULL;
    if (!state || state->kind == DLA_PICKLE_NONE) continue;
    snprintf(prefix, sizeof prefix, DLA_NAME_OPTIMIZER "%s.", optimizer->state[k].name);
    if (!dla_pth_is_tensor(r, state))
      return DLA_PTH_FAIL(r, state, "the %s of '%.80s' is no tensor", optimizer->state[k].name,
                          name);
    TRY(dla_pth_add_tensor(r, prefix, name, state));
    const dla_tensor_entry *added = &r->set->tensor[r->set->tensor_count - 1];
    if (!dla_shape_equal(&added->shape, &r->set->tensor[parameter].shape))
      return DLA_PTH_FAIL(r, state, "the %s of '%.80s' has another shape than it",
                          optimizer->state[k].name, name);
  }
  dla_pickle_items(r->pickle, kept, &count);
  if (count == 2 * known) return DLA_OK;
  return DLA_PTH_FAIL(r, kept, "it is not that of torch.optim.SGD");
}

/* The state's keys are numbers of parameters, in order; some may have none. */
static dla_status read_states(dla_pth_reader *r, const dla_optimizer *optimizer,
                              const dla_pickle_value *state, size_t parameters)
{
  size_t count = 0, at = 0, used = 0;
  const dla_pickle_value *items = dla_pickle_items(r->pickle, state, &count);
  for (size_t i = 0; i < parameters; i++, at++) {
    if (!next_trainable(r->set, &at))
      return DLA_PTH_FAIL(r, state, "the optimizer has %zu parameters, but the model only %zu",
                          parameters, i);
    if (used == count || items[used].kind != DLA_PICKLE_INT || items[used].integer != (int64_t)i)
      continue;
    TRY(add_states(r, optimizer, at, &items[used + 1]));
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
    return DLA_PTH_FAIL(r, optimizer,
                        "it has several groups of parameters, whose names it does not say");
  TRY(dla_pth_lookup(r, *group, "params", &parameters));
  if (!parameters || parameters->kind != DLA_PICKLE_LIST)
    return DLA_PTH_FAIL(r, *group, "the optimizer has no list of parameters");
  const dla_pickle_value *numbers = dla_pickle_items(r->pickle, parameters, count);
  for (size_t i = 0; i < *count; i++)
    if (numbers[i].kind != DLA_PICKLE_INT || numbers[i].integer != (int64_t)i)
      return DLA_PTH_FAIL(r, parameters, "the optimizer's parameters are not numbered from 0 up");
  return DLA_OK;
}

/* The first whose numbers the group has all of. */
static dla_status find_optimizer(dla_pth_reader *r, const dla_pickle_value *group,
                                 const dla_optimizer **optimizer)
{
  for (int o = 0; (*optimizer = dla_optimizer_at(o)); o++) {
    const dla_pickle_value *value = group;
    for (int i = 0; value && i < dla_optimizer_number_count(*optimizer); i++)
      TRY(dla_pth_lookup(r, group, (*optimizer)->number[i].name, &value));
    if (value) return DLA_OK;
  }
  *optimizer = dla_optimizer_at(0);
  return DLA_OK;
}

static dla_status note_group(dla_pth_reader *r, const dla_optimizer *optimizer,
                             const dla_pickle_value *group)
{
  for (int i = 0; i < dla_optimizer_number_count(optimizer); i++) {
    const char *key = optimizer->number[i].name;
    const dla_pickle_value *value = NULL;
    double number;
    TRY(dla_pth_lookup(r, group, key, &value));
    if (!value) continue;
    if (dla_pth_number(r, value, &number)) TRY(dla_pth_note(r, key, number));
  }
  return DLA_OK;
}

static dla_status read_all(dla_pth_reader *r, const dla_pickle_value *optimizer, bool note)
{
  const dla_optimizer *rule = NULL;
  const dla_pickle_value *state = NULL, *group = NULL;
  size_t count = 0;
  TRY(find_group(r, optimizer, &group, &count));
  TRY(find_optimizer(r, group, &rule));
  TRY(dla_pth_lookup(r, optimizer, "state", &state));
  if (!state || state->kind != DLA_PICKLE_DICT)
    return DLA_PTH_FAIL(r, optimizer, "the optimizer has no state");
  if (note) TRY(note_group(r, rule, group));
  return read_states(r, rule, state, count);
}

/* What is not as torch.optim.SGD would have it costs the momentum, not the weights. */
dla_status dla_pth_read_optimizer(dla_pth_reader *r, const dla_pickle_value *optimizer, bool note)
{
  const size_t tensors = r->set->tensor_count;
  dla_error why = {0}, *before = r->err;
  r->err = &why;
  dla_status status = read_all(r, optimizer, note);
  r->err = before;
  if (status == DLA_E_MEMORY) *before = why;
  if (status != DLA_E_INPUT) return status;
  while (r->set->tensor_count > tensors)
    free(r->set->tensor[--r->set->tensor_count].name);
  dla_tensor_set_warn(r->set, "its optimizer's state is left out: %s; the optimizer starts anew",
                      why.what);
  return DLA_OK;
}
