/* The parts of the self-test. */
#ifndef DLA_SELFTEST_PARTS_H
#define DLA_SELFTEST_PARTS_H

#include "dla/network.h"
#include "selftest/test.h"

/* Makes a network with a bit of everything, ready to train. */
dla_status selftest_small_network(const dla_selftest *test, const char *backend,
                                  dla_network **network, dla_error *err);

void selftest_ops(dla_selftest *test);
void selftest_rules(dla_selftest *test);
void selftest_steps(dla_selftest *test);
void selftest_roundtrip(dla_selftest *test);

#endif
