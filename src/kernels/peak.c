#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "kernels/kernels.h"
#include "kernels/leaf.h"

double dla_measure_peak(int threads, double seconds)
{
  const dla_leaf_kernels *leaf = dla_leaf();
  double best = 0, end = dla_clock() + seconds;
  do {
    double total = 0, start = dla_clock();
#pragma omp parallel num_threads(threads) reduction(+ : total)
    {
      double flops = 0;
      volatile float sink = leaf->multiply_add(1 << 20, &flops);
      (void)sink;
      total += flops;
    }
    double rate = total / (dla_clock() - start);
    if (rate > best) best = rate; /* the peak is what an undisturbed run shows */
  } while (dla_clock() < end);
  return best;
}

double dla_measure_bandwidth(int threads, double seconds)
{
  enum { COUNT = 16 << 20 }; /* floats in each array: 64 MiB */
  float *memory = aligned_alloc(64, 3 * (size_t)COUNT * sizeof *memory);
  if (!memory) return 0;
  float *a = memory, *b = a + COUNT, *dst = b + COUNT;
  int before = omp_get_max_threads();
  omp_set_num_threads(threads);
  memset(memory, 0, 2 * (size_t)COUNT * sizeof *memory);
  dla_add_kernel(a, b, dst, COUNT); /* the first touch of dst */
  double best = 0, end = dla_clock() + seconds;
  do {
    double start = dla_clock();
    dla_add_kernel(a, b, dst, COUNT);
    double rate = 3.0 * COUNT * sizeof *memory / (dla_clock() - start);
    if (rate > best) best = rate;
  } while (dla_clock() < end);
  omp_set_num_threads(before);
  free(memory);
  return best;
}
