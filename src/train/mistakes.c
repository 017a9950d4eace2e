#include "train/mistakes.h"

#include <math.h>
#include <string.h>

#include "kernels/kernels.h"
#include "train/evaluation.h"

void dla_mistakes_clear(dla_mistakes *m)
{
  m->count = 0;
}

/* Makes room for a mistake of this confidence. NULL: it is not among the surest. */
static dla_mistake *make_room(dla_mistakes *m, double confidence)
{
  int place = m->count;
  while (place > 0 && confidence > m->item[place - 1].confidence)
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
    dla_mistake *room = make_room(m, confidence);
    if (!room) continue;
    room->sample = first + n;
    room->label = (int32_t)label;
    room->said = (int32_t)said;
    room->confidence = confidence;
    room->of_label = dla_probability(logits, classes, said, label);
    dla_thumbnail_make(batch->images + n * image, &m->image, m->normalization, &room->image);
  }
}
