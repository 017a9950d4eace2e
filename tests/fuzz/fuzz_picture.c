/* Any bytes as a picture's file: its header, and the pixels of all of it and of a part that the
 * first bytes choose, resized. */
#include <stdlib.h>
#include <string.h>

#include "dla/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { CHOICE = 6, PIXELS_MAX = 1 << 22, SIDE = 24 };

static int share(int size, uint8_t part)
{
  return (int)((int64_t)size * part / 256);
}

static void try_part(dla_reader *reader, const uint8_t *choice, const uint8_t *bytes, size_t size,
                     const dla_picture_info *info)
{
  uint8_t rgb[3 * SIDE * SIDE];
  dla_pixels pixels;
  dla_box box = {share(info->width, choice[0]), share(info->height, choice[1]), 0, 0};
  box.width = 1 + share(info->width - box.left - 1, choice[2]);
  box.height = 1 + share(info->height - box.top - 1, choice[3]);
  const dla_resize resize = {
      .width = 1 + choice[4] % SIDE, .height = 1 + choice[5] % SIDE, .mirrored = choice[4] & 128};
  const dla_picture_request request = {box, resize.width, resize.height, PIXELS_MAX};
  if (dla_picture_decode(reader, bytes, size, "fuzz", &request, &pixels, NULL) == DLA_OK)
    dla_picture_resize(reader, &pixels, &resize, rgb, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  dla_reader *reader;
  dla_picture_info info;
  dla_error err = {0};
  if (size < CHOICE || dla_reader_create(&reader, NULL) != DLA_OK) return 0;
  /* A block of its own: what reads beyond its end is caught. */
  uint8_t *copy = malloc(size - CHOICE + 1);
  if (copy) memcpy(copy, bytes + CHOICE, size - CHOICE);
  uint8_t *exact = copy ? realloc(copy, size - CHOICE ? size - CHOICE : 1) : NULL;
  if (exact && dla_picture_probe(exact, size - CHOICE, "fuzz", &info, &err) == DLA_OK) {
    uint8_t planes[3 * SIDE * SIDE];
    if ((int64_t)info.width * info.height <= PIXELS_MAX)
      dla_picture_for_evaluation(reader, exact, size - CHOICE, "fuzz", SIDE, SIDE, 3, planes, &err);
    try_part(reader, bytes, exact, size - CHOICE, &info);
  }
  free(exact);
  dla_reader_free(reader);
  return 0;
}
