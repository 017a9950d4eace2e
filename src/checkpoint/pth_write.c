/* The pickle uses protocol 2, torch.save's default, with only the opcodes that
 * torch.load(weights_only=True) supports (torch/_weights_only_unpickler.py). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/names.h"
#include "checkpoint/pth.h"
#include "checkpoint/zip_write.h"
#include "dla/update_rule.h"

/* PyTorch 1.13 refuses floats when it loads only weights (pytorch/pytorch issue 94670), but
 * accepts tensors without dimensions. All versions compute with those as with floats. So the
 * percentage and the optimizer's numbers are such tensors. */
typedef struct writer {
  const dla_tensor_set *set;
  const dla_optimizer *optimizer; /* NULL: an optimizer that this version lacks */
  dla_parameter_groups *groups;
  dla_strbuf pickle;
  double *number; /* their storages are numbered after the tensors' */
  size_t numbers;
} writer;

static void put(dla_strbuf *out, const char *opcodes)
{
  dla_strbuf_append(out, opcodes, strlen(opcodes));
}

static void put_text(dla_strbuf *out, const char *text)
{
  const uint32_t length = (uint32_t)strlen(text);
  put(out, "X");
  dla_strbuf_append(out, (const char *)&length, sizeof length);
  put(out, text);
}

static void put_integer(dla_strbuf *out, int64_t number)
{
  const int32_t small = (int32_t)number;
  put(out, number == small ? "J" : "\x8a\x08"); /* BININT, or LONG1 with 8 bytes */
  if (number == small)
    dla_strbuf_append(out, (const char *)&small, sizeof small);
  else
    dla_strbuf_append(out, (const char *)&number, sizeof number);
}

static void put_bool(dla_strbuf *out, bool truth)
{
  put(out, truth ? "\x88" : "\x89");
}

static void put_ordered_dict(dla_strbuf *out)
{
  put(out, "ccollections\nOrderedDict\n)R");
}

static void put_sizes(dla_strbuf *out, const int64_t *sizes, int count)
{
  put(out, "(");
  for (int i = 0; i < count; i++)
    put_integer(out, sizes[i]);
  put(out, "t");
}

/* _rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict()). The storage is all of
 * data/NUMBER. */
static void put_storage(dla_strbuf *out, size_t number, dla_dtype dtype, const dla_shape *shape)
{
  char key[32];
  int64_t stride[DLA_MAX_RANK], count = 1;
  snprintf(key, sizeof key, "%zu", number);
  for (int i = shape->rank - 1; i >= 0; i--) {
    stride[i] = count;
    count *= shape->dim[i];
  }
  put(out, "ctorch._utils\n_rebuild_tensor_v2\n((");
  put_text(out, "storage");
  dla_strbuf_printf(out, "ctorch\n%s\n", dla_dtype_storage(dtype));
  put_text(out, key);
  put_text(out, "cpu");
  put_integer(out, count);
  put(out, "tQ");
  put_integer(out, 0);
  put_sizes(out, shape->dim, shape->rank);
  put_sizes(out, stride, shape->rank);
  put_bool(out, false);
  put_ordered_dict(out);
  put(out, "tR");
}

/* A tensor's storage has the number of its place in the set. */
static void put_tensor(writer *w, const dla_tensor_entry *tensor)
{
  put_storage(&w->pickle, (size_t)(tensor - w->set->tensor), tensor->dtype, &tensor->shape);
}

static void put_number(writer *w, double number)
{
  w->number[w->numbers] = number;
  put_storage(&w->pickle, w->set->tensor_count + w->numbers, DLA_F64, &(dla_shape){0});
  w->numbers++;
}

static void put_net(writer *w)
{
  const dla_tensor_set *set = w->set;
  dla_strbuf *out = &w->pickle;
  put_text(out, "net");
  put_ordered_dict(out);
  put(out, "(");
  for (size_t i = 0; i < set->tensor_count; i++) {
    const char *name = dla_name_after(set->tensor[i].name, DLA_NAME_MODEL);
    if (!name) continue;
    put_text(out, name);
    put_tensor(w, &set->tensor[i]);
  }
  put(out, "u");
}

/* Under the keys of the PyTorch program. */
static void put_state(writer *w)
{
  const dla_tensor_set *set = w->set;
  dla_strbuf *out = &w->pickle;
  const char *epoch = dla_tensor_set_get(set, "epoch");
  const char *best = dla_tensor_set_get(set, "best_accuracy");
  if (best) {
    put_text(out, "acc");
    put_number(w, 100 * strtod(best, NULL));
  }
  if (epoch) {
    put_text(out, "epoch");
    put_integer(out, strtoll(epoch, NULL, 10));
  }
}

/* ---- The optimizer ---- */

typedef char tensor_name[512];

/* Is it an optimizer state of a trainable tensor? */
static bool is_state(const writer *w, const dla_tensor_entry *tensor)
{
  for (int k = 0; w->optimizer && k < dla_optimizer_state_count(w->optimizer); k++) {
    const char *name = dla_name_after_state(tensor->name, w->optimizer->state[k].name);
    if (!name || !dla_name_is_trainable(name)) continue;
    tensor_name full;
    snprintf(full, sizeof full, DLA_NAME_MODEL "%s", name);
    const dla_tensor_entry *model = dla_tensor_set_find(w->set, full);
    return model && dla_shape_equal(&model->shape, &tensor->shape);
  }
  return false;
}

static bool has_state(const writer *w)
{
  for (size_t i = 0; i < w->set->tensor_count; i++)
    if (is_state(w, &w->set->tensor[i])) return true;
  return false;
}

static const dla_tensor_entry *state_of(const writer *w, const char *parameter, int state)
{
  tensor_name name;
  snprintf(name, sizeof name, DLA_NAME_OPTIMIZER "%s.%s", w->optimizer->state[state].name,
           parameter);
  const dla_tensor_entry *tensor = dla_tensor_set_find(w->set, name);
  return tensor && is_state(w, tensor) ? tensor : NULL;
}

static double note_of(const writer *w, const char *key)
{
  const char *text = dla_tensor_set_get(w->set, key);
  return text ? strtod(text, NULL) : 0;
}

static void put_betas(writer *w)
{
  put(&w->pickle, "(");
  put_number(w, note_of(w, "beta1"));
  put_number(w, note_of(w, "beta2"));
  put(&w->pickle, "t");
}

/* The numbers of a group. */
static dla_update_numbers numbers_of(const writer *w, int group)
{
  dla_update_numbers numbers = {0};
  const dla_update_change change = dla_parameter_groups_at(w->groups, group);
  for (int i = 0; i < dla_optimizer_number_count(w->optimizer); i++)
    numbers.value[i] = note_of(w, w->optimizer->number[i].name);
  return dla_update_changed(w->optimizer, &numbers, &change);
}

static void put_field(writer *w, const dla_torch_field *field, const dla_update_numbers *numbers)
{
  dla_strbuf *out = &w->pickle;
  int place = dla_optimizer_number_find(w->optimizer, field->name);
  put_text(out, field->name);
  if (field->kind == DLA_TORCH_NONE)
    put(out, "N");
  else if (field->kind == DLA_TORCH_ZERO)
    put_integer(out, 0);
  else if (field->kind == DLA_TORCH_FALSE)
    put_bool(out, false);
  else if (field->kind == DLA_TORCH_BETAS)
    put_betas(w);
  else if (w->optimizer->number[place].boolean)
    put_bool(out, numbers->value[place] != 0);
  else
    put_number(w, numbers->value[place]);
}

/* The next trainable parameter of a group, and its name; NULL starts, or ends, the list. */
static const dla_tensor_entry *next_parameter(const writer *w, int group,
                                              const dla_tensor_entry *after, const char **name)
{
  const dla_tensor_set *set = w->set;
  const dla_tensor_entry *t = after ? after + 1 : set->tensor;
  for (; t < set->tensor + set->tensor_count; t++) {
    *name = dla_name_after(t->name, DLA_NAME_MODEL);
    if (*name && dla_name_is_trainable(*name) &&
        dla_parameter_groups_find(w->groups, *name, t->shape.rank) == group)
      return t;
  }
  return NULL;
}

/* With several groups: the names that torch.optim stores for named parameters. */
static void put_names(writer *w, int group)
{
  const char *name;
  const dla_tensor_entry *t = NULL;
  put_text(&w->pickle, "param_names");
  put(&w->pickle, "](");
  while ((t = next_parameter(w, group, t, &name)))
    put_text(&w->pickle, name);
  put(&w->pickle, "e");
}

/* number: the group's first parameter; set to the next group's. Later versions of PyTorch supply
 * fields that they have added. */
static void put_group(writer *w, int group, int64_t *number)
{
  dla_strbuf *out = &w->pickle;
  const char *name;
  const dla_update_numbers numbers = numbers_of(w, group);
  const dla_tensor_entry *t = next_parameter(w, group, NULL, &name);
  if (!t) return;
  put(out, "}(");
  for (int i = 0; i < DLA_OPTIMIZER_FIELDS && w->optimizer->torch_group[i].name; i++)
    put_field(w, &w->optimizer->torch_group[i], &numbers);
  put_text(out, "params");
  put(out, "](");
  for (; t; t = next_parameter(w, group, t, &name))
    put_integer(out, (*number)++);
  put(out, "e");
  if (dla_parameter_groups_are_several(w->groups)) put_names(w, group);
  put(out, "ua");
}

/* torch.optim stores the step as a tensor. */
static void put_step(writer *w)
{
  const char *step = dla_tensor_set_get(w->set, "step");
  put_text(&w->pickle, "step");
  put_integer(&w->pickle, step ? strtoll(step, NULL, 10) : 0);
  put(&w->pickle, "s");
}

static void put_states(writer *w, const char *parameter, int64_t number)
{
  dla_strbuf *out = &w->pickle;
  int states = 0;
  for (int k = 0; k < dla_optimizer_state_count(w->optimizer); k++) {
    const dla_tensor_entry *state = state_of(w, parameter, k);
    if (!state) continue;
    if (states++ == 0) {
      put_integer(out, number);
      put(out, "}");
      if (w->optimizer->torch_step) put_step(w);
    }
    put_text(out, w->optimizer->state[k].torch_name);
    put_tensor(w, state);
    put(out, "s");
  }
}

static void put_optimizer(writer *w)
{
  dla_strbuf *out = &w->pickle;
  const int groups = dla_parameter_groups_count(w->groups);
  int64_t number = 0;
  put_text(out, "optimizer");
  put(out, "}(");
  put_text(out, "state");
  put(out, "}(");
  for (int group = 0; group < groups; group++) {
    const char *name;
    const dla_tensor_entry *t = NULL;
    while ((t = next_parameter(w, group, t, &name)))
      put_states(w, name, number++);
  }
  put(out, "u");
  put_text(out, "param_groups");
  put(out, "]");
  number = 0;
  for (int group = 0; group < groups; group++)
    put_group(w, group, &number);
  put(out, "u");
}

/* ---- The whole ---- */

/* The metadata, and tensors without another place. */
static void put_own(writer *w)
{
  const dla_tensor_set *set = w->set;
  dla_strbuf *out = &w->pickle;
  put_text(out, DLA_PTH_OWN);
  put(out, "}(");
  for (size_t i = 0; i < set->note_count; i++) {
    put_text(out, set->note[i].key);
    put_text(out, set->note[i].value);
  }
  for (size_t i = 0; i < set->tensor_count; i++) {
    const dla_tensor_entry *tensor = &set->tensor[i];
    if (dla_name_after(tensor->name, DLA_NAME_MODEL) || is_state(w, tensor)) continue;
    put_text(out, tensor->name);
    put_tensor(w, tensor);
  }
  put(out, "u");
}

static void put_all(writer *w)
{
  dla_strbuf *out = &w->pickle;
  put(out, "\x80\x02}(");
  put_net(w);
  put_state(w);
  if (has_state(w)) put_optimizer(w);
  put_own(w);
  put(out, "u.");
}

static dla_status add_storage(dla_zip_writer *zip, size_t number, const void *bytes, size_t size,
                              dla_error *err)
{
  char name[40];
  snprintf(name, sizeof name, "archive/data/%zu", number);
  return dla_zip_add(zip, name, bytes, size, err);
}

static dla_status write_members(const writer *w, dla_zip_writer *zip, dla_error *err)
{
  const dla_tensor_set *set = w->set;
  dla_status status = dla_zip_add(zip, "archive/data.pkl", w->pickle.text, w->pickle.length, err);
  if (!status) status = dla_zip_add(zip, "archive/byteorder", "little", 6, err);
  for (size_t i = 0; i < set->tensor_count && !status; i++)
    status = add_storage(zip, i, set->tensor[i].bytes, set->tensor[i].size, err);
  for (size_t i = 0; i < w->numbers && !status; i++)
    status = add_storage(zip, set->tensor_count + i, &w->number[i], sizeof w->number[i], err);
  if (!status) status = dla_zip_add(zip, "archive/version", "3\n", 2, err);
  return status ? status : dla_zip_finish(zip, err);
}

/* Refuses what a .pth cannot hold. */
static dla_status check(const writer *w, const char *path, dla_error *err)
{
  const dla_tensor_set *set = w->set;
  if (has_state(w) && !dla_tensor_set_get(set, "lr"))
    return dla_fail(err, DLA_E_INPUT, path, "PyTorch's optimizer would go on with a rate of 0",
                    "there is an optimizer's state, but the metadata does not say 'lr'");
  for (size_t i = 0; i < set->tensor_count; i++)
    if (!dla_dtype_storage(set->tensor[i].dtype))
      return dla_fail(err, DLA_E_UNSUPPORTED, path, "use a name that ends in .safetensors",
                      "a .pth file cannot hold tensor '%s' of type %s", set->tensor[i].name,
                      dla_dtype_name(set->tensor[i].dtype));
  return DLA_OK;
}

static dla_status write_file(const writer *w, const char *path, dla_error *err)
{
  dla_zip_writer zip = {.path = path};
  dla_status status = dla_atomic_open(path, &zip.file, err);
  if (status) return status;
  status = write_members(w, &zip, err);
  dla_strbuf_free(&zip.directory);
  return dla_atomic_end(zip.file, status, err);
}

dla_status dla_pth_write(const dla_tensor_set *set, const char *path, dla_error *err)
{
  writer w = {.set = set, .optimizer = dla_tensor_set_optimizer(set)};
  dla_status status = check(&w, path, err);
  if (!status) status = dla_tensor_set_groups(set, &w.groups, err);
  if (status) return status;
  const size_t groups = (size_t)dla_parameter_groups_count(w.groups);
  w.number = calloc(1 + groups * DLA_OPTIMIZER_NUMBERS, sizeof *w.number);
  if (w.number)
    put_all(&w);
  else
    w.pickle.failed = true;
  status = w.pickle.failed ? dla_fail_memory(err, "a checkpoint") : write_file(&w, path, err);
  dla_strbuf_free(&w.pickle);
  free(w.number);
  dla_parameter_groups_free(w.groups);
  return status;
}
