#include "small_checkpoint.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "checkpoint/tensor_set.h"
#include "scratch.h"

static void note(dla_tensor_set *set, const char *key, int64_t number)
{
  char text[32];
  dla_error err = {0};
  snprintf(text, sizeof text, "%" PRId64, number);
  assert_int_equal(dla_tensor_set_note(set, key, text, &err), DLA_OK);
}

const char *small_checkpoint(const char *folder, const char *name, dla_train_state state)
{
  static const float one = 1;
  const char *path = scratch_path(folder, name);
  dla_tensor_set set = {0};
  dla_error err = {0};
  assert_int_equal(dla_tensor_set_add(&set, "model.w", DLA_F32, &DLA_SHAPE1(1), &one, &err),
                   DLA_OK);
  assert_int_equal(dla_tensor_set_note(&set, "format", "dla-train 2", &err), DLA_OK);
  note(&set, "epoch", state.epoch);
  note(&set, "step", state.step);
  note(&set, "batch", state.batch);
  note(&set, "seed", 1);
  note(&set, "best_epoch", state.best_epoch);
  if (dla_tensor_set_write(&set, path, &err)) fail_msg("%s: %s", err.where, err.what);
  dla_tensor_set_free(&set);
  return path;
}

int64_t small_checkpoint_step(const char *folder, const char *name)
{
  dla_checkpoint *found = NULL;
  dla_error err = {0};
  const dla_status status = dla_checkpoint_read(scratch_path(folder, name), "", &found, &err);
  const int64_t step = status ? -1 : dla_checkpoint_state(found)->step;
  dla_checkpoint_free(found);
  return step;
}
