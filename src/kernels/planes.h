/* The vector kernels. Included by leaf.c, which is compiled once per instruction set: a template,
 * not a header.
 *
 * A plane is one block of channels of one image: [pixels][BLOCK] numbers, contiguous and aligned
 * to a block (oneDNN's nChw16c and nChw8c). A vector holds one pixel's channels. So per-channel
 * factors are plain vectors, and lanes never mix. */

/* Zero if `other` is zero or less, else the value. A NaN in `other` keeps the value, as in
 * PyTorch's threshold. */
static inline vec keep_above_zero(vec value, vec other)
{
  return (vec)((mask)value & ~(other <= 0));
}

static inline vec relu_of(vec value)
{
  return keep_above_zero(value, value);
}

/* The sum over the plane of x, then of (x - mean)^2: two passes, the second over cached data. */
static void statistics(const void *plane, int64_t pixels, float *restrict mean, float *restrict m2)
{
  const element *x = plane;
  vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  int64_t p = 0;
  for (; p + 4 <= pixels; p += 4) {
    s0 += load(x, p);
    s1 += load(x, p + 1);
    s2 += load(x, p + 2);
    s3 += load(x, p + 3);
  }
  for (; p < pixels; p++)
    s0 += load(x, p);
  vec m = ((s0 + s1) + (s2 + s3)) / (float)pixels;
  s0 = s1 = s2 = s3 = (vec){0};
  for (p = 0; p + 4 <= pixels; p += 4) {
    vec d0 = load(x, p) - m, d1 = load(x, p + 1) - m;
    vec d2 = load(x, p + 2) - m, d3 = load(x, p + 3) - m;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; p < pixels; p++)
    s0 += (load(x, p) - m) * (load(x, p) - m);
  *(vec *)mean = m;
  *(vec *)m2 = (s0 + s1) + (s2 + s3);
}

INLINE void put(element *plane, int64_t pixel, vec v, const bool past_cache)
{
  if (past_cache)
    stream(plane, pixel, v);
  else
    store(plane, pixel, v);
}

/* Callers pass constant flags, so that the loop has no branches. */
INLINE void normalise_plane(const element *restrict src, const element *restrict residual,
                            element *restrict dst, int64_t pixels, const float *restrict scale,
                            const float *restrict shift, const bool add, const bool relu,
                            const bool past_cache)
{
  vec a = *(const vec *)scale, b = *(const vec *)shift;
  for (int64_t p = 0; p < pixels; p++) {
    vec v = load(src, p) * a + b;
    if (add) v += load(residual, p);
    put(dst, p, relu ? relu_of(v) : v, past_cache);
  }
}

/* dst = relu?(src * scale + shift [+ residual]) */
static void normalise(const void *src, const void *residual, void *dst, int64_t pixels,
                      const float *scale, const float *shift, bool relu, bool past_cache)
{
#define NORMALISE(add, relu, past_cache)                                                           \
  normalise_plane(src, residual, dst, pixels, scale, shift, add, relu, past_cache)
#define NORMALISE_RELU(add, past_cache)                                                            \
  (relu ? NORMALISE(add, true, past_cache) : NORMALISE(add, false, past_cache))
  if (past_cache)
    residual ? NORMALISE_RELU(true, true) : NORMALISE_RELU(false, true);
  else
    residual ? NORMALISE_RELU(true, false) : NORMALISE_RELU(false, false);
#undef NORMALISE_RELU
#undef NORMALISE
}

/* The gradient of ReLU's input at one pixel: the sum of the summands, or zero where dst was
 * zero. */
static inline vec gradient(const dla_norm_plane *n, int64_t p, vec x, vec scale, vec shift)
{
  vec g = load(n->diff_dst[0], p);
  if (n->diff_dst[1]) g += load(n->diff_dst[1], p);
  if (n->diff_dst[2]) g += load(n->diff_dst[2], p);
  if (n->relu_mask == DLA_MASK_DST) g = keep_above_zero(g, load(n->dst, p));
  if (n->relu_mask == DLA_MASK_SRC) g = keep_above_zero(g, x * scale + shift);
  return g;
}

/* Per channel: the sum of g, and of g * (src - mean). Callers pass constant flags, see NORM_CASES
 * below. */
static inline void reduce_plane(const dla_norm_plane *n, int64_t pixels, const float *restrict mean,
                                const float *restrict scale, const float *restrict shift,
                                float *restrict sum_g, float *restrict sum_gx)
{
  const element *x = n->src;
  vec m = *(const vec *)mean, a = *(const vec *)scale, b = *(const vec *)shift;
  vec g0 = {0}, g1 = {0}, d0 = {0}, d1 = {0};
  int64_t p = 0;
  for (; p + 2 <= pixels; p += 2) {
    vec x0 = load(x, p), x1 = load(x, p + 1);
    vec u = gradient(n, p, x0, a, b), v = gradient(n, p + 1, x1, a, b);
    g0 += u;
    g1 += v;
    d0 += u * (x0 - m);
    d1 += v * (x1 - m);
  }
  if (p < pixels) {
    vec u = gradient(n, p, load(x, p), a, b);
    g0 += u;
    d0 += u * (load(x, p) - m);
  }
  *(vec *)sum_g = g0 + g1;
  *(vec *)sum_gx = d0 + d1;
}

/* diff_src = g * scale - (src - mean) * slope - offset; diff_residual = g. */
static inline void apply_plane(const dla_norm_plane *n, int64_t pixels, const float *restrict mean,
                               const float *restrict scale, const float *restrict shift,
                               const float *restrict slope, const float *restrict offset,
                               const bool past_cache)
{
  const element *x = n->src;
  vec m = *(const vec *)mean, a = *(const vec *)scale, b = *(const vec *)shift;
  vec s = *(const vec *)slope, o = *(const vec *)offset;
  for (int64_t p = 0; p < pixels; p++) {
    vec here = load(x, p), g = gradient(n, p, here, a, b);
    if (n->diff_residual) put(n->diff_residual, p, g, past_cache);
    if (n->diff_src) put(n->diff_src, p, g * a - (here - m) * s - o, past_cache);
  }
}

/* Turns the flags that matter in the inner loops into constants, so that each case in use becomes
 * a loop without branches. */
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
