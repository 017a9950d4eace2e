/* JPEG, by libjpeg-turbo: baseline and progressive; grey, colour, CMYK and YCCK. */
#include <config.h>

#include "picture/codec.h"

#include <string.h>

static bool is_jpeg(const uint8_t *bytes, size_t size)
{
  return size >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff;
}

/* Looks for the end marker. Cameras and editors may write more behind it. */
static bool ends(const dla_coded *head, const dla_coded *tail, uint64_t size)
{
  (void)head;
  (void)size;
  for (size_t i = tail->size; i > 1; i--)
    if (tail->bytes[i - 2] == 0xff && tail->bytes[i - 1] == 0xd9) return true;
  return false;
}

#ifdef HAVE_JPEG

#include <setjmp.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>

/* A progressive picture of very many scans would cost endless time (see libjpeg-turbo's djpeg
 * -maxscans). */
enum { SCANS_MAX = 200, EXIF_MAX = 65535 };
static const char exif_start[6] = "Exif\0";

typedef struct session {
  struct jpeg_decompress_struct c;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf failed;
  bool cut_short, many_scans;
  const dla_coded *coded;
} session;

static void on_error(j_common_ptr c)
{
  session *s = c->client_data;
  longjmp(s->failed, 1);
}

/* As in Pillow: a picture with mere warnings is still a picture. */
static void on_message(j_common_ptr c, int level)
{
  (void)c;
  (void)level;
}

static void print_nothing(j_common_ptr c)
{
  (void)c;
}

static void on_progress(j_common_ptr c)
{
  session *s = c->client_data;
  if (s->c.input_scan_number <= SCANS_MAX) return;
  s->many_scans = true;
  longjmp(s->failed, 1);
}

static void nothing(j_decompress_ptr c)
{
  (void)c;
}

static boolean no_more(j_decompress_ptr c)
{
  session *s = c->client_data;
  s->cut_short = true;
  longjmp(s->failed, 1);
}

static void skip(j_decompress_ptr c, long count)
{
  if (count <= 0) return;
  if ((size_t)count > c->src->bytes_in_buffer) no_more(c);
  c->src->next_input_byte += count;
  c->src->bytes_in_buffer -= (size_t)count;
}

/* setjmp() is in the caller, because longjmp() must not return into a function that has ended. */
static void begin(session *s, const dla_coded *coded)
{
  s->coded = coded;
  s->c.err = jpeg_std_error(&s->errors);
  s->errors.error_exit = on_error;
  s->errors.emit_message = on_message;
  s->errors.output_message = print_nothing;
  s->c.client_data = s;
  jpeg_create_decompress(&s->c); /* clears everything but err and client_data */
  s->progress.progress_monitor = on_progress;
  s->c.progress = &s->progress;
  s->source = (struct jpeg_source_mgr){.next_input_byte = coded->bytes,
                                       .bytes_in_buffer = coded->size,
                                       .init_source = nothing,
                                       .fill_input_buffer = no_more,
                                       .skip_input_data = skip,
                                       .resync_to_restart = jpeg_resync_to_restart,
                                       .term_source = nothing};
  s->c.src = &s->source;
  jpeg_save_markers(&s->c, JPEG_APP0 + 1, EXIF_MAX);
  jpeg_read_header(&s->c, TRUE);
}

/* Ends a session after a failure. */
static dla_status fail(session *s, dla_error *err)
{
  char message[JMSG_LENGTH_MAX] = "";
  const bool memory = s->errors.msg_code == JERR_OUT_OF_MEMORY;
  if (!s->cut_short && !s->many_scans) s->errors.format_message((j_common_ptr)&s->c, message);
  jpeg_destroy_decompress(&s->c);
  if (memory) return dla_fail_memory(err, s->coded->name);
  if (s->cut_short)
    return dla_fail(err, DLA_E_INPUT, s->coded->name, "get it again", "the JPEG is cut short");
  if (s->many_scans)
    return dla_fail(err, DLA_E_INPUT, s->coded->name, "save it anew",
                    "the JPEG has more than %d scans", SCANS_MAX);
  if (strncmp(message, "Unsupported", 11) == 0) /* lossless, of 12 bits, JPEG-LS */
    return dla_fail(err, DLA_E_INPUT, s->coded->name,
                    "convert it to PNG, for example with ImageMagick: convert x.jpg x.png",
                    "it is a JPEG of a kind that is not read: %s", message);
  return dla_fail(err, DLA_E_INPUT, s->coded->name, "save it anew", "the JPEG is not right: %s",
                  message);
}

static int orientation(const session *s)
{
  for (jpeg_saved_marker_ptr m = s->c.marker_list; m; m = m->next)
    if (m->marker == JPEG_APP0 + 1 && m->data_length > sizeof exif_start &&
        memcmp(m->data, exif_start, sizeof exif_start) == 0)
      return dla_exif_orientation(m->data + sizeof exif_start, m->data_length - sizeof exif_start);
  return 1;
}

static dla_status probe(const dla_coded *coded, dla_stored *stored, dla_error *err)
{
  session s;
  memset(&s, 0, sizeof s);
  if (setjmp(s.failed)) return fail(&s, err);
  begin(&s, coded);
  *stored = (dla_stored){(int)s.c.image_width, (int)s.c.image_height, orientation(&s)};
  jpeg_destroy_decompress(&s.c);
  return DLA_OK;
}

/* The columns and rows to decode, in the shrunk picture. */
typedef struct region {
  JDIMENSION left, top, right, bottom;
} region;

static region region_of(const dla_part_request *part)
{
  const unsigned n = (unsigned)part->shrink;
  const dla_box *b = &part->box;
  return (region){(unsigned)b->left / n, (unsigned)b->top / n,
                  ((unsigned)(b->left + b->width) + n - 1) / n,
                  ((unsigned)(b->top + b->height) + n - 1) / n};
}

/* libjpeg's smooth chroma looks at neighbours of each pixel. With them, a part is the same to the
 * bit as in the whole. */
enum { NEIGHBOURS = 4 };

/* Decodes only the columns that are needed. Returns the first one. */
static JDIMENSION crop_columns(session *s, const region *r)
{
  JDIMENSION left = r->left > NEIGHBOURS ? r->left - NEIGHBOURS : 0;
  JDIMENSION right = r->right + NEIGHBOURS;
  if (right > s->c.output_width) right = s->c.output_width;
  if (left == 0 && right == s->c.output_width) return 0;
  JDIMENSION width = right - left;
  jpeg_crop_scanline(&s->c, &left, &width);
  return left;
}

/* As in Pillow. Adobe's files store inverted samples, so black is 0 in libjpeg's output. */
static void cmyk_to_rgb(const session *s, uint8_t *pixels, size_t count)
{
  const unsigned flip = s->c.saw_Adobe_marker ? 0xff : 0;
  for (size_t i = 0; i < count; i++) {
    const uint8_t *in = pixels + 4 * i;
    const unsigned light = 255 - (in[3] ^ flip);
    for (int c = 0; c < 3; c++) {
      const unsigned ink = in[c] ^ flip;
      pixels[3 * i + (size_t)c] = (uint8_t)(light - dla_scale_255(ink, light));
    }
  }
}

static dla_status read_rows(session *s, const region *r, dla_room *room, dla_pixels *pixels,
                            dla_error *err)
{
  const JDIMENSION from = crop_columns(s, r);
  const bool cmyk = s->c.out_color_space == JCS_CMYK;
  const size_t row = (size_t)s->c.output_width * (cmyk ? 4 : 3);
  const JDIMENSION rows = r->bottom - r->top;
  uint8_t *bytes = dla_room_for(room, row * rows);
  if (!bytes) {
    jpeg_destroy_decompress(&s->c);
    return dla_fail_memory(err, s->coded->name);
  }
  if (r->top) jpeg_skip_scanlines(&s->c, r->top);
  while (s->c.output_scanline < r->bottom) {
    JSAMPROW at = bytes + row * (s->c.output_scanline - r->top);
    jpeg_read_scanlines(&s->c, &at, 1);
    if (cmyk) cmyk_to_rgb(s, at, s->c.output_width);
  }
  pixels->stride = row;
  pixels->rgb = bytes + 3 * (size_t)(r->left - from);
  pixels->width = (int)(r->right - r->left);
  pixels->height = (int)rows;
  return DLA_OK;
}

static dla_status decode(const dla_coded *coded, const dla_part_request *part, dla_room *room,
                         dla_pixels *pixels, dla_error *err)
{
  session s;
  const region r = region_of(part);
  memset(&s, 0, sizeof s);
  if (setjmp(s.failed)) return fail(&s, err);
  begin(&s, coded);
  const bool inks = s.c.jpeg_color_space == JCS_CMYK || s.c.jpeg_color_space == JCS_YCCK;
  s.c.out_color_space = inks ? JCS_CMYK : JCS_RGB;
  s.c.scale_num = 1;
  s.c.scale_denom = (unsigned)part->shrink;
  s.c.mem->max_memory_to_use = (long)s.c.image_width * (long)s.c.image_height * 12 + (64L << 20);
  jpeg_start_decompress(&s.c);
  dla_status status = read_rows(&s, &r, room, pixels, err);
  if (status) return status;
  jpeg_destroy_decompress(&s.c);
  pixels->left = (double)part->box.left / part->shrink - r.left;
  pixels->top = (double)part->box.top / part->shrink - r.top;
  pixels->right = pixels->left + (double)part->box.width / part->shrink;
  pixels->bottom = pixels->top + (double)part->box.height / part->shrink;
  return DLA_OK;
}

#endif

const dla_codec dla_codec_jpeg = {
    .name = "JPEG",
    .package = "libjpeg62-turbo-dev",
    .is = is_jpeg,
#ifdef HAVE_JPEG
    .probe = probe,
    .decode = decode,
#endif
    .ends = ends,
    .shrinks = true,
};
