/* A self-test under way. */
#ifndef DLA_SELFTEST_TEST_H
#define DLA_SELFTEST_TEST_H

#include "base/findings.h"
#include "base/isa.h"

typedef struct dla_selftest {
  const char *backend; /* the one that is tested, which this build has; NULL: each that computes on
                          the processor */
  const char *device;  /* of the backend, as dla_backend_options'; NULL: the first */
  const char *folder;  /* where checkpoints may be written */
  dla_isa isa;         /* the one that DLA_MAX_CPU_ISA leaves */
  /* Called with each finding as soon as it is there; false ends the test. */
  bool (*found)(void *context, const dla_finding *finding);
  void *context;
  /* Its own: */
  bool ended;
  unsigned left_out; /* bits of backends whose library is not here */
} dla_selftest;

#endif
