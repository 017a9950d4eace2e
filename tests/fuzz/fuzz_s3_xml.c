/* Reads any bytes as each answer of an S3 server. */
#include <stdlib.h>

#include "base/path.h"
#include "staging/storage/s3_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void found(void *context, const char *key, const char *id, const char *initiated)
{
  size_t *count = context;
  *count += key && id && initiated;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  const char *xml = (const char *)bytes;
  dla_objects objects = {0};
  dla_s3_error error;
  dla_error err = {0};
  char *next = NULL, *id = NULL;
  size_t count = 0;
  if (dla_s3_read_list(xml, size, &objects, &next, &err) && next) abort();
  for (size_t i = 0; i < objects.count; i++)
    dla_key_is_path(objects.item[i].key);
  dla_s3_read_error(xml, size, &error);
  if (dla_s3_read_upload_id(xml, size, &id, &err) && id) abort();
  dla_s3_read_uploads(xml, size, found, &count, &err);
  dla_objects_free(&objects);
  free(next);
  free(id);
  return 0;
}
