#include "config/torch_options.h"

#include <string.h>

#include "config/expand.h"

const dla_torch_option dla_torch_options[] = {
    {"dataset", "DIR", "dataset.path", .doc = "where the images are"},
    {"lr", "RATE", "optimizer.lr", .doc = "learning rate"},
    {"epochs", "N", "train.epochs", .doc = "passes over the training images"},
    {"checkpoint_in", "FILE", "checkpoint.in",
     .doc = "start from this file; if it is missing, fresh", .file_may_be_missing = true},
    {"checkpoint_out", "FILE", "checkpoint.out", .doc = "checkpoint to write"},
    {"no-cuda", NULL, NULL, .doc = "changes nothing: training is on the CPU anyway"},
    {"horovod", NULL, NULL, .doc = "train on the processes that mpirun or srun --mpi=pmix started",
     .wants_ranks = true},
    {0},
};

static char unify(char c)
{
  return c == '-' ? '_' : c;
}

static bool same_option(const char *a, const char *b)
{
  for (; *a && unify(*a) == unify(*b); a++)
    b++;
  return unify(*a) == unify(*b);
}

const dla_torch_option *dla_torch_option_find(const char *name)
{
  for (const dla_torch_option *option = dla_torch_options; option->name; option++)
    if (same_option(option->name, name)) return option;
  return NULL;
}

dla_status dla_torch_option_translate(const dla_torch_option *option, const char *value,
                                      dla_strbuf *override, dla_error *err)
{
  if (!option->key) return DLA_OK;
  /* In the PyTorch program, a dollar sign in a path means itself. */
  dla_strbuf_printf(override, "%s=", option->key);
  dla_expand_escape(value, override);
  return override->failed ? dla_fail_memory(err, "an option") : DLA_OK;
}
