/* Shared by the files of Winograd's convolution: the problem in tiles and panels, the layouts,
 * the transforms of a chunk's tiles, and the prefetch. */
#ifndef DLA_KERNELS_WINOGRAD_PROBLEM_H
#define DLA_KERNELS_WINOGRAD_PROBLEM_H

#include "kernels/leaf.h"
#include "kernels/winograd.h"

enum {
  MATRICES = 36,   /* of the weights */
  TILE = 4,        /* destination pixels along a tile's side */
  CACHE_LINE = 64, /* bytes */
};

/* One side of the convolution, and of the matrices: its images, and its channels in panels of two
 * blocks (of one if they cannot be paired). */
typedef struct side {
  int64_t channels; /* padded to blocks */
  int64_t width;    /* of a panel */
  int64_t panels;
  int64_t image_height, image_width;
  int64_t tile; /* pixels from a tile to the next */
} side;

typedef struct problem {
  const dla_leaf_kernels *kernel;
  const dla_winograd_kernels *transform;
  bool turned; /* backward_data, from diff_dst to diff_src */
  int block, threads, deep;
  int64_t products;            /* products of matrices */
  int64_t across, down, tiles; /* tiles of an image, and of all */
  side in, out;                /* in is multiplied with the weights; out receives the products */
} problem;

problem winograd_problem(const dla_winograd *w, bool turned);

/* The products that use one matrix of the weights: `across` consecutive ones from `first` on,
 * `down` times, from one row of products to the next. */
typedef struct sharing {
  int64_t first, down, across;
} sharing;

sharing winograd_sharing(const problem *p, int64_t matrix);

/* Rows that the product kernels do at a time. A last group is rounded up. */
static inline int64_t winograd_rows(const problem *p)
{
  return p->kernel->rows;
}

/* A division of all tiles into `count` chunks of at most `tiles` tiles. */
typedef struct chunking {
  int64_t count, tiles;
} chunking;

/* Chunks of at most `most` tiles, the same number for each thread. */
chunking winograd_chunk(const problem *p, int64_t most, int64_t threads);

/* Layouts, in words that hold `deep` numbers of the product's depth (leaf.h):
 *    tiles:    [product][panel of the channels][tile of the chunk][channel of the panel / deep] or,
 *              if tiles are summed over, [product][panel][tile / deep][channel of the panel]
 *    products: [product][tile of the chunk][channel], of one panel of the out channels, in floats
 *    weights:  [panel of the out channels][matrix][in channel / deep][out channel of the panel]
 *    sums:     [panel of the out channels][matrix][in channel][out channel of the panel], in floats
 *
 * The stride from one product to the next is a cache line more than the matrix. A matrix's size
 * is a power of two; without the extra line all vectors of a tile would fall into one set of the
 * cache. */

static inline int64_t tile_step(const problem *p, int64_t channels, int64_t slots)
{
  return slots * channels / p->deep + p->block;
}

static inline int64_t product_step(const problem *p, int64_t slots)
{
  return slots * p->out.width + p->block;
}

static inline int64_t weight_step(const problem *p)
{
  return p->in.channels / p->deep * p->out.width + p->block;
}

static inline int64_t sum_step(const problem *p)
{
  return p->in.channels * p->out.width + p->block;
}

/* Words of the transformed weights of one panel, and of all. */
static inline int64_t panel_size(const problem *p)
{
  return MATRICES * weight_step(p);
}

static inline int64_t weights_size(const problem *p)
{
  return p->out.panels * panel_size(p);
}

/* Floats of all sums together. */
static inline int64_t sums_size(const problem *p)
{
  return p->out.panels * MATRICES * sum_step(p);
}

/* The images to transform, and how. */
typedef struct reading {
  const void *images;
  const side *side;
  /* If tiles are summed over: for the first and the second of a word's two. */
  dla_winograd_read *const *transform;
  bool summed;
} reading;

/* Transforms tiles [from, to) of a chunk that begins with tile `first`. Tiles past the last are
 * zeros. Goes block by block of the channels, so that images are read in order. If tiles are
 * summed over, from and to must be multiples of winograd_rows(). */
void winograd_transform(const problem *p, const reading *r, int64_t first, int64_t from, int64_t to,
                        int64_t slots, float *out);

/* Computes the destination's pixels of tiles [from, to) from a chunk's products, for the channels
 * of one panel. */
void winograd_finish(const problem *p, int64_t panel, const float *products, int64_t first,
                     int64_t from, int64_t to, int64_t slots, const dla_end *end, void *dst);

/* The weights' own blocks: [3][3][block of in][block of out]. */
static inline const float *winograd_weights_block(const dla_winograd *w, const float *weights,
                                                  int64_t out, int64_t in)
{
  int64_t block = w->leaf->block, blocks = (w->in + block - 1) / block;
  return weights + (out / block * blocks + in / block) * 9 * block * block;
}

static inline int64_t weight_blocks(const problem *p)
{
  return p->in.channels / p->block * (p->out.channels / p->block);
}

/* Images that will be needed soon: tiles by blocks of channels. Products use the memory less than
 * transforms, which would wait for it. So the products prefetch what the next transforms will
 * touch. */
typedef struct prefetch {
  const side *side;
  const void *images;
  int64_t channel, count; /* the wanted channels */
  int64_t first, tiles;
  bool write;
  int64_t done; /* tiles of a block */
} prefetch;

prefetch winograd_all_channels(const side *s, const void *images, int64_t first, int64_t tiles);

/* Prefetches on until done / total of everything is under way. */
void winograd_prefetch(const problem *p, prefetch *f, int64_t done, int64_t total);

#endif
