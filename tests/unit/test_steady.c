/* The steady state: once every program has run, a step allocates nothing, and memory stays flat.
 * The linker's --wrap sees the calls of our own objects only; oneDNN makes a few small ones a step
 * by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "../ops/sgd.h"
#include "dla/backend.h"
#include "dla/network.h"

enum { BATCH = 4, CHANNELS = 3, SIDE = 8, CLASSES = 10 };

/* AddressSanitizer keeps what oneDNN frees in quarantine: 256 MiB before it gives any back. */
#ifdef __SANITIZE_ADDRESS__
#define MOST_GROWTH (320L << 20)
#define STEPS       20
#else
#define MOST_GROWTH (512L << 10)
#define STEPS       200
#endif

static long allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
  allocations++;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
  allocations++;
  return __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
  allocations++;
  return __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
  allocations++;
  return __real_aligned_alloc(alignment, size);
}

/* Every op of SimpleDLA, Winograd's shapes among them. */
static dla_graph *make_graph(void)
{
  dla_error err = {0};
  const dla_conv2d_options three = {.out_channels = 16, .kernel = 3, .padding = 1};
  dla_graph *g = dla_graph_create();
  assert_non_null(g);
  dla_tensor x = dla_conv2d(g, "conv1", dla_input(g, CHANNELS, SIDE, SIDE), three);
  x = dla_relu(g, "relu1", dla_batch_norm(g, "bn1", x));
  dla_tensor y = dla_batch_norm(g, "bn2", dla_conv2d(g, "conv2", x, three));
  y = dla_relu(g, "relu2", dla_add(g, "add", y, x));
  const dla_tensor both[] = {x, y};
  x = dla_conv2d(g, "root", dla_concat(g, "concat", both, 2),
                 (dla_conv2d_options){.out_channels = 16, .kernel = 1});
  x = dla_avg_pool(g, "pool", dla_batch_norm(g, "bn3", x), SIDE, 0, 0);
  assert_int_equal(dla_graph_finish(g, dla_linear(g, "linear", x, CLASSES, true), &err), DLA_OK);
  return g;
}

static dla_network *make_network(const char *backend)
{
  dla_error err = {0};
  dla_network *network = NULL;
  const dla_network_options options = {.backend = backend,
                                       .device = "0",
                                       .threads = 2,
                                       .batch = BATCH,
                                       .training = true,
                                       .recompute = true};
  assert_int_equal(dla_network_create(make_graph(), &options, &network, &err), DLA_OK);
  assert_int_equal(dla_network_initialise(network, 1, &err), DLA_OK);
  return network;
}

/* A training step and an evaluation, of whole batches and of a last, smaller one. */
static void step(dla_network *network)
{
  static const float images[BATCH * CHANNELS * SIDE * SIDE] = {1, 2, 3};
  static const int32_t labels[BATCH] = {0, 1, 2, 3};
  const dla_update_numbers sgd = sgd_update((sgd_numbers){.lr = 1e-3f, .momentum = 0.9f});
  dla_error err = {0};
  dla_result result;
  for (int64_t count = BATCH; count >= BATCH - 1; count--) {
    assert_int_equal(dla_network_train(network, images, labels, count, &sgd, &result, &err),
                     DLA_OK);
    assert_int_equal(dla_network_evaluate(network, images, labels, count, NULL, &result, &err),
                     DLA_OK);
  }
}

static long resident_pages(void)
{
  long total = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  assert_non_null(file);
  assert_int_equal(fscanf(file, "%ld %ld", &total, &resident), 2);
  fclose(file);
  return resident;
}

static void check_backend(const char *backend)
{
  dla_network *network = make_network(backend);
  for (int i = 0; i < 20; i++)
    step(network);
  long before = allocations, pages = resident_pages();
  for (int i = 0; i < STEPS; i++)
    step(network);
  assert_int_equal(allocations - before, 0);
  long grown = (resident_pages() - pages) * sysconf(_SC_PAGESIZE);
  if (grown > MOST_GROWTH) fail_msg("%s: resident memory grew by %ld bytes", backend, grown);
  dla_network_free(network);
}

static void steps_allocate_nothing(void **state)
{
  (void)state;
  for (int b = 0; dla_backend_at(b); b++)
    check_backend(dla_backend_at(b)->name);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(steps_allocate_nothing)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
