/* The containers of a .pth, old and new. pth_root.c reads their content. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "checkpoint/pth.h"
#include "checkpoint/pth_reader.h"

static const char zip_magic[] = "PK\3\4", empty_zip_magic[] = "PK\5\6";
/* Before PyTorch 0.1.10: a tar archive, with this magic at byte 257. */
static const char tar_magic[] = "ustar";
enum { TAR_MAGIC_AT = 257 };

static bool starts(const void *bytes, size_t count, size_t at, const char *magic)
{
  size_t length = strlen(magic);
  return count >= at + length && memcmp((const char *)bytes + at, magic, length) == 0;
}

bool dla_pth_is(const void *bytes, size_t count)
{
  return starts(bytes, count, 0, zip_magic) || starts(bytes, count, 0, empty_zip_magic) ||
         dla_pth_is_legacy(bytes, count) || starts(bytes, count, TAR_MAGIC_AT, tar_magic);
}

static dla_status fail_no_pickle(dla_pth_reader *r)
{
  static const char *const ends[] = {".pth", ".pt", ".safetensors", ".ckpt", ".bin", ".pth.tar"};
  const dla_zip_member *inner = NULL;
  for (size_t i = 0; i < sizeof ends / sizeof *ends && !inner; i++)
    inner = dla_zip_find_end(r->zip, ends[i]);
  if (inner)
    return dla_fail(r->err, DLA_E_INPUT, r->where, "unpack it first",
                    "it is a zip archive with '%s' in it", inner->name);
  if (dla_zip_find_end(r->zip, ".npy"))
    return dla_fail(r->err, DLA_E_INPUT, r->where, "give a file that torch.save wrote",
                    "it holds numpy arrays (.npz), and is no checkpoint");
  if (dla_zip_find_end(r->zip, ".weights.h5"))
    return dla_fail(r->err, DLA_E_INPUT, r->where, "give a file that torch.save wrote",
                    "it is a model of Keras, and no checkpoint");
  return dla_fail(r->err, DLA_E_INPUT, r->where, "give a file that torch.save wrote",
                  "the zip archive has no data.pkl: it is no checkpoint of PyTorch");
}

static dla_status read_zip(dla_pth_reader *r)
{
  static const char pickle_name[] = "data.pkl";
  const dla_zip_member *data = dla_zip_find(r->zip, pickle_name);
  if (!data) data = dla_zip_find_end(r->zip, "/data.pkl");
  if (!data) return fail_no_pickle(r);
  r->first_name = data->name;
  r->prefix = (int)(strlen(data->name) + 1 - sizeof pickle_name);
  snprintf(r->data_pkl, sizeof r->data_pkl, "%s: %s", r->where, data->name);
  char name[512];
  snprintf(name, sizeof name, "%.*sbyteorder", r->prefix, r->first_name);
  const dla_zip_member *order = dla_zip_find(r->zip, name);
  r->big_endian = order && order->size == 3 && memcmp(order->bytes, "big", 3) == 0;
  const dla_pickle_input input = {r->data_pkl, data->bytes, data->size, &dla_pth_dialect, false};
  TRY(dla_pickle_parse(&input, &r->pickle, r->err));
  return dla_pth_read_root(r);
}

static dla_status read_any(dla_pth_reader *r, const void *bytes, size_t count)
{
  if (dla_pth_is_legacy(bytes, count)) return dla_pth_read_legacy(r, bytes, count);
  if (starts(bytes, count, TAR_MAGIC_AT, tar_magic))
    return dla_fail(r->err, DLA_E_UNSUPPORTED, r->where,
                    "if it is PyTorch's of before 0.1.10, load it there and torch.save it again; "
                    "else unpack it",
                    "it is a tar archive, not a checkpoint");
  dla_zip *zip = NULL;
  TRY(dla_zip_read(r->where, bytes, count, &zip, r->err));
  TRY(dla_tensor_set_own(r->set, zip, dla_zip_free, r->err));
  r->zip = zip;
  return read_zip(r);
}

dla_status dla_pth_parse(const char *where, const void *bytes, size_t count, const char *key,
                         dla_tensor_set *set, dla_error *err)
{
  dla_pth_reader r = {.where = where,
                      .key = key,
                      .left = (size_t)DLA_PTH_SHARED_MAX * count + DLA_PTH_SHARED_FREE,
                      .set = set,
                      .err = err};
  dla_status status = read_any(&r, bytes, count);
  dla_pickle_free(r.pickle);
  free(r.storage);
  return status;
}
