/* Which format a file has, and what is done alike for each. */
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "checkpoint/names.h"
#include "checkpoint/pth.h"
#include "checkpoint/safetensors.h"

static const size_t file_max = (size_t)1 << 40;

dla_status dla_tensor_set_parse(const char *where, const void *bytes, size_t count,
                                dla_tensor_set *set, dla_error *err)
{
  const bool pth = dla_pth_is(bytes, count);
  *set = (dla_tensor_set){.format = pth ? "pth" : "safetensors"};
  dla_status status = pth ? dla_pth_parse(where, bytes, count, set, err)
                          : dla_safetensors_parse(where, bytes, count, set, err);
  if (!status) status = dla_tensor_set_check(set, where, err);
  if (!status) status = dla_tensor_set_verify(set, where, err);
  if (status) dla_tensor_set_free(set);
  return status;
}

dla_status dla_tensor_set_read(const char *path, dla_tensor_set *set, dla_error *err)
{
  char *bytes = NULL;
  size_t count = 0;
  *set = (dla_tensor_set){0};
  dla_status status = dla_read_file(path, file_max, &bytes, &count, err);
  if (status) return status;
  status = dla_tensor_set_parse(path, bytes, count, set, err);
  if (status) {
    free(bytes);
    return status;
  }
  status = dla_tensor_set_own(set, bytes, free, err);
  if (status) dla_tensor_set_free(set);
  return status;
}

dla_status dla_tensor_set_write(dla_tensor_set *set, const char *path, dla_error *err)
{
  dla_status status = dla_tensor_set_check(set, path, err);
  if (!status) status = dla_tensor_set_order(set, err);
  if (!status) status = dla_tensor_set_sign(set, err);
  if (status) return status;
  return dla_name_ends(path, ".pth") ? dla_pth_write(set, path, err)
                                     : dla_safetensors_write(set, path, err);
}
