/* Pools, of a plane {height, width} each. Gradients are gathered, not scattered: so that no two work
 * items add to one element, and the order of the sums is always the same. */

#define WINDOW                                                                                     \
  int height, int width, int out_height, int out_width, int size, int stride, int padding

KERNEL avg_pool(int count, WINDOW, IN(src), OUT(dst))
{
  int i = get_global_id(0);
  FIND(src);
  FIND(dst);
  if (i >= count) return;
  int top = i / out_width % out_height * stride - padding, left = i % out_width * stride - padding;
  global const float *plane = src + (ulong)(i / (out_height * out_width)) * height * width;
  float sum = 0;
  for (int y = max(top, 0); y < min(top + size, height); y++)
    for (int x = max(left, 0); x < min(left + size, width); x++)
      sum += plane[y * width + x];
  dst[i] = sum / (size * size);
}

/* The largest of the window, the first of equals; a NaN counts as largest. kept: where it was. */
KERNEL max_pool(int count, WINDOW, IN(src), OUT(dst), OUT_INTS(kept))
{
  int i = get_global_id(0);
  FIND(src);
  FIND(dst);
  FIND(kept);
  if (i >= count) return;
  int top = i / out_width % out_height * stride - padding, left = i % out_width * stride - padding;
  global const float *plane = src + (ulong)(i / (out_height * out_width)) * height * width;
  int best = max(top, 0) * width + max(left, 0);
  for (int y = max(top, 0); y < min(top + size, height); y++)
    for (int x = max(left, 0); x < min(left + size, width); x++) {
      float value = plane[y * width + x];
      if (value > plane[best] || isnan(value)) best = y * width + x;
    }
  dst[i] = plane[best];
  if (kept) kept[i] = best;
}

/* The first window along one side that holds a position, and the one behind the last. */
static int first_window(int at, int size, int stride, int padding)
{
  int reach = at + padding - size + 1;
  return reach <= 0 ? 0 : (reach + stride - 1) / stride;
}

static int end_of_windows(int at, int stride, int padding, int windows)
{
  return min((at + padding) / stride + 1, windows);
}

#define FOR_EACH_WINDOW(row, column)                                                               \
  for (int row = first_window(y, size, stride, padding);                                           \
       row < end_of_windows(y, stride, padding, out_height); row++)                                \
    for (int column = first_window(x, size, stride, padding);                                      \
         column < end_of_windows(x, stride, padding, out_width); column++)

KERNEL avg_pool_backward(int count, WINDOW, IN(diff_dst), OUT(diff_src))
{
  int i = get_global_id(0), y = i / width % height, x = i % width;
  FIND(diff_dst);
  FIND(diff_src);
  if (i >= count) return;
  ulong plane = (ulong)(i / (height * width)) * out_height * out_width;
  float sum = 0;
  FOR_EACH_WINDOW(row, column)
  sum += diff_dst[plane + row * out_width + column];
  diff_src[i] = sum / (size * size);
}

KERNEL max_pool_backward(int count, WINDOW, IN(diff_dst), IN_INTS(kept), OUT(diff_src))
{
  int i = get_global_id(0), y = i / width % height, x = i % width;
  FIND(diff_dst);
  FIND(kept);
  FIND(diff_src);
  if (i >= count) return;
  ulong plane = (ulong)(i / (height * width)) * out_height * out_width;
  float sum = 0;
  FOR_EACH_WINDOW(row, column)
  if (kept[plane + row * out_width + column] == y * width + x)
    sum += diff_dst[plane + row * out_width + column];
  diff_src[i] = sum;
}
