#include "data/pictures/load.h"

#include <errno.h>
#include <string.h>

#include "base/try.h"

static dla_status changed(const char *name, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, name, "leave the data set as it is while it is trained on",
                  "the file has changed since it was looked at");
}

dla_status dla_picture_load(const dla_picture_list *list, const dla_picture_entry *entry,
                            dla_room *room, const uint8_t **bytes, const char **name,
                            dla_error *err)
{
  dla_picture_file file;
  dla_strbuf path = {0};
  dla_picture_path(list, entry, &path);
  const size_t size = (size_t)entry->size;
  uint8_t *to = path.failed ? NULL : dla_room_for(room, size + path.length + 1);
  if (to) memcpy(to + size, dla_strbuf_text(&path), path.length + 1);
  dla_strbuf_free(&path);
  if (!to) return dla_fail_memory(err, "a picture");
  *name = (const char *)to + size;
  TRY(dla_picture_open(list, entry, &file, err));
  dla_status status = file.size == entry->size ? DLA_OK : changed(*name, err);
  if (!status && !dla_picture_read(&file, 0, size, to, bytes))
    status = errno ? dla_fail_errno(err, *name, "read it") : changed(*name, err);
  dla_picture_close(&file);
  return status;
}
