/* Restores a network from a checkpoint. */
#include "checkpoint/restore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checkpoint/arrays.h"
#include "checkpoint/names.h"
#include "dla/update_rule.h"

/* The values that training goes on with; in a file without an average, the model. */
static const dla_tensor_entry *find_values(const dla_tensor_set *set, const dla_match *match,
                                           dla_tensor_name name, const char *parameter)
{
  snprintf(name, sizeof(dla_tensor_name), DLA_NAME_OPTIMIZER DLA_NAME_VALUES ".%s%s", match->prefix,
           parameter);
  const dla_tensor_entry *entry = dla_tensor_set_find(set, name);
  if (!entry)
    snprintf(name, sizeof(dla_tensor_name), DLA_NAME_MODEL "%s%s", match->prefix, parameter);
  return entry ? entry : dla_tensor_set_find(set, name);
}

/* The tensor for a parameter's array, checked. *entry is NULL if the optimizer's state is
 * missing. */
static dla_status find_tensor(const dla_tensor_set *set, const char *path,
                              const dla_network *network, const dla_match *match,
                              dla_parameter_array array, const dla_parameter_info *info,
                              const dla_tensor_entry **entry, dla_error *err)
{
  dla_tensor_name name;
  char has[DLA_SHAPE_TEXT], wants[DLA_SHAPE_TEXT];
  *entry = array == DLA_PARAMETER_VALUE && dla_network_is_training(network)
               ? find_values(set, match, name, info->name)
               : dla_tensor_set_find(
                     set, dla_array_name(name, network, array, match->prefix, info->name));
  if (!*entry) return DLA_OK; /* the match has checked that no parameter is missing */
  if (!dla_dtype_is_float((*entry)->dtype) || !dla_shape_equal(&(*entry)->shape, &info->shape))
    return dla_fail(
        err, DLA_E_INPUT, path,
        dla_shape_equal(&(*entry)->shape, &info->shape)
            ? "its weights are whole numbers, as of a quantised model: save them as float"
            : "it was made by another model: check the model section",
        "tensor '%s' is %s %s, but this model's is F32 %s",
        dla_name_after(name, DLA_NAME_MODEL) ? name + strlen(DLA_NAME_MODEL) : name,
        dla_dtype_name((*entry)->dtype), dla_shape_text(&(*entry)->shape, has),
        dla_shape_text(&info->shape, wants));
  return dla_tensor_set_is_foreign(set) ? dla_tensor_check_numbers(*entry, path, err) : DLA_OK;
}

/* Copies first: tensors in files may be unaligned. */
static dla_status write_array(dla_network *network, int index, dla_parameter_array array,
                              const dla_tensor_entry *entry, dla_error *err)
{
  size_t count = (size_t)dla_shape_count(&entry->shape);
  float *values = malloc((count + 1) * sizeof *values);
  if (!values) return dla_fail_memory(err, "a checkpoint");
  if (entry->dtype == DLA_F32)
    memcpy(values, entry->bytes, entry->size);
  else
    for (size_t i = 0; i < count; i++)
      values[i] = (float)dla_dtype_number(entry->dtype, entry->bytes, i);
  dla_status status = dla_network_write(network, index, array, values, err);
  free(values);
  return status;
}

dla_status dla_restore_parameter(const dla_tensor_set *set, const char *path, dla_network *network,
                                 const dla_match *match, int index, bool write, dla_error *err)
{
  dla_parameter_info info = dla_network_parameter(network, index);
  const dla_tensor_entry *entry = NULL;
  dla_status status =
      find_tensor(set, path, network, match, DLA_PARAMETER_AVERAGE, &info, &entry, err);
  if (status || !write) return status;
  return write_array(network, index, DLA_PARAMETER_VALUE, entry, err);
}

static bool has_array(const dla_network *network, const dla_parameter_info *info,
                      dla_parameter_array array)
{
  if (array == DLA_PARAMETER_AVERAGE) return dla_network_averages(network);
  return array == DLA_PARAMETER_VALUE || (info->trainable && array <= dla_state_count(network));
}

/* Called with write = false first, so that a file that does not fit changes nothing. */
static dla_status load_tensors(const dla_tensor_set *set, const char *path, dla_network *network,
                               const dla_match *match, bool write, dla_error *err)
{
  dla_status status = DLA_OK;
  for (int i = 0; i < dla_network_parameter_count(network); i++) {
    dla_parameter_info info = dla_network_parameter(network, i);
    for (dla_parameter_array array = 0; array <= DLA_PARAMETER_AVERAGE && !status; array++) {
      if (!has_array(network, &info, array)) continue;
      const dla_tensor_entry *entry = NULL;
      status = find_tensor(set, path, network, match, array, &info, &entry, err);
      if (!status && write && entry) status = write_array(network, i, array, entry, err);
    }
  }
  return status;
}

/* An incomplete optimizer state is not used; nor is another optimizer's. */
static void warn_of_states(dla_tensor_set *set, const dla_network *network, const dla_match *match)
{
  int trainable = 0, found = 0, states = dla_state_count(network);
  for (int i = 0; i < dla_network_parameter_count(network); i++)
    for (int k = 0; k < states && dla_network_parameter(network, i).trainable; k++) {
      dla_tensor_name name;
      trainable++;
      found += dla_tensor_set_find(
                   set, dla_array_name(name, network, DLA_PARAMETER_STATE + k, match->prefix,
                                       dla_network_parameter(network, i).name)) != NULL;
    }
  if (found && found < trainable)
    dla_tensor_set_warn(set,
                        "its optimizer's state is there for %d of %d tensors; for the others "
                        "it starts from zero",
                        found, trainable);
  const dla_optimizer *theirs = dla_tensor_set_optimizer(set),
                      *ours = dla_network_optimizer(network);
  if (!found && theirs && ours && theirs != ours && dla_tensor_set_has_optimizers(set))
    dla_tensor_set_warn(set, "its optimizer is %s, and this one is %s, which starts from zero",
                        theirs->name, ours->name);
}

dla_status dla_checkpoint_restore(dla_checkpoint *checkpoint, const char *where,
                                  dla_network *network, dla_error *err)
{
  dla_match match;
  dla_tensor_set *set = dla_checkpoint_tensors(checkpoint);
  dla_status status = dla_match_find(set, network, where, &match, err);
  if (!status) status = load_tensors(set, where, network, &match, false, err);
  if (!status) status = load_tensors(set, where, network, &match, true, err);
  if (status) return status;
  dla_match_warn(set, network, &match);
  warn_of_states(set, network, &match);
  return DLA_OK;
}
