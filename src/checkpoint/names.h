/* What the names of a checkpoint's tensors tell. */
#ifndef DLA_CHECKPOINT_NAMES_H
#define DLA_CHECKPOINT_NAMES_H

#include <stdbool.h>

#define DLA_NAME_MODEL     "model."
#define DLA_NAME_OPTIMIZER "optimizer."
/* Beside an average, which is then the model: what training goes on with, as if the optimizer kept
 * it. */
#define DLA_NAME_VALUES    "values"

/* Behind the prefix, or NULL if the name has another. */
const char *dla_name_after(const char *name, const char *prefix);
/* The parameter of "optimizer.<state>.<parameter>", of this state or (NULL) of any; NULL: the name
 * is none of those. */
const char *dla_name_after_state(const char *name, const char *state);
bool dla_name_ends(const char *name, const char *end);
/* Of a "model." tensor: has it a gradient? PyTorch calls the others buffers. */
bool dla_name_is_trainable(const char *name);

#endif
