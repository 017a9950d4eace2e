#include "checkpoint/names.h"

#include <string.h>

const char *dla_name_after(const char *name, const char *prefix)
{
  size_t length = strlen(prefix);
  return strncmp(name, prefix, length) == 0 ? name + length : NULL;
}

const char *dla_name_after_state(const char *name, const char *state)
{
  const char *rest = dla_name_after(name, DLA_NAME_OPTIMIZER);
  size_t length = rest ? strcspn(rest, ".") : 0;
  if (!rest || !rest[length]) return NULL;
  if (state && (strncmp(rest, state, length) != 0 || state[length])) return NULL;
  return rest + length + 1;
}

bool dla_name_ends(const char *name, const char *end)
{
  size_t length = strlen(name), tail = strlen(end);
  return length >= tail && strcmp(name + length - tail, end) == 0;
}

bool dla_name_is_trainable(const char *name)
{
  return !dla_name_ends(name, ".running_mean") && !dla_name_ends(name, ".running_var") &&
         !dla_name_ends(name, ".num_batches_tracked");
}
