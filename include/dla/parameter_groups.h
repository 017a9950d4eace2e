/* Groups of parameters: torch.optim's param_groups, by patterns of names. */
#ifndef DLA_PARAMETER_GROUPS_H
#define DLA_PARAMETER_GROUPS_H

#include "dla/optimizer.h"

typedef enum dla_no_decay {
  DLA_NO_DECAY_NONE,
  DLA_NO_DECAY_NORM_AND_BIAS /* one-dimensional parameters, as in timm */
} dla_no_decay;

typedef struct dla_parameter_groups dla_parameter_groups;

/* text: a JSON array of {"match": PATTERN, "lr_scale": 1, "weight_decay": 0}, of which only match
 * is required; "" or NULL: no groups. Free it with dla_parameter_groups_free(). */
dla_status dla_parameter_groups_create(const char *text, dla_no_decay no_decay,
                                       dla_parameter_groups **groups, dla_error *err);
void dla_parameter_groups_free(dla_parameter_groups *groups);

/* The largest possible number of groups. no_decay splits each group in two. */
int dla_parameter_groups_count(const dla_parameter_groups *groups);
bool dla_parameter_groups_are_several(const dla_parameter_groups *groups);
/* The group of a parameter: that of the first pattern that matches its name (base/pattern.h), or
 * else the last. dimensions: the parameter's. */
int dla_parameter_groups_find(const dla_parameter_groups *groups, const char *name, int dimensions);
dla_update_change dla_parameter_groups_at(const dla_parameter_groups *groups, int group);

/* The i-th pattern; NULL past the last. */
const char *dla_parameter_groups_pattern(const dla_parameter_groups *groups, int i);

/* What they were created from; text is "" if there was none. */
const char *dla_parameter_groups_text(const dla_parameter_groups *groups);
dla_no_decay dla_parameter_groups_no_decay(const dla_parameter_groups *groups);

#endif
