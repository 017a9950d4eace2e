#include "export/html.h"

#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/base64.h"
#include "base/path.h"
#include "base/read_file.h"
#include "base/try.h"
#include "export/html_page.h"
#include "export/onnx.h"
#include "train/experiment.h"

enum { RUNTIME_MOST = 100 << 20 };

/* The files of onnxruntime-web that run a network by WebAssembly, and their ids in page.html. */
static const struct {
  const char *name, *id;
} runtime_files[] = {{"ort.wasm.min.js", "runtime"},
                     {"ort-wasm-simd-threaded.mjs", "glue"},
                     {"ort-wasm-simd-threaded.wasm", "wasm"}};

/* Writes the bytes in base64, which cannot contain the end of a tag. */
static void put_data(dla_strbuf *out, const char *id, const void *bytes, size_t count)
{
  dla_strbuf_printf(out, "<script type=\"text/plain\" id=\"%s\">", id);
  dla_base64_write(bytes, count, out);
  dla_strbuf_printf(out, "</script>\n");
}

static dla_status put_runtime(dla_strbuf *out, const char *folder, dla_error *err)
{
  for (size_t i = 0; i < sizeof runtime_files / sizeof *runtime_files; i++) {
    char *path = dla_join_path(folder, runtime_files[i].name), *bytes = NULL;
    size_t length = 0;
    if (!path) return dla_fail_memory(err, "a file name");
    dla_error why = {0};
    const dla_status status = dla_read_file(path, RUNTIME_MOST, &bytes, &length, &why);
    if (!status) put_data(out, runtime_files[i].id, bytes, length);
    free(bytes);
    free(path);
    if (status)
      return dla_fail(err, DLA_E_INPUT, why.where,
                      "npm pack onnxruntime-web, unpack it, and give --runtime=package/dist",
                      "a file of onnxruntime-web: %s", why.what);
  }
  return DLA_OK;
}

static dla_status put_network(dla_strbuf *out, const dla_export_model *model, dla_error *err)
{
  const dla_onnx_options options = {.opset = DLA_ONNX_OPSET, .input = DLA_ONNX_INPUT_PIXELS};
  dla_strbuf onnx = {0}, facts = {0};
  const dla_status status = dla_onnx_bytes(model, &options, &onnx, &facts, err);
  if (!status) put_data(out, "model", onnx.text, onnx.length);
  dla_strbuf_free(&onnx);
  dla_strbuf_free(&facts);
  return status;
}

/* "bytes" is the size of the page so far. */
static void put_facts(dla_strbuf *out, const dla_export_model *model)
{
  const dla_config *config = model->parts.config;
  dla_strbuf text = {0}, classes = {0};
  dla_export_classes(&classes, model);
  dla_strbuf_printf(&text,
                    "{\"classes\":%s,\"crop\":%d,\"resize\":%d,\"channels\":%d,\"bytes\":%zu}",
                    dla_strbuf_text(&classes), (int)config->model.image_size,
                    dla_experiment_resize(config), (int)config->model.in_channels, out->length);
  put_data(out, "facts", dla_strbuf_text(&text), text.length);
  out->failed |= dla_strbuf_done(&text);
  out->failed |= dla_strbuf_done(&classes);
}

static dla_status put_all(dla_strbuf *out, const dla_export_model *model, const char *runtime,
                          dla_error *err)
{
  TRY(put_runtime(out, runtime, err));
  TRY(put_network(out, model, err));
  put_facts(out, model);
  return DLA_OK;
}

dla_status dla_export_html(const dla_export_model *model, const char *runtime, const char *path,
                           uint64_t *size, dla_error *err)
{
  const int64_t channels = model->parts.config->model.in_channels;
  if (channels != 1 && channels != 3)
    return dla_fail(err, DLA_E_UNSUPPORTED, path, NULL,
                    "a browser's pictures have 3 channels, or 1, and not the network's %lld",
                    (long long)channels);
  dla_strbuf out = {0};
  dla_status status = DLA_OK;
  for (const char *const *line = dla_html_page; *line && !status; line++) {
    if (strcmp(*line, "@DATA@\n") == 0)
      status = put_all(&out, model, runtime, err);
    else
      dla_strbuf_printf(&out, "%s", *line);
  }
  if (!status && out.failed) status = dla_fail_memory(err, "the page");
  if (!status) status = dla_atomic_replace(path, out.text, out.length, err);
  *size = out.length;
  dla_strbuf_free(&out);
  return status;
}
