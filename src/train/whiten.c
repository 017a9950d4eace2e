#include "train/whiten.h"

#include <math.h>
#include <stdlib.h>

#include "base/try.h"

/* At 32 pixels they have 900,000 patches of side 3, enough for a 27 x 27 covariance. */
enum { IMAGES = 1000, BATCH = 100 };
static const double epsilon = 5e-4; /* as in airbench94: directions with little variance are not
                                     * amplified */

typedef struct patches {
  int64_t channels, kernel, size; /* size: numbers in a patch */
  double *covariance, *vectors;   /* [size][size]; the vectors are columns */
  double *patch;                  /* [size] */
  double count;
} patches;

static void add_patch(patches *p, const float *image, int64_t height, int64_t width)
{
  int64_t at = 0;
  for (int64_t c = 0; c < p->channels; c++)
    for (int64_t y = 0; y < p->kernel; y++)
      for (int64_t x = 0; x < p->kernel; x++)
        p->patch[at++] = (double)image[(c * height + y) * width + x];
  for (int64_t i = 0; i < p->size; i++)
    for (int64_t j = 0; j <= i; j++)
      p->covariance[i * p->size + j] += p->patch[i] * p->patch[j];
  p->count++;
}

static void add_image(patches *p, const float *image, const dla_shape *shape)
{
  const int64_t height = shape->dim[1], width = shape->dim[2];
  for (int64_t y = 0; y + p->kernel <= height; y++)
    for (int64_t x = 0; x + p->kernel <= width; x++)
      add_patch(p, image + y * width + x, height, width);
}

static dla_status add_images(patches *p, dla_loader *loader, const dla_shape *shape, dla_error *err)
{
  dla_batch batch;
  dla_loader_start(loader, 0, 0);
  for (int i = 0; i < IMAGES / BATCH; i++) {
    TRY(dla_loader_next(loader, &batch, err));
    for (size_t n = 0; n < batch.count; n++)
      add_image(p, batch.images + (int64_t)n * dla_shape_count(shape), shape);
  }
  for (int64_t i = 0; i < p->size; i++)
    for (int64_t j = 0; j <= i; j++) {
      const double mean = p->covariance[i * p->size + j] / p->count;
      p->covariance[i * p->size + j] = p->covariance[j * p->size + i] = mean;
    }
  return DLA_OK;
}

/* One Jacobi rotation, which zeroes the element (p, q) (Golub and Van Loan, section 8.5). */
static void rotate(double *a, double *v, int64_t n, int64_t p, int64_t q)
{
  const double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
  const double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
  const double c = 1 / sqrt(t * t + 1), s = t * c;
  for (int64_t k = 0; k < n; k++) {
    const double x = a[k * n + p], y = a[k * n + q];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (int64_t k = 0; k < n; k++) {
    const double x = a[p * n + k], y = a[q * n + k];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
  }
  for (int64_t k = 0; k < n; k++) {
    const double x = v[k * n + p], y = v[k * n + q];
    v[k * n + p] = c * x - s * y;
    v[k * n + q] = s * x + c * y;
  }
}

/* Diagonalises the covariance. vectors receives its eigenvectors. */
static void find_eigenvectors(patches *p)
{
  enum { SWEEPS = 30 }; /* convergence is quadratic: ten are plenty */
  const int64_t n = p->size;
  double scale = 0;
  for (int64_t i = 0; i < n; i++) {
    p->vectors[i * n + i] = 1;
    scale = fmax(scale, p->covariance[i * n + i]);
  }
  for (int sweep = 0; sweep < SWEEPS; sweep++)
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = i + 1; j < n; j++)
        if (fabs(p->covariance[i * n + j]) > 1e-15 * scale)
          rotate(p->covariance, p->vectors, n, i, j);
}

/* Takes the largest remaining eigenvalue. Returns its index. */
static int64_t take_largest(patches *p, double *value)
{
  const int64_t n = p->size;
  int64_t best = 0;
  for (int64_t i = 1; i < n; i++)
    if (p->covariance[i * n + i] > p->covariance[best * n + best]) best = i;
  *value = p->covariance[best * n + best];
  p->covariance[best * n + best] = -1;
  return best;
}

static dla_status set_filters(patches *p, dla_network *network, int index, dla_error *err)
{
  const dla_shape shape = dla_network_parameter(network, index).shape;
  float *weights = malloc((size_t)dla_shape_count(&shape) * sizeof *weights);
  if (!weights) return dla_fail_memory(err, "the first layer's filters");
  dla_status status = dla_network_read(network, index, DLA_PARAMETER_VALUE, weights, err);
  for (int64_t i = 0; i < p->size && 2 * i + 1 < shape.dim[0] && !status; i++) {
    double value;
    const int64_t vector = take_largest(p, &value);
    for (int64_t k = 0; k < p->size; k++) {
      const double weight = p->vectors[k * p->size + vector] / sqrt(fmax(value, 0) + epsilon);
      weights[2 * i * p->size + k] = (float)weight;
      weights[(2 * i + 1) * p->size + k] = (float)-weight;
    }
  }
  if (!status) status = dla_network_write(network, index, DLA_PARAMETER_VALUE, weights, err);
  free(weights);
  return status;
}

static dla_status whiten(dla_network *network, int index, dla_loader *loader, dla_error *err)
{
  const dla_shape filters = dla_network_parameter(network, index).shape;
  const dla_shape image = dla_network_input_shape(network);
  patches p = {.channels = filters.dim[1], .kernel = filters.dim[2]};
  p.size = p.channels * p.kernel * p.kernel;
  const size_t squares = (size_t)(p.size * p.size);
  p.covariance = calloc(squares, sizeof *p.covariance);
  p.vectors = calloc(squares, sizeof *p.vectors);
  p.patch = calloc((size_t)p.size, sizeof *p.patch);
  dla_status status = p.covariance && p.vectors && p.patch
                          ? add_images(&p, loader, &image, err)
                          : dla_fail_memory(err, "the covariance of patches");
  if (!status) {
    find_eigenvectors(&p);
    status = set_filters(&p, network, index, err);
  }
  free(p.covariance);
  free(p.vectors);
  free(p.patch);
  return status;
}

dla_status dla_whiten(dla_network *network, const dla_dataset *images,
                      const dla_loader_options *options, dla_error *err)
{
  dla_loader_options tested = *options;
  dla_loader *loader = NULL;
  dla_status status = DLA_OK;
  tested.batch_size = BATCH;
  tested.shuffle = true;          /* a data set may be sorted by class */
  tested.rank = tested.ranks = 0; /* every rank computes the same */
  for (int i = 0; i < dla_network_parameter_count(network) && !status; i++) {
    if (!dla_network_parameter(network, i).whitens) continue;
    if (!loader) status = dla_loader_create(images, &tested, &loader, err);
    if (!status) status = whiten(network, i, loader, err);
  }
  dla_loader_free(loader);
  return status;
}
