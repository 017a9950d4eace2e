#include "checkpoint/match.h"

#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "checkpoint/names.h"

enum { CANDIDATES = 16, SHOWN = 10 };

static const dla_tensor_entry *find(const dla_tensor_set *set, const char *prefix, const char *name)
{
  char full[2 * DLA_MATCH_PREFIX];
  snprintf(full, sizeof full, DLA_NAME_MODEL "%s%s", prefix, name);
  return dla_tensor_set_find(set, full);
}

static int count_missing(const dla_tensor_set *set, const dla_network *network, const char *prefix)
{
  int missing = 0;
  for (int i = 0; i < dla_network_parameter_count(network); i++)
    missing += !find(set, prefix, dla_network_parameter(network, i).name);
  return missing;
}

/* The prefix before the parameter's name in the tensor's; NULL: the names differ. */
static const char *prefix_of(const char *tensor, const char *parameter,
                             char prefix[DLA_MATCH_PREFIX])
{
  const char *name = dla_name_after(tensor, DLA_NAME_MODEL);
  size_t length = name ? strlen(name) : 0, tail = strlen(parameter);
  if (!name || !dla_name_ends(name, parameter) || length - tail >= DLA_MATCH_PREFIX) return NULL;
  if (length > tail && name[length - tail - 1] != '.') return NULL;
  snprintf(prefix, DLA_MATCH_PREFIX, "%.*s", (int)(length - tail), name);
  return prefix;
}

typedef struct candidates {
  char prefix[CANDIDATES][DLA_MATCH_PREFIX];
  int count;
} candidates;

/* Collects the prefixes of all parameters, since the file may lack the first. "" is always one. */
static void collect(const dla_tensor_set *set, const dla_network *network, candidates *c)
{
  char prefix[DLA_MATCH_PREFIX];
  c->prefix[0][0] = '\0';
  c->count = 1;
  for (int i = 0; i < dla_network_parameter_count(network) && i < SHOWN; i++)
    for (size_t t = 0; t < set->tensor_count && c->count < CANDIDATES; t++) {
      bool known = !prefix_of(set->tensor[t].name, dla_network_parameter(network, i).name, prefix);
      for (int k = 0; k < c->count && !known; k++)
        known = strcmp(c->prefix[k], prefix) == 0;
      if (!known) snprintf(c->prefix[c->count++], DLA_MATCH_PREFIX, "%s", prefix);
    }
}

static bool is_used(const dla_network *network, const char *prefix, const char *name)
{
  char found[DLA_MATCH_PREFIX];
  for (int i = 0; i < dla_network_parameter_count(network); i++)
    if (strlen(prefix) + strlen(dla_network_parameter(network, i).name) ==
            strlen(name) - strlen(DLA_NAME_MODEL) &&
        prefix_of(name, dla_network_parameter(network, i).name, found) &&
        strcmp(found, prefix) == 0)
      return true;
  return false;
}

static const char *last_part(const char *name)
{
  const char *dot = strrchr(name, '.');
  return dot ? dot + 1 : name;
}

/* An unused tensor with the same shape and the same last part of its name; NULL: none. */
static const char *might_be(const dla_tensor_set *set, const dla_network *network,
                            const char *prefix, const dla_parameter_info *info)
{
  for (size_t t = 0; t < set->tensor_count; t++) {
    const dla_tensor_entry *tensor = &set->tensor[t];
    const char *name = dla_name_after(tensor->name, DLA_NAME_MODEL);
    if (name && dla_shape_equal(&tensor->shape, &info->shape) &&
        strcmp(last_part(name), last_part(info->name)) == 0 &&
        !is_used(network, prefix, tensor->name))
      return name;
  }
  return NULL;
}

/* Why a tensor of that name was in the file but not read. */
static const char *why_left_out(const dla_tensor_set *set, const char *name)
{
  for (size_t i = 0; i < set->left_out_count; i++)
    if (dla_name_ends(set->left_out[i].key, name)) return set->left_out[i].value;
  return NULL;
}

static dla_status fail_missing(const dla_tensor_set *set, const dla_network *network,
                               const char *where, const char *prefix, int missing, dla_error *err)
{
  dla_strbuf list = {0};
  const char *instead = NULL, *of = NULL;
  int shown = 0, count = dla_network_parameter_count(network);
  for (int i = 0; i < count && shown < SHOWN; i++) {
    dla_parameter_info info = dla_network_parameter(network, i);
    if (find(set, prefix, info.name)) continue;
    const char *why = why_left_out(set, info.name);
    dla_strbuf_printf(&list, "%s%s%s%s%s", shown++ ? ", " : "", info.name, why ? " (it is " : "",
                      why ? why : "", why ? ")" : "");
    if (!instead && (instead = might_be(set, network, prefix, &info))) of = info.name;
  }
  char hint[220];
  if (instead)
    snprintf(hint, sizeof hint,
             "perhaps it calls '%.60s' '%.60s'; else another model made it: "
             "check the model section",
             of, instead);
  else
    snprintf(hint, sizeof hint, "it was made by another model: check the model section");
  dla_status status =
      dla_fail(err, DLA_E_INPUT, where, hint, "it lacks %d of the model's %d tensors: %s%s",
               missing, count, dla_strbuf_text(&list), missing > shown ? ", ..." : "");
  dla_strbuf_free(&list);
  return status;
}

/* The first candidate with the fewest missing tensors, and their number. */
static int nearest(const dla_tensor_set *set, const dla_network *network, const candidates *c,
                   int *least)
{
  int best = 0;
  *least = count_missing(set, network, c->prefix[0]);
  for (int k = 1; k<c->count && * least> 0; k++) {
    int missing = count_missing(set, network, c->prefix[k]);
    if (missing >= *least) continue;
    *least = missing;
    best = k;
  }
  return best;
}

/* The length of a prefix without the dot at its end. */
static int shown_length(const char *prefix)
{
  return *prefix ? (int)strlen(prefix) - 1 : 0;
}

/* Refuses a file where a second model lacks as few tensors as the nearest one. If the names fit
 * without a prefix, no other candidate matters. */
static dla_status refuse_second(const dla_tensor_set *set, const dla_network *network,
                                const char *where, const candidates *c, int best, int least,
                                dla_error *err)
{
  for (int k = best + 1; best > 0 && k < c->count; k++) {
    const char *one = c->prefix[best], *other = c->prefix[k];
    if (count_missing(set, network, other) > least) continue;
    char hint[160] = "keep one of them in the file"; /* a .safetensors has no in_key */
    if (strcmp(set->format, "pth") == 0)
      snprintf(hint, sizeof hint, "say which with checkpoint.in_key=%.*s", shown_length(one), one);
    return dla_fail(err, DLA_E_INPUT, where, hint,
                    "it has such a model twice, under '%.*s' and under '%.*s'", shown_length(one),
                    one, shown_length(other), other);
  }
  return DLA_OK;
}

dla_status dla_match_find(const dla_tensor_set *set, const dla_network *network, const char *where,
                          dla_match *match, dla_error *err)
{
  candidates c;
  int least;
  collect(set, network, &c);
  const int best = nearest(set, network, &c, &least);
  if (least > 0) return fail_missing(set, network, where, c.prefix[best], least, err);
  snprintf(match->prefix, sizeof match->prefix, "%s", c.prefix[best]);
  return refuse_second(set, network, where, &c, best, least, err);
}

dla_status dla_match_nearest(const dla_tensor_set *set, const dla_network *network,
                             const char *where, int may_lack, dla_match *match, dla_error *err)
{
  candidates c;
  int least;
  collect(set, network, &c);
  const int best = nearest(set, network, &c, &least);
  snprintf(match->prefix, sizeof match->prefix, "%s", c.prefix[best]);
  return least > may_lack ? DLA_OK : refuse_second(set, network, where, &c, best, least, err);
}

const dla_tensor_entry *dla_match_tensor(const dla_tensor_set *set, const dla_match *match,
                                         const char *parameter)
{
  return find(set, match->prefix, parameter);
}

void dla_match_warn(dla_tensor_set *set, const dla_network *network, const dla_match *match)
{
  dla_strbuf list = {0};
  int count = 0;
  for (size_t t = 0; t < set->tensor_count; t++) {
    const char *name = dla_name_after(set->tensor[t].name, DLA_NAME_MODEL);
    if (!name || dla_name_ends(name, ".num_batches_tracked") ||
        is_used(network, match->prefix, set->tensor[t].name))
      continue;
    if (count++ < SHOWN) dla_strbuf_printf(&list, "%s%s", count > 1 ? ", " : "", name);
  }
  if (count)
    dla_tensor_set_warn(set, "%d of its tensors are left out, which the model lacks: %s%s", count,
                        dla_strbuf_text(&list), count > SHOWN ? ", ..." : "");
  dla_strbuf_free(&list);
}
