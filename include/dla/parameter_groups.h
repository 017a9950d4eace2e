/* Groups of parameters: torch.optim's param_groups, by patterns of names. */
#ifndef DLA_PARAMETER_GROUPS_H
#define DLA_PARAMETER_GROUPS_H

#include "dla/optimizer.h"

typedef enum dla_no_decay {
  DLA_NO_DECAY_NONE,
  DLA_NO_DECAY_NORM_AND_BIAS /* parameters of one dimension, as timm has it */
} dla_no_decay;

typedef struct dla_parameter_groups dla_parameter_groups;

/* text: a JSON array of {"match": PATTERN, "lr_scale": 1, "weight_decay": 0}, where only match must
 * be; "" or NULL: none. Free it with dla_parameter_groups_free(). */
dla_status dla_parameter_groups_create(const char *text, dla_no_decay no_decay,
                                       dla_parameter_groups **groups, dla_error *err);
void dla_parameter_groups_free(dla_parameter_groups *groups);

/* How many there may be. Of the parameters that no_decay leaves out, each is two. */
int dla_parameter_groups_count(const dla_parameter_groups *groups);
bool dla_parameter_groups_are_several(const dla_parameter_groups *groups);
/* Which a parameter is in: that of the first pattern that its name fits (base/pattern.h), or the
 * last. dimensions: its own. */
int dla_parameter_groups_find(const dla_parameter_groups *groups, const char *name, int dimensions);
dla_update_change dla_parameter_groups_at(const dla_parameter_groups *groups, int group);

/* The i-th pattern; NULL behind the last. */
const char *dla_parameter_groups_pattern(const dla_parameter_groups *groups, int i);

/* What they were created from; the text is "" where there was none. */
const char *dla_parameter_groups_text(const dla_parameter_groups *groups);
dla_no_decay dla_parameter_groups_no_decay(const dla_parameter_groups *groups);

#endif
