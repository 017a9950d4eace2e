#include "sweep/about.h"

#include "base/atomic_file.h"
#include "base/json.h"

static const char *const methods[] = {
    [DLA_SWEEP_GRID] = "grid", [DLA_SWEEP_RANDOM] = "random", [DLA_SWEEP_HALVING] = "halving"};

dla_status dla_sweep_keep_about(const dla_sweep *sweep, dla_error *err)
{
  dla_strbuf text = {0}, path = {0};
  dla_json json = dla_json_begin(&text);
  dla_json_text(&json, "metric", sweep->metric->name);
  dla_json_text(&json, "method", methods[sweep->method]);
  dla_json_begin_array(&json, "parameters");
  for (size_t p = 0; p < sweep->parameter_count; p++)
    dla_json_text(&json, NULL, sweep->parameters[p].name);
  dla_json_end_array(&json);
  dla_json_end_line(&json);
  dla_strbuf_printf(&path, "%s/" DLA_SWEEP_FILE, sweep->dir);
  if (!path.failed) dla_atomic_sweep_of(path.text);
  dla_status status = text.failed || path.failed
                          ? dla_fail_memory(err, "a sweep")
                          : dla_atomic_replace(path.text, text.text, text.length, err);
  dla_strbuf_free(&text);
  dla_strbuf_free(&path);
  return status;
}
