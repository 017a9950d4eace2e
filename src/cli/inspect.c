/* dla-train inspect FILE: shows what is in a checkpoint. */
#include <stdio.h>

#include "cli/arguments.h"
#include "cli/verb.h"
#include "dla/checkpoint.h"

typedef struct inspect_options {
  bool json, allow_nonfinite;
  const char *key;
} inspect_options;

static const dla_flag flags[] = {
    {"json", NULL, "print one JSON object", offsetof(inspect_options, json)},
    {"allow-nonfinite", NULL, "list a checkpoint with NaN, infinities or negative variances, too",
     offsetof(inspect_options, allow_nonfinite)},
    {"key", "NAME", "where in a .pth the weights are, as checkpoint.in_key",
     offsetof(inspect_options, key)},
    {0},
};

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  const inspect_options *o = options;
  if (arguments->count != 1)
    return dla_fail(err, DLA_E_INPUT, "inspect", "dla-train inspect FILE",
                    "it takes one checkpoint, not %d", arguments->count);
  return dla_checkpoint_describe(arguments->operands[0], o->key ? o->key : "", o->json,
                                 o->allow_nonfinite, stdout, err);
}

const dla_verb dla_verb_inspect = {
    .name = "inspect",
    .summary = "list a checkpoint's state, configuration and tensors",
    .arguments = "FILE",
    .flags = flags,
    .options = sizeof(inspect_options),
    .act = act,
};
