/* The size of a network's input for images that all have one size. */
#ifndef DLA_DATA_SIDE_H
#define DLA_DATA_SIDE_H

/* The least side, in pixels, that they fit in without being resized, and that every built-in
 * network takes: a multiple of 32. */
static inline int dla_side_that_fits(int height, int width)
{
  enum { MULTIPLE = 32 };
  const int longer = height > width ? height : width;
  return (longer + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
}

#endif
