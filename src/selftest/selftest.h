/* Checks that this program computes correctly on this machine: it compares results of small
 * networks with the reference backend's, and with stored numbers. */
#ifndef DLA_SELFTEST_H
#define DLA_SELFTEST_H

#include "selftest/test.h"

/* Tests ops and update rules against the reference, training steps against stored numbers, and a
 * checkpoint through both formats. It returns only errors of memory; findings go to found(). */
dla_status dla_selftest_run(dla_selftest *test, dla_error *err);

#endif
