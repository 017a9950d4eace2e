#include "checkpoint/shards.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "base/strbuf.h"
#include "base/try.h"
#include "checkpoint/names.h"
#include "checkpoint/pth.h"
#include "checkpoint/safetensors.h"

enum { INDEX_MAX = 64 << 20 };
static const size_t shard_max = (size_t)1 << 40;

typedef struct shards {
  const char *path; /* of the index */
  json_t *map;      /* from a tensor's name to its file's */
  dla_tensor_set *set;
  dla_error *err;
} shards;

static dla_status fail(const shards *s, const char *what, const char *name)
{
  return dla_fail(s->err, DLA_E_INPUT, s->path,
                  "get all files of the folder that the index is from", what, name);
}

/* One shard: safetensors, or what torch.save wrote (pytorch_model-00001-of-00002.bin). */
static dla_status parse_shard(const shards *s, const char *name, const char *path,
                              const char *bytes, size_t count)
{
  if (dla_safetensors_is(bytes, count))
    return dla_safetensors_parse(path, bytes, count, s->set, s->err);
  if (!dla_pth_is(bytes, count))
    return fail(s, "'%.100s', which the index names, is no safetensors file and no .pth", name);
  s->set->format = "pth";
  dla_tensor_set_forget(s->set, "format"); /* of the shard before */
  return dla_pth_parse(path, bytes, count, "", s->set, s->err);
}

static dla_status read_shard(const shards *s, const char *name)
{
  dla_strbuf path = {0};
  const char *slash = strrchr(s->path, '/');
  char *bytes = NULL;
  size_t count = 0;
  if (!*name || strchr(name, '/') || name[0] == '.')
    return fail(s, "the index names a file '%.100s', which is not beside it", name);
  dla_strbuf_printf(&path, "%.*s%s", slash ? (int)(slash + 1 - s->path) : 0, s->path, name);
  dla_status status = path.failed ? dla_fail_memory(s->err, "a file name")
                                  : dla_read_file(path.text, shard_max, &bytes, &count, s->err);
  if (!status) status = parse_shard(s, name, path.text, bytes, count);
  dla_strbuf_free(&path);
  if (status) {
    free(bytes);
    return status;
  }
  return dla_tensor_set_own(s->set, bytes, free, s->err);
}

/* Did an earlier entry name the file? */
static bool is_known(const shards *s, const char *tensor, const char *file)
{
  const char *name;
  json_t *value;
  json_object_foreach(s->map, name, value)
  {
    if (strcmp(name, tensor) == 0) return false;
    if (json_is_string(value) && strcmp(json_string_value(value), file) == 0) return true;
  }
  return false;
}

static dla_status read_all(const shards *s)
{
  const char *name;
  json_t *value;
  json_object_foreach(s->map, name, value)
  {
    if (!json_is_string(value)) return fail(s, "the index does not say where '%.100s' is", name);
    if (!is_known(s, name, json_string_value(value))) TRY(read_shard(s, json_string_value(value)));
  }
  json_object_foreach(s->map, name, value)
  {
    bool there = false;
    for (size_t i = 0; i < s->set->tensor_count && !there; i++)
      there = dla_name_ends(s->set->tensor[i].name, name);
    for (size_t i = 0; i < s->set->left_out_count && !there; i++)
      there = strcmp(s->set->left_out[i].key, name) == 0;
    if (!there) return fail(s, "tensor '%.100s' is not in the file that the index names", name);
  }
  return DLA_OK;
}

dla_status dla_shards_read(const char *path, dla_tensor_set *set, dla_error *err)
{
  char *text = NULL;
  size_t length = 0;
  shards s = {.path = path, .set = set, .err = err};
  set->format = "safetensors";
  TRY(dla_read_file(path, INDEX_MAX, &text, &length, err));
  json_t *index = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
  free(text);
  s.map = json_object_get(index, "weight_map");
  dla_status status =
      json_is_object(s.map)
          ? read_all(&s)
          : fail(&s, "it is no index of a checkpoint's files%s: it has no weight_map", "");
  json_decref(index);
  return status;
}
