/* Batches for training and evaluation, prepared by threads of their own while the network computes.
 *
 * What a sample looks like is a pure function of (seed, epoch, index of the sample), and the order
 * of the samples of (seed, epoch): neither the number of threads nor a restart changes a byte. */
#ifndef DLA_LOADER_H
#define DLA_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dla/dataset.h"
#include "dla/status.h"

typedef struct dla_loader dla_loader;

typedef enum dla_crop {
  DLA_CROP_PADDED, /* torchvision's RandomCrop(size, padding); of a picture of any size, after its
                      short side was resized and its middle cut out */
  DLA_CROP_RESIZED /* torchvision's RandomResizedCrop(size, scale, ratio) */
} dla_crop;

typedef enum dla_flip {
  DLA_FLIP_NONE,
  DLA_FLIP_RANDOM,     /* torchvision's RandomHorizontalFlip, with probability 1/2 */
  DLA_FLIP_ALTERNATING /* Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU"
                          (arXiv 2404.00498): a random half of the images in epoch 0, and each image
                          in every other epoch from then on */
} dla_flip;

/* Shares of the area, and shapes: width by height. */
typedef struct dla_random_crop {
  double scale_min, scale_max, ratio_min, ratio_max;
} dla_random_crop;

typedef struct dla_color_jitter {
  double brightness, contrast, saturation, hue; /* as torchvision's ColorJitter; 0: not */
} dla_color_jitter;

typedef enum dla_policy_kind {
  DLA_POLICY_NONE,
  DLA_POLICY_RAND_AUGMENT,        /* torchvision's RandAugment(num_ops, magnitude) */
  DLA_POLICY_TRIVIAL_AUGMENT_WIDE /* torchvision's TrivialAugmentWide() */
} dla_policy_kind;

enum { DLA_MAGNITUDE_MAX = 30 };

typedef struct dla_policy {
  dla_policy_kind kind;
  int num_ops, magnitude; /* of RandAugment; a magnitude is from 0 to DLA_MAGNITUDE_MAX */
} dla_policy;

/* Images that grow while training goes on (Howard's progressive resizing; the names are those of
 * Composer's ProgressiveResizing). */
typedef struct dla_progressive {
  double initial_scale;     /* of height and width, at the start; 0 and 1: they do not grow */
  double delay_fraction;    /* of the epochs, in which they stay so; then they grow evenly */
  double finetune_fraction; /* of the epochs, the last ones, in which they have all of their size */
  int size_increment;       /* height and width are multiples of it until then */
  int64_t epochs;
} dla_progressive;

/* Height and width in an epoch, counted from 0, of images that will have `full`. */
int dla_progressive_size(const dla_progressive *progressive, int full, uint64_t epoch);

typedef struct dla_loader_options {
  int channels, height, width; /* of the batches: a smaller image is centred on zeros, a grey one is
                                  repeated on every channel */
  size_t batch_size;           /* the last batch of an epoch may be smaller */
  uint64_t seed;
  bool shuffle;
  int crop_padding; /* 0: no random crop */
  dla_flip flip;
  int workers; /* threads that prepare batches; 0: one, enough for images in memory */
  dla_crop crop;
  dla_random_crop random_crop; /* of DLA_CROP_RESIZED */
  int resize;                  /* of pictures of any size: the short side before the middle is cut
                                  out; 0: the height */
  dla_policy policy;           /* before the jitter */
  dla_color_jitter jitter;
  double rotation;       /* degrees at most, to either side; 0: not */
  double random_erasing; /* the probability that a rectangle is erased; 0: not */
  double mixup, cutmix;  /* alpha of the two ways to mix a batch's images; both: one by chance; 0:
                            not */
  int cutout;            /* the side of the square that is cut out of every image; 0: not */
  /* Pictures of any size are cut out for the epoch's size at once; images of one size, cutout and
   * crop_padding shrink with it. */
  dla_progressive progressive;
  bool blank;            /* a picture that cannot be had is black, instead of another one */
  int rank, ranks;       /* batches are shared (dla_share_of) by so many ranks; 0: by one */
  float mean[4], std[4]; /* per channel, on the scale 0 to 1: out = (pixel / 255 - mean) / std */
} dla_loader_options;

/* Owned by the loader and valid until the next call on it. */
typedef struct dla_batch {
  size_t count;        /* samples; 0 at the end of the epoch */
  bool counts;         /* false: this rank has no share, and one of the others' samples stands in */
  size_t total;        /* samples of all ranks */
  const float *images; /* [count][channels][height][width], of the epoch's size */
  const int32_t *labels; /* [count] */
  /* Where images are mixed: each with the one before it, of the whole batch of all ranks, whose
   * label is here [count]. NULL: they are not. */
  const int32_t *partners;
  double lambda; /* the label's share of what an image is; the rest is the partner's */
} dla_batch;

/* A picture that could not be had, for which another one stands in. */
typedef void dla_loader_report(void *context, size_t sample, const dla_error *why);

/* The dataset must outlive the loader. Starts the workers; they sleep while no epoch is started. */
dla_status dla_loader_create(const dla_dataset *dataset, const dla_loader_options *options,
                             dla_loader **loader, dla_error *err);

/* Begins an epoch at its batch number first_batch (0: the start), so that a run can resume within
 * an epoch. An epoch that is still under way is dropped. */
void dla_loader_start(dla_loader *loader, uint64_t epoch, size_t first_batch);

/* Waits for the next batch. Fails where a picture could not be decoded: then the epoch is over. */
dla_status dla_loader_next(dla_loader *loader, dla_batch *batch, dla_error *err);

/* How often another picture stood in since the last call; tells each sample's reason once, by
 * report(), which may be NULL. To be called between batches. */
size_t dla_loader_stand_ins(dla_loader *loader, dla_loader_report *report, void *context);

/* Batches in an epoch. */
size_t dla_loader_batches(const dla_loader *loader);

void dla_loader_free(dla_loader *loader);

#endif
