#include "model/models.h"

#include <inttypes.h>
#include <string.h>

#include "base/closest.h"

static const struct {
  const char *name;
  dla_tensor (*build)(dla_graph *graph, dla_tensor image, const dla_model_options *options);
} of_any_size[] = {
    {"simple_dla", dla_model_simple_dla},
    {"dla", dla_model_dla},
    {"dla_fast", dla_model_fast},
};

enum { OF_ANY_SIZE = sizeof of_any_size / sizeof of_any_size[0] };

static dla_status unknown(const char *name, dla_error *err)
{
  char hint[256];
  const char *known;
  dla_closest closest = dla_closest_to(name);
  for (int i = 0; i < OF_ANY_SIZE; i++)
    dla_closest_offer(&closest, of_any_size[i].name);
  for (int i = 0; (known = dla_imagenet_at(i)); i++)
    dla_closest_offer(&closest, known);
  dla_closest_hint(&closest, "",
                   "docs/models.md lists them: simple_dla, dla, dla_fast, dla34 to dla169", hint,
                   sizeof hint);
  return dla_fail(err, DLA_E_INPUT, "model.name", hint, "no model is called '%s'", name);
}

/* Each of its five levels of stride 2 halves the size twice, by a pool and by convolutions. The two
 * agree only for even sizes. */
static dla_status check_side(const char *name, const dla_shape *image, dla_error *err)
{
  enum { SMALLEST = 32 };
  int64_t side = image->dim[1];
  if (side % SMALLEST == 0) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, "model.image_size",
                  "224 is what it was made for; 96 and 128 are quicker",
                  "%" PRId64 " pixels, but %s takes multiples of %d", side, name, SMALLEST);
}

dla_status dla_model_create(const char *name, const dla_shape *image,
                            const dla_model_options *options, dla_graph **out, dla_error *err)
{
  const dla_imagenet *imagenet = dla_imagenet_find(name);
  int other = 0;
  while (other < OF_ANY_SIZE && strcmp(of_any_size[other].name, name) != 0)
    other++;
  if (!imagenet && other == OF_ANY_SIZE) return unknown(name, err);
  dla_status status = imagenet ? check_side(name, image, err) : DLA_OK;
  if (status) return status;
  dla_graph *graph = dla_graph_create();
  if (!graph) return dla_fail_memory(err, "the graph");
  dla_tensor input = dla_input(graph, image->dim[0], image->dim[1], image->dim[2]);
  dla_tensor logits = imagenet ? dla_model_imagenet(graph, input, imagenet, options)
                               : of_any_size[other].build(graph, input, options);
  dla_graph_spread_depth(graph, options->drop_path);
  status = dla_graph_finish(graph, logits, err);
  if (status)
    dla_graph_free(graph);
  else
    *out = graph;
  return status;
}
