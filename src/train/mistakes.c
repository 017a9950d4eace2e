#include "train/mistakes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "kernels/kernels.h"
#include "train/evaluation.h"

void dla_mistakes_clear(dla_mistakes *m)
{
  m->count = 0;
}

dla_status dla_mistakes_create(dla_shape image, const dla_normalization *normalization,
                               dla_mistakes **mistakes, dla_error *err)
{
  *mistakes = calloc(1, sizeof **mistakes);
  if (!*mistakes) return dla_fail_memory(err, "the surest mistakes");
  (*mistakes)->image = image;
  (*mistakes)->normalization = normalization;
  return DLA_OK;
}

void dla_mistakes_free(dla_mistakes *mistakes)
{
  free(mistakes);
}

static bool comes_before(double confidence, int64_t sample, const dla_mistake *other)
{
  return confidence > other->confidence ||
         (confidence == other->confidence && sample < other->sample);
}

/* Makes room for a mistake of this confidence. NULL: it is not among the surest. */
static dla_mistake *make_room(dla_mistakes *m, double confidence, int64_t sample)
{
  int place = m->count;
  while (place > 0 && comes_before(confidence, sample, &m->item[place - 1]))
    place--;
  if (place == DLA_MISTAKES || isnan(confidence)) return NULL;
  const int behind = (m->count < DLA_MISTAKES ? m->count : DLA_MISTAKES - 1) - place;
  memmove(&m->item[place + 1], &m->item[place], (size_t)behind * sizeof *m->item);
  if (m->count < DLA_MISTAKES) m->count++;
  return &m->item[place];
}

void dla_mistakes_add(dla_mistakes *m, const dla_batch *batch, int64_t first, const float *logits,
                      int64_t classes)
{
  const int64_t image = dla_shape_count(&m->image);
  for (int64_t n = 0; n < (int64_t)batch->count; n++, logits += classes) {
    const int64_t said = dla_largest(logits, classes), label = batch->labels[n];
    if (said == label) continue;
    const double confidence = dla_probability(logits, classes, said, said);
    dla_mistake *room = make_room(m, confidence, first + n);
    if (!room) continue;
    room->sample = first + n;
    room->label = (int32_t)label;
    room->said = (int32_t)said;
    room->confidence = confidence;
    room->of_label = dla_probability(logits, classes, said, label);
    dla_thumbnail_make(batch->images + n * image, &m->image, m->normalization, &room->image);
  }
}

static void take_those_of_a_rank(void *context, const void *data)
{
  const dla_mistakes *other = data;
  for (int i = 0; i < other->count; i++) {
    const dla_mistake *item = &other->item[i];
    dla_mistake *room = make_room(context, item->confidence, item->sample);
    if (room) *room = *item;
  }
}

dla_status dla_mistakes_collect(dla_mistakes *m, dla_dist *dist, dla_error *err)
{
  if (dla_dist_size(dist) == 1) return DLA_OK;
  dla_mistakes *room = NULL;
  if (dla_dist_rank(dist) == 0) TRY(dla_mistakes_create(m->image, m->normalization, &room, err));
  dla_dist_collect(dist, m, sizeof *m, room, take_those_of_a_rank, m);
  dla_mistakes_free(room);
  return DLA_OK;
}
