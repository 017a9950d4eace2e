#include "picture/codec.h"

#include <stdio.h>
#include <string.h>

#include "base/looks_like.h"

static const dla_codec *const codecs[] = {&dla_codec_jpeg, &dla_codec_png, &dla_codec_webp,
                                          &dla_codec_bmp, &dla_codec_pnm};
enum { CODECS = sizeof codecs / sizeof codecs[0] };

#define CONVERT "convert it to PNG or JPEG, for example with ImageMagick: "

/* The first bytes of files that people have among their pictures; '.' is any byte. */
static const struct {
  const char *start;
  size_t length;
  const char *what, *hint;
} foreign[] = {
    {"GIF8", 4, "a GIF", CONVERT "convert 'x.gif[0]' x.png"},
    {"II*\0....CR\2", 11, "a raw photograph (CR2)",
     "develop it to JPEG, for example with darktable"},
    {"....ftypcrx", 11, "a raw photograph (CR3)", "develop it to JPEG, for example with darktable"},
    {"FUJIFILMCCD-RAW", 15, "a raw photograph (RAF)",
     "develop it to JPEG, for example with darktable"},
    {"....ftypisom", 12, "a video", "take pictures out of it, for example with ffmpeg"},
    {"....ftypmp4", 11, "a video", "take pictures out of it, for example with ffmpeg"},
    {"....ftypqt", 10, "a video", "take pictures out of it, for example with ffmpeg"},
    {"II*\0", 4, "a TIFF", CONVERT "convert x.tif x.png"},
    {"MM\0*", 4, "a TIFF", CONVERT "convert x.tif x.png"},
    {"II+\0", 4, "a TIFF", CONVERT "convert x.tif x.png"},
    {"MM\0+", 4, "a TIFF", CONVERT "convert x.tif x.png"},
    {"....ftyphei", 11, "a HEIC", "convert it to JPEG, for example with heif-convert x.heic x.jpg"},
    {"....ftyphev", 11, "a HEIC", "convert it to JPEG, for example with heif-convert x.heic x.jpg"},
    {"....ftypmif1", 12, "a HEIF",
     "convert it to JPEG, for example with heif-convert x.heic x.jpg"},
    {"....ftypavi", 11, "an AVIF", "convert it to PNG, for example with avifdec x.avif x.png"},
    {"<svg", 4, "an SVG", "draw it as a PNG, for example with rsvg-convert x.svg -o x.png"},
    {"\0\0\1\0", 4, "an icon (ICO)", CONVERT "convert 'x.ico[0]' x.png"},
    {"8BPS", 4, "a Photoshop file", CONVERT "convert 'x.psd[0]' x.png"},
    {"\xff\x0a", 2, "a JPEG XL", "convert it to PNG, for example with djxl x.jxl x.png"},
    {"\0\0\0\x0cJXL ", 8, "a JPEG XL", "convert it to PNG, for example with djxl x.jxl x.png"},
    {"\0\0\0\x0cjP  ", 8, "a JPEG 2000", CONVERT "convert x.jp2 x.png"},
    {"\xff\x4f\xff\x51", 4, "a JPEG 2000", CONVERT "convert x.j2k x.png"},
    {"%PDF", 4, "a PDF", "draw it as a PNG, for example with pdftoppm -png x.pdf x"},
};

static bool starts(const uint8_t *bytes, size_t size, const char *start, size_t length)
{
  bool same = size >= length;
  for (size_t i = 0; i < length && same; i++)
    same = start[i] == '.' || (uint8_t)start[i] == bytes[i];
  return same;
}

/* An SVG may begin with an XML header and comments. */
static bool is_svg(const uint8_t *bytes, size_t size)
{
  static const char tag[] = "<svg";
  const size_t within = size < 512 ? size : 512;
  if (within < 5 || memcmp(bytes, "<?xml", 5) != 0) return false;
  for (size_t i = 0; i + 4 <= within; i++)
    if (memcmp(bytes + i, tag, 4) == 0) return true;
  return false;
}

/* The name of a format that is not read, and a hint; NULL: the bytes do not begin like one. */
static const char *find_foreign(const uint8_t *bytes, size_t size, const char **hint)
{
  for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
    *hint = foreign[i].hint;
    const bool svg = strcmp(foreign[i].start, "<svg") == 0 && is_svg(bytes, size);
    if (svg || starts(bytes, size, foreign[i].start, foreign[i].length)) return foreign[i].what;
  }
  *hint = NULL;
  return NULL;
}

static const dla_codec *find(const uint8_t *bytes, size_t size)
{
  for (size_t i = 0; i < CODECS; i++)
    if (codecs[i]->is(bytes, size)) return codecs[i];
  return NULL;
}

static dla_status refuse(const dla_coded *coded, dla_error *err)
{
  const char *hint;
  const char *what = find_foreign(coded->bytes, coded->size, &hint);
  char formats[DLA_PICTURE_FORMATS], otherwise[80];
  snprintf(otherwise, sizeof otherwise, "what is read: %s", dla_picture_formats(formats));
  if (what)
    return dla_fail(err, DLA_E_INPUT, coded->name, hint, "it is %s, which is not read", what);
  if (coded->size == 0)
    return dla_fail(err, DLA_E_INPUT, coded->name, "get it again", "the file is empty");
  dla_looks looks = dla_looks_like(coded->bytes, coded->size);
  if (looks.kind == DLA_LOOKS_PICTURE) /* it begins like one, and goes on otherwise */
    return dla_fail(err, DLA_E_INPUT, coded->name, "get it again, as binary data",
                    "it was %s, and was changed on its way", looks.what);
  if (looks.what)
    return dla_fail(err, DLA_E_INPUT, coded->name, looks.hint ? looks.hint : otherwise,
                    "it is %s%s, and no picture", looks.what, looks.title);
  if (dla_looks_like_text(coded->bytes, coded->size, looks.title))
    return dla_fail(err, DLA_E_INPUT, coded->name, otherwise, "it is no picture, but text%s",
                    looks.title);
  return dla_fail(err, DLA_E_INPUT, coded->name, otherwise, "it is no picture");
}

const dla_codec *dla_codec_of(const dla_coded *coded, dla_error *err)
{
  const dla_codec *codec = find(coded->bytes, coded->size);
  char hint[160];
  if (!codec) {
    refuse(coded, err);
    return NULL;
  }
  if (codec->decode) return codec;
  snprintf(hint, sizeof hint, "on Debian: apt-get install %s, then configure and build again",
           codec->package);
  dla_fail(err, DLA_E_UNSUPPORTED, coded->name, hint, "it is a %s, which this build does not read",
           codec->name);
  return NULL;
}

bool dla_picture_is_one(const void *bytes, size_t size)
{
  const char *hint;
  return find(bytes, size) || find_foreign(bytes, size, &hint);
}

bool dla_picture_ends(const char *format, const void *head, size_t head_size, const void *tail,
                      size_t tail_size, uint64_t size)
{
  const dla_coded first = {head, head_size, NULL}, last = {tail, tail_size, NULL};
  for (size_t i = 0; i < CODECS; i++)
    if (strcmp(codecs[i]->name, format) == 0) return codecs[i]->ends(&first, &last, size);
  return false;
}

const char *dla_picture_formats(char text[DLA_PICTURE_FORMATS])
{
  size_t length = 0;
  snprintf(text, DLA_PICTURE_FORMATS, "none");
  for (size_t i = 0; i < CODECS; i++)
    if (codecs[i]->decode)
      length += (size_t)snprintf(text + length, DLA_PICTURE_FORMATS - length, "%s%s",
                                 length ? ", " : "", codecs[i]->name);
  return text;
}

void dla_pixels_crop(dla_pixels *pixels, const dla_box *box)
{
  pixels->rgb += (size_t)box->top * pixels->stride + 3 * (size_t)box->left;
  pixels->width = box->width;
  pixels->height = box->height;
  pixels->left = pixels->top = 0;
  pixels->right = box->width;
  pixels->bottom = box->height;
}

void dla_over_white(uint8_t *rgba, size_t pixels)
{
  uint8_t *rgb = rgba;
  for (size_t i = 0; i < pixels; i++, rgba += 4, rgb += 3) {
    const unsigned alpha = rgba[3];
    for (int c = 0; c < 3; c++)
      rgb[c] = (uint8_t)(255 - dla_scale_255(255 - rgba[c], alpha));
  }
}
