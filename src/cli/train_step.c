/* dla-train train-step NAME: trains by the config on standard input. It is for workflows, whose
 * step `train` runs in its own process; people write `dla-train train FILE`. */
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "cli/arguments.h"
#include "cli/train.h"
#include "cli/verb.h"

enum { LARGEST = 16 << 20 };

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  char *text = NULL;
  size_t length = 0;
  (void)options;
  if (arguments->count != 1)
    return dla_fail(err, DLA_E_INPUT, dla_verb_train_step.name, "dla-train train FILE",
                    "it takes a name, and a config on standard input");
  dla_status status = dla_read_file("/dev/stdin", LARGEST, &text, &length, err);
  if (!status) status = dla_cli_train_text(arguments->operands[0], text, err);
  if (text) explicit_bzero(text, length); /* it may hold secrets */
  free(text);
  return status;
}

const dla_verb dla_verb_train_step = {.name = "train-step", .arguments = "NAME", .act = act};
