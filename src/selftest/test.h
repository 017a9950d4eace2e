/* A running self-test. */
#ifndef DLA_SELFTEST_TEST_H
#define DLA_SELFTEST_TEST_H

#include "base/findings.h"
#include "base/isa.h"

typedef struct dla_selftest {
  const char *backend; /* the backend to test, which this build has; NULL: each one that computes on
                        * the processor */
  const char *device;  /* see dla_backend_options; NULL: the first */
  const char *folder;  /* where it may write checkpoints */
  dla_isa isa;         /* the set that DLA_MAX_CPU_ISA allows */
  /* Called with each finding at once. Returning false ends the test. */
  bool (*found)(void *context, const dla_finding *finding);
  void *context;
  /* Internal: */
  bool ended;
  unsigned left_out; /* a bit for each backend whose library is missing */
} dla_selftest;

#endif
