#include "train/tuning_cache.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/cache_folder.h"
#include "base/make_folder.h"
#include "base/read_file.h"

enum { LARGEST = 16 << 20 };

static dla_status read_text(dla_strbuf *text, dla_error *err)
{
  dla_strbuf path = {0};
  char *bytes = NULL;
  size_t length = 0;
  dla_cache_folder(&path);
  if (path.length) dla_strbuf_printf(&path, "/tuning");
  dla_status status = path.failed ? dla_fail_memory(err, "the tuning") : DLA_OK;
  if (!status && path.length && access(path.text, R_OK) == 0)
    status = dla_read_file(path.text, LARGEST, &bytes, &length, err);
  if (bytes) dla_strbuf_append(text, bytes, length);
  free(bytes);
  dla_strbuf_free(&path);
  return status;
}

dla_status dla_tuning_cache_read(const dla_config *config, dla_strbuf *text, dla_error *err)
{
  return config->backend.autotune == DLA_AUTOTUNE_CACHED ? read_text(text, err) : DLA_OK;
}

static dla_status write_text(const dla_strbuf *text, dla_error *err)
{
  dla_strbuf path = {0};
  dla_cache_folder(&path);
  dla_status status = path.failed ? dla_fail_memory(err, "the tuning") : DLA_OK;
  if (!status && !path.length)
    status = dla_fail(err, DLA_E_IO, "HOME", "set XDG_CACHE_HOME", "is no folder that exists");
  if (!status) status = dla_make_folder(path.text, err);
  dla_strbuf_printf(&path, "/tuning");
  if (!status && path.failed) status = dla_fail_memory(err, "the tuning");
  if (!status) dla_atomic_sweep_of(path.text);
  if (!status) status = dla_atomic_replace(path.text, text->text, text->length, err);
  dla_strbuf_free(&path);
  return status;
}

dla_status dla_tuning_cache_write(const dla_network *network, dla_error *err)
{
  const dla_tuning *found = dla_network_tuning(network);
  if (!found || !dla_tuning_changed(found)) return DLA_OK;
  dla_tuning *all = dla_tuning_create();
  dla_strbuf text = {0}, merged = {0};
  dla_status status = all ? read_text(&text, err) : dla_fail_memory(err, "the tuning");
  dla_tuning_to_text(found, &text);
  if (!status) status = dla_tuning_from_text(all, dla_strbuf_text(&text), err);
  if (!status) {
    dla_tuning_to_text(all, &merged);
    status = text.failed || merged.failed ? dla_fail_memory(err, "the tuning")
                                          : write_text(&merged, err);
  }
  dla_tuning_free(all);
  dla_strbuf_free(&text);
  dla_strbuf_free(&merged);
  return status;
}
