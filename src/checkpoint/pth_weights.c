/* Finds the weights: the dict itself, or an entry of it under any name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "checkpoint/names.h"
#include "checkpoint/pth_reader.h"

/* A larger dict is not a list of models. */
enum { ENTRIES_MAX = 1000, LOOKS_MAX = 10000000, DEPTH_MAX = 3 };

/* A dict that appears under many names is visited each time, hence the limit. */
static bool holds_tensors(dla_pth_reader *r, const dla_pickle_value *dict)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, dict, &count);
  for (size_t i = 0; i < count && r->looks < LOOKS_MAX; i += 2, r->looks++)
    if (items[i].kind == DLA_PICKLE_STRING && dla_pth_is_tensor(r, &items[i + 1])) return true;
  return false;
}

/* The usual names. Others count only if none of these is there. */
static bool is_usual(const dla_pickle_value *key)
{
  static const char *const names[] = {"net",    "model",  "state_dict", "model_state_dict",
                                      "module", "ema",    "model_ema",  "state_dict_ema",
                                      "params", "weights"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (dla_pickle_is_string(key, names[i])) return true;
  return false;
}

static void copy_name(const dla_pickle_value *key, char name[DLA_PICKLE_TITLE])
{
  int count = key->count < DLA_PICKLE_TITLE - 1 ? (int)key->count : DLA_PICKLE_TITLE - 1;
  snprintf(name, DLA_PICKLE_TITLE, "%.*s", count, (const char *)key->bytes);
}

static bool same_object(const dla_pickle_value *a, const dla_pickle_value *b)
{
  return a->kind == b->kind && a->object == b->object;
}

/* The only dict of tensors, among usual names or all. *count: the number of such dicts. */
static dla_status search(dla_pth_reader *r, const dla_pickle_value *root, bool usual, size_t *count,
                         const dla_pickle_value **weights, char name[DLA_PICKLE_TITLE])
{
  size_t entries = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, root, &entries), *first = NULL;
  *count = 0;
  for (size_t i = 0; i < entries; i += 2) {
    if (items[i].kind != DLA_PICKLE_STRING || (usual && !is_usual(&items[i])) ||
        !holds_tensors(r, &items[i + 1]))
      continue;
    if (*count && same_object(&items[i + 1], *weights)) continue; /* the same dict under two keys */
    if (++*count == 1) {
      first = &items[i];
      *weights = &items[i + 1];
      copy_name(first, name);
      continue;
    }
    char other[DLA_PICKLE_TITLE];
    copy_name(&items[i], other);
    return dla_fail(r->err, DLA_E_INPUT, r->where, "say which with checkpoint.in_key=NAME",
                    "it has weights in '%s' and in '%s'", name, other);
  }
  return DLA_OK;
}

/* Deeper: {'generator': {'net': weights}}, and {'run': {'generator': {'net': weights}}}. */
static dla_status search_entries(dla_pth_reader *r, const dla_pickle_value *root, int depth,
                                 const dla_pickle_value **weights, char name[DLA_PICKLE_TITLE])
{
  size_t entries = 0, count = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, root, &entries), *found = NULL;
  char inner[DLA_PICKLE_TITLE], first[DLA_PICKLE_TITLE] = "";
  *weights = NULL;
  for (size_t i = 0; i < entries && entries <= 2 * ENTRIES_MAX && r->looks < LOOKS_MAX; i += 2) {
    found = NULL;
    r->looks++;
    TRY(search(r, &items[i + 1], false, &count, &found, inner));
    if (!count && depth > 1) TRY(search_entries(r, &items[i + 1], depth - 1, &found, inner));
    if (!found || items[i].kind != DLA_PICKLE_STRING) continue;
    if (*weights)
      return dla_fail(r->err, DLA_E_INPUT, r->where, "say which with checkpoint.in_key=NAME.NAME",
                      "it has weights within '%s' and within '%.*s'", first, (int)items[i].count,
                      (const char *)items[i].bytes);
    copy_name(&items[i], first);
    *weights = found;
    snprintf(name, DLA_PICKLE_TITLE, "%.60s.%.60s", first, inner);
  }
  return DLA_OK;
}

static bool has_name(const dla_pth_reader *r, const dla_pickle_value *dict, const char *name)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, dict, &count);
  char other[DLA_PICKLE_TITLE];
  for (size_t i = 0; i < count; i += 2) {
    if (items[i].kind != DLA_PICKLE_STRING) continue;
    copy_name(&items[i], other);
    dla_pth_make_bare(other);
    if (strcmp(other, name) == 0) return true;
  }
  return false;
}

/* Has the other dict all tensors of the weights? */
static bool is_same_model(dla_pth_reader *r, const dla_pickle_value *weights,
                          const dla_pickle_value *other)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, weights, &count);
  char name[DLA_PICKLE_TITLE];
  for (size_t i = 0; i < count && count <= 2 * ENTRIES_MAX; i += 2) {
    if (!dla_pth_is_tensor(r, &items[i + 1]) || items[i].kind != DLA_PICKLE_STRING) continue;
    copy_name(&items[i], name);
    dla_pth_make_bare(name);
    if (!has_name(r, other, name)) return false;
  }
  return count <= 2 * ENTRIES_MAX;
}

/* Beside weights of a usual name there may be others, as swa_model. */
static void warn_of_others(dla_pth_reader *r, const dla_pickle_value *root,
                           const dla_pickle_value *weights, const char *name)
{
  size_t entries = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, root, &entries);
  for (size_t i = 0; i < entries; i += 2) {
    if (items[i].kind != DLA_PICKLE_STRING || is_usual(&items[i]) ||
        !holds_tensors(r, &items[i + 1]) || same_object(&items[i + 1], weights) ||
        !is_same_model(r, weights, &items[i + 1]))
      continue;
    char other[DLA_PICKLE_TITLE];
    copy_name(&items[i], other);
    dla_tensor_set_warn(r->set,
                        "it has such a model in '%s', too, and that in '%s' is taken "
                        "(checkpoint.in_key=%s takes the other)",
                        other, name, other);
    return;
  }
}

/* Searches without a key. *weights is NULL if there are none. */
static dla_status look(dla_pth_reader *r, const dla_pickle_value *root,
                       const dla_pickle_value **weights, char name[DLA_PICKLE_TITLE])
{
  size_t count = 0;
  *weights = NULL;
  name[0] = '\0';
  TRY(search(r, root, true, &count, weights, name));
  if (count) warn_of_others(r, root, *weights, name);
  if (count == 0) TRY(search(r, root, false, &count, weights, name));
  if (count == 0 && holds_tensors(r, root)) *weights = root;
  if (*weights) return DLA_OK;
  for (int depth = 1; depth <= DEPTH_MAX && !*weights; depth++)
    TRY(search_entries(r, root, depth, weights, name));
  return DLA_OK;
}

static bool is_under(const char *name, const char *key)
{
  const char *rest = dla_name_after(name, key);
  return rest && *rest == '.';
}

/* Is the key the first part of a tensor's name? */
static bool has_prefix(const dla_pth_reader *r, const dla_pickle_value *weights)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, weights, &count);
  char name[DLA_PICKLE_TITLE];
  for (size_t i = 0; i < count; i += 2) {
    if (items[i].kind != DLA_PICKLE_STRING) continue;
    copy_name(&items[i], name);
    if (is_under(name, r->key)) return true;
  }
  return false;
}

/* Follows checkpoint.in_key: a key, or several separated by dots, outermost first; or the first
 * part of the names, if one dict holds two models. */
static dla_status follow(dla_pth_reader *r, const dla_pickle_value *root,
                         const dla_pickle_value **weights, char name[DLA_PICKLE_TITLE])
{
  const dla_pickle_value *at = root, *found = dla_pickle_get(r->pickle, root, r->key);
  char key[DLA_PICKLE_TITLE];
  for (const char *rest = r->key; !found && rest;) {
    const char *dot = strchr(rest, '.');
    int length = dot ? (int)(dot - rest) : (int)strlen(rest);
    snprintf(key, sizeof key, "%.*s", length, rest);
    at = dla_pickle_get(r->pickle, at, key);
    if (!at) break;
    rest = dot ? dot + 1 : NULL;
    if (!rest) found = at;
  }
  *weights = found;
  if (found && holds_tensors(r, found)) return DLA_OK;
  if (!found && look(r, root, weights, name) == DLA_OK && *weights && has_prefix(r, *weights)) {
    r->key_is_prefix = true;
    return DLA_OK;
  }
  return dla_fail(r->err, DLA_E_INPUT, r->where, "dla-train inspect FILE shows what is in it",
                  found ? "checkpoint.in_key: '%s' holds no tensors"
                        : "checkpoint.in_key: it has no '%s'",
                  r->key);
}

dla_status dla_pth_find_weights(dla_pth_reader *r, const dla_pickle_value *root,
                                const dla_pickle_value **weights, char name[DLA_PICKLE_TITLE])
{
  if (!r->key[0]) return look(r, root, weights, name);
  snprintf(name, DLA_PICKLE_TITLE, "%s", r->key);
  return follow(r, root, weights, name);
}

/* DataParallel adds "module." in front, torch.compile "_orig_mod." anywhere. */
void dla_pth_make_bare(char *name)
{
  static const char compiled[] = "_orig_mod.", parallel[] = "module.";
  for (char *at = name; *at; at = strchr(at, '.') ? strchr(at, '.') + 1 : at + strlen(at))
    while (strncmp(at, compiled, sizeof compiled - 1) == 0)
      memmove(at, at + sizeof compiled - 1, strlen(at + sizeof compiled - 1) + 1);
  while (strncmp(name, parallel, sizeof parallel - 1) == 0)
    memmove(name, name + sizeof parallel - 1, strlen(name + sizeof parallel - 1) + 1);
}

dla_status dla_pth_add_weights(dla_pth_reader *r, const dla_pickle_value *weights)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, weights, &count);
  for (size_t i = 0; i < count; i += 2) {
    dla_status status;
    bool tensor = dla_pth_is_tensor(r, &items[i + 1]);
    char *name = tensor ? dla_pth_text(r, &items[i], &status) : NULL;
    if (tensor && status) return status;
    const bool other = name && r->key_is_prefix && !is_under(name, r->key);
    if (name) dla_pth_make_bare(name);
    status = name && !other ? dla_pth_add_tensor(r, DLA_NAME_MODEL, name, &items[i + 1])
                            : dla_pth_leave_out(r, &items[i], &items[i + 1]);
    free(name);
    TRY(status);
  }
  return DLA_OK;
}
