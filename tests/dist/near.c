/* near A B TOLERANCE: are two checkpoints' f32 tensors the same but for rounding? In every tensor,
 * the distance of the two is at most that share of its length (Euclidean), or of 1. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/tensor_set.h"

/* The distance of two tensors, and their length. */
static double relative_distance(const dla_tensor_entry *x, const dla_tensor_entry *y)
{
  double distance = 0, length = 0;
  for (size_t at = 0; at < x->size; at += sizeof(float)) {
    float a, b;
    memcpy(&a, (const char *)x->bytes + at, sizeof a);
    memcpy(&b, (const char *)y->bytes + at, sizeof b);
    distance += ((double)a - b) * ((double)a - b);
    length += (double)a * a;
  }
  return sqrt(distance) / fmax(sqrt(length), 1);
}

static int compare(const dla_tensor_set *a, const dla_tensor_set *b, double tolerance)
{
  int far = a->tensor_count != b->tensor_count;
  for (size_t i = 0; i < a->tensor_count; i++) {
    const dla_tensor_entry *x = &a->tensor[i], *y = dla_tensor_set_find(b, x->name);
    if (x->dtype != DLA_F32) continue;
    if (!y || y->size != x->size) return 1;
    double distance = relative_distance(x, y);
    if (distance <= tolerance) continue;
    fprintf(stderr, "%s: %g\n", x->name, distance);
    far = 1;
  }
  return far;
}

int main(int argc, char **argv)
{
  dla_tensor_set set[2] = {0};
  dla_error err = {0};
  if (argc != 4) return 2;
  for (int i = 0; i < 2; i++)
    if (dla_tensor_set_read(argv[i + 1], "", &set[i], &err)) {
      fprintf(stderr, "%s: %s\n", err.where, err.what);
      return 2;
    }
  int far = compare(&set[0], &set[1], strtod(argv[3], NULL));
  for (int i = 0; i < 2; i++)
    dla_tensor_set_free(&set[i]);
  return far;
}
