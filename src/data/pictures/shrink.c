#include "data/pictures/shrink.h"

#include "base/try.h"

dla_cache_size dla_cache_size_of(const dla_picture_entry *entry, int side)
{
  const int shorter = entry->width < entry->height ? entry->width : entry->height;
  if (shorter <= side) return (dla_cache_size){entry->width, entry->height};
  const dla_resize r = dla_resize_for_evaluation(entry->width, entry->height, side, 1);
  return (dla_cache_size){r.width, r.height};
}

dla_status dla_cache_shrink(dla_reader *reader, const uint8_t *bytes, size_t size, const char *name,
                            dla_cache_size wanted, int64_t max_pixels, uint8_t *rgb, dla_error *err)
{
  dla_pixels pixels;
  const dla_picture_request request = {
      .width = wanted.width, .height = wanted.height, .max_pixels = max_pixels};
  TRY(dla_picture_decode(reader, bytes, size, name, &request, &pixels, err));
  const dla_resize resize = {.width = wanted.width, .height = wanted.height};
  return dla_picture_resize(reader, &pixels, &resize, rgb, err);
}
