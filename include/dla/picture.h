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

/* Memory that one thread decodes into, from (dla_room){0} on; it grows as needed. */
typedef struct dla_room {
  uint8_t *bytes; /* free() it */
  size_t size;
} dla_room;

/* At least so many bytes, whose content is none; NULL: out of memory. */
uint8_t *dla_room_for(dla_room *room, size_t bytes);

/* ---- What it is ---- */

typedef struct dla_picture_info {
  const char *format; /* "JPEG", "PNG", "WebP" */
  int width, height;  /* of the picture as it is to be seen, after its orientation */
  int orientation;    /* EXIF's, from 1 to 8; what is missing or no orientation is 1 */
} dla_picture_info;

/* What a picture may have at most, unless dataset.max_pixels says otherwise. */
#define DLA_MAX_PIXELS INT64_C(100000000)

/* Reads the header. A prefix of the file may do: where it does not, the error is as for a file that
 * is cut short. name: for errors, where the bytes are from.
 * Errors: DLA_E_INPUT: no picture, or one of a format that is not read (GIF, TIFF, HEIC, SVG ...),
 * which the error names with what to do; or broken. DLA_E_UNSUPPORTED: this build lacks the
 * library. DLA_E_MEMORY. */
dla_status dla_picture_probe(const void *bytes, size_t size, const char *name,
                             dla_picture_info *info, dla_error *err);

/* May these bytes be a file of pictures, to judge by the first 16? Also of formats that are not
 * read. */
bool dla_picture_is_one(const void *bytes, size_t size);

/* Does a file of `size` bytes, whose last ones are `tail`, end as its format has to? False where
 * only decoding it tells. */
bool dla_picture_ends(const char *format, const void *head, size_t head_size, const void *tail,
                      size_t tail_size, uint64_t size);

/* "JPEG, PNG, WebP": what this build reads, into text. */
enum { DLA_PICTURE_FORMATS = 32 };
const char *dla_picture_formats(char text[DLA_PICTURE_FORMATS]);

/* ---- Its pixels ---- */

/* In pixels of the picture as it is to be seen; a width of 0: all of it. */
typedef struct dla_box {
  int left, top, width, height;
} dla_box;

typedef struct dla_picture_request {
  dla_box box; /* the part that is wanted */
  /* What it will be resized to. A JPEG that has more than DLA_SHRINK times as many pixels on both
   * sides is decoded smaller, which is quicker; never below DLA_SHRINK times this. 0: as it is. */
  int width, height;
  int64_t max_pixels; /* more are an error; 0: DLA_MAX_PIXELS */
} dla_picture_request;

enum { DLA_SHRINK = 4 };

/* RGB, interleaved: pixel (y, x) is at rgb + y * stride + 3 * x. The part that was asked for is
 * [left, right) x [top, bottom) of it: all of it, unless it was decoded smaller. Grey is the same
 * on all three; what is transparent is over white; CMYK is RGB as Pillow converts it; an embedded
 * profile is ignored. */
typedef struct dla_pixels {
  int width, height;
  size_t stride;
  const uint8_t *rgb;
  double left, top, right, bottom;
} dla_pixels;

/* Of a whole picture only the box is left; the bytes stay where they are. */
void dla_pixels_crop(dla_pixels *pixels, const dla_box *box);

/* What one thread decodes and resizes with: memory that it uses again. */
typedef struct dla_reader dla_reader;
dla_status dla_reader_create(dla_reader **reader, dla_error *err);
void dla_reader_free(dla_reader *reader);

/* *pixels is the reader's, and valid until its next call of this function. A picture is a pure
 * function of the bytes and the request. Errors: as dla_picture_probe(). */
dla_status dla_picture_decode(dla_reader *reader, const void *bytes, size_t size, const char *name,
                              const dla_picture_request *request, dla_pixels *pixels,
                              dla_error *err);

/* ---- Resizing ---- */

/* The part of *pixels becomes width x height; only the window of that is made. Pillow's
 * resize((width, height), Image.BILINEAR) to the bit, which is antialiased, of the part alone: what
 * lies around it has no say (torchvision.transforms.functional.resized_crop). */
typedef struct dla_resize {
  int width, height;
  dla_box window; /* a width of 0: all of it */
  bool mirrored;  /* the window, from left to right, afterwards */
} dla_resize;

/* torchvision.transforms.Resize(side) and CenterCrop(crop) of a picture of that size. Where the
 * picture is smaller than the crop, the window has negative corners: black goes around it. */
dla_resize dla_resize_for_evaluation(int width, int height, int side, int crop);

/* rgb: [window.height][window.width][3]. The window must lie in width x height. */
dla_status dla_picture_resize(dla_reader *reader, const dla_pixels *pixels,
                              const dla_resize *resize, uint8_t *rgb, dla_error *err);

/* Interleaved RGB to planes: [channels][pixels]. channels is 3, or 1: luma as by Pillow's
 * convert("L"). */
void dla_picture_planes(const uint8_t *rgb, size_t pixels, int channels, uint8_t *planes);

/* Interleaved RGB to planes of floats, each value * scale[c] + offset[c]: [3][pixels]. */
void dla_picture_normalise(const dla_reader *reader, const uint8_t *rgb, size_t pixels,
                           const float scale[3], const float offset[3], float *planes);

/* All of it for evaluation: decodes, resizes the short side to `side`, cuts the middle out.
 * At most DLA_MAX_PIXELS. planes: [channels][crop][crop]. */
dla_status dla_picture_for_evaluation(dla_reader *reader, const void *bytes, size_t size,
                                      const char *name, int side, int crop, int channels,
                                      uint8_t *planes, dla_error *err);

#endif
