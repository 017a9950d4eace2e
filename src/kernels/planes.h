/* The vector kernels of src/kernels. Included by leaf.c, which is compiled once an instruction set;
 * so this is a template, not a header.
 *
 * A plane is one image's channel block: [pixels][BLOCK] floats, contiguous and aligned to
 * BLOCK * 4 bytes (oneDNN's nChw16c and nChw8c). A vector holds one pixel's channels, so
 * per-channel factors are plain vectors and no lane ever meets another. */

typedef float vec __attribute__((vector_size(BLOCK * sizeof(float))));
typedef int32_t mask __attribute__((vector_size(BLOCK * sizeof(float))));

/* Zero where `other` is zero or less, else the value: also where `other` is a NaN, as PyTorch's
 * threshold does it. */
static inline vec keep_above_zero(vec value, vec other)
{
  return (vec)((mask)value & ~(other <= 0));
}

static inline vec relu_of(vec value)
{
  return keep_above_zero(value, value);
}

/* sum over the plane of x, then of (x - mean)^2: two passes over what is in the cache by then. */
static void statistics(const float *restrict src, int64_t pixels, float *restrict mean,
                       float *restrict m2)
{
  const vec *x = (const vec *)src;
  vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  int64_t p = 0;
  for (; p + 4 <= pixels; p += 4) {
    s0 += x[p];
    s1 += x[p + 1];
    s2 += x[p + 2];
    s3 += x[p + 3];
  }
  for (; p < pixels; p++)
    s0 += x[p];
  vec m = ((s0 + s1) + (s2 + s3)) / (float)pixels;
  s0 = s1 = s2 = s3 = (vec){0};
  for (p = 0; p + 4 <= pixels; p += 4) {
    vec d0 = x[p] - m, d1 = x[p + 1] - m, d2 = x[p + 2] - m, d3 = x[p + 3] - m;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; p < pixels; p++)
    s0 += (x[p] - m) * (x[p] - m);
  *(vec *)mean = m;
  *(vec *)m2 = (s0 + s1) + (s2 + s3);
}

/* Streams what will not be read before the cache has forgotten it: past the cache, so that the line
 * need not be fetched to be overwritten. */
static inline void store(float *dst, vec value, const bool stream)
{
#if defined __clang__
  if (stream)
    __builtin_nontemporal_store(value, (vec *)dst);
  else
#elif BLOCK == 16 && defined __AVX512F__
  if (stream)
    __builtin_ia32_movntps512(dst, value);
  else
#elif BLOCK == 8 && defined __AVX2__
  if (stream)
    __builtin_ia32_movntps256(dst, value);
  else
#else
  (void)stream;
#endif
    *(vec *)dst = value;
}

/* Called with constant flags, so that the loop has no branches. */
static inline __attribute__((always_inline)) void
normalise_plane(const float *restrict src, const float *restrict residual, float *restrict dst,
                int64_t pixels, const float *restrict scale, const float *restrict shift,
                const bool add, const bool relu, const bool stream)
{
  const vec *x = (const vec *)src, *r = (const vec *)residual;
  vec a = *(const vec *)scale, b = *(const vec *)shift;
  for (int64_t p = 0; p < pixels; p++) {
    vec v = x[p] * a + b;
    if (add) v += r[p];
    store(dst + p * BLOCK, relu ? relu_of(v) : v, stream);
  }
}

/* dst = relu?(src * scale + shift [+ residual]) */
static void normalise(const float *src, const float *residual, float *dst, int64_t pixels,
                      const float *scale, const float *shift, bool relu, bool stream)
{
#define NORMALISE(add, relu, stream)                                                               \
  normalise_plane(src, residual, dst, pixels, scale, shift, add, relu, stream)
#define NORMALISE_RELU(add, stream)                                                                \
  (relu ? NORMALISE(add, true, stream) : NORMALISE(add, false, stream))
  if (stream)
    residual ? NORMALISE_RELU(true, true) : NORMALISE_RELU(false, true);
  else
    residual ? NORMALISE_RELU(true, false) : NORMALISE_RELU(false, false);
#undef NORMALISE_RELU
#undef NORMALISE
}

/* The gradient behind the ReLU at one pixel: the summands added up, and zero where dst was zero. */
static inline vec gradient(const dla_norm_plane *n, int64_t p, vec x, vec scale, vec shift)
{
  vec g = ((const vec *)n->diff_dst[0])[p];
  if (n->diff_dst[1]) g += ((const vec *)n->diff_dst[1])[p];
  if (n->diff_dst[2]) g += ((const vec *)n->diff_dst[2])[p];
  if (n->relu_mask == DLA_MASK_DST) g = keep_above_zero(g, ((const vec *)n->dst)[p]);
  if (n->relu_mask == DLA_MASK_SRC) g = keep_above_zero(g, x * scale + shift);
  return g;
}

/* Per channel: sum of g, and of g * (src - mean). Called with constant flags, see NORM_CASES below.
 */
static inline void reduce_plane(const dla_norm_plane *n, int64_t pixels, const float *restrict mean,
                                const float *restrict scale, const float *restrict shift,
                                float *restrict sum_g, float *restrict sum_gx)
{
  const vec *x = (const vec *)n->src;
  vec m = *(const vec *)mean, a = *(const vec *)scale, b = *(const vec *)shift;
  vec g0 = {0}, g1 = {0}, d0 = {0}, d1 = {0};
  int64_t p = 0;
  for (; p + 2 <= pixels; p += 2) {
    vec u = gradient(n, p, x[p], a, b), v = gradient(n, p + 1, x[p + 1], a, b);
    g0 += u;
    g1 += v;
    d0 += u * (x[p] - m);
    d1 += v * (x[p + 1] - m);
  }
  if (p < pixels) {
    vec u = gradient(n, p, x[p], a, b);
    g0 += u;
    d0 += u * (x[p] - m);
  }
  *(vec *)sum_g = g0 + g1;
  *(vec *)sum_gx = d0 + d1;
}

/* diff_src = g * scale - (src - mean) * slope - offset; diff_residual = g. */
static inline void apply_plane(const dla_norm_plane *n, int64_t pixels, const float *restrict mean,
                               const float *restrict scale, const float *restrict shift,
                               const float *restrict slope, const float *restrict offset,
                               const bool stream)
{
  const vec *x = (const vec *)n->src;
  vec m = *(const vec *)mean, a = *(const vec *)scale, b = *(const vec *)shift;
  vec s = *(const vec *)slope, o = *(const vec *)offset;
  for (int64_t p = 0; p < pixels; p++) {
    vec g = gradient(n, p, x[p], a, b);
    if (n->diff_residual) store(n->diff_residual + p * BLOCK, g, stream);
    if (n->diff_src) store(n->diff_src + p * BLOCK, g * a - (x[p] - m) * s - o, stream);
  }
}

/* The flags that matter in the inner loops as constants, so that the compiler makes a loop without
 * branches for each of the cases that training meets. */
#define NORM_CASE(count, mask, call)                                                               \
  if ((n->diff_dst[1] != NULL) + (n->diff_dst[2] != NULL) + 1 == (count) &&                        \
      n->relu_mask == (mask)) {                                                                    \
    dla_norm_plane k = *n;                                                                         \
    k.relu_mask = (mask);                                                                          \
    if ((count) < 2) k.diff_dst[1] = NULL;                                                         \
    if ((count) < 3) k.diff_dst[2] = NULL;                                                         \
    call;                                                                                          \
    return;                                                                                        \
  }
#define NORM_CASES(call)                                                                           \
  NORM_CASE(1, DLA_MASK_SRC, call)                                                                 \
  NORM_CASE(2, DLA_MASK_SRC, call)                                                                 \
  NORM_CASE(1, DLA_MASK_NONE, call)                                                                \
  NORM_CASE(1, DLA_MASK_DST, call)                                                                 \
  NORM_CASE(2, DLA_MASK_DST, call)                                                                 \
  NORM_CASE(3, DLA_MASK_DST, call)                                                                 \
  dla_norm_plane k = *n;                                                                           \
  call;

static void backward_reduce(const dla_norm_plane *n, int64_t pixels, const float *mean,
                            const float *scale, const float *shift, float *sum_g, float *sum_gx)
{
  NORM_CASES(reduce_plane(&k, pixels, mean, scale, shift, sum_g, sum_gx))
}

static void backward_apply(const dla_norm_plane *n, int64_t pixels, const float *mean,
                           const float *scale, const float *shift, const float *slope,
                           const float *offset)
{
  if (n->stream) {
    NORM_CASES(apply_plane(&k, pixels, mean, scale, shift, slope, offset, true))
  } else {
    NORM_CASES(apply_plane(&k, pixels, mean, scale, shift, slope, offset, false))
  }
}

#undef NORM_CASES
#undef NORM_CASE
