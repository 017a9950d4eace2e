/* Pictures in files: what they are, told by their bytes and never by their name, their pixels, and
 * resizing as Pillow does it.
 *
 * Nothing here knows of files, folders or batches. Bytes are foreign: every size is checked against
 * a limit before anything is allocated for it.
 *
 *   dla_picture_probe(bytes, size, name, &info, err);
 *   dla_reader_create(&reader, err);                             one a thread
 *   dla_picture_decode(reader, bytes, size, name, &request, &pixels, err);
 *   dla_picture_resize(reader, &pixels, &resize, rgb, err);
 */
#ifndef DLA_PICTURE_H
#define DLA_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dla/status.h"

/* pixels: [channels][height][width], planes in the order R, G, B. */
typedef struct dla_picture {
  int channels, height, width;
  const uint8_t *pixels;
} dla_picture;

/* A buffer that one thread decodes into. Starts as (dla_room){0} and grows as needed. */
typedef struct dla_room {
  uint8_t *bytes; /* free() it */
  size_t size;
} dla_room;

/* At least so many bytes, with undefined content; NULL: out of memory. */
uint8_t *dla_room_for(dla_room *room, size_t bytes);

/* ---- Format and size ---- */

typedef struct dla_picture_info {
  const char *format; /* "JPEG", "PNG", "WebP", "BMP", "PNM" */
  int width, height;  /* as displayed, after EXIF orientation is applied */
  int orientation;    /* EXIF's, from 1 to 8; 1 if missing or invalid */
} dla_picture_info;

/* The default of dataset.max_pixels. */
#define DLA_MAX_PIXELS INT64_C(100000000)

/* Reads the header. A prefix of the file may be enough; if not, the error is that of a truncated
 * file. name: the source of the bytes, for errors. Errors: DLA_E_INPUT: broken, not a picture, or
 * an unsupported format (GIF, TIFF, HEIC, SVG ...), which the error names with a hint.
 * DLA_E_UNSUPPORTED: this build lacks the library. DLA_E_MEMORY. */
dla_status dla_picture_probe(const void *bytes, size_t size, const char *name,
                             dla_picture_info *info, dla_error *err);

/* Do the first 16 bytes look like a picture file? Unsupported formats count, too. */
bool dla_picture_is_one(const void *bytes, size_t size);

/* Does a file of `size` bytes that ends in `tail` end as its format requires? False if only
 * decoding can tell. */
bool dla_picture_ends(const char *format, const void *head, size_t head_size, const void *tail,
                      size_t tail_size, uint64_t size);

/* Writes the formats that this build reads into text: "JPEG, PNG, WebP, BMP, PNM". */
enum { DLA_PICTURE_FORMATS = 32 };
const char *dla_picture_formats(char text[DLA_PICTURE_FORMATS]);

/* ---- Pixels ---- */

/* In pixels of the picture as displayed; a width of 0: all of it. */
typedef struct dla_box {
  int left, top, width, height;
} dla_box;

typedef struct dla_picture_request {
  dla_box box; /* the part to decode */
  /* The size it will be resized to. A JPEG with more than DLA_SHRINK times as many pixels on both
   * sides is decoded at a smaller scale, which is faster; never below DLA_SHRINK times this size.
   * 0: full size. */
  int width, height;
  int64_t max_pixels; /* limit on the picture; 0: DLA_MAX_PIXELS */
} dla_picture_request;

enum { DLA_SHRINK = 4 };

/* RGB, interleaved: pixel (y, x) is at rgb + y * stride + 3 * x. The requested part is [left,
 * right) x [top, bottom): all of it, unless it was decoded at a smaller scale. Grey has three
 * equal channels. Transparent pixels are blended over white. CMYK is converted as in Pillow. An
 * embedded profile is ignored. */
typedef struct dla_pixels {
  int width, height;
  size_t stride;
  const uint8_t *rgb;
  double left, top, right, bottom;
} dla_pixels;

/* Reduces a whole picture to the box. The bytes stay where they are. */
void dla_pixels_crop(dla_pixels *pixels, const dla_box *box);

/* A thread's state for decoding and resizing, with memory that it reuses. */
typedef struct dla_reader dla_reader;
dla_status dla_reader_create(dla_reader **reader, dla_error *err);
void dla_reader_free(dla_reader *reader);

/* *pixels belongs to the reader, and is valid until its next call of this function. The picture
 * is a pure function of the bytes and the request. Errors: as dla_picture_probe(). */
dla_status dla_picture_decode(dla_reader *reader, const void *bytes, size_t size, const char *name,
                              const dla_picture_request *request, dla_pixels *pixels,
                              dla_error *err);

/* ---- Resizing ---- */

/* Resizes the part of *pixels to width x height, and computes only the window of the result. The
 * same bits as Pillow's antialiased resize((width, height), Image.BILINEAR) of the part alone;
 * pixels around it have no influence (torchvision.transforms.functional.resized_crop). */
typedef struct dla_resize {
  int width, height;
  dla_box window; /* a width of 0: all of it */
  bool mirrored;  /* flip the window from left to right, afterwards */
} dla_resize;

/* torchvision.transforms.Resize(side) and CenterCrop(crop) of a picture of that size. If the
 * picture is smaller than the crop, the window has negative corners: black goes around it. */
dla_resize dla_resize_for_evaluation(int width, int height, int side, int crop);

/* rgb: [window.height][window.width][3]. The window must lie in width x height. */
dla_status dla_picture_resize(dla_reader *reader, const dla_pixels *pixels,
                              const dla_resize *resize, uint8_t *rgb, dla_error *err);

/* Interleaved RGB to planes: [channels][pixels]. channels is 3, or 1 for luma, as Pillow's
 * convert("L"). */
void dla_picture_planes(const uint8_t *rgb, size_t pixels, int channels, uint8_t *planes);

/* Interleaved RGB to planes of floats, each value * scale[c] + offset[c]: [3][pixels]. */
void dla_picture_normalise(const dla_reader *reader, const uint8_t *rgb, size_t pixels,
                           const float scale[3], const float offset[3], float *planes);

/* The whole pipeline for evaluation: decodes, resizes the short side to `side`, crops the center.
 * At most DLA_MAX_PIXELS. planes: [channels][crop][crop]. */
dla_status dla_picture_for_evaluation(dla_reader *reader, const void *bytes, size_t size,
                                      const char *name, int side, int crop, int channels,
                                      uint8_t *planes, dla_error *err);

#endif
