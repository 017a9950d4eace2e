/* TensorBoard's event files: Event messages (tensorflow/core/util/event.proto) in the record
 * format of TensorFlow's record_writer.cc. */
#ifndef DLA_TRAIN_EVENTS_H
#define DLA_TRAIN_EVENTS_H

#include <stddef.h>
#include <stdint.h>

#include "dla/status.h"

typedef struct dla_events dla_events;

/* Creates a new file in the folder, "events.out.tfevents.TIME.HOST.PID". step: that of the
 * checkpoint to resume from, or 0. TensorBoard drops later steps of earlier files. */
dla_status dla_events_open(const char *folder, int64_t step, dla_events **events, dla_error *err);
/* Writes everything added so far to the file. */
dla_status dla_events_flush(dla_events *events, dla_error *err);
/* NULL: does nothing. */
void dla_events_close(dla_events *events);

/* A failure of the functions below is reported by the next dla_events_flush(). */
void dla_events_scalar(dla_events *events, int64_t step, const char *tag, double value);
void dla_events_text(dla_events *events, const char *tag, const char *text);
/* png: a PNG file. */
void dla_events_image(dla_events *events, int64_t step, const char *tag, const void *png,
                      size_t size, int width, int height);
/* 30 buckets of equal width. Values that are not finite are left out. */
void dla_events_histogram(dla_events *events, int64_t step, const char *tag, const float *values,
                          size_t count);

/* A hyperparameter of the HParams page: a text or, if that is NULL, a number. */
typedef struct dla_hparam {
  const char *name, *text;
  double number;
} dla_hparam;
void dla_events_hparams(dla_events *events, const dla_hparam *hparams, size_t count);

#endif
