#include "dla/checkpoint.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "checkpoint/arrays.h"
#include "checkpoint/names.h"
#include "checkpoint/restore.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/tensor_set.h"
#include "checkpoint/text.h"
#include "dla/update_rule.h"

static const char own_format[] = "dla-train 2";

struct dla_checkpoint {
  dla_tensor_set set;
  dla_train_state state;
};

/* "layer1.1.num_batches_tracked" for "layer1.1.running_mean"; NULL for other parameters. PyTorch
 * stores this counter with the running statistics. Here it is the number of steps. */
static const char *counter_of(dla_tensor_name name, const char *parameter)
{
  static const char last[] = ".running_mean";
  if (!dla_name_ends(parameter, last)) return NULL;
  snprintf(name, sizeof(dla_tensor_name), DLA_NAME_MODEL "%.*s.num_batches_tracked",
           (int)(strlen(parameter) + 1 - sizeof last), parameter);
  return name;
}

static dla_status add_array(dla_tensor_set *set, dla_network *network, int index,
                            dla_parameter_array array, dla_error *err)
{
  dla_tensor_name name;
  void *room = NULL;
  dla_parameter_info info = dla_network_parameter(network, index);
  TRY(dla_tensor_set_room(set, dla_array_name(name, network, array, "", info.name), DLA_F32,
                          &info.shape, &room, err));
  return dla_network_read(network, index, array, room, err);
}

static dla_status add_counter(dla_tensor_set *set, const char *parameter, int64_t step,
                              dla_error *err)
{
  dla_tensor_name name;
  void *room = NULL;
  if (!counter_of(name, parameter)) return DLA_OK;
  dla_status status = dla_tensor_set_room(set, name, DLA_I64, &(dla_shape){0}, &room, err);
  if (!status) memcpy(room, &step, sizeof step);
  return status;
}

static dla_status add_tensors(dla_tensor_set *set, dla_network *network, int64_t step,
                              dla_error *err)
{
  dla_status status = DLA_OK;
  int count = dla_network_parameter_count(network);
  const bool averages = dla_network_averages(network);
  const dla_parameter_array model = averages ? DLA_PARAMETER_AVERAGE : DLA_PARAMETER_VALUE;
  for (int i = 0; i < count && !status; i++)
    status = add_array(set, network, i, model, err);
  for (int i = 0; i < count && !status; i++)
    status = add_counter(set, dla_network_parameter(network, i).name, step, err);
  for (int k = 0; k < dla_state_count(network); k++)
    for (int i = 0; i < count && !status; i++)
      if (dla_network_parameter(network, i).trainable)
        status = add_array(set, network, i, DLA_PARAMETER_STATE + k, err);
  for (int i = 0; i < count && averages && !status; i++)
    status = add_array(set, network, i, DLA_PARAMETER_VALUE, err);
  return status;
}

__attribute__((format(printf, 4, 5))) static dla_status
add_number(dla_tensor_set *set, dla_error *err, const char *key, const char *format, ...)
{
  char text[64];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  return dla_tensor_set_note(set, key, text, err);
}

/* The shortest decimal that reads back to the same float: 0.9, which Python reads as 0.9, too. */
static dla_status add_float(dla_tensor_set *set, dla_error *err, const char *key, float value)
{
  char text[32];
  int digits = 1;
  do
    snprintf(text, sizeof text, "%.*g", digits++, (double)value);
  while (digits <= 9 && strtof(text, NULL) != value);
  return dla_tensor_set_note(set, key, text, err);
}

static dla_status add_update(dla_tensor_set *set, const dla_optimizer *optimizer,
                             const dla_update_numbers *update, dla_error *err)
{
  dla_status status = dla_tensor_set_note(set, "optimizer", optimizer->name, err);
  for (int i = 0; i < dla_optimizer_number_count(optimizer) && !status; i++)
    status = add_float(set, err, optimizer->number[i].name, (float)update->value[i]);
  return status;
}

static dla_status add_groups(dla_tensor_set *set, const dla_parameter_groups *groups,
                             dla_error *err)
{
  const char *text = dla_parameter_groups_text(groups);
  dla_status status = *text ? dla_tensor_set_note(set, DLA_GROUPS_KEY, text, err) : DLA_OK;
  if (status || dla_parameter_groups_no_decay(groups) == DLA_NO_DECAY_NONE) return status;
  return dla_tensor_set_note(set, DLA_NO_DECAY_KEY, "norm_and_bias", err);
}

static dla_status add_plateau(dla_tensor_set *set, const dla_plateau *plateau, dla_error *err)
{
  if (!plateau->begun) return DLA_OK;
  TRY(add_number(set, err, "plateau_best", "%.17g", plateau->best));
  TRY(add_number(set, err, "plateau_bad_epochs", "%" PRId64, plateau->bad_epochs));
  return add_number(set, err, "plateau_falls", "%" PRId64, plateau->falls);
}

static dla_status add_state(dla_tensor_set *set, const dla_train_state *state, dla_error *err)
{
  TRY(dla_tensor_set_note(set, "format", own_format, err));
  TRY(add_number(set, err, "epoch", "%" PRId64, state->epoch));
  TRY(add_number(set, err, "step", "%" PRId64, state->step));
  TRY(add_number(set, err, "batch", "%" PRId64, state->batch));
  TRY(add_number(set, err, "seed", "%" PRIu64, state->seed));
  TRY(add_number(set, err, "best_accuracy", "%.17g", state->best_accuracy));
  TRY(add_number(set, err, "best_epoch", "%" PRId64, state->best_epoch));
  /* In C's hexadecimal format, without rounding. */
  TRY(add_number(set, err, "epoch_loss", "%a", state->epoch_loss));
  TRY(add_number(set, err, "epoch_samples", "%" PRId64, state->epoch_samples));
  TRY(add_number(set, err, "epoch_correct", "%" PRId64, state->epoch_correct));
  return add_plateau(set, &state->plateau, err);
}

void dla_checkpoint_free(dla_checkpoint *checkpoint)
{
  if (!checkpoint) return;
  dla_tensor_set_free(&checkpoint->set);
  free(checkpoint);
}

dla_status dla_checkpoint_capture_again(dla_network *network, const dla_train_state *state,
                                        dla_checkpoint *checkpoint, dla_error *err)
{
  dla_tensor_set *set = &checkpoint->set;
  const dla_optimizer *optimizer = dla_network_optimizer(network);
  dla_tensor_set_forget_notes(set);
  checkpoint->state = *state;
  TRY(add_state(set, state, err));
  if (optimizer) TRY(add_update(set, optimizer, &state->update, err));
  if (optimizer) TRY(add_groups(set, dla_network_groups(network), err));
  return add_tensors(set, network, state->step, err);
}

dla_status dla_checkpoint_capture(dla_network *network, const dla_train_state *state,
                                  dla_checkpoint **checkpoint, dla_error *err)
{
  dla_checkpoint *made = calloc(1, sizeof *made);
  if (!made) return dla_fail_memory(err, "a checkpoint");
  dla_status status = dla_checkpoint_capture_again(network, state, made, err);
  if (status)
    dla_checkpoint_free(made);
  else
    *checkpoint = made;
  return status;
}

dla_status dla_checkpoint_check_numbers(const dla_checkpoint *checkpoint, dla_error *err)
{
  char where[64];
  double number;
  const dla_tensor_entry *bad = dla_tensor_set_find_bad(&checkpoint->set, &number);
  if (!bad) return DLA_OK;
  const char *parameter = dla_name_after_state(bad->name, NULL);
  const char *model = dla_name_after(bad->name, DLA_NAME_MODEL);
  char of[80] = "";
  if (parameter)
    snprintf(of, sizeof of, "the %.*s of ",
             (int)(parameter - bad->name - strlen(DLA_NAME_OPTIMIZER) - 1),
             bad->name + strlen(DLA_NAME_OPTIMIZER));
  snprintf(where, sizeof where, "step %" PRId64, checkpoint->state.step);
  return dla_fail(err, DLA_E_DIVERGED, where,
                  "lower optimizer.lr, or warm up with schedule.warmup_epochs",
                  "%s%s became %g; the checkpoint before stays", of,
                  model       ? model
                  : parameter ? parameter
                              : bad->name,
                  number);
}

dla_status dla_checkpoint_write(dla_checkpoint *checkpoint, const char *path, dla_error *err)
{
  return dla_tensor_set_write(&checkpoint->set, path, err);
}

dla_status dla_checkpoint_set_text(dla_checkpoint *checkpoint, const char *key, const char *text,
                                   dla_error *err)
{
  dla_tensor_set_forget(&checkpoint->set, key);
  return dla_tensor_set_note(&checkpoint->set, key, text, err);
}

const char *dla_checkpoint_text(const dla_checkpoint *checkpoint, const char *key)
{
  return dla_tensor_set_get(&checkpoint->set, key);
}

const dla_train_state *dla_checkpoint_state(const dla_checkpoint *checkpoint)
{
  return &checkpoint->state;
}

/* ---- Loading -----------------------------------------------------------------------------------
 */

/* Reads a number. An optional one that is missing keeps its value. */
static dla_status read_number(const dla_tensor_set *set, const char *path, const char *key,
                              bool optional, int64_t *number, dla_error *err)
{
  const char *text = dla_tensor_set_get(set, key);
  char *end = NULL;
  if (!text && optional) return DLA_OK;
  long long value = text ? strtoll(text, &end, 10) : 0;
  if (optional && (end == text || *end || value < 0)) return DLA_OK; /* treat as unknown */
  if (!text || end == text || *end || value < 0)
    return dla_fail(err, DLA_E_INPUT, path, NULL, "its metadata has no number '%s'", key);
  *number = value;
  return DLA_OK;
}

static void read_update(const dla_tensor_set *set, dla_update_numbers *update)
{
  const dla_optimizer *optimizer = dla_tensor_set_optimizer(set);
  for (int i = 0; optimizer && i < dla_optimizer_number_count(optimizer); i++) {
    const char *text = dla_tensor_set_get(set, optimizer->number[i].name);
    if (text) update->value[i] = strtod(text, NULL);
  }
  update->step = 0;
}

/* False: the value is not between 0 and 1. No accuracy would ever be better than NaN. */
static bool read_best(const dla_tensor_set *set, double *best)
{
  const char *text = dla_tensor_set_get(set, "best_accuracy");
  double value = text ? strtod(text, NULL) : 0;
  bool known = value >= 0 && value <= 1;
  if (known) *best = value;
  return known;
}

/* A loss that is not finite counts as unknown: the next one becomes the lowest. */
static dla_status read_plateau(const dla_tensor_set *set, const char *path, dla_plateau *plateau,
                               dla_error *err)
{
  const char *text = dla_tensor_set_get(set, "plateau_best");
  plateau->best = text ? strtod(text, NULL) : 0;
  plateau->begun = text && isfinite(plateau->best);
  TRY(read_number(set, path, "plateau_bad_epochs", true, &plateau->bad_epochs, err));
  return read_number(set, path, "plateau_falls", true, &plateau->falls, err);
}

bool dla_checkpoint_best_is_known(const dla_checkpoint *checkpoint)
{
  double best;
  return read_best(&checkpoint->set, &best);
}

static dla_status read_state(const dla_tensor_set *set, const char *path, dla_train_state *state,
                             dla_error *err)
{
  const char *format = dla_tensor_set_get(set, "format");
  const bool foreign = dla_tensor_set_is_foreign(set);
  if (!foreign && (!format || strcmp(format, own_format) != 0))
    return dla_fail(err, DLA_E_INPUT, path, NULL, "its format is '%s', but must be '%s' or '%s'",
                    format ? format : "", own_format, DLA_PYTORCH_FORMAT);
  int64_t seed = (int64_t)state->seed;
  dla_status status = read_number(set, path, "epoch", foreign, &state->epoch, err);
  if (!status) status = read_number(set, path, "step", foreign, &state->step, err);
  if (!status) status = read_number(set, path, "batch", foreign, &state->batch, err);
  if (!status) status = read_number(set, path, "seed", foreign, &seed, err);
  state->seed = (uint64_t)seed;
  state->best_epoch = state->epoch; /* an older file does not store it: patience starts here */
  if (!status) status = read_number(set, path, "best_epoch", true, &state->best_epoch, err);
  if (!status) status = read_number(set, path, "epoch_samples", true, &state->epoch_samples, err);
  if (!status) status = read_number(set, path, "epoch_correct", true, &state->epoch_correct, err);
  const char *loss = dla_tensor_set_get(set, "epoch_loss");
  if (loss) state->epoch_loss = strtod(loss, NULL);
  if (!status && !isfinite(state->epoch_loss))
    status = dla_fail(err, DLA_E_INPUT, path, "take a checkpoint from before that",
                      "its metadata has '%s' for epoch_loss", loss);
  if (!status) status = read_plateau(set, path, &state->plateau, err);
  read_best(set, &state->best_accuracy);
  read_update(set, &state->update);
  return status;
}

dla_tensor_set *dla_checkpoint_tensors(dla_checkpoint *checkpoint)
{
  return &checkpoint->set;
}

typedef dla_status reader(const char *path, const char *key, dla_tensor_set *set, dla_error *err);

static dla_status read_by(reader *read, const char *path, const char *key,
                          dla_checkpoint **checkpoint, dla_error *err)
{
  dla_checkpoint *made = calloc(1, sizeof *made);
  if (!made) return dla_fail_memory(err, "a checkpoint");
  dla_status status = read(path, key, &made->set, err);
  /* In another program's file only the tensors that the network needs are checked, later. */
  if (!status && !dla_tensor_set_is_foreign(&made->set))
    status = dla_tensor_set_check_numbers(&made->set, path, err);
  if (!status) status = read_state(&made->set, path, &made->state, err);
  if (status)
    dla_checkpoint_free(made);
  else
    *checkpoint = made;
  return status;
}

dla_status dla_checkpoint_read(const char *path, const char *key, dla_checkpoint **checkpoint,
                               dla_error *err)
{
  return read_by(dla_tensor_set_read, path, key, checkpoint, err);
}

dla_status dla_checkpoint_read_weights(const char *path, const char *key,
                                       dla_checkpoint **checkpoint, dla_error *err)
{
  return read_by(dla_tensor_set_read_weights, path, key, checkpoint, err);
}

dla_status dla_checkpoint_read_state(const char *path, dla_train_state *state, dla_error *err)
{
  dla_tensor_set set = {0};
  *state = (dla_train_state){0};
  dla_status status = dla_safetensors_read_metadata(path, &set, err);
  if (!status) status = read_state(&set, path, state, err);
  dla_tensor_set_free(&set);
  return status;
}

dla_status dla_checkpoint_read_text(const char *path, const char *key, dla_strbuf *text,
                                    dla_error *err)
{
  dla_tensor_set set = {0};
  dla_status status = dla_safetensors_read_metadata(path, &set, err);
  const char *found = status ? NULL : dla_tensor_set_get(&set, key);
  if (found) dla_strbuf_append(text, found, strlen(found));
  dla_tensor_set_free(&set);
  return status;
}

const char *dla_checkpoint_warnings(const dla_checkpoint *checkpoint)
{
  return dla_strbuf_text(&checkpoint->set.warnings);
}

/* Only tensors can move to the other format; a tensor that would be lost is an error. */
static dla_status check_whole(const dla_tensor_set *set, const char *from, dla_error *err)
{
  for (size_t i = 0; i < set->left_out_count; i++)
    if (set->left_out[i].tensor)
      return dla_fail(err, DLA_E_UNSUPPORTED, from, "save it without them",
                      "%zu of its tensors cannot be converted: '%.100s' is %.100s",
                      set->tensors_left_out, set->left_out[i].key, set->left_out[i].value);
  return DLA_OK;
}

dla_status dla_checkpoint_convert(const char *from, const char *key, const char *to,
                                  bool allow_nonfinite, dla_error *err)
{
  if (!dla_name_ends(to, ".pth") && !dla_name_ends(to, ".safetensors"))
    return dla_fail(err, DLA_E_INPUT, to, "name it .safetensors or .pth",
                    "its name does not say which format it should have");
  dla_tensor_set set = {0};
  dla_status status = dla_tensor_set_read(from, key, &set, err);
  if (!status) status = check_whole(&set, from, err);
  if (!status && !allow_nonfinite) status = dla_tensor_set_check_numbers(&set, from, err);
  if (!status) status = dla_tensor_set_write(&set, to, err);
  dla_tensor_set_free(&set);
  return status;
}
