/* log(sum exp(logits)), shifted by the largest so that nothing overflows. */
static float log_sum_exp(global const float *logits, int classes)
{
  float largest = logits[0], sum = 0;
  for (int k = 1; k < classes; k++)
    largest = logits[k] > largest ? logits[k] : largest;
  for (int k = 0; k < classes; k++)
    sum += exp(logits[k] - largest);
  return largest + log(sum);
}

/* One work group: the mean loss, and how many predictions (the first of the largest logits) are
 * right. */
KERNEL cross_entropy(int batch, int classes, float smoothing, float lambda, IN(logits), IN_INTS(labels),
                     IN_INTS(partners), OUT(loss))
{
  local float partial[GROUP];
  float sum = 0, right = 0;
  FIND(logits);
  FIND(labels);
  FIND(partners);
  FIND(loss);
  for (int n = get_local_id(0); n < batch; n += GROUP) {
    global const float *row = logits + (ulong)n * classes;
    int best = 0;
    float all = 0, target = lambda * row[labels[n]];
    if (partners) target += (1 - lambda) * row[partners[n]];
    for (int k = 1; k < classes; k++)
      if (row[k] > row[best]) best = k;
    for (int k = 0; k < classes && smoothing > 0; k++)
      all += row[k];
    if (smoothing > 0) target += smoothing * (all / classes - target);
    sum += log_sum_exp(row, classes) - target;
    right += best == labels[n] ? 1 : 0;
  }
  sum = group_sum(sum, partial);
  right = group_sum(right, partial);
  if (get_local_id(0) != 0) return;
  loss[0] = sum / batch;
  loss[1] = right;
}

KERNEL cross_entropy_backward(int batch, int classes, float smoothing, float lambda, float divisor, IN(logits),
                              IN_INTS(labels), IN_INTS(partners), OUT(diff_logits))
{
  int n = get_global_id(0);
  float own = lambda * (1 - smoothing), rest = 1 - smoothing - own;
  FIND(logits);
  FIND(labels);
  FIND(partners);
  FIND(diff_logits);
  if (n >= batch) return;
  ulong row = (ulong)n * classes;
  float scale = log_sum_exp(logits + row, classes);
  for (int k = 0; k < classes; k++) {
    float target = (k == labels[n] ? own : 0) + (partners && k == partners[n] ? rest : 0);
    diff_logits[row + k] = (exp(logits[row + k] - scale) - target - smoothing / classes) / divisor;
  }
}
