/* Prepares pictures as torchvision's references evaluate them. */
#include "picture/reader.h"

#include "base/try.h"

/* Python's round(x / 2.0): a half goes to the even neighbour. */
static int half(int x)
{
  const int down = x >= 0 ? x / 2 : -((1 - x) / 2);
  return down + (2 * down != x && down % 2 != 0);
}

dla_resize dla_resize_for_evaluation(int width, int height, int side, int crop)
{
  const bool wide = width > height;
  const int shorter = wide ? height : width, longer = wide ? width : height;
  const int64_t scaled = (int64_t)side * longer / shorter;
  const int other = scaled < INT32_MAX ? (int)scaled : INT32_MAX;
  dla_resize r = {.width = wide ? other : side, .height = wide ? side : other};
  r.window = (dla_box){half(r.width - crop), half(r.height - crop), crop, crop};
  return r;
}

dla_status dla_picture_for_evaluation(dla_reader *reader, const void *bytes, size_t size,
                                      const char *name, int side, int crop, int channels,
                                      uint8_t *planes, dla_error *err)
{
  dla_picture_info info;
  dla_pixels pixels;
  TRY(dla_picture_probe(bytes, size, name, &info, err));
  const dla_resize wanted = dla_resize_for_evaluation(info.width, info.height, side, crop);
  const dla_picture_request request = {.width = wanted.width, .height = wanted.height};
  TRY(dla_picture_decode(reader, bytes, size, name, &request, &pixels, err));
  const size_t count = (size_t)crop * (size_t)crop;
  uint8_t *rgb = dla_room_for(&reader->result, 3 * count);
  if (!rgb) return dla_fail_memory(err, name);
  TRY(dla_picture_resize(reader, &pixels, &wanted, rgb, err));
  dla_picture_planes(rgb, count, channels, planes);
  return DLA_OK;
}

void dla_picture_planes(const uint8_t *rgb, size_t pixels, int channels, uint8_t *planes)
{
  if (channels == 1)
    for (size_t i = 0; i < pixels; i++, rgb += 3)
      planes[i] = (uint8_t)((rgb[0] * 19595u + rgb[1] * 38470u + rgb[2] * 7471u + 0x8000u) >> 16);
  else
    for (size_t i = 0; i < pixels; i++, rgb += 3) {
      planes[i] = rgb[0];
      planes[pixels + i] = rgb[1];
      planes[2 * pixels + i] = rgb[2];
    }
}

void dla_picture_normalise(const dla_reader *reader, const uint8_t *rgb, size_t pixels,
                           const float scale[3], const float offset[3], float *planes)
{
  reader->kernels.to_planes(rgb, pixels, scale, offset, planes);
}
