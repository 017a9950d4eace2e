/* Does this program compute here what it should? Small networks, whose results are compared with
 * the reference backend's and with numbers that are stored here. */
#ifndef DLA_SELFTEST_H
#define DLA_SELFTEST_H

#include "selftest/test.h"

/* Ops and update rules against the reference, steps of training against numbers that are stored, a
 * checkpoint's way through both formats. Errors: of memory; what the test finds is told by found().
 */
dla_status dla_selftest_run(dla_selftest *test, dla_error *err);

#endif
