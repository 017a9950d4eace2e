#include <math.h>

#include "dla/loader.h"

int dla_progressive_size(const dla_progressive *p, int full, uint64_t epoch)
{
  if (p->initial_scale <= 0 || p->initial_scale >= 1 || p->epochs <= 0) return full;
  const double done = (double)epoch / (double)p->epochs;
  const double growing = 1 - p->finetune_fraction - p->delay_fraction;
  if (done >= 1 - p->finetune_fraction) return full;
  const double grown = done > p->delay_fraction ? (done - p->delay_fraction) / growing : 0;
  const double wanted = full * (p->initial_scale + (1 - p->initial_scale) * grown);
  const int step = p->size_increment > 0 ? p->size_increment : 1;
  const int size = step * (int)nearbyint(wanted / step);
  return size < step ? (step < full ? step : full) : size < full ? size : full;
}
