/* A convolution as a product of matrices. Columns are the dst pixels of some images, image by image;
 * rows of `columns` are what the weights of one out channel meet: in channel, row and column of the
 * kernel. So the weights are the matrix {out channels, rows} as they are. */

typedef struct place {
  int image, y, x; /* of a column: its dst pixel */
} place;

static place place_of(int column, int out_height, int out_width)
{
  int pixels = out_height * out_width, pixel = column % pixels;
  return (place){column / pixels, pixel / out_width, pixel % out_width};
}

KERNEL im2col(int count, int columns, int channels, int height, int width, int out_height,
              int out_width, int size, int stride, int padding, int dilation, IN(src), OUT(matrix))
{
  int i = get_global_id(0);
  FIND(src);
  FIND(matrix);
  if (i >= count) return;
  int row = i / columns, c = row / (size * size), tap = row % (size * size);
  place p = place_of(i % columns, out_height, out_width);
  int y = p.y * stride + tap / size * dilation - padding;
  int x = p.x * stride + tap % size * dilation - padding;
  bool inside = y >= 0 && y < height && x >= 0 && x < width;
  matrix[i] = inside ? src[(((ulong)p.image * channels + c) * height + y) * width + x] : 0;
}

/* Its transpose: each element of diff_src sums what the windows that hold it say, in one order. */
KERNEL col2im(int count, int columns, int channels, int height, int width, int out_height,
              int out_width, int size, int stride, int padding, int dilation, IN(matrix), OUT(diff_src))
{
  int i = get_global_id(0);
  FIND(matrix);
  FIND(diff_src);
  if (i >= count) return;
  int x = i % width, y = i / width % height, plane = i / (width * height);
  int c = plane % channels, image = plane / channels;
  float sum = 0;
  for (int u = 0; u < size; u++)
    for (int v = 0; v < size; v++) {
      int top = y + padding - u * dilation, left = x + padding - v * dilation;
      int out_y = top / stride, out_x = left / stride;
      if (top < 0 || left < 0 || top % stride || left % stride) continue;
      if (out_y >= out_height || out_x >= out_width) continue;
      int column = (image * out_height + out_y) * out_width + out_x;
      sum += matrix[(ulong)((c * size + u) * size + v) * columns + column];
    }
  diff_src[i] = sum;
}

/* dst {images, channels, pixels} as the matrix {channels, columns}... */
KERNEL gather_channels(int count, int columns, int channels, int pixels, IN(dst), OUT(matrix))
{
  int i = get_global_id(0);
  FIND(dst);
  FIND(matrix);
  if (i >= count) return;
  int c = i / columns, column = i % columns;
  matrix[i] = dst[((ulong)(column / pixels) * channels + c) * pixels + column % pixels];
}

/* ... and back, with what else the instruction does. */
KERNEL store_channels(int count, int columns, int channels, int pixels, int accumulate,
                      int with_relu, IN(matrix), IN(bias), OUT(dst))
{
  int i = get_global_id(0);
  FIND(matrix);
  FIND(bias);
  FIND(dst);
  if (i >= count) return;
  int c = i / pixels % channels, image = i / pixels / channels;
  float sum = matrix[(ulong)c * columns + image * pixels + i % pixels];
  if (bias) sum += bias[c];
  if (accumulate) sum += dst[i];
  dst[i] = with_relu && sum < 0 ? 0 : sum;
}

/* One work group a channel: the gradient of a bias. */
KERNEL channel_sums(int batch, int channels, int pixels, IN(diff_dst), OUT(diff_bias))
{
  local float partial[GROUP];
  int c = get_group_id(0), count = batch * pixels;
  float sum = 0;
  FIND(diff_dst);
  FIND(diff_bias);
  for (int i = get_local_id(0); i < count; i += GROUP)
    sum += diff_dst[((ulong)(i / pixels) * channels + c) * pixels + i % pixels];
  sum = group_sum(sum, partial);
  if (get_local_id(0) == 0) diff_bias[c] = sum;
}

/* A linear layer's bias in every row of dst, to which the product is added. */
KERNEL fill_rows(int count, int row, IN(bias), OUT(dst))
{
  int i = get_global_id(0);
  FIND(bias);
  FIND(dst);
  if (i < count) dst[i] = bias[i % row];
}
