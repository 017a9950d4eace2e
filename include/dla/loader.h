/* Batches for training and evaluation, prepared by worker threads while the network computes.
 *
 * Each sample is a pure function of (seed, epoch, index of the sample), and the order of the
 * samples is one of (seed, epoch). So neither the number of threads nor a restart changes a
 * byte. */
#ifndef DLA_LOADER_H
#define DLA_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dla/dataset.h"
#include "dla/status.h"

typedef struct dla_loader dla_loader;

typedef enum dla_crop {
  DLA_CROP_PADDED, /* torchvision's RandomCrop(size, padding); a picture of any size is first
                    * resized by its short side and center-cropped */
  DLA_CROP_RESIZED /* torchvision's RandomResizedCrop(size, scale, ratio) */
} dla_crop;

typedef enum dla_flip {
  DLA_FLIP_NONE,
  DLA_FLIP_RANDOM,     /* torchvision's RandomHorizontalFlip, with probability 1/2 */
  DLA_FLIP_ALTERNATING /* Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (arXiv
                        * 2404.00498): a random half of the images in epoch 0; then each image in
                        * every other epoch */
} dla_flip;

/* Area as a share of the picture's, and aspect ratio (width / height). */
typedef struct dla_random_crop {
  double scale_min, scale_max, ratio_min, ratio_max;
} dla_random_crop;

typedef struct dla_color_jitter {
  double brightness, contrast, saturation, hue; /* as in torchvision's ColorJitter; 0: off */
} dla_color_jitter;

typedef enum dla_policy_kind {
  DLA_POLICY_NONE,
  DLA_POLICY_RAND_AUGMENT,        /* torchvision's RandAugment(num_ops, magnitude) */
  DLA_POLICY_TRIVIAL_AUGMENT_WIDE /* torchvision's TrivialAugmentWide() */
} dla_policy_kind;

enum { DLA_MAGNITUDE_MAX = 30 };

typedef struct dla_policy {
  dla_policy_kind kind;
  int num_ops, magnitude; /* of RandAugment; magnitude is from 0 to DLA_MAGNITUDE_MAX */
} dla_policy;

/* Progressive resizing: images grow during training (Howard). The names are those of Composer's
 * ProgressiveResizing. */
typedef struct dla_progressive {
  double initial_scale;     /* of height and width, at the start; 0 and 1: no resizing */
  double delay_fraction;    /* share of the epochs at the initial size; then the size grows
                             * evenly */
  double finetune_fraction; /* share of the epochs, at the end, at full size */
  int size_increment;       /* height and width are multiples of it until full size */
  int64_t epochs;
} dla_progressive;

/* Height and width in an epoch (counted from 0), for images of full size `full`. */
int dla_progressive_size(const dla_progressive *progressive, int full, uint64_t epoch);

typedef struct dla_loader_options {
  int channels, height, width; /* of the batches: a smaller image is centred on zeros, a grey one
                                * is repeated on every channel */
  size_t batch_size;           /* the last batch of an epoch may be smaller */
  uint64_t seed;
  bool shuffle;
  int crop_padding; /* 0: no random crop */
  dla_flip flip;
  int workers; /* threads that prepare batches; 0: one, which is enough for images in memory */
  dla_crop crop;
  dla_random_crop random_crop; /* of DLA_CROP_RESIZED */
  int resize;                  /* for pictures of any size: the short side before the center crop;
                                * 0: the height */
  dla_policy policy;           /* applied before the jitter */
  dla_color_jitter jitter;
  double rotation;       /* at most so many degrees to either side; 0: off */
  double random_erasing; /* the probability of erasing a rectangle; 0: off */
  double mixup, cutmix;  /* alpha of MixUp and of CutMix; both: one is chosen at random; 0: off */
  int cutout;            /* side of the square that is cut out of every image; 0: off */
  /* Pictures of any size are cropped directly to the epoch's size. Images of one size are
   * resized; then cutout and crop_padding shrink, too. */
  dla_progressive progressive;
  bool blank;            /* an unreadable picture is black, instead of replaced by another one */
  int rank, ranks;       /* the ranks that share batches (dla_share_of); 0: one */
  float mean[4], std[4]; /* per channel, on the scale 0 to 1: out = (pixel / 255 - mean) / std */
} dla_loader_options;

/* Owned by the loader and valid until the next call on it. */
typedef struct dla_batch {
  size_t count;          /* samples; 0 at the end of the epoch */
  bool counts;           /* false: this rank has no share, and another rank's sample stands in */
  size_t total;          /* samples of all ranks */
  const float *images;   /* [count][channels][height][width], of the epoch's size */
  const int32_t *labels; /* [count] */
  /* If images are mixed: the labels [count] of the images mixed in. Each image is mixed with the
   * one before it in the whole batch of all ranks. NULL: not mixed. */
  const int32_t *partners;
  double lambda; /* the share of the image's own label; the rest is the partner's */
} dla_batch;

/* An unreadable picture, for which another one stands in. */
typedef void dla_loader_report(void *context, size_t sample, const dla_error *why);

/* The dataset must outlive the loader. Starts the workers; they sleep until an epoch starts. */
dla_status dla_loader_create(const dla_dataset *dataset, const dla_loader_options *options,
                             dla_loader **loader, dla_error *err);

/* Begins an epoch at batch first_batch (0: the start), so that a run can resume within an epoch.
 * Drops an unfinished epoch. */
void dla_loader_start(dla_loader *loader, uint64_t epoch, size_t first_batch);

/* Waits for the next batch. Fails if a picture could not be decoded; then the epoch is over. */
dla_status dla_loader_next(dla_loader *loader, dla_batch *batch, dla_error *err);

/* How often another picture stood in since the last call. Calls report(), if not NULL, once for
 * each unreadable sample. Call it between batches. */
size_t dla_loader_stand_ins(dla_loader *loader, dla_loader_report *report, void *context);

/* Batches in an epoch. */
size_t dla_loader_batches(const dla_loader *loader);

void dla_loader_free(dla_loader *loader);

#endif
