#include "selftest/selftest.h"

#include "base/try.h"
#include "selftest/fixture.h"
#include "selftest/parts.h"

/* Leaves out a backend whose library is missing, unless it was asked for or is the default one. */
static void leave_out(dla_selftest *test)
{
  int index = 0;
  for (const dla_backend *b; !test->backend && (b = selftest_backend(test, &index));) {
    dla_network *network;
    dla_error err = {0};
    dla_status status = selftest_small_network(test, b->name, &network, &err);
    if (!status) dla_network_free(network);
    if (status != DLA_E_UNSUPPORTED || index == 1) continue;
    test->left_out |= 1u << (index - 1);
    selftest_tell(test, true, b->name, NULL, "left out: %s", err.what);
  }
}

dla_status dla_selftest_run(dla_selftest *test, dla_error *err)
{
  static void (*const parts[])(dla_selftest *) = {selftest_ops, selftest_rules, selftest_steps,
                                                  selftest_roundtrip};
  TRY(dla_isa_choose(&test->isa, err));
  leave_out(test);
  for (size_t i = 0; i < sizeof parts / sizeof *parts && !test->ended; i++)
    parts[i](test);
  return DLA_OK;
}
