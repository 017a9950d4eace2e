/* family MODEL SIDE FROM TO [BACKEND]: reads the checkpoint FROM into a built-in network for images
 * of SIDE pixels and 10 classes, trains it for one step on made images, and saves it: without
 * weight decay its momentum is then the gradient. Prints the number of parameters, the logits
 * before, and the step's loss. For family.py. */
#include <stdio.h>
#include <stdlib.h>

#include "../ops/sgd.h"
#include "dla/checkpoint.h"
#include "fixed.h"
#include "model/models.h"

enum { IMAGES = 4, CLASSES = 10 };

static dla_status make_network(const char *model, int64_t side, const char *backend,
                               dla_network **network, dla_error *err)
{
  dla_graph *graph = NULL;
  const dla_shape image = DLA_SHAPE3(3, side, side);
  const dla_network_options options = {
      .backend = backend, .threads = 2, .training = true, .batch = IMAGES};
  const dla_model_options sizes = {.classes = CLASSES, .width = 1};
  dla_status status = dla_model_create(model, &image, &sizes, &graph, err);
  if (status) return status;
  printf("%lld\n", (long long)dla_graph_parameter_count(graph));
  return dla_network_create(graph, &options, network, err);
}

static dla_status step(dla_network *network, const float *images, dla_error *err)
{
  float logits[IMAGES * CLASSES];
  const int32_t labels[IMAGES] = {0, 1, 2, 3};
  const dla_update_numbers numbers = sgd_update((sgd_numbers){1e-4f, 0.9f, 0, false});
  dla_result result;
  dla_status status = dla_network_evaluate(network, images, labels, IMAGES, logits, &result, err);
  for (int i = 0; i < IMAGES * CLASSES && !status; i++)
    printf("%.9g\n", (double)logits[i]);
  if (!status) status = dla_network_train(network, images, labels, IMAGES, &numbers, &result, err);
  printf("%.9g\n", (double)result.loss);
  return status;
}

static dla_status run(char **argv, const char *backend, float *images, dla_error *err)
{
  dla_network *network = NULL;
  dla_checkpoint *checkpoint = NULL;
  dla_train_state state = {0};
  dla_status status = make_network(argv[1], atoi(argv[2]), backend, &network, err);
  if (!status) status = dla_checkpoint_read(argv[3], "", &checkpoint, err);
  if (!status) status = dla_checkpoint_restore(checkpoint, argv[3], network, err);
  if (!status) status = step(network, images, err);
  dla_checkpoint_free(checkpoint);
  checkpoint = NULL;
  if (!status) status = dla_checkpoint_capture(network, &state, &checkpoint, err);
  if (!status) status = dla_checkpoint_write(checkpoint, argv[4], err);
  dla_checkpoint_free(checkpoint);
  dla_network_free(network);
  return status;
}

int main(int argc, char **argv)
{
  dla_error err = {0};
  if (argc < 5) return 1;
  size_t count = (size_t)IMAGES * 3 * (size_t)atoi(argv[2]) * (size_t)atoi(argv[2]);
  float *images = malloc(count * sizeof *images);
  if (!images) return 1;
  fixed_numbers("images", images, count);
  for (size_t i = 0; i < count; i++)
    images[i] = 4 * images[i] - 2;
  dla_status status = run(argv, argc > 5 ? argv[5] : "", images, &err);
  if (status) fprintf(stderr, "%s: %s\n", err.where, err.what);
  free(images);
  return dla_exit_status(status);
}
