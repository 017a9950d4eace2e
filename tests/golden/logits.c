/* logits CHECKPOINT PICTURES: what its network makes of pictures, a file of float32
 * [count][C][H][W] from 0 to 1. Prints a logit a line. For exported.py. */
#include <stdio.h>
#include <stdlib.h>

#include "base/read_file.h"
#include "train/predictor.h"

enum { MOST = 8, FILE_MAX = 1 << 26 };

static dla_status run(const dla_predictor *predictor, float *images, size_t floats, dla_error *err)
{
  const dla_predictor_parts parts = dla_predictor_parts_of(predictor);
  const dla_shape shape = dla_network_input_shape(parts.network);
  const int64_t size = dla_shape_count(&shape), plane = size / shape.dim[0];
  const int64_t count = (int64_t)floats / size, classes = dla_network_classes(parts.network);
  const int32_t labels[MOST] = {0};
  float logits[MOST * 16];
  dla_result result;
  if (count > MOST || classes > 16) return DLA_E_INPUT;
  for (int64_t i = 0; i < count * size; i++) {
    const int64_t c = i % size / plane;
    images[i] = (images[i] - parts.normalization->mean[c]) / parts.normalization->std[c];
  }
  dla_status status =
      dla_network_evaluate(parts.network, images, labels, count, logits, &result, err);
  for (int64_t i = 0; i < count * classes && !status; i++)
    printf("%.9g\n", (double)logits[i]);
  return status;
}

int main(int argc, char **argv)
{
  dla_error err = {0};
  dla_predictor *predictor = NULL;
  const dla_predictor_options options = {.key = "", .threads = 2, .most = 2};
  char *images = NULL;
  size_t bytes = 0;
  if (argc != 3) return 1;
  dla_status status = dla_predictor_create(argv[1], &options, &predictor, &err);
  if (!status) status = dla_read_file(argv[2], FILE_MAX, &images, &bytes, &err);
  if (!status) status = run(predictor, (float *)(void *)images, bytes / sizeof(float), &err);
  if (status) fprintf(stderr, "%s: %s\n", err.where, err.what);
  free(images);
  dla_predictor_free(predictor);
  return dla_exit_status(status);
}
