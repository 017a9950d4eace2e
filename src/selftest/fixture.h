/* Shared by the self-tests. */
#ifndef DLA_SELFTEST_FIXTURE_H
#define DLA_SELFTEST_FIXTURE_H

#include "dla/backend.h"
#include "dla/network.h"
#include "selftest/test.h"

enum { SELFTEST_BATCH = 6, SELFTEST_CLASSES = 5, SELFTEST_SIDE = 12, SELFTEST_CHANNELS = 3 };
enum {
  SELFTEST_IMAGES = SELFTEST_BATCH * SELFTEST_CHANNELS * SELFTEST_SIDE * SELFTEST_SIDE,
  SELFTEST_LOGITS = SELFTEST_BATCH * SELFTEST_CLASSES
};

/* Reports a finding, under the name "ISA name". */
void selftest_tell(dla_selftest *test, bool good, const char *name, const char *hint,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Reports an error as a bad finding. */
void selftest_tell_error(dla_selftest *test, const char *name, const dla_error *error);

/* The backends to test, one after another; NULL behind the last. */
const dla_backend *selftest_backend(const dla_selftest *test, int *index);

/* All tests use the same images and labels. */
typedef struct selftest_batch {
  float images[SELFTEST_IMAGES];
  int32_t labels[SELFTEST_BATCH];
} selftest_batch;
void selftest_fill(selftest_batch *batch);

/* Makes a network from a graph and draws its parameters. It takes ownership of the graph. */
dla_status selftest_network(dla_graph *graph, const dla_network_options *options,
                            dla_network **network, dla_error *err);

/* SGD's numbers, with a momentum of 0.9 and no weight decay. */
dla_update_numbers selftest_numbers(double lr, int64_t step);

/* The root mean square of the difference, relative to that of the right numbers. */
double selftest_difference(const float *numbers, const float *right, size_t count);

#endif
