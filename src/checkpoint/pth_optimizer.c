/* torch.optim's state_dict. Numbers are the parameters' places in the model: {'state': {0:
 * {'momentum_buffer': tensor}}, 'param_groups': [{'lr': 0.1, 'params': [0]}]}. */
#include <stdio.h>
#include <stdlib.h>

#include "base/try.h"
#include "checkpoint/names.h"
#include "checkpoint/pth_reader.h"
#include "dla/optimizer.h"
#include "dla/update_rule.h"

static bool is_known(const dla_optimizer *optimizer, const dla_pickle_value *key)
{
  for (int k = 0; k < dla_optimizer_state_count(optimizer); k++)
    if (dla_pickle_is_string(key, optimizer->state[k].torch_name)) return true;
  return optimizer->torch_step && dla_pickle_is_string(key, "step");
}

/* One parameter's states, such as {'momentum_buffer': tensor or None}; may be missing. */
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
  if (optimizer->torch_step) {
    const dla_pickle_value *step = NULL; /* the run counts its steps itself */
    TRY(dla_pth_lookup(r, kept, "step", &step));
    known += step != NULL;
  }
  const dla_pickle_value *items = dla_pickle_items(r->pickle, kept, &count);
  if (count == 2 * known) return DLA_OK;
  for (size_t i = 0; i < count; i += 2)
    if (items[i].kind == DLA_PICKLE_STRING && !is_known(optimizer, &items[i]) &&
        !dla_pickle_is_string(&items[i], "step"))
      return DLA_PTH_FAIL(r, kept, "it has '%.*s', which %s has not",
                          items[i].count < 40 ? (int)items[i].count : 40,
                          (const char *)items[i].bytes, optimizer->name);
  return DLA_PTH_FAIL(r, kept, "it is not that of %s", optimizer->name);
}

/* kept: states by the tensor's place. */
static dla_status add_all_states(dla_pth_reader *r, const dla_optimizer *optimizer,
                                 const dla_pickle_value **kept, size_t tensors)
{
  for (size_t t = 0; t < tensors; t++)
    if (kept[t]) TRY(add_states(r, optimizer, t, kept[t]));
  return DLA_OK;
}

/* How many numbers of the rule a group has; 0 unless it has all. */
static dla_status count_numbers(dla_pth_reader *r, const dla_pickle_value *group,
                                const dla_optimizer *optimizer, int *count)
{
  const dla_torch_field *field = optimizer->torch_group;
  const dla_pickle_value *value = group;
  *count = 0;
  for (int i = 0; value && i < DLA_OPTIMIZER_FIELDS && field[i].name; i++)
    if (field[i].kind == DLA_TORCH_NUMBER || field[i].kind == DLA_TORCH_BETAS) {
      TRY(dla_pth_lookup(r, group, field[i].name, &value));
      ++*count;
    }
  if (!value) *count = 0;
  return DLA_OK;
}

/* The rule that most numbers fit: Adam has all of Lion's. Of two that look alike, as Adam and
 * AdamW, it is the first in the list. */
static dla_status find_optimizer(dla_pth_reader *r, const dla_pickle_value *group,
                                 const dla_optimizer **optimizer)
{
  const dla_optimizer *rule;
  int most = 0, count;
  *optimizer = dla_optimizer_at(0);
  for (int o = 0; (rule = dla_optimizer_at(o)); o++) {
    TRY(count_numbers(r, group, rule, &count));
    if (count <= most) continue;
    most = count;
    *optimizer = rule;
  }
  return DLA_OK;
}

/* Notes beta1 and beta2 from a group's betas. */
static dla_status note_betas(dla_pth_reader *r, const dla_pickle_value *group)
{
  static const char *const keys[] = {"beta1", "beta2"};
  const dla_pickle_value *betas = NULL, *items;
  size_t count = 0;
  double number;
  TRY(dla_pth_lookup(r, group, "betas", &betas));
  items = betas ? dla_pickle_items(r->pickle, betas, &count) : NULL;
  for (size_t i = 0; i < 2 && count == 2; i++)
    if (dla_pth_number(r, &items[i], &number)) TRY(dla_pth_note(r, keys[i], number));
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
  TRY(note_betas(r, group));
  return optimizer == dla_optimizer_at(0)
             ? DLA_OK
             : dla_tensor_set_note(r->set, "optimizer", optimizer->name, r->err);
}

static dla_status read_all(dla_pth_reader *r, const dla_pickle_value *optimizer, bool note)
{
  const dla_optimizer *rule = NULL;
  const dla_pickle_value *state = NULL, *groups = NULL, *group;
  size_t count = 0, tensors = r->set->tensor_count;
  TRY(dla_pth_lookup(r, optimizer, "param_groups", &groups));
  TRY(dla_pth_lookup(r, optimizer, "state", &state));
  group = groups ? dla_pickle_items(r->pickle, groups, &count) : NULL;
  if (!count || groups->kind != DLA_PICKLE_LIST || !state || state->kind != DLA_PICKLE_DICT)
    return DLA_PTH_FAIL(r, optimizer, "it is no state_dict of torch.optim");
  TRY(find_optimizer(r, group, &rule));
  if (note) TRY(note_group(r, rule, group));
  const dla_pickle_value **kept = calloc(tensors + 1, sizeof *kept);
  if (!kept) return dla_fail_memory(r->err, "a checkpoint");
  dla_status status = dla_pth_match_groups(r, rule, groups, state, kept);
  if (!status) status = add_all_states(r, rule, kept, tensors);
  free(kept);
  return status;
}

/* An optimizer in an unknown form is left out; the weights are still read. */
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
