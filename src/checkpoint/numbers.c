/* Checks for NaN and infinities, in checkpoints that are read or about to be written. */
#include <math.h>
#include <string.h>

#include "checkpoint/names.h"
#include "checkpoint/tensor_set.h"

/* Tests the bits, so that the compiler can vectorise it: most tensors are fine. */
static bool has_bad_f32(const char *bytes, size_t count)
{
  const uint32_t exponent = 0x7f800000;
  unsigned found = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, bytes + i * sizeof bits, sizeof bits);
    found |= (bits & exponent) == exponent;
  }
  return found != 0;
}

static bool find_in(const dla_tensor_entry *tensor, double *number)
{
  size_t count = tensor->size / dla_dtype_size(tensor->dtype);
  bool variance = dla_name_ends(tensor->name, ".running_var");
  if (!dla_dtype_is_float(tensor->dtype)) return false;
  if (tensor->dtype == DLA_F32 && !variance && !has_bad_f32(tensor->bytes, count)) return false;
  for (size_t i = 0; i < count; i++) {
    *number = dla_dtype_number(tensor->dtype, tensor->bytes, i);
    if (!isfinite(*number) || (variance && *number < 0)) return true;
  }
  return false;
}

const dla_tensor_entry *dla_tensor_set_find_bad(const dla_tensor_set *set, double *number)
{
  for (size_t i = 0; i < set->tensor_count; i++)
    if (find_in(&set->tensor[i], number)) return &set->tensor[i];
  return NULL;
}

static dla_status fail_bad(const dla_tensor_entry *bad, double number, const char *where,
                           dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, where, "take a checkpoint from before that",
                  isfinite(number) ? "tensor '%s' has a negative variance, %g"
                                   : "tensor '%s' holds %g",
                  bad->name, number);
}

dla_status dla_tensor_check_numbers(const dla_tensor_entry *tensor, const char *where,
                                    dla_error *err)
{
  double number;
  return find_in(tensor, &number) ? fail_bad(tensor, number, where, err) : DLA_OK;
}

dla_status dla_tensor_set_check_numbers(const dla_tensor_set *set, const char *where,
                                        dla_error *err)
{
  double number;
  const dla_tensor_entry *bad = dla_tensor_set_find_bad(set, &number);
  return bad ? fail_bad(bad, number, where, err) : DLA_OK;
}
