/* Number formats of images and of product operands. Included by leaf.c, like planes.h.
 *
 * Images are floats or, with DLA_HALF, bfloat16 (base/bf16.h). In registers both are floats:
 * reading is exact, writing rounds once.
 *
 * Products work on words of four bytes. A word is a float or, if the processor multiplies
 * bfloat16 (DEEP 2), two bfloat16 that are neighbours along the depth. */

typedef float vec __attribute__((vector_size(BLOCK * sizeof(float))));
typedef int32_t mask __attribute__((vector_size(BLOCK * sizeof(float))));
typedef uint32_t words __attribute__((vector_size(BLOCK * sizeof(uint32_t)), may_alias));

#define INLINE static inline __attribute__((always_inline))

#ifdef DLA_HALF

typedef uint16_t element;
typedef uint16_t halves __attribute__((vector_size(BLOCK * sizeof(uint16_t)), may_alias));

/* Conversions between floats and bfloat16 for vectors of one width: a block here, a register in
 * product.h. */
#if DEEP == 2 /* the processor's own conversion, which flushes values below 2^-126 to zero */
#define NARROW(words, halves, v) return (halves)_mm512_cvtneps_pbh((__m512)v)
#else
#define NARROW(words, halves, v)                                                                   \
  const words bits = (words)v, kept = bits >> 16, none = (words)(v != v);                          \
  const words rounded = (bits + 0x7fff + (kept & 1)) >> 16;                                        \
  return __builtin_convertvector((rounded & ~none) | ((kept | 0x40) & none), halves)
#endif
#define CONVERSIONS(floats, words, halves, narrow, widen)                                          \
  INLINE halves narrow(floats v)                                                                   \
  {                                                                                                \
    NARROW(words, halves, v);                                                                      \
  }                                                                                                \
  INLINE floats widen(halves h)                                                                    \
  {                                                                                                \
    return (floats)(__builtin_convertvector(h, words) << 16);                                      \
  }

CONVERSIONS(vec, words, halves, narrowed, widened)

INLINE vec load(const element *plane, int64_t pixel)
{
  return widened(*(const halves *)(plane + pixel * BLOCK));
}

INLINE void store(element *plane, int64_t pixel, vec v)
{
  *(halves *)(plane + pixel * BLOCK) = narrowed(v);
}

#else

typedef float element;

INLINE vec load(const element *plane, int64_t pixel)
{
  return *(const vec *)(plane + pixel * BLOCK);
}

INLINE void store(element *plane, int64_t pixel, vec v)
{
  *(vec *)(plane + pixel * BLOCK) = v;
}

#endif

/* Stores past the cache, so that the line is not fetched just to be overwritten. For data that
 * will have left the cache before it is read. */
INLINE void stream(element *plane, int64_t pixel, vec v)
{
#if defined __clang__ && !defined DLA_HALF
  __builtin_nontemporal_store(v, (vec *)(plane + pixel * BLOCK));
#elif defined __clang__
  __builtin_nontemporal_store(narrowed(v), (halves *)(plane + pixel * BLOCK));
#elif defined __AVX512F__ && !defined DLA_HALF
  __builtin_ia32_movntps512(plane + pixel * BLOCK, v);
#elif defined __AVX512F__
  typedef long long line __attribute__((vector_size(32)));
  __builtin_ia32_movntdq256((line *)(void *)(plane + pixel * BLOCK), (line)narrowed(v));
#elif defined __AVX2__ && !defined DLA_HALF
  __builtin_ia32_movntps256(plane + pixel * BLOCK, v);
#elif defined __AVX2__
  typedef long long line __attribute__((vector_size(16)));
  __builtin_ia32_movntdq((line *)(void *)(plane + pixel * BLOCK), (line)narrowed(v));
#else
  store(plane, pixel, v);
#endif
}

/* When the depth of a product is channels: these are neighbours, so a block is stored at once. */
INLINE void put_channels(float *out, vec v)
{
#if DEEP == 2
  *(halves *)(void *)out = narrowed(v);
#else
  *(vec *)out = v;
#endif
}

/* When the depth is something else: stores the first or the second of a word's two numbers. */
INLINE void put_deep(float *out, vec v, const bool second)
{
#if DEEP == 2
  const words bits = __builtin_convertvector(narrowed(v), words);
  if (second)
    *(words *)(void *)out |= bits << 16;
  else
    *(words *)(void *)out = bits;
#else
  (void)second;
  *(vec *)out = v;
#endif
}
