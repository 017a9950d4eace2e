/* The naming scheme of a checkpoint's tensors. */
#ifndef DLA_CHECKPOINT_NAMES_H
#define DLA_CHECKPOINT_NAMES_H

#include <stdbool.h>

#define DLA_NAME_MODEL     "model."
#define DLA_NAME_OPTIMIZER "optimizer."
/* With an average, which is then the model: the values that training goes on with, stored like an
 * optimizer state. */
#define DLA_NAME_VALUES    "values"

/* The name after the prefix; NULL: the name has another prefix. */
const char *dla_name_after(const char *name, const char *prefix);
/* The parameter in "optimizer.<state>.<parameter>", of this state or (NULL) of any; NULL: not
 * such a name. */
const char *dla_name_after_state(const char *name, const char *state);
bool dla_name_ends(const char *name, const char *end);
/* Does a "model." tensor have a gradient? PyTorch calls the others buffers. */
bool dla_name_is_trainable(const char *name);

#endif
