#include "dla/parameter_groups.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/pattern.h"
#include "base/strbuf.h"
#include "base/try.h"

/* Each pattern has two groups: 2 i, and 2 i + 1 without weight decay. So have the parameters that
 * no pattern matches. */
struct dla_parameter_groups {
  char *text;
  json_t *list; /* NULL: none */
  dla_no_decay no_decay;
};

static dla_status refuse(dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, "optimizer.groups",
                  "for example [{match: \"*.bias\", weight_decay: 0}]",
                  "it is no list of groups with match, lr_scale and weight_decay");
}

static dla_status check(const json_t *list, dla_error *err)
{
  size_t i;
  json_t *group;
  if (!json_is_array(list)) return refuse(err);
  json_array_foreach(list, i, group)
  {
    const json_t *scale = json_object_get(group, "lr_scale");
    const json_t *decay = json_object_get(group, "weight_decay");
    if (!json_is_string(json_object_get(group, "match")) || (scale && !json_is_number(scale)) ||
        (decay && !json_is_number(decay)))
      return refuse(err);
  }
  return DLA_OK;
}

static dla_status read_text(dla_parameter_groups *groups, const char *text, dla_error *err)
{
  TRY(dla_text_set(&groups->text, text ? text : "", "the groups of parameters", err));
  if (!*groups->text) return DLA_OK;
  groups->list = json_loads(groups->text, 0, NULL);
  return check(groups->list, err);
}

dla_status dla_parameter_groups_create(const char *text, dla_no_decay no_decay,
                                       dla_parameter_groups **groups, dla_error *err)
{
  dla_parameter_groups *made = calloc(1, sizeof *made);
  if (!made) return dla_fail_memory(err, "the groups of parameters");
  made->no_decay = no_decay;
  dla_status status = read_text(made, text, err);
  if (status)
    dla_parameter_groups_free(made);
  else
    *groups = made;
  return status;
}

void dla_parameter_groups_free(dla_parameter_groups *groups)
{
  if (!groups) return;
  json_decref(groups->list);
  free(groups->text);
  free(groups);
}

static int patterns(const dla_parameter_groups *groups)
{
  return (int)json_array_size(groups->list);
}

int dla_parameter_groups_count(const dla_parameter_groups *groups)
{
  return 2 * (patterns(groups) + 1);
}

bool dla_parameter_groups_are_several(const dla_parameter_groups *groups)
{
  return patterns(groups) > 0 || groups->no_decay != DLA_NO_DECAY_NONE;
}

const char *dla_parameter_groups_pattern(const dla_parameter_groups *groups, int i)
{
  return json_string_value(json_object_get(json_array_get(groups->list, (size_t)i), "match"));
}

int dla_parameter_groups_find(const dla_parameter_groups *groups, const char *name, int dimensions)
{
  const bool small = groups->no_decay == DLA_NO_DECAY_NORM_AND_BIAS && dimensions <= 1;
  int i = 0;
  while (i < patterns(groups) && !dla_name_fits(dla_parameter_groups_pattern(groups, i), name))
    i++;
  return 2 * i + small;
}

dla_update_change dla_parameter_groups_at(const dla_parameter_groups *groups, int group)
{
  const json_t *of = json_array_get(groups->list, (size_t)group / 2);
  const json_t *scale = json_object_get(of, "lr_scale"),
               *decay = json_object_get(of, "weight_decay");
  return (dla_update_change){
      .lr_scale = scale ? json_number_value(scale) : 1,
      .weight_decay = decay       ? json_number_value(decay)
                      : group % 2 ? 0
                                  : NAN,
  };
}

const char *dla_parameter_groups_text(const dla_parameter_groups *groups)
{
  return groups->text;
}

dla_no_decay dla_parameter_groups_no_decay(const dla_parameter_groups *groups)
{
  return groups->no_decay;
}
