/* Takes a checkpoint through both formats and a network, and compares the bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "base/strbuf.h"
#include "base/try.h"
#include "dla/checkpoint.h"
#include "selftest/fixture.h"
#include "selftest/parts.h"

enum { FIRST, AS_PTH, BACK, RESTORED, FILES };
static const char *const names[FILES] = {"first.safetensors", "first.pth", "back.safetensors",
                                         "restored.safetensors"};

typedef struct round {
  char *path[FILES];
  const dla_selftest *test;
  const char *backend;
} round;

static dla_status capture(dla_network *network, const dla_train_state *state, const char *path,
                          dla_error *err)
{
  dla_checkpoint *checkpoint;
  TRY(dla_checkpoint_capture(network, state, &checkpoint, err));
  dla_status status = dla_checkpoint_write(checkpoint, path, err);
  dla_checkpoint_free(checkpoint);
  return status;
}

/* Trains one step first, so that the optimizer has a state to keep. */
static dla_status write_first(const round *r, dla_error *err)
{
  dla_network *network;
  selftest_batch batch;
  dla_result result;
  const dla_update_numbers numbers = selftest_numbers(0.05, 1);
  const dla_train_state state = {.step = 1, .batch = 1, .seed = 5, .update = numbers};
  selftest_fill(&batch);
  TRY(selftest_small_network(r->test, r->backend, &network, err));
  dla_status status = dla_network_train(network, batch.images, batch.labels, SELFTEST_BATCH,
                                        &numbers, &result, err);
  if (!status) status = capture(network, &state, r->path[FIRST], err);
  dla_network_free(network);
  return status;
}

static dla_status restore(const round *r, dla_error *err)
{
  dla_network *network;
  dla_checkpoint *checkpoint;
  TRY(dla_checkpoint_read(r->path[AS_PTH], "", &checkpoint, err));
  const dla_train_state state = *dla_checkpoint_state(checkpoint);
  dla_status status = selftest_small_network(r->test, r->backend, &network, err);
  if (!status) {
    status = dla_checkpoint_restore(checkpoint, r->path[AS_PTH], network, err);
    if (!status) status = capture(network, &state, r->path[RESTORED], err);
    dla_network_free(network);
  }
  dla_checkpoint_free(checkpoint);
  return status;
}

static dla_status compare(const char *path, const char *with, size_t *size, bool *same,
                          dla_error *err)
{
  enum { LIMIT = 1 << 24 };
  char *a, *b;
  size_t a_size, b_size;
  TRY(dla_read_file(path, LIMIT, &a, &a_size, err));
  dla_status status = dla_read_file(with, LIMIT, &b, &b_size, err);
  if (!status) {
    *same = a_size == b_size && memcmp(a, b, a_size) == 0;
    *size = a_size;
    free(b);
  }
  free(a);
  return status;
}

static void tell(dla_selftest *test, const round *r, int file, const char *what, dla_error *err)
{
  char name[64];
  size_t size = 0;
  bool same = false;
  snprintf(name, sizeof name, "checkpoint %s", r->backend);
  if (compare(r->path[FIRST], r->path[file], &size, &same, err))
    selftest_tell_error(test, name, err);
  else
    selftest_tell(test, same, name, "is the disk sound?", "%s: %s, of %zu bytes", what,
                  same ? "the same bytes" : "other bytes", size);
}

static void go_round(dla_selftest *test, const round *r)
{
  dla_error err = {0};
  dla_status status = write_first(r, &err);
  if (!status) status = dla_checkpoint_convert(r->path[FIRST], "", r->path[AS_PTH], false, &err);
  if (!status) status = dla_checkpoint_convert(r->path[AS_PTH], "", r->path[BACK], false, &err);
  if (!status) status = restore(r, &err);
  if (status) {
    char name[64];
    snprintf(name, sizeof name, "checkpoint %s", r->backend);
    selftest_tell_error(test, name, &err);
    return;
  }
  tell(test, r, BACK, "safetensors to .pth and back", &err);
  tell(test, r, RESTORED, "by .pth into a network and out of it", &err);
}

void selftest_roundtrip(dla_selftest *test)
{
  int index = 0;
  round r = {.test = test};
  bool failed = false;
  for (int i = 0; i < FILES; i++) {
    dla_strbuf path = {0};
    dla_strbuf_printf(&path, "%s/%s", test->folder, names[i]);
    failed |= path.failed;
    r.path[i] = path.text;
  }
  for (const dla_backend *b; !failed && !test->ended && (b = selftest_backend(test, &index));) {
    r.backend = b->name;
    go_round(test, &r);
  }
  for (int i = 0; i < FILES; i++)
    free(r.path[i]);
  if (failed) {
    dla_error err = {0};
    dla_fail_memory(&err, "a file name");
    selftest_tell_error(test, "checkpoint", &err);
  }
}
