/* dla-train export CHECKPOINT MODEL.onnx: writes a trained network for other programs. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "base/try.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "export/html.h"
#include "export/onnx.h"
#include "export/pytorch.h"

typedef struct export_options {
  bool json, dynamic_batch, normalised, uint8;
  const char *opset, *pytorch, *html, *runtime, *key, *graph, *classes, *image_size;
} export_options;

static const dla_flag flags[] = {
    {"opset", "N", "ONNX's operator set, 11 to 21; 17 unless given",
     offsetof(export_options, opset)},
    {"dynamic-batch", NULL, "any number of pictures at once; else one",
     offsetof(export_options, dynamic_batch)},
    {"normalised", NULL, "the input is normalised by the caller; else from 0 to 1",
     offsetof(export_options, normalised)},
    {"uint8", NULL, "the input is pixels, uint8 NHWC", offsetof(export_options, uint8)},
    {"pytorch", "DIR", "write DIR/model.pth and DIR/model.py for PyTorch instead",
     offsetof(export_options, pytorch)},
    {"html", "PAGE.html", "write a page that classifies pictures in a browser instead",
     offsetof(export_options, html)},
    {"runtime", "DIR", "of --html: the folder of onnxruntime-web's files, which come into the page",
     offsetof(export_options, runtime)},
    {"key", "NAME", "where in a .pth the weights are", offsetof(export_options, key)},
    {"graph", "FILE", "the layer graph of a checkpoint that another program made",
     offsetof(export_options, graph)},
    {"classes", "N", "of such a checkpoint; 10 unless given", offsetof(export_options, classes)},
    {"image-size", "N", "of such a checkpoint, in pixels; 32 unless given",
     offsetof(export_options, image_size)},
    {"json", NULL, "print one JSON object instead of text", offsetof(export_options, json)},
    {0},
};

static dla_status read_opset(const char *text, int64_t *opset, dla_error *err)
{
  *opset = DLA_ONNX_OPSET;
  if (!text || (dla_integer_read(text, opset) && *opset >= DLA_ONNX_OPSET_MIN &&
                *opset <= DLA_ONNX_OPSET_MAX))
    return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, "--opset", "for example --opset=17",
                  "'%.40s' is no operator set from %d to %d", text, DLA_ONNX_OPSET_MIN,
                  DLA_ONNX_OPSET_MAX);
}

static dla_status check_no_onnx(const export_options *o, const char *flag, dla_error *err)
{
  if (o->opset || o->dynamic_batch || o->normalised || o->uint8)
    return dla_fail(err, DLA_E_INPUT, flag, "leave the others out",
                    "--opset, --dynamic-batch, --normalised and --uint8 are for ONNX");
  return DLA_OK;
}

static dla_status check_html(const export_options *o, dla_error *err)
{
  TRY(check_no_onnx(o, "--html", err));
  if (!o->html[0])
    return dla_fail(err, DLA_E_INPUT, "--html", "for example --html=flowers.html",
                    "the page has no name");
  if (o->runtime) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, "--html",
                  "npm pack onnxruntime-web, unpack it, and give --runtime=package/dist",
                  "a page needs the files of onnxruntime-web");
}

static dla_status check_pytorch(const export_options *o, dla_error *err)
{
  TRY(check_no_onnx(o, "--pytorch", err));
  if (o->pytorch[0]) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, "--pytorch", "for example --pytorch=flowers",
                  "the folder has no name");
}

static dla_status check_onnx(const export_options *o, const char *path, dla_onnx_options *onnx,
                             dla_error *err)
{
  const char *dot = strrchr(path, '.');
  if (o->normalised && o->uint8)
    return dla_fail(err, DLA_E_INPUT, "--uint8", "leave one of them out",
                    "pixels are normalised in the graph, and --normalised wants it before");
  if (!dot || strcmp(dot, ".onnx") != 0)
    return dla_fail(err, DLA_E_INPUT, path, "name it .onnx",
                    "its name does not say that it is an ONNX file");
  onnx->dynamic_batch = o->dynamic_batch;
  onnx->input = o->uint8        ? DLA_ONNX_INPUT_PIXELS
                : o->normalised ? DLA_ONNX_INPUT_NORMALISED
                                : DLA_ONNX_INPUT_UNIT;
  return read_opset(o->opset, &onnx->opset, err);
}

static dla_status check(const dla_arguments *arguments, const export_options *o,
                        dla_onnx_options *onnx, dla_error *err)
{
  if (arguments->count != (o->pytorch || o->html ? 1 : 2) || (o->pytorch && o->html))
    return dla_fail(err, DLA_E_INPUT, "export",
                    "dla-train export CHECKPOINT MODEL.onnx, or export CHECKPOINT --pytorch DIR",
                    "it takes a checkpoint and either a file to write, --pytorch or --html");
  if (o->runtime && !o->html)
    return dla_fail(err, DLA_E_INPUT, "--runtime", "leave it out", "it is for --html");
  if (o->html) return check_html(o, err);
  return o->pytorch ? check_pytorch(o, err) : check_onnx(o, arguments->operands[1], onnx, err);
}

/* Prints what was written. For ONNX, facts are lines "key: value"; else NULL. */
static dla_status print_json(const char *format, const char *path, const char *facts,
                             dla_error *err)
{
  dla_strbuf out = {0};
  dla_json json = dla_json_begin(&out);
  dla_json_text(&json, "format", format);
  dla_json_text(&json, "path", path);
  if (facts) dla_json_begin_object(&json, "metadata");
  for (const char *line = facts; line && *line; line += strcspn(line, "\n") + 1) {
    const size_t key = strcspn(line, ":"), length = strcspn(line, "\n");
    char *pair = key + 2 <= length ? strndup(line, length) : NULL;
    if (!pair) {
      dla_strbuf_free(&out);
      return key + 2 <= length
                 ? dla_fail_memory(err, "the metadata")
                 : dla_fail(err, DLA_E_INTERNAL, path, NULL, "a line of its metadata has no value");
    }
    pair[key] = '\0';
    dla_json_text(&json, pair, pair + key + 2);
    free(pair);
  }
  if (facts) dla_json_end_object(&json);
  return dla_cli_print_object(&json, err);
}

static dla_status export_onnx(const dla_export_model *model, const dla_onnx_options *onnx,
                              const export_options *o, const char *path, dla_error *err)
{
  dla_strbuf facts = {0};
  dla_status status = dla_export_onnx(model, onnx, path, &facts, err);
  if (!status && !o->json) return dla_cli_print(&facts, err);
  if (!status) status = print_json("onnx", path, dla_strbuf_text(&facts), err);
  dla_strbuf_free(&facts);
  return status;
}

static dla_status export_pytorch(const dla_export_model *model, const export_options *o,
                                 dla_error *err)
{
  TRY(dla_export_pytorch(model, o->pytorch, err));
  return o->json ? print_json("pytorch", o->pytorch, NULL, err) : DLA_OK;
}

static dla_status export_html(const dla_export_model *model, const export_options *o,
                              dla_error *err)
{
  uint64_t size = 0;
  dla_strbuf out = {0};
  TRY(dla_export_html(model, o->runtime, o->html, &size, err));
  if (o->json) return print_json("html", o->html, NULL, err);
  dla_strbuf_printf(&out, "%s: %.1f MB, the network and onnxruntime-web in it\n", o->html,
                    (double)size / 1e6);
  return dla_cli_print(&out, err);
}

static dla_status act(dla_arguments *arguments, void *options, dla_error *err)
{
  const export_options *o = options;
  dla_export_model model;
  dla_onnx_options onnx = {0};
  TRY(check(arguments, o, &onnx, err));
  const dla_predictor_options network = {.key = o->key ? o->key : "",
                                         .threads = 1,
                                         .most = 1,
                                         .graph = o->graph,
                                         .classes = o->classes,
                                         .image_size = o->image_size};
  TRY(dla_export_open(arguments->operands[0], &network, &model, err));
  dla_status status = o->html      ? export_html(&model, o, err)
                      : o->pytorch ? export_pytorch(&model, o, err)
                                   : export_onnx(&model, &onnx, o, arguments->operands[1], err);
  dla_export_close(&model);
  return status;
}

const dla_verb dla_verb_export = {
    .name = "export",
    .summary = "write a trained network for other programs: ONNX, PyTorch, or a web page",
    .arguments = "CHECKPOINT MODEL.onnx | CHECKPOINT --pytorch DIR | CHECKPOINT --html PAGE.html "
                 "--runtime DIR",
    .flags = flags,
    .options = sizeof(export_options),
    .act = act,
};
