#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "kernels/kernels.h"
#include "kernels/leaf.h"

/* Runs a probe and returns its number of operations. */
typedef double probe(const dla_leaf_kernels *leaf);

static double probe_chains(const dla_leaf_kernels *leaf)
{
  double flops = 0;
  volatile float sink = leaf->multiply_add(1 << 17, &flops);
  (void)sink;
  return flops;
}

/* Tiles times a panel of weights, as in Winograd's convolutions. */
static double probe_products(const dla_leaf_kernels *leaf)
{
  /* TILES: a multiple of every instruction set's rows. MOST: the most columns of any. */
  enum { TIMES = 1024, TILES = 24, DEPTH = 128, MOST = 32 };
  static const float a[TILES * DEPTH] __attribute__((aligned(64)));
  static const float b[DEPTH * MOST] __attribute__((aligned(64)));
  float c[TILES * MOST] __attribute__((aligned(64)));
  int width = 2 * leaf->block, depth = width / leaf->deep; /* DEPTH counts words */
  const dla_product product = {.a = a,
                               .b = b,
                               .c = c,
                               .rows = TILES,
                               .panels = DEPTH / depth,
                               .a_panel = TILES * depth,
                               .b_panel = depth * width,
                               .b_block = leaf->block,
                               .c_row = width,
                               .c_block = leaf->block,
                               .depth = depth,
                               .a_width = width,
                               .blocks = 2};
  for (int i = 0; i < TIMES; i++)
    leaf->product_by_channels(&product);
  volatile float sink = c[0];
  (void)sink;
  return 2.0 * TIMES * TILES * DEPTH * leaf->deep * width;
}

typedef struct measurement {
  probe *run;
  const dla_leaf_kernels *leaf;
  _Atomic int64_t *flops;
} measurement;

static void run_probe(const void *context, dla_items *items)
{
  const measurement *m = context;
  for (int64_t i; dla_items_next(items, &i);)
    atomic_fetch_add(m->flops, (int64_t)m->run(m->leaf));
}

/* The best rate of all threads together: that of an undisturbed run. */
static double measure(probe *run, dla_team *team, const dla_leaf_kernels *leaf, double seconds)
{
  enum { EACH = 8 }; /* probes per thread; a thread starts and ends late by much less */
  _Atomic int64_t flops;
  const measurement m = {run, leaf, &flops};
  double best = 0, end = dla_clock() + seconds;
  do {
    double start = dla_clock();
    atomic_store(&flops, 0);
    dla_team_run(team, (int64_t)EACH * dla_team_threads(team), run_probe, &m);
    double rate = (double)atomic_load(&flops) / (dla_clock() - start);
    if (rate > best) best = rate;
  } while (dla_clock() < end);
  return best;
}

double dla_measure_peak(dla_team *team, const dla_leaf_kernels *leaf, double seconds)
{
  return measure(probe_chains, team, leaf, seconds);
}

double dla_measure_products(dla_team *team, const dla_leaf_kernels *leaf, double seconds)
{
  return measure(probe_products, team, leaf, seconds);
}

double dla_measure_bandwidth(dla_team *team, const dla_leaf_kernels *leaf, double seconds)
{
  enum { COUNT = 16 << 20 }; /* floats in each array: 64 MiB */
  float *memory = aligned_alloc(64, 3 * (size_t)COUNT * sizeof *memory);
  if (!memory) return 0;
  float *a = memory, *b = a + COUNT, *dst = b + COUNT;
  memset(memory, 0, 2 * (size_t)COUNT * sizeof *memory);
  const size_t count = COUNT * sizeof *memory / leaf->element;
  dla_add_kernel(team, leaf, a, b, dst, count); /* touches dst for the first time */
  double best = 0, end = dla_clock() + seconds;
  do {
    double start = dla_clock();
    dla_add_kernel(team, leaf, a, b, dst, count);
    double rate = 3.0 * COUNT * sizeof *memory / (dla_clock() - start);
    if (rate > best) best = rate;
  } while (dla_clock() < end);
  free(memory);
  return best;
}
