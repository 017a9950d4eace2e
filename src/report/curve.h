/* A curve of any number of points, thinned while it grows: points go into buckets that keep their
 * least and largest value and their mean. So every extreme stays. While there are no more points
 * than buckets, each has its own. */
#ifndef DLA_REPORT_CURVE_H
#define DLA_REPORT_CURVE_H

#include <stdint.h>

enum { DLA_CURVE_BUCKETS = 400 };

typedef struct dla_bucket {
  double first_x, last_x;
  double min, max, sum;
  int64_t count;
} dla_bucket;

/* From zeros on. */
typedef struct dla_curve {
  dla_bucket bucket[DLA_CURVE_BUCKETS];
  int count;
  int64_t points_each; /* in all buckets but the last, which may have fewer; 0: empty */
} dla_curve;

/* x does not fall. A y that is NaN or infinite is left out. */
void dla_curve_add(dla_curve *curve, double x, double y);

double dla_bucket_x(const dla_bucket *bucket); /* its middle */
double dla_bucket_mean(const dla_bucket *bucket);

#endif
