/* torch.optim numbers parameters, and its groups list those numbers:
 *
 *    {'state': {0: {...}}, 'param_groups': [{'params': [0, 1]}, {'params': [2]}]}
 *
 * A number is matched with a tensor of the model by name, if the groups have 'param_names'
 * (PyTorch 2.6 on, for named parameters). Otherwise, with one group, by its place. With several
 * groups, by shape, if only one assignment fits, as with separate groups for weights and biases. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/try.h"
#include "checkpoint/names.h"
#include "checkpoint/pth_reader.h"
#include "dla/update_rule.h"

typedef struct parameter {
  const dla_pickle_value *at; /* for errors */
  int64_t id;
  char *name;                   /* NULL: not given */
  const dla_pickle_value *kept; /* its state; NULL: none */
  dla_shape shape;              /* the state's; may be unknown */
  bool has_shape;
} parameter;

typedef struct span {
  size_t next, end; /* in groups.parameter */
} span;

typedef struct groups {
  parameter *parameter; /* group after group */
  size_t count, capacity, named;
  span *group; /* the groups with parameters */
  size_t group_count, group_capacity;
  size_t *trainable; /* places in the set of the model's tensors with a gradient, in its order */
  size_t trainable_count;
} groups;

static void free_groups(groups *g)
{
  for (size_t i = 0; i < g->count; i++)
    free(g->parameter[i].name);
  free(g->parameter);
  free(g->group);
  free(g->trainable);
}

static dla_status list_trainable(dla_pth_reader *r, groups *g)
{
  g->trainable = calloc(r->set->tensor_count + 1, sizeof *g->trainable);
  if (!g->trainable) return dla_fail_memory(r->err, "a checkpoint");
  for (size_t t = 0; t < r->set->tensor_count; t++)
    if (dla_name_after(r->set->tensor[t].name, DLA_NAME_MODEL) &&
        dla_name_is_trainable(r->set->tensor[t].name))
      g->trainable[g->trainable_count++] = t;
  return DLA_OK;
}

/* ---- Reading the groups ---- */

static dla_status add_parameter(dla_pth_reader *r, groups *g, const dla_pickle_value *id,
                                const dla_pickle_value *name)
{
  dla_status status = DLA_OK;
  if (id->kind != DLA_PICKLE_INT)
    return DLA_PTH_FAIL(r, id, "the optimizer's parameters have no numbers");
  if (g->count == g->trainable_count)
    return DLA_PTH_FAIL(r, id, "the optimizer has more parameters than the model, which has %zu",
                        g->trainable_count);
  if (!DLA_ARRAY_RESERVE(g->parameter, g->capacity, g->count, 1))
    return dla_fail_memory(r->err, "a checkpoint");
  parameter *p = &g->parameter[g->count++];
  *p = (parameter){.at = id, .id = id->integer};
  if (name) p->name = dla_pth_text(r, name, &status);
  if (p->name) dla_pth_make_bare(p->name);
  g->named += p->name != NULL;
  return status;
}

static dla_status read_group(dla_pth_reader *r, groups *g, const dla_pickle_value *group)
{
  const dla_pickle_value *ids = NULL, *names = NULL;
  size_t count = 0, name_count = 0, start = g->count;
  TRY(dla_pth_lookup(r, group, "params", &ids));
  TRY(dla_pth_lookup(r, group, "param_names", &names));
  if (!ids || ids->kind != DLA_PICKLE_LIST)
    return DLA_PTH_FAIL(r, group, "the optimizer has no list of parameters");
  ids = dla_pickle_items(r->pickle, ids, &count);
  if (names) names = dla_pickle_items(r->pickle, names, &name_count);
  for (size_t i = 0; i < count; i++)
    TRY(add_parameter(r, g, &ids[i], name_count == count ? &names[i] : NULL));
  if (!count) return DLA_OK;
  if (!DLA_ARRAY_RESERVE(g->group, g->group_capacity, g->group_count, 1))
    return dla_fail_memory(r->err, "a checkpoint");
  g->group[g->group_count++] = (span){start, g->count};
  return DLA_OK;
}

/* ---- The state of each ---- */

typedef struct numbered {
  int64_t id;
  parameter *parameter;
} numbered;

static int by_id(const void *a, const void *b)
{
  int64_t x = ((const numbered *)a)->id, y = ((const numbered *)b)->id;
  return (x > y) - (x < y);
}

static dla_status give_states(dla_pth_reader *r, groups *g, const numbered *sorted,
                              const dla_pickle_value *state)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, state, &count);
  for (size_t i = 1; i < g->count; i++)
    if (sorted[i - 1].id == sorted[i].id)
      return DLA_PTH_FAIL(r, state, "a parameter is in the optimizer's groups twice");
  for (size_t i = 0; i < count; i += 2) {
    const numbered wanted = {.id = items[i].integer}, *found = NULL;
    if (items[i].kind == DLA_PICKLE_INT)
      found = bsearch(&wanted, sorted, g->count, sizeof wanted, by_id);
    if (!found)
      return DLA_PTH_FAIL(r, &items[i], "the optimizer keeps a state of what is no parameter");
    found->parameter->kept = &items[i + 1]; /* the last one counts, as in Python */
  }
  return DLA_OK;
}

static dla_status read_states(dla_pth_reader *r, groups *g, const dla_pickle_value *state)
{
  numbered *sorted = calloc(g->count + 1, sizeof *sorted);
  if (!sorted) return dla_fail_memory(r->err, "a checkpoint");
  for (size_t i = 0; i < g->count; i++)
    sorted[i] = (numbered){g->parameter[i].id, &g->parameter[i]};
  qsort(sorted, g->count, sizeof *sorted, by_id);
  dla_status status = give_states(r, g, sorted, state);
  free(sorted);
  return status;
}

/* A parameter has the shape of any of its state arrays. */
static void read_shapes(dla_pth_reader *r, groups *g, const dla_optimizer *rule)
{
  for (size_t i = 0; i < g->count; i++) {
    parameter *p = &g->parameter[i];
    for (int k = 0; p->kept && !p->has_shape && k < dla_optimizer_state_count(rule); k++) {
      const dla_pickle_value *array = dla_pickle_get(r->pickle, p->kept, rule->state[k].torch_name);
      p->has_shape = array && dla_pth_shape(r, array, &p->shape);
    }
  }
}

/* ---- Matching with tensors ---- */

typedef struct named_tensor {
  char *name; /* must be first, for dla_array_place() */
  size_t place;
} named_tensor;

static int by_name(const void *a, const void *b)
{
  return strcmp(((const named_tensor *)a)->name, ((const named_tensor *)b)->name);
}

/* A prefix before the model's name in the tensor's or in the optimizer's name. Programs that wrap
 * the model after or before creating the optimizer have one. */
typedef struct wrapper {
  char before_tensor[128];
  size_t before_parameter;
} wrapper;

static void find_wrapper(const groups *g, const named_tensor *tensor, wrapper *w)
{
  const char *first = g->parameter[0].name;
  *w = (wrapper){"", 0};
  for (size_t i = 0; i < g->trainable_count; i++) {
    const char *name = tensor[i].name;
    const size_t length = strlen(name), wanted = strlen(first);
    if (strcmp(name, first) == 0) {
      *w = (wrapper){"", 0};
      return;
    }
    if (length < wanted && dla_name_ends(first, name) && first[wanted - length - 1] == '.')
      w->before_parameter = wanted - length;
    if (length > wanted && dla_name_ends(name, first) && name[length - wanted - 1] == '.')
      snprintf(w->before_tensor, sizeof w->before_tensor, "%.*s", (int)(length - wanted), name);
  }
}

static dla_status match_names(dla_pth_reader *r, groups *g, const named_tensor *tensor, bool *taken,
                              const dla_pickle_value **kept)
{
  wrapper w;
  char name[512];
  find_wrapper(g, tensor, &w);
  for (size_t i = 0; i < g->count; i++) {
    const parameter *p = &g->parameter[i];
    const size_t skip = strlen(p->name) > w.before_parameter ? w.before_parameter : 0;
    snprintf(name, sizeof name, "%s%s", skip ? "" : w.before_tensor, p->name + skip);
    size_t place = dla_array_place(tensor, g->trainable_count, sizeof *tensor, name);
    if (place == g->trainable_count || strcmp(tensor[place].name, name) != 0)
      return DLA_PTH_FAIL(r, p->at, "the model has no parameter '%.80s', which the optimizer has",
                          p->name);
    if (taken[tensor[place].place])
      return DLA_PTH_FAIL(r, p->at, "the optimizer has the parameter '%.80s' twice", p->name);
    taken[tensor[place].place] = true;
    kept[tensor[place].place] = p->kept;
  }
  return DLA_OK;
}

static dla_status match_by_name(dla_pth_reader *r, groups *g, const dla_pickle_value **kept)
{
  named_tensor *sorted = calloc(g->trainable_count + 1, sizeof *sorted);
  bool *taken = calloc(r->set->tensor_count + 1, sizeof *taken);
  if (!sorted || !taken) {
    free(sorted);
    free(taken);
    return dla_fail_memory(r->err, "a checkpoint");
  }
  for (size_t i = 0; i < g->trainable_count; i++) {
    char *name = r->set->tensor[g->trainable[i]].name + strlen(DLA_NAME_MODEL);
    sorted[i] = (named_tensor){name, g->trainable[i]};
  }
  qsort(sorted, g->trainable_count, sizeof *sorted, by_name);
  dla_status status = match_names(r, g, sorted, taken, kept);
  free(sorted);
  free(taken);
  return status;
}

static bool fits(const dla_pth_reader *r, const groups *g, size_t i, const parameter *p)
{
  return p->has_shape && dla_shape_equal(&p->shape, &r->set->tensor[g->trainable[i]].shape);
}

/* The group whose next parameter has the tensor's shape; NULL: no group, or several. */
static span *only_fit(const dla_pth_reader *r, groups *g, size_t i)
{
  span *found = NULL;
  for (size_t k = 0; k < g->group_count; k++) {
    span *of = &g->group[k];
    if (of->next == of->end || !fits(r, g, i, &g->parameter[of->next])) continue;
    if (found) return NULL;
    found = of;
  }
  return found;
}

static dla_status match_by_shape(dla_pth_reader *r, groups *g, const dla_pickle_value *at,
                                 const dla_pickle_value **kept)
{
  for (size_t i = 0; i < g->count; i++) {
    span *of = only_fit(r, g, i);
    if (!of)
      return DLA_PTH_FAIL(r, at,
                          "it has several groups of parameters, and neither names nor shapes say "
                          "which of the model's they are");
    kept[g->trainable[i]] = g->parameter[of->next++].kept;
  }
  return DLA_OK;
}

static dla_status match(dla_pth_reader *r, groups *g, const dla_pickle_value *at,
                        const dla_pickle_value **kept)
{
  if (g->count && g->named == g->count) return match_by_name(r, g, kept);
  if (g->count < g->trainable_count)
    return DLA_PTH_FAIL(r, at, "the optimizer has %zu parameters, but the model %zu", g->count,
                        g->trainable_count);
  if (g->group_count > 1) return match_by_shape(r, g, at, kept);
  for (size_t i = 0; i < g->count; i++)
    kept[g->trainable[i]] = g->parameter[i].kept;
  return DLA_OK;
}

static dla_status read_all(dla_pth_reader *r, groups *g, const dla_optimizer *rule,
                           const dla_pickle_value *list, const dla_pickle_value *state)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_items(r->pickle, list, &count);
  TRY(list_trainable(r, g));
  for (size_t i = 0; i < count; i++)
    TRY(read_group(r, g, &items[i]));
  TRY(read_states(r, g, state));
  read_shapes(r, g, rule);
  return DLA_OK;
}

dla_status dla_pth_match_groups(dla_pth_reader *r, const dla_optimizer *rule,
                                const dla_pickle_value *list, const dla_pickle_value *state,
                                const dla_pickle_value **kept)
{
  groups g = {0};
  dla_status status = read_all(r, &g, rule, list, state);
  if (!status) status = match(r, &g, list, kept);
  free_groups(&g);
  return status;
}
