/* Detects the format of a file, and does what both formats share. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/looks_like.h"
#include "base/path.h"
#include "base/read_file.h"
#include "base/try.h"
#include "checkpoint/names.h"
#include "checkpoint/pth.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/shards.h"
#include "dla/checkpoint.h"

static const size_t file_max = (size_t)1 << 40;

static dla_status fail_other(const char *where, const void *bytes, size_t count, dla_error *err)
{
  dla_looks looks = dla_looks_like(bytes, count);
  if (looks.what)
    return dla_fail(err, DLA_E_INPUT, where,
                    looks.hint ? looks.hint : "give a .safetensors or .pth",
                    "it is no checkpoint: it is %s%s", looks.what, looks.title);
  if (dla_looks_like_text(bytes, count, looks.title))
    return dla_fail(err, DLA_E_INPUT, where, "give a .safetensors, or a .pth by torch.save",
                    "it is no checkpoint: it is text%s", looks.title);
  return dla_fail(err, DLA_E_INPUT, where, "give a .safetensors, or a .pth by torch.save",
                  "it is no checkpoint, or only a part of one");
}

/* Folders by a file in them: a run's, Hugging Face's, and such as are no checkpoint. */
static const struct {
  const char *name, *what, *hint; /* hint NULL: give that file */
} folders[] = {
    {DLA_CHECKPOINT_FILE, "a folder", NULL},
    {"run/" DLA_CHECKPOINT_FILE, "a folder", NULL},
    {"model.safetensors", "a folder", NULL},
    {"model.safetensors" DLA_SHARDS_INDEX, "a folder", NULL},
    {"pytorch_model.bin", "a folder", NULL},
    {"pytorch_model.bin" DLA_SHARDS_INDEX, "a folder", NULL},
    {"data.pkl", "a folder, an unpacked .pth",
     "give the .pth itself, or pack it: zip -0 -r x.pth FOLDER"},
    {".metadata", "a folder of torch.distributed.checkpoint",
     "python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER x.pth"},
    {"saved_model.pb", "a folder, TensorFlow's SavedModel", "give a .safetensors or .pth"},
};

dla_status dla_tensor_set_refuse_folder(const char *path, dla_error *err)
{
  const char *what = "a folder";
  char hint[240] = "give the checkpoint's file, as RUN/" DLA_CHECKPOINT_FILE;
  if (!dla_is_folder(path)) return DLA_OK;
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    char *file = dla_join_path(path, folders[i].name);
    const bool is = file && access(file, F_OK) == 0;
    if (is) what = folders[i].what;
    if (is && folders[i].hint)
      snprintf(hint, sizeof hint, "%s", folders[i].hint);
    else if (is)
      snprintf(hint, sizeof hint, "give %.200s", file);
    free(file);
    if (is) break;
  }
  return dla_fail(err, DLA_E_INPUT, path, hint, "it is no checkpoint: it is %s", what);
}

static dla_status parse(const char *where, const void *bytes, size_t count, const char *key,
                        dla_tensor_set *set, dla_error *err)
{
  if (dla_pth_is(bytes, count)) {
    set->format = "pth";
    return dla_pth_parse(where, bytes, count, key, set, err);
  }
  set->format = "safetensors";
  if (!dla_safetensors_is(bytes, count)) return fail_other(where, bytes, count, err);
  if (!key[0]) return dla_safetensors_parse(where, bytes, count, set, err);
  return dla_fail(err, DLA_E_INPUT, where, "leave checkpoint.in_key out",
                  "checkpoint.in_key: '%s' is for .pth files, and this is a safetensors file", key);
}

dla_status dla_tensor_set_parse(const char *where, const void *bytes, size_t count, const char *key,
                                dla_tensor_set *set, dla_error *err)
{
  *set = (dla_tensor_set){0};
  dla_status status = parse(where, bytes, count, key, set, err);
  if (!status) status = dla_tensor_set_check(set, where, err);
  if (!status) status = dla_tensor_set_verify(set, where, err);
  if (!status && set->warnings.failed) status = dla_fail_memory(err, "a checkpoint");
  if (status) dla_tensor_set_free(set);
  return status;
}

static dla_status read_file(const char *path, const char *key, dla_tensor_set *set, dla_error *err)
{
  char *bytes = NULL;
  size_t count = 0;
  TRY(dla_tensor_set_refuse_folder(path, err));
  TRY(dla_read_file(path, file_max, &bytes, &count, err));
  dla_status status = dla_tensor_set_parse(path, bytes, count, key, set, err);
  if (status) {
    free(bytes);
    return status;
  }
  status = dla_tensor_set_own(set, bytes, free, err);
  if (status) dla_tensor_set_free(set);
  return status;
}

dla_status dla_tensor_set_read(const char *path, const char *key, dla_tensor_set *set,
                               dla_error *err)
{
  *set = (dla_tensor_set){0};
  if (!dla_name_ends(path, DLA_SHARDS_INDEX)) return read_file(path, key, set, err);
  dla_status status = dla_shards_read(path, set, err);
  if (!status) status = dla_tensor_set_check(set, path, err);
  if (status) dla_tensor_set_free(set);
  return status;
}

dla_status dla_tensor_set_write(dla_tensor_set *set, const char *path, dla_error *err)
{
  TRY(dla_tensor_set_check(set, path, err));
  TRY(dla_tensor_set_order(set, err));
  TRY(dla_tensor_set_sign(set, err));
  return dla_name_ends(path, ".pth") ? dla_pth_write(set, path, err)
                                     : dla_safetensors_write(set, path, err);
}
