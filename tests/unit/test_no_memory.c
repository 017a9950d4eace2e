/* Memory that runs out: each allocation of making a network and its programs fails in turn, which
 * is an error and neither a crash nor, under the sanitizers, a leak or a double free. The linker's
 * --wrap sees the calls of our own objects only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/mman.h>

#include "../ops/sgd.h"
#include "dla/backend.h"
#include "dla/network.h"

enum { CHANNELS = 3, SIDE = 8, CLASSES = 10, MOST = 100000 };

static long until_failure = -1; /* calls that still succeed; negative: all do */
static bool failed;

static bool fails(void)
{
  bool now = until_failure == 0;
  if (until_failure >= 0) until_failure--;
  failed |= now;
  return now;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *text);
void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);

void *__wrap_malloc(size_t size)
{
  return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
  return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
  return fails() ? NULL : __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
  return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

char *__wrap_strdup(const char *text)
{
  return fails() ? NULL : __real_strdup(text);
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
  return fails() ? MAP_FAILED : __real_mmap(at, size, protection, flags, fd, offset);
}

/* Fused and folded layers, a convolution of two sources, and a dead one. */
static dla_graph *make_graph(void)
{
  dla_error err = {0};
  const dla_conv2d_options three = {.out_channels = 16, .kernel = 3, .padding = 1};
  dla_graph *g = dla_graph_create();
  assert_non_null(g);
  dla_tensor x = dla_conv2d(g, "conv1", dla_input(g, CHANNELS, SIDE, SIDE), three);
  x = dla_relu(g, "relu1", dla_batch_norm(g, "bn1", x));
  dla_conv2d(g, "dead", x, three);
  dla_tensor y = dla_batch_norm(g, "bn2", dla_conv2d(g, "conv2", x, three));
  y = dla_relu(g, "relu2", dla_add(g, "add", y, x));
  const dla_tensor both[] = {x, y};
  x = dla_conv2d(g, "root", dla_concat(g, "concat", both, 2),
                 (dla_conv2d_options){.out_channels = 16, .kernel = 1});
  x = dla_avg_pool(g, "pool", dla_batch_norm(g, "bn3", x), SIDE, 0, 0);
  assert_int_equal(dla_graph_finish(g, dla_linear(g, "linear", x, CLASSES, true), &err), DLA_OK);
  return g;
}

/* Makes a network, and takes a step of each kind; the allocation behind `after` others fails. */
static dla_status make(const dla_network_options *options, long after, dla_network **network)
{
  static const float images[2 * CHANNELS * SIDE * SIDE] = {1, 2, 3};
  static const int32_t labels[2] = {0, 1};
  const dla_update_numbers sgd = sgd_update((sgd_numbers){.lr = 1e-3f, .momentum = 0.9f});
  dla_result result;
  dla_error err = {0};
  dla_graph *graph = make_graph();
  failed = false;
  until_failure = after;
  dla_status status = dla_network_create(graph, options, network, &err);
  if (!status) status = dla_network_initialise(*network, 1, &err);
  if (!status) status = dla_network_train(*network, images, labels, 2, &sgd, &result, &err);
  if (!status) status = dla_network_evaluate(*network, images, labels, 1, NULL, &result, &err);
  until_failure = -1;
  if (failed && status != DLA_E_MEMORY) fail_msg("allocation %ld: %d, %s", after, status, err.what);
  if (!status || !*network) return status;
  /* What could not be made is no worse than before: with memory again, it goes on. */
  assert_int_equal(dla_network_train(*network, images, labels, 2, &sgd, &result, &err), DLA_OK);
  assert_int_equal(dla_network_evaluate(*network, images, labels, 1, NULL, &result, &err), DLA_OK);
  return status;
}

static void check(const char *backend, bool recompute)
{
  const dla_network_options options = {
      .backend = backend, .threads = 1, .batch = 2, .training = true, .recompute = recompute};
  dla_status status = DLA_E_MEMORY;
  for (long after = 0; status && after < MOST; after++) {
    dla_network *network = NULL;
    status = make(&options, after, &network);
    dla_network_free(network);
  }
  assert_int_equal(status, DLA_OK);
}

/* A device's driver has memory of its own, which this does not see. */
static void each_allocation_fails_in_turn(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++) {
    const dla_backend *backend = dla_backend_at(b);
    if (backend->memory) continue;
    check(backend->name, true);
    check(backend->name, false);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_fails_in_turn)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
