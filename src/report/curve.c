#include "report/curve.h"

#include <math.h>
#include <stddef.h>

static dla_bucket join(const dla_bucket *a, const dla_bucket *b)
{
  return (dla_bucket){a->first_x,           b->last_x,       fmin(a->min, b->min),
                      fmax(a->max, b->max), a->sum + b->sum, a->count + b->count};
}

/* Halves the number of buckets; each gets twice the points. */
static void halve(dla_curve *curve)
{
  for (int i = 0; i < DLA_CURVE_BUCKETS / 2; i++)
    curve->bucket[i] = join(&curve->bucket[2 * i], &curve->bucket[2 * i + 1]);
  curve->count = DLA_CURVE_BUCKETS / 2;
  curve->points_each *= 2;
}

void dla_curve_add(dla_curve *curve, double x, double y)
{
  const dla_bucket point = {x, x, y, y, y, 1};
  if (!isfinite(y) || !isfinite(x)) return;
  if (!curve->points_each) curve->points_each = 1;
  dla_bucket *last = curve->count ? &curve->bucket[curve->count - 1] : NULL;
  if (last && last->count < curve->points_each) {
    *last = join(last, &point);
    return;
  }
  if (curve->count == DLA_CURVE_BUCKETS) halve(curve);
  curve->bucket[curve->count++] = point;
}

double dla_bucket_x(const dla_bucket *bucket)
{
  return (bucket->first_x + bucket->last_x) / 2;
}

double dla_bucket_mean(const dla_bucket *bucket)
{
  return bucket->sum / (double)bucket->count;
}
