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

static dla_status convert(char **files, const convert_options *options, dla_error *err)
{
  const char *key = options->key ? options->key : "";
  dla_strbuf out = {0};
  TRY(dla_checkpoint_convert(files[0], key, files[1], options->allow_nonfinite, err));
  if (!options->json) return DLA_OK;
  dla_json json = {.out = &out};
  dla_json_begin_object(&json, NULL);
  dla_json_text(&json, "from", files[0]);
  dla_json_text(&json, "to", files[1]);
  return dla_cli_print_object(&json, err);
}

static dla_status run(const dla_verb *verb, int argc, char **argv, dla_error *err)
{
  dla_arguments arguments;
  convert_options options = {0};
  dla_status status = dla_arguments_parse(&arguments, verb, argc, argv, &options, err);
  if (status) return status;
  if (arguments.count == 2)
    status = convert(arguments.operands, &options, err);
  else
    status = dla_fail(err, DLA_E_INPUT, "convert", "dla-train convert FROM TO",
                      "it takes two files, not %d", arguments.count);
  dla_arguments_free(&arguments);
  return status;
}

const dla_verb dla_verb_convert = {
    .name = "convert",
    .summary = "copy a checkpoint from .safetensors to PyTorch's .pth, or back",
    .arguments = "FROM TO",
    .flags = flags,
    .run = run,
};
