/* A curve of any number of points, thinned while it grows. The points go into buckets. A bucket
 * keeps its least and largest value and its mean, so no extreme is lost. While there are no more
 * points than buckets, each point has its own. */
#ifndef DLA_REPORT_CURVE_H
#define DLA_REPORT_CURVE_H

#include <stdint.h>

enum { DLA_CURVE_BUCKETS = 400 };

typedef struct dla_bucket {
  double first_x, last_x;
  double min, max, sum;
  int64_t count;
} dla_bucket;

/* Begins as zeros. */
typedef struct dla_curve {
  dla_bucket bucket[DLA_CURVE_BUCKETS];
  int count;
  int64_t points_each; /* points of each bucket but the last, which may have fewer; 0: empty */
} dla_curve;

/* x must not fall. A y that is NaN or infinite is left out. */
void dla_curve_add(dla_curve *curve, double x, double y);

double dla_bucket_x(const dla_bucket *bucket); /* its middle */
double dla_bucket_mean(const dla_bucket *bucket);

#endif
