/* dla-train convert FROM TO: converts a checkpoint to the other format. */
#include "base/json.h"
#include "base/try.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "dla/checkpoint.h"

typedef struct convert_options {
  bool json, allow_nonfinite;
  const char *key;
} convert_options;

static const dla_flag flags[] = {
    {"allow-nonfinite", NULL, "copy a checkpoint with NaN, infinities or negative variances, too",
     offsetof(convert_options, allow_nonfinite)},
    {"key", "NAME", "where in a .pth the weights are, as checkpoint.in_key",
     offsetof(convert_options, key)},
    {"json", NULL, "print one JSON object", offsetof(convert_options, json)},
    {0},
};

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  const convert_options *o = options;
  char **files = arguments->operands;
  dla_strbuf out = {0};
  if (arguments->count != 2)
    return dla_fail(err, DLA_E_INPUT, "convert", "dla-train convert FROM TO",
                    "it takes two files, not %d", arguments->count);
  TRY(dla_checkpoint_convert(files[0], o->key ? o->key : "", files[1], o->allow_nonfinite, err));
  if (!o->json) return DLA_OK;
  dla_json json = dla_json_begin(&out);
  dla_json_text(&json, "from", files[0]);
  dla_json_text(&json, "to", files[1]);
  return dla_cli_print_object(&json, err);
}

const dla_verb dla_verb_convert = {
    .name = "convert",
    .summary = "copy a checkpoint from .safetensors to PyTorch's .pth, or back",
    .arguments = "FROM TO",
    .flags = flags,
    .options = sizeof(convert_options),
    .act = act,
};
