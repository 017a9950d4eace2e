/* Everything that a run computed, as named arrays, to be compared with another run's. */
#ifndef DLA_TEST_RESULT_H
#define DLA_TEST_RESULT_H

#include "harness.h"

typedef struct segment {
  char name[DLA_NAME_SIZE + 8];
  size_t count;
  float *data;
} segment;

typedef struct result {
  segment *segment;
  int count;
} result;

/* Loss, logits, parameters and state and, after training, gradients. */
dla_status result_collect(result *r, harness *h, dla_error *err);
void result_free(result *r);

/* The largest difference, divided by the root mean square of what was expected. */
double segment_difference(const segment *expected, const segment *actual);
/* The largest difference in any array, divided by that array's root mean square; its name to
 * *where. */
double result_difference(const result *expected, const result *actual, const char **where);

double root_mean_square(const float *data, size_t count);

#endif
