#include "data/pictures/scan.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "base/try.h"
#include "data/pictures/crew.h"
#include "data/pictures/listing.h"

/* HEAD holds the header of most files. */
enum { HEAD = 16384, TAIL = 64 };

static const char *const formats[DLA_PICTURE_FORMAT_COUNT] = {"JPEG", "PNG", "WebP", "BMP", "PNM"};

const char *dla_picture_format_name(int format)
{
  return formats[format];
}

bool dla_is_picture_name(const char *name)
{
  static const char *const ends[] = {"jpg",  "jpeg", "jpe",  "jfif", "png", "webp", "gif",
                                     "bmp",  "tif",  "tiff", "ppm",  "pgm", "pbm",  "heic",
                                     "heif", "avif", "jp2",  "jxl",  "svg", "psd"};
  const char *dot = strrchr(name, '.');
  for (size_t i = 0; dot && i < sizeof ends / sizeof ends[0]; i++)
    if (strcasecmp(dot + 1, ends[i]) == 0) return true;
  return false;
}

typedef struct scan {
  dla_picture_list *list;
  const dla_pictures_options *options;
  pthread_mutex_t lock; /* guards the list's reasons */
} scan;

/* ---- One file ---- */

static dla_status cannot_read(dla_error *err)
{
  const int error = errno;
  return dla_fail(err, DLA_E_INPUT, NULL, "", "cannot read it: %s",
                  error ? strerror(error) : "it became shorter");
}

static dla_status read_whole(dla_crew_hand *l, const dla_picture_file *file, const uint8_t **bytes,
                             dla_error *err)
{
  if (file->size > DLA_PICTURE_BYTES_MAX)
    return dla_fail(err, DLA_E_INPUT, NULL, "shrink it", "the file is larger than 256 MB");
  uint8_t *room = file->memory ? NULL : dla_room_for(&l->file, (size_t)file->size);
  if (!room && !file->memory) return dla_fail_memory(err, "a picture");
  return dla_picture_read(file, 0, (size_t)file->size, room, bytes) ? DLA_OK : cannot_read(err);
}

static dla_status check_size(const dla_picture_info *info, int64_t max_pixels, dla_error *err)
{
  if (max_pixels <= 0) max_pixels = DLA_MAX_PIXELS;
  if ((int64_t)info->width * info->height <= max_pixels) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, NULL, "shrink it, or raise dataset.max_pixels",
                  "the picture has %d x %d pixels, more than dataset.max_pixels", info->width,
                  info->height);
}

static dla_status decode(dla_crew_hand *l, const dla_picture_file *file, int64_t max_pixels,
                         dla_error *err)
{
  const uint8_t *bytes;
  dla_pixels pixels;
  TRY(read_whole(l, file, &bytes, err));
  const dla_picture_request all = {.max_pixels = max_pixels};
  return dla_picture_decode(l->reader, bytes, (size_t)file->size, NULL, &all, &pixels, err);
}

/* Reads the header. If the first bytes are not enough, reads the whole file. */
static dla_status look(dla_crew_hand *l, const dla_picture_file *file, int64_t max_pixels,
                       bool *picture, dla_picture_info *info, dla_error *err)
{
  const size_t head = file->size < HEAD ? (size_t)file->size : HEAD;
  const size_t tail = file->size < TAIL ? (size_t)file->size : TAIL;
  const uint8_t *first, *last, *all;
  uint8_t *room = dla_room_for(&l->pixels, HEAD + TAIL);
  if (!room) return dla_fail_memory(err, "a picture");
  if (!dla_picture_read(file, 0, head, room, &first)) return cannot_read(err);
  *picture = dla_picture_is_one(first, head);
  dla_status status = dla_picture_probe(first, head, NULL, info, err);
  if (status == DLA_E_INPUT && *picture && file->size > head) {
    TRY(read_whole(l, file, &all, err));
    status = dla_picture_probe(all, (size_t)file->size, NULL, info, err);
  }
  if (status) return status;
  TRY(check_size(info, max_pixels, err));
  if (!dla_picture_read(file, file->size - tail, tail, room + HEAD, &last)) return cannot_read(err);
  if (dla_picture_ends(info->format, first, head, last, tail, file->size)) return DLA_OK;
  return decode(l, file, max_pixels, err);
}

static int number_of(const char *format)
{
  int i = 0;
  while (i < DLA_PICTURE_FORMAT_COUNT - 1 && strcmp(formats[i], format) != 0)
    i++;
  return i;
}

/* `entry` is a copy: the caller stores it back, with the lock held. */
static dla_status look_at(const scan *s, dla_crew_hand *l, dla_picture_entry *entry, dla_error *err)
{
  dla_picture_file file;
  dla_picture_info info;
  bool picture = entry->listed || dla_is_picture_name(dla_picture_name(s->list, entry));
  dla_status status = dla_picture_open(s->list, entry, &file, err);
  if (!status) {
    bool looks = false;
    entry->size = file.size;
    entry->changed = file.changed;
    status = look(l, &file, s->options->max_pixels, &looks, &info, err);
    picture |= looks;
    dla_picture_close(&file);
  }
  if (!status) {
    entry->width = info.width;
    entry->height = info.height;
    entry->format = (uint8_t)number_of(info.format);
    entry->state = DLA_PICTURE_GOOD;
  } else if (!picture && status == DLA_E_INPUT) {
    entry->state = DLA_PICTURE_PASSED;
    status = DLA_OK;
  }
  return status;
}

/* ---- All of them ---- */

/* Errors that are not the file's fault, such as a missing library, end the scan. */
static dla_status refuse(const scan *s, const dla_picture_entry *entry, dla_error *err)
{
  const dla_error why = *err;
  dla_strbuf path = {0};
  dla_picture_path(s->list, entry, &path);
  dla_fail(err, why.status, dla_strbuf_text(&path), why.hint, "%s", why.what);
  dla_strbuf_free(&path);
  return why.status;
}

static dla_status look_at_one(void *context, dla_crew_hand *hand, size_t i, dla_error *err)
{
  scan *s = context;
  dla_picture_entry *entry = &s->list->entries[i];
  if (entry->state != DLA_PICTURE_LISTED) return DLA_OK;
  dla_status status = look_at(s, hand, entry, err);
  if (!status) return DLA_OK;
  if (status != DLA_E_INPUT) return refuse(s, entry, err);
  pthread_mutex_lock(&s->lock);
  const dla_error why = *err;
  status = dla_picture_leave_out(s->list, entry, why.what, why.hint, err);
  pthread_mutex_unlock(&s->lock);
  return status;
}

dla_status dla_picture_scan(dla_picture_list *list, const dla_pictures_options *options,
                            dla_error *err)
{
  scan s = {.list = list, .options = options};
  pthread_mutex_init(&s.lock, NULL);
  dla_status status = dla_crew_run(list->count, "scan", options, look_at_one, &s, err);
  pthread_mutex_destroy(&s.lock);
  return status;
}
