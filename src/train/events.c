#include <config.h>

#include "train/events.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/crc.h"
#include "base/protobuf.h"

enum { BUCKETS = 30 };

struct dla_events {
  FILE *file;
  char *path;
  bool no_memory;
};

/* Field numbers of event.proto, summary.proto and tensor.proto, and of the HParams plugin's
 * plugin_data.proto. */
enum { EVENT_TIME = 1, EVENT_STEP = 2, EVENT_VERSION = 3, EVENT_SUMMARY = 5, EVENT_SESSION = 7 };
enum { SESSION_STATUS = 1, SESSION_START = 1 };
enum { SUMMARY_VALUE = 1 };
enum {
  VALUE_TAG = 1,
  VALUE_SIMPLE = 2,
  VALUE_IMAGE = 4,
  VALUE_HISTOGRAM = 5,
  VALUE_TENSOR = 8,
  VALUE_METADATA = 9
};
enum { METADATA_PLUGIN = 1, PLUGIN_NAME = 1, PLUGIN_CONTENT = 2 };
enum { IMAGE_HEIGHT = 1, IMAGE_WIDTH = 2, IMAGE_COLORSPACE = 3, IMAGE_BYTES = 4, RGB = 3 };
enum { HISTOGRAM_MIN = 1, HISTOGRAM_MAX, HISTOGRAM_COUNT, HISTOGRAM_SUM, HISTOGRAM_SQUARES };
enum { HISTOGRAM_LIMIT = 6, HISTOGRAM_BUCKET = 7 };
enum { TENSOR_TYPE = 1, TENSOR_SHAPE = 2, TENSOR_TEXT = 8, DT_STRING = 7 };
enum { SHAPE_DIM = 2, DIM_SIZE = 1 };
enum { HPARAMS_START = 3, START_HPARAM = 1, START_TIME = 5, MAP_KEY = 1, MAP_VALUE = 2 };
enum { JSON_NUMBER = 2, JSON_TEXT = 3 };

static double wall_time(void)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* TensorFlow masks the CRC, because a CRC over bytes that contain CRCs is weak. */
static uint32_t masked_crc(const void *bytes, size_t count)
{
  const uint32_t crc = (uint32_t)dla_crc(DLA_CRC32C, 0, bytes, count);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

/* Writes the record and frees the event. */
static void write_event(dla_events *e, dla_strbuf *event)
{
  const uint64_t length = event->length;
  const char *bytes = dla_strbuf_text(event);
  const uint32_t head = masked_crc(&length, sizeof length), body = masked_crc(bytes, length);
  if (event->failed) {
    e->no_memory = true;
  } else {
    fwrite(&length, sizeof length, 1, e->file);
    fwrite(&head, sizeof head, 1, e->file);
    fwrite(bytes, 1, length, e->file);
    fwrite(&body, sizeof body, 1, e->file);
  }
  dla_strbuf_free(event);
}

static void begin_event(dla_strbuf *event, int64_t step)
{
  dla_protobuf_double(event, EVENT_TIME, wall_time());
  if (step > 0) dla_protobuf_integer(event, EVENT_STEP, step);
}

/* Writes an event with one value, and frees the value. */
static void write_value(dla_events *e, int64_t step, dla_strbuf *value)
{
  dla_strbuf event = {0}, summary = {0};
  dla_protobuf_message(&summary, SUMMARY_VALUE, value);
  begin_event(&event, step);
  dla_protobuf_message(&event, EVENT_SUMMARY, &summary);
  write_event(e, &event);
}

static void write_start(dla_events *e, int64_t step)
{
  dla_strbuf version = {0}, start = {0}, session = {0};
  begin_event(&version, 0);
  dla_protobuf_text(&version, EVENT_VERSION, "brain.Event:2");
  write_event(e, &version);
  if (!step) return;
  /* TensorBoard drops events of earlier files from that step on. */
  begin_event(&start, step + 1);
  dla_protobuf_integer(&session, SESSION_STATUS, SESSION_START);
  dla_protobuf_message(&start, EVENT_SESSION, &session);
  write_event(e, &start);
}

dla_status dla_events_open(const char *folder, int64_t step, dla_events **out, dla_error *err)
{
  char host[64] = "localhost";
  gethostname(host, sizeof host - 1);
  dla_events *e = calloc(1, sizeof *e);
  if (!e || asprintf(&e->path, "%s/events.out.tfevents.%" PRId64 ".%s.%ld", folder,
                     (int64_t)time(NULL), host, (long)getpid()) < 0) {
    free(e);
    return dla_fail_memory(err, "the TensorBoard events");
  }
  e->file = fopen(e->path, "we");
  if (!e->file) {
    dla_status status = dla_fail_errno(err, e->path, "open for writing");
    dla_events_close(e);
    return status;
  }
  write_start(e, step);
  *out = e;
  return DLA_OK;
}

dla_status dla_events_flush(dla_events *e, dla_error *err)
{
  if (e->no_memory) return dla_fail_memory(err, "the TensorBoard events");
  if (fflush(e->file) || ferror(e->file)) return dla_fail_errno(err, e->path, "write");
  return DLA_OK;
}

void dla_events_close(dla_events *e)
{
  if (!e) return;
  if (e->file) fclose(e->file);
  free(e->path);
  free(e);
}

void dla_events_scalar(dla_events *e, int64_t step, const char *tag, double number)
{
  dla_strbuf value = {0};
  dla_protobuf_text(&value, VALUE_TAG, tag);
  dla_protobuf_float(&value, VALUE_SIMPLE, (float)number);
  write_value(e, step, &value);
}

/* Names the plugin of TensorBoard that shows the value. Frees content. */
static void put_plugin(dla_strbuf *value, const char *name, dla_strbuf *content)
{
  dla_strbuf plugin = {0}, metadata = {0};
  dla_protobuf_text(&plugin, PLUGIN_NAME, name);
  if (content) dla_protobuf_message(&plugin, PLUGIN_CONTENT, content);
  dla_protobuf_message(&metadata, METADATA_PLUGIN, &plugin);
  dla_protobuf_message(value, VALUE_METADATA, &metadata);
}

void dla_events_text(dla_events *e, const char *tag, const char *text)
{
  dla_strbuf value = {0}, tensor = {0}, shape = {0}, dim = {0};
  dla_protobuf_integer(&dim, DIM_SIZE, 1);
  dla_protobuf_message(&shape, SHAPE_DIM, &dim);
  dla_protobuf_integer(&tensor, TENSOR_TYPE, DT_STRING);
  dla_protobuf_message(&tensor, TENSOR_SHAPE, &shape);
  dla_protobuf_text(&tensor, TENSOR_TEXT, text);
  dla_protobuf_text(&value, VALUE_TAG, tag);
  dla_protobuf_message(&value, VALUE_TENSOR, &tensor);
  put_plugin(&value, "text", NULL);
  write_value(e, 0, &value);
}

void dla_events_image(dla_events *e, int64_t step, const char *tag, const void *png, size_t size,
                      int width, int height)
{
  dla_strbuf value = {0}, image = {0};
  dla_protobuf_integer(&image, IMAGE_HEIGHT, height);
  dla_protobuf_integer(&image, IMAGE_WIDTH, width);
  dla_protobuf_integer(&image, IMAGE_COLORSPACE, RGB);
  dla_protobuf_begin(&image, IMAGE_BYTES, size);
  dla_strbuf_append(&image, png, size);
  dla_protobuf_text(&value, VALUE_TAG, tag);
  dla_protobuf_message(&value, VALUE_IMAGE, &image);
  write_value(e, step, &value);
}

typedef struct moments {
  double low, high, count, sum, squares;
} moments;

static moments measure(const float *values, size_t count)
{
  moments m = {.low = INFINITY, .high = -INFINITY};
  for (size_t i = 0; i < count; i++) {
    const double x = (double)values[i];
    if (!isfinite(x)) continue;
    m.low = fmin(m.low, x);
    m.high = fmax(m.high, x);
    m.count++;
    m.sum += x;
    m.squares += x * x;
  }
  return m;
}

void dla_events_histogram(dla_events *e, int64_t step, const char *tag, const float *values,
                          size_t count)
{
  const moments m = measure(values, count);
  double limit[BUCKETS], bucket[BUCKETS] = {0};
  if (m.count == 0) return;
  const double width = m.high > m.low ? (m.high - m.low) / BUCKETS : 1;
  for (int i = 0; i < BUCKETS; i++)
    limit[i] = m.low + (i + 1) * width;
  for (size_t i = 0; i < count; i++) {
    if (!isfinite(values[i])) continue;
    const int at = (int)(((double)values[i] - m.low) / width);
    bucket[at < BUCKETS ? at : BUCKETS - 1]++;
  }
  dla_strbuf value = {0}, histogram = {0};
  dla_protobuf_double(&histogram, HISTOGRAM_MIN, m.low);
  dla_protobuf_double(&histogram, HISTOGRAM_MAX, m.high);
  dla_protobuf_double(&histogram, HISTOGRAM_COUNT, m.count);
  dla_protobuf_double(&histogram, HISTOGRAM_SUM, m.sum);
  dla_protobuf_double(&histogram, HISTOGRAM_SQUARES, m.squares);
  dla_protobuf_doubles(&histogram, HISTOGRAM_LIMIT, limit, BUCKETS);
  dla_protobuf_doubles(&histogram, HISTOGRAM_BUCKET, bucket, BUCKETS);
  dla_protobuf_text(&value, VALUE_TAG, tag);
  dla_protobuf_message(&value, VALUE_HISTOGRAM, &histogram);
  write_value(e, step, &value);
}

void dla_events_hparams(dla_events *e, const dla_hparam *hparams, size_t count)
{
  dla_strbuf value = {0}, content = {0}, start = {0};
  for (size_t i = 0; i < count; i++) {
    dla_strbuf entry = {0}, json = {0};
    if (hparams[i].text)
      dla_protobuf_text(&json, JSON_TEXT, hparams[i].text);
    else
      dla_protobuf_double(&json, JSON_NUMBER, hparams[i].number);
    dla_protobuf_text(&entry, MAP_KEY, hparams[i].name);
    dla_protobuf_message(&entry, MAP_VALUE, &json);
    dla_protobuf_message(&start, START_HPARAM, &entry);
  }
  dla_protobuf_double(&start, START_TIME, wall_time());
  dla_protobuf_message(&content, HPARAMS_START, &start);
  dla_protobuf_text(&value, VALUE_TAG, "_hparams_/session_start_info");
  put_plugin(&value, "hparams", &content);
  write_value(e, 0, &value);
}
