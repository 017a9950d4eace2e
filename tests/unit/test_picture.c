/* Pictures' bytes to pixels: every format and fault, parts, orientations, and Pillow's numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "augment/pictures.h"
#include "base/hash.h"
#include "dla/picture.h"
#include "picture_writer.h"
#include "pillow_numbers.h"

enum { WIDTH = 61, HEIGHT = 47, PIXELS = WIDTH * HEIGHT };

static dla_reader *reader;
static uint8_t *rgb; /* [HEIGHT][WIDTH][3] */

static int set_up(void **state)
{
  (void)state;
  rgb = make_rgb(WIDTH, HEIGHT);
  return dla_reader_create(&reader, NULL) || !rgb;
}

static int tear_down(void **state)
{
  (void)state;
  dla_reader_free(reader);
  free(rgb);
  return 0;
}

/* All of it, or a part, copied together; free() it. */
static uint8_t *decode(const written_picture *p, const dla_box *box, dla_picture_info *info)
{
  dla_error err = {0};
  dla_pixels pixels;
  const dla_picture_request request = {.box = box ? *box : (dla_box){0}};
  if (dla_picture_probe(p->bytes, p->size, "test", info, &err)) fail_msg("%s", err.what);
  if (dla_picture_decode(reader, p->bytes, p->size, "test", &request, &pixels, &err))
    fail_msg("%s", err.what);
  assert_int_equal(pixels.width, box ? box->width : info->width);
  assert_int_equal(pixels.height, box ? box->height : info->height);
  assert_true(pixels.left == 0 && pixels.top == 0);
  assert_true(pixels.right == pixels.width && pixels.bottom == pixels.height);
  const size_t row = 3 * (size_t)pixels.width;
  uint8_t *copy = malloc(row * (size_t)pixels.height);
  for (int y = 0; y < pixels.height; y++)
    memcpy(copy + row * (size_t)y, pixels.rgb + pixels.stride * (size_t)y, row);
  return copy;
}

static void check_refused(const void *bytes, size_t size, const char *what)
{
  dla_error err = {0};
  dla_picture_info info;
  dla_pixels pixels;
  const dla_picture_request all = {0};
  dla_status status = dla_picture_probe(bytes, size, "x.jpg", &info, &err);
  if (!status) status = dla_picture_decode(reader, bytes, size, "x.jpg", &all, &pixels, &err);
  assert_int_equal(status, DLA_E_INPUT);
  if (!strstr(err.what, what)) fail_msg("'%s' and not '%s'", err.what, what);
  assert_string_equal(err.where, "x.jpg");
  assert_true(err.hint[0] != '\0');
}

/* ---- JPEG ---- */

static double difference(const uint8_t *a, const uint8_t *b, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += a[i] > b[i] ? a[i] - b[i] : b[i] - a[i];
  return sum / (double)count;
}

/* A part is to the bit what it is in the whole, whatever the sampling. */
static void check_parts(const written_picture *p, const uint8_t *whole)
{
  static const dla_box boxes[] = {{0, 0, 1, 1},    {17, 9, 30, 31}, {60, 46, 1, 1},
                                  {31, 0, 17, 47}, {0, 33, 61, 3},  {16, 16, 16, 16}};
  dla_picture_info info;
  for (size_t b = 0; b < sizeof boxes / sizeof boxes[0]; b++) {
    const dla_box *box = &boxes[b];
    uint8_t *part = decode(p, box, &info);
    for (int y = 0; y < box->height; y++)
      assert_memory_equal(part + 3 * y * box->width,
                          whole + 3 * ((box->top + y) * WIDTH + box->left), 3 * (size_t)box->width);
    free(part);
  }
}

static void every_kind_of_jpeg(void **state)
{
  (void)state;
  static const jpeg_kind kinds[] = {
      {3, 1, 1, 0, 100, 0, -1}, {3, 2, 1, 0, 95, 0, -1}, {3, 1, 2, 0, 95, 0, -1},
      {3, 2, 2, 0, 95, 0, -1},  {3, 2, 2, 1, 95, 0, -1}, {3, 4, 1, 0, 95, 0, -1},
      {1, 1, 1, 0, 95, 0, -1},  {1, 1, 1, 1, 95, 0, -1}, {4, 1, 1, 0, 95, 0, -1},
      {4, 1, 1, 0, 95, 1, -1},
  };
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
    dla_picture_info info;
    const written_picture p = write_jpeg(rgb, WIDTH, HEIGHT, &kinds[k]);
    uint8_t *whole = decode(&p, NULL, &info);
    assert_string_equal(info.format, "JPEG");
    assert_int_equal(info.width, WIDTH);
    if (k == 0) assert_true(difference(whole, rgb, 3 * PIXELS) < 1);
    for (int i = 0; i < PIXELS && kinds[k].components == 1; i++)
      assert_true(whole[3 * i] == whole[3 * i + 1] && whole[3 * i] == whole[3 * i + 2]);
    check_parts(&p, whole);
    free(whole);
    free(p.bytes);
  }
}

/* Adobe's inks are inverted: 255 is none, as Pillow reads them. */
static void inks_become_light(void **state)
{
  (void)state;
  uint8_t inks[3 * 64];
  memset(inks, 255, sizeof inks);
  const jpeg_kind kind = {4, 1, 1, 0, 100, 0, -1};
  dla_picture_info info;
  const written_picture p = write_jpeg(inks, 8, 8, &kind);
  uint8_t *light = decode(&p, NULL, &info);
  for (int i = 0; i < 3 * 64; i++)
    assert_in_range(light[i], 199, 201); /* no ink, and black of 200 */
  free(light);
  free(p.bytes);
}

static void stored_place(int orientation, int x, int y, int *sx, int *sy)
{
  const int places[9][2] = {{0, 0},
                            {x, y},
                            {WIDTH - 1 - x, y},
                            {WIDTH - 1 - x, HEIGHT - 1 - y},
                            {x, HEIGHT - 1 - y},
                            {y, x},
                            {y, HEIGHT - 1 - x},
                            {WIDTH - 1 - y, HEIGHT - 1 - x},
                            {WIDTH - 1 - y, x}};
  *sx = places[orientation][0];
  *sy = places[orientation][1];
}

static void check_orientation(int orientation, int as, const uint8_t *upright)
{
  const jpeg_kind kind = {3, 1, 1, 0, 95, 0, orientation | as};
  const written_picture p = write_jpeg(rgb, WIDTH, HEIGHT, &kind);
  const dla_box box = {7, 11, 20, 9};
  const int is = orientation >= 1 && orientation <= 8 ? orientation : 1;
  dla_picture_info info;
  uint8_t *whole = decode(&p, NULL, &info), *part = decode(&p, &box, &info);
  assert_int_equal(info.orientation, is);
  assert_int_equal(info.width, is >= 5 ? HEIGHT : WIDTH);
  for (int y = 0; y < info.height; y++)
    for (int x = 0; x < info.width; x++) {
      int sx, sy;
      stored_place(is, x, y, &sx, &sy);
      assert_memory_equal(whole + 3 * (y * info.width + x), upright + 3 * (sy * WIDTH + sx), 3);
    }
  for (int y = 0; y < box.height; y++)
    assert_memory_equal(part + 3 * y * box.width,
                        whole + 3 * ((box.top + y) * info.width + box.left), 3 * box.width);
  free(whole);
  free(part);
  free(p.bytes);
}

static void orientations_are_applied(void **state)
{
  (void)state;
  const jpeg_kind plain = {3, 1, 1, 0, 95, 0, -1};
  const written_picture p = write_jpeg(rgb, WIDTH, HEIGHT, &plain);
  dla_picture_info info;
  uint8_t *upright = decode(&p, NULL, &info);
  for (int orientation = 0; orientation <= 9; orientation++) {
    check_orientation(orientation, 0, upright);
    check_orientation(orientation, AS_LONG, upright);
  }
  check_orientation(0x600, 0, upright);
  free(upright);
  free(p.bytes);
}

/* What is much larger than asked for is decoded smaller; where the part lies stays known. */
static void large_jpegs_are_decoded_smaller(void **state)
{
  (void)state;
  enum { LARGE = 640 };
  uint8_t *large = make_rgb(LARGE, LARGE);
  for (int i = 0; i < 3 * LARGE * LARGE; i++) /* smooth: the filters differ */
    large[i] = (uint8_t)(128 + (i / 3 % LARGE) / 8 - (i / 3 / LARGE) / 8);
  const jpeg_kind kind = {3, 2, 2, 0, 95, 0, 6};
  const written_picture p = write_jpeg(large, LARGE, LARGE, &kind);
  for (int shrunk = 0; shrunk < 2; shrunk++) {
    static uint8_t made[2][20 * 20 * 3];
    const dla_resize resize = {.width = 20, .height = 20};
    const dla_picture_request request = {
        .box = {3, 5, 601, 611}, .width = shrunk ? 20 : 0, .height = shrunk ? 20 : 0};
    dla_pixels pixels;
    assert_int_equal(dla_picture_decode(reader, p.bytes, p.size, "x", &request, &pixels, NULL),
                     DLA_OK);
    assert_in_range(pixels.width, shrunk ? 76 : 601, shrunk ? 152 : 601);
    assert_int_equal(dla_picture_resize(reader, &pixels, &resize, made[shrunk], NULL), DLA_OK);
    if (shrunk) assert_true(difference(made[0], made[1], sizeof made[0]) < 0.5);
  }
  free(large);
  free(p.bytes);
}

/* ---- PNG and WebP ---- */

static void every_kind_of_png(void **state)
{
  (void)state;
  static const struct {
    int color_type, depth;
  } kinds[] = {{0, 1}, {0, 2}, {0, 4}, {0, 8},  {0, 16}, {2, 8}, {2, 16},
               {3, 1}, {3, 2}, {4, 8}, {4, 16}, {6, 8},  {6, 16}};
  uint8_t zeros[8 * PIXELS] = {0};
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
    for (int interlaced = 0; interlaced < 2; interlaced++) {
      const int type = kinds[k].color_type;
      const written_picture p = write_png(zeros, WIDTH, HEIGHT, type, kinds[k].depth, interlaced);
      dla_picture_info info;
      uint8_t *got = decode(&p, NULL, &info);
      assert_string_equal(info.format, "PNG");
      /* Nothing but transparent is white, the first of the palette red, and the rest black. */
      const uint8_t wanted[3] = {type == 3 || type >= 4 ? 255 : 0, type >= 4 ? 255 : 0,
                                 type >= 4 ? 255 : 0};
      for (int i = 0; i < PIXELS; i++)
        assert_memory_equal(got + 3 * i, wanted, 3);
      free(got);
      free(p.bytes);
    }
}

static void png_is_exact(void **state)
{
  (void)state;
  for (int interlaced = 0; interlaced < 2; interlaced++) {
    const written_picture p = write_png(rgb, WIDTH, HEIGHT, 2, 8, interlaced);
    dla_picture_info info;
    uint8_t *got = decode(&p, NULL, &info);
    assert_memory_equal(got, rgb, 3 * PIXELS);
    check_parts(&p, rgb);
    free(got);
    free(p.bytes);
  }
}

/* Of 16 bits the high ones, of grey the same on all three. */
static void png_of_16_bits(void **state)
{
  (void)state;
  const uint16_t grey[4] = {0, 0x1234, 0x80ff, 0xffff};
  const written_picture p = write_png(grey, 4, 1, 0, 16, 0);
  dla_picture_info info;
  uint8_t *got = decode(&p, NULL, &info);
  const uint8_t wanted[12] = {0, 0, 0, 0x12, 0x12, 0x12, 0x80, 0x80, 0x80, 0xff, 0xff, 0xff};
  assert_memory_equal(got, wanted, sizeof wanted);
  free(got);
  free(p.bytes);
}

static void what_is_transparent_is_over_white(void **state)
{
  (void)state;
  const uint8_t rgba[16] = {10, 20, 30, 255, 10, 20, 30, 0, 0, 0, 0, 128, 100, 200, 50, 51};
  const uint8_t wanted[12] = {10, 20, 30, 255, 255, 255, 127, 127, 127, 224, 244, 214};
  const written_picture png = write_png(rgba, 4, 1, 6, 8, 0), webp = write_webp(rgba, 4, 1);
  dla_picture_info info;
  uint8_t *got = decode(&png, NULL, &info);
  assert_memory_equal(got, wanted, sizeof wanted);
  free(got);
  got = decode(&webp, NULL, &info);
  assert_string_equal(info.format, "WebP");
  assert_memory_equal(got, wanted, sizeof wanted);
  free(got);
  free(png.bytes);
  free(webp.bytes);
}

static void webp_is_exact(void **state)
{
  (void)state;
  uint8_t rgba[4 * PIXELS];
  for (int i = 0; i < PIXELS; i++) {
    memcpy(rgba + 4 * i, rgb + 3 * i, 3);
    rgba[4 * i + 3] = 255;
  }
  const written_picture p = write_webp(rgba, WIDTH, HEIGHT);
  check_parts(&p, rgb);
  free(p.bytes);
}

/* ---- Faults ---- */

static written_picture write_one(int format)
{
  static uint8_t rgba[4 * PIXELS];
  const jpeg_kind kind = {3, 2, 2, format == 3, 90, 0, 1};
  for (int i = 0; i < PIXELS; i++)
    memcpy(rgba + 4 * i, rgb + 3 * i, 3);
  return format == 1   ? write_png(rgb, WIDTH, HEIGHT, 2, 8, 0)
         : format == 2 ? write_webp(rgba, WIDTH, HEIGHT)
                       : write_jpeg(rgb, WIDTH, HEIGHT, &kind);
}

static void what_is_cut_short_is_told(void **state)
{
  (void)state;
  for (int format = 0; format < 4; format++) {
    const written_picture p = write_one(format);
    for (size_t size = 16; size + 16 < p.size; size += p.size / 23) {
      uint8_t *cut = malloc(size);
      memcpy(cut, p.bytes, size);
      check_refused(cut, size, "");
      free(cut);
    }
    check_refused(p.bytes, p.size / 2, "cut short");
    free(p.bytes);
  }
}

/* ---- BMP and PNM ---- */

static void put_little(uint8_t *to, uint32_t value, int count)
{
  for (int i = 0; i < count; i++, value >>= 8)
    to[i] = (uint8_t)value;
}

/* The header of a BMP of WIDTH pixels: 40 bytes behind the first 14, and `more` behind these. */
static written_picture make_bmp(int bits, int height, uint32_t compression, size_t more)
{
  const size_t stride = ((size_t)WIDTH * (size_t)bits + 31) / 32 * 4;
  written_picture p = {.size = 54 + more + stride * HEIGHT};
  p.bytes = calloc(1, p.size);
  memcpy(p.bytes, "BM", 2);
  put_little(p.bytes + 10, (uint32_t)(54 + more), 4);
  put_little(p.bytes + 14, 40, 4);
  put_little(p.bytes + 18, WIDTH, 4);
  put_little(p.bytes + 22, (uint32_t)height, 4);
  put_little(p.bytes + 28, (uint32_t)bits, 2);
  put_little(p.bytes + 30, compression, 4);
  return p;
}

static uint8_t *bmp_row(const written_picture *p, int bits, size_t more, int line)
{
  return p->bytes + 54 + more + ((size_t)WIDTH * (size_t)bits + 31) / 32 * 4 * (size_t)line;
}

/* Of 24 bits upside down and not, and of 32 bits with the fourth byte of no meaning. */
static void bmps_are_read(void **state)
{
  (void)state;
  dla_picture_info info;
  for (int kind = 0; kind < 3; kind++) {
    const int bits = kind == 2 ? 32 : 24;
    const written_picture p = make_bmp(bits, kind ? -HEIGHT : HEIGHT, 0, 0);
    for (int y = 0; y < HEIGHT; y++)
      for (int x = 0; x < WIDTH; x++)
        for (int c = 0; c < 3; c++)
          bmp_row(&p, bits, 0, kind ? y : HEIGHT - 1 - y)[bits / 8 * x + 2 - c] =
              rgb[3 * (y * WIDTH + x) + c];
    uint8_t *all = decode(&p, NULL, &info);
    assert_string_equal(info.format, "BMP");
    assert_memory_equal(all, rgb, 3 * PIXELS);
    const dla_box box = {7, 3, 20, 10};
    uint8_t *part = decode(&p, &box, &info);
    for (int y = 0; y < 10; y++)
      assert_memory_equal(part + 60 * y, rgb + 3 * ((3 + y) * WIDTH + 7), 60);
    assert_true(dla_picture_ends("BMP", p.bytes, 54, p.bytes, 0, p.size));
    assert_false(dla_picture_ends("BMP", p.bytes, 54, p.bytes, 0, p.size - 1));
    check_refused(p.bytes, p.size - 1, "cut short");
    check_refused(p.bytes, 40, "cut short");
    put_little(p.bytes + 22, 0x80000000, 4); /* the height */
    check_refused(p.bytes, p.size, "no width or height");
    put_little(p.bytes + 22, 0x7fffffff, 4);
    check_refused(p.bytes, p.size, "pixels, more than");
    free(all);
    free(part);
    free(p.bytes);
  }
}

/* A palette with fewer colours than there can be, and masks: as Pillow, of which these are. */
static void small_bmps_are_read(void **state)
{
  (void)state;
  dla_picture_info info;
  written_picture p = make_bmp(4, HEIGHT, 0, 8);
  put_little(p.bytes + 46, 2, 4);
  put_little(p.bytes + 58, 0x112233, 4);
  bmp_row(&p, 4, 8, HEIGHT - 1)[0] = 0x12;
  uint8_t *all = decode(&p, NULL, &info);
  assert_memory_equal(all, "\x11\x22\x33\0\0\0\0\0\0", 9);
  free(all);
  put_little(p.bytes + 30, 2, 4);
  check_refused(p.bytes, p.size, "a compressed BMP");
  free(p.bytes);
  p = make_bmp(16, HEIGHT, 3, 12);
  put_little(p.bytes + 54, 0xf800, 4);
  put_little(p.bytes + 58, 0x7e0, 4);
  put_little(p.bytes + 62, 0x1f, 4);
  put_little(bmp_row(&p, 16, 12, HEIGHT - 1), 0x8410 | 1, 2);
  all = decode(&p, NULL, &info);
  assert_memory_equal(all, "\x83\x81\x8b", 3);
  free(all);
  free(p.bytes);
}

static void pnms_are_read(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    size_t size;
    const char *first; /* the RGB of both pixels */
  } files[] = {
      {"P6 2 1 255\nabcdef", 17, "abcdef"},
      {"P6\n#by me\n2\n1\n65535\na.b.c.d.e.f.", 32, "abcdef"},
      {"P5 2 1 15 \1\17", 12, "\x11\x11\x11\xff\xff\xff"},
      {"P4 2 1\n\x40", 8, "\xff\xff\xff\0\0\0"},
      {"P3 2 1 255 97 98 99 100 101 102", 31, "abcdef"},
      {"P2 2 1 1 0 1", 12, "\0\0\0\xff\xff\xff"},
      {"P1 2 1 01", 9, "\xff\xff\xff\0\0\0"},
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    dla_picture_info info;
    const written_picture p = {(uint8_t *)(uintptr_t)files[i].text, files[i].size};
    uint8_t *all = decode(&p, NULL, &info);
    assert_true(info.width == 2 && info.height == 1 && strcmp(info.format, "PNM") == 0);
    assert_memory_equal(all, files[i].first, 6);
    check_refused(p.bytes, p.size - (i == 4 ? 4 : 1), "cut short");
    free(all);
  }
  check_refused("P6\n99999999 99999999\n255\n ", 26, "pixels, more than");
}

static void ends_are_told(void **state)
{
  (void)state;
  static const char *const formats[] = {"JPEG", "PNG", "WebP"};
  for (int f = 0; f < 3; f++) {
    const written_picture p = write_one(f);
    for (size_t cut = 0; cut < 40; cut += 20) {
      const size_t size = p.size - cut;
      assert_int_equal(dla_picture_ends(formats[f], p.bytes, 32, p.bytes + size - 32, 32, size),
                       cut == 0);
    }
    free(p.bytes);
  }
}

static void other_things_are_named(void **state)
{
  (void)state;
  static const struct {
    const char *bytes;
    size_t size;
    const char *what;
  } things[] = {
      {"", 0, "empty"},
      {"GIF89a\1\0\1\0", 10, "a GIF"},
      {"II*\0\10\0\0\0", 8, "a TIFF"},
      {"MM\0*\0\0\0\10", 8, "a TIFF"},
      {"\0\0\0\x18"
       "ftypheic",
       12, "a HEIC"},
      {"\0\0\0\x18"
       "ftypavif",
       12, "an AVIF"},
      {"<svg xmlns=''>", 14, "an SVG"},
      {"<?xml version='1.0'?><!-- --><svg>", 34, "an SVG"},
      {"P6\n1 1\n255\n..", 13, "the PNM is cut short"},
      {"P3\n1 1\n255\n1 2 x", 16, "there should be a number"},
      {"P5\n0 1\n255\n...", 14, "there should be a number"},
      {"BM\1\2\3\4\0\0\0\0", 10, "the BMP is cut short"},
      {"\0\0\0\x18"
       "ftypisom",
       12, "a video"},
      {"II*\0\20\0\0\0CR\2", 11, "a raw photograph"},
      {"\x89PNG\n\x1a\n", 7, "changed on its way"},
      {"%PDF-1.4", 8, "a PDF"},
      {"P6x", 3, "no picture"},
      {"hello, world", 12, "no picture, but text \"hello, world\""},
      {"<!DOCTYPE html><html><title>404</title>", 39, "a web page"},
      {"\xff\xd8\xff", 3, "cut short"},
  };
  for (size_t i = 0; i < sizeof things / sizeof things[0]; i++)
    check_refused(things[i].bytes, things[i].size, things[i].what);
}

/* Headers may claim anything: nothing is allocated for it. */
static void sizes_are_checked_before_they_are_believed(void **state)
{
  (void)state;
  uint8_t zero[1] = {0};
  written_picture p = write_png(zero, 1, 1, 0, 8, 0);
  const uint8_t claim[8] = {0x05, 0xcc, 0x97, 0x3f, 0x3e, 0x83, 0x5b, 0x55}; /* of a public set */
  memcpy(p.bytes + 16, claim, 8);
  check_refused(p.bytes, p.size, "");
  free(p.bytes);
  const jpeg_kind kind = {3, 2, 2, 0, 90, 0, -1};
  p = write_jpeg(rgb, WIDTH, HEIGHT, &kind);
  for (size_t i = 0; i + 8 < p.size; i++)
    if (p.bytes[i] == 0xff && p.bytes[i + 1] == 0xc0)
      memcpy(p.bytes + i + 5, "\x75\x30\x75\x30", 4);
  check_refused(p.bytes, p.size, "30000 x 30000 pixels, more than");
  const dla_picture_request small = {.max_pixels = 100};
  dla_pixels pixels;
  dla_error err = {0};
  free(p.bytes);
  p = write_jpeg(rgb, WIDTH, HEIGHT, &kind);
  assert_int_equal(dla_picture_decode(reader, p.bytes, p.size, "x", &small, &pixels, &err),
                   DLA_E_INPUT);
  assert_non_null(strstr(err.hint, "dataset.max_pixels"));
  free(p.bytes);
}

/* ---- Pillow's numbers ---- */

static void resizes_are_pillows(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof resizes / sizeof resizes[0]; i++) {
    const int width = resizes[i].width, left = resizes[i].left, top = resizes[i].top;
    uint8_t *source = make_rgb(width, resizes[i].height);
    dla_pixels pixels = {.width = resizes[i].right - left,
                         .height = resizes[i].bottom - top,
                         .stride = 3 * (size_t)width,
                         .rgb = source + 3 * (top * width + left)};
    pixels.right = pixels.width;
    pixels.bottom = pixels.height;
    const dla_resize resize = {.width = resizes[i].to_width, .height = resizes[i].to_height};
    const size_t size = 3 * (size_t)resize.width * (size_t)resize.height;
    uint8_t *out = malloc(size);
    assert_int_equal(dla_picture_resize(reader, &pixels, &resize, out, NULL), DLA_OK);
    assert_true(dla_hash(DLA_HASH_EMPTY, out, size) == resizes[i].hash);
    free(out);
    free(source);
  }
}

/* A window of a resize is what it is in all of it; beyond it lies black; mirrored it is mirrored.
 */
static void windows_are_parts(void **state)
{
  (void)state;
  const dla_pixels pixels = {WIDTH, HEIGHT, 3 * WIDTH, rgb, 0, 0, WIDTH, HEIGHT};
  uint8_t whole[40 * 30 * 3], part[50 * 20 * 3];
  dla_resize resize = {.width = 40, .height = 30};
  assert_int_equal(dla_picture_resize(reader, &pixels, &resize, whole, NULL), DLA_OK);
  for (int mirrored = 0; mirrored < 2; mirrored++) {
    resize.window = (dla_box){-6, 15, 50, 20};
    resize.mirrored = mirrored;
    assert_int_equal(dla_picture_resize(reader, &pixels, &resize, part, NULL), DLA_OK);
    for (int y = 0; y < 20; y++)
      for (int x = 0; x < 50; x++) {
        const int sx = (mirrored ? 49 - x : x) - 6, sy = y + 15;
        const bool inside = sx >= 0 && sx < 40 && sy < 30;
        for (int c = 0; c < 3; c++)
          assert_int_equal(part[3 * (50 * y + x) + c], inside ? whole[3 * (40 * sy + sx) + c] : 0);
      }
  }
}

static void changes_are_pillows(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    const char *what = changes[i].what;
    const float amount = (float)changes[i].amount;
    uint8_t out[3 * PIXELS];
    size_t size = sizeof out;
    memcpy(out, rgb, sizeof out);
    if (strcmp(what, "brightness") == 0) dla_adjust_brightness(out, PIXELS, amount);
    if (strcmp(what, "contrast") == 0) dla_adjust_contrast(out, PIXELS, amount);
    if (strcmp(what, "saturation") == 0) dla_adjust_saturation(out, PIXELS, amount);
    if (strcmp(what, "hue") == 0) dla_adjust_hue(out, PIXELS, amount);
    if (strcmp(what, "rotation") == 0) dla_rotate(changes[i].amount, rgb, WIDTH, HEIGHT, out);
    if (strcmp(what, "grey") == 0) {
      dla_picture_planes(rgb, PIXELS, 1, out);
      size = PIXELS;
    }
    if (dla_hash(DLA_HASH_EMPTY, out, size) != changes[i].hash)
      fail_msg("%s by %g is not Pillow's", what, changes[i].amount);
  }
}

/* torchvision's Resize and CenterCrop, whose halves are Python's round(). */
static void evaluation_cuts_out_the_middle(void **state)
{
  (void)state;
  dla_resize r = dla_resize_for_evaluation(500, 375, 256, 224);
  assert_int_equal(r.width, 341);
  assert_int_equal(r.height, 256);
  assert_int_equal(r.window.left, 58); /* round(58.5) */
  assert_int_equal(r.window.top, 16);
  r = dla_resize_for_evaluation(375, 501, 256, 225);
  assert_int_equal(r.height, 342);
  assert_int_equal(r.window.left, 16); /* round(15.5) */
  r = dla_resize_for_evaluation(10, 10, 4, 7);
  assert_int_equal(r.window.left, -2); /* round(-1.5) */
}

/* JPEG decoders differ: by half a grey level in the mean, and by three at most. */
static void a_photograph_is_evaluated_as_by_torchvision(void **state)
{
  (void)state;
  uint8_t planes[3 * 24 * 24], rgb24[3 * 24 * 24];
  assert_int_equal(dla_picture_for_evaluation(reader, photograph, sizeof photograph, "x", 64, 24, 3,
                                              planes, NULL),
                   DLA_OK);
  for (int i = 0; i < 24 * 24; i++)
    for (int c = 0; c < 3; c++)
      rgb24[3 * i + c] = planes[24 * 24 * c + i];
  assert_true(difference(rgb24, evaluated, sizeof evaluated) <= 0.5);
  for (size_t i = 0; i < sizeof evaluated; i++)
    assert_in_range(rgb24[i] - evaluated[i] + 3, 0, 6);
}

/* ---- What chance does ---- */

static void random_parts_are_in_their_bounds(void **state)
{
  (void)state;
  const dla_random_crop how = {0.08, 1, 0.75, 4.0 / 3};
  double area = 0;
  for (uint32_t i = 0; i < 2000; i++) {
    dla_random random = dla_random_at(1, DLA_RANDOM_RESIZED_CROP, 0, i);
    const dla_box b = dla_random_resized_crop(&how, &random, 500, 375);
    assert_true(b.left >= 0 && b.top >= 0 && b.left + b.width <= 500 && b.top + b.height <= 375);
    const double ratio = (double)b.width / b.height;
    assert_true(ratio > 0.73 && ratio < 1.37);
    area += (double)b.width * b.height / (500 * 375) / 2000;
  }
  assert_true(area > 0.42 && area < 0.445); /* torchvision's rule gives 0.432 */
  dla_random random = dla_random_at(1, DLA_RANDOM_RESIZED_CROP, 0, 0);
  const dla_box line = dla_random_resized_crop(&how, &random, 1, 3000); /* nothing fits */
  assert_int_equal(line.width, 1);
  assert_int_equal(line.height, 1);
}

static void erasing_is_as_likely_as_asked_for(void **state)
{
  (void)state;
  int erased = 0;
  for (uint32_t i = 0; i < 1000; i++) {
    float planes[3 * 16 * 16];
    size_t zeros = 0;
    for (int k = 0; k < 3 * 16 * 16; k++)
      planes[k] = 1;
    dla_random random = dla_random_at(1, DLA_RANDOM_ERASING, 0, i);
    dla_random_erasing(0.25, &random, planes, 3, 16, 16);
    for (int k = 0; k < 3 * 16 * 16; k++)
      zeros += planes[k] == 0;
    assert_true(zeros % 3 == 0 && zeros / 3 < 16 * 16 * 2 / 5);
    erased += zeros > 0;
  }
  assert_in_range(erased, 200, 300);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kind_of_jpeg),
      cmocka_unit_test(inks_become_light),
      cmocka_unit_test(orientations_are_applied),
      cmocka_unit_test(large_jpegs_are_decoded_smaller),
      cmocka_unit_test(every_kind_of_png),
      cmocka_unit_test(png_is_exact),
      cmocka_unit_test(png_of_16_bits),
      cmocka_unit_test(what_is_transparent_is_over_white),
      cmocka_unit_test(webp_is_exact),
      cmocka_unit_test(what_is_cut_short_is_told),
      cmocka_unit_test(ends_are_told),
      cmocka_unit_test(bmps_are_read),
      cmocka_unit_test(small_bmps_are_read),
      cmocka_unit_test(pnms_are_read),
      cmocka_unit_test(other_things_are_named),
      cmocka_unit_test(sizes_are_checked_before_they_are_believed),
      cmocka_unit_test(resizes_are_pillows),
      cmocka_unit_test(windows_are_parts),
      cmocka_unit_test(changes_are_pillows),
      cmocka_unit_test(evaluation_cuts_out_the_middle),
      cmocka_unit_test(a_photograph_is_evaluated_as_by_torchvision),
      cmocka_unit_test(random_parts_are_in_their_bounds),
      cmocka_unit_test(erasing_is_as_likely_as_asked_for),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
