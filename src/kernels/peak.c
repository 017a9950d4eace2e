#include <omp.h>

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
