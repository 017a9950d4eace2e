/* The pickle of a .pth: {'net': state_dict, 'acc': percent, 'epoch': n, 'optimizer': a state_dict
 * of torch.optim, 'dla_train': data that only this program writes}; or the weights under another
 * name, or alone. Everything else is left out. */
#include <math.h>
#include <stdlib.h>

#include "base/try.h"
#include "checkpoint/names.h"
#include "checkpoint/pth.h"
#include "checkpoint/pth_reader.h"

static dla_status read_own_entry(dla_pth_reader *r, const dla_pickle_value *entry)
{
  dla_status status;
  char *value = NULL, *key = dla_pth_text(r, &entry[0], &status);
  if (key && dla_pth_is_tensor(r, &entry[1]))
    status = dla_pth_add_tensor(r, "", key, &entry[1]);
  else if (key && (value = dla_pth_text(r, &entry[1], &status)))
    status = dla_tensor_set_note(r->set, key, value, r->err);
  else if (!status)
    status = DLA_PTH_FAIL(r, &entry[0], "there should be a text");
  free(key);
  free(value);
  return status;
}

static dla_status read_own(dla_pth_reader *r, const dla_pickle_value *own)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_items(r->pickle, own, &count);
  if (own->kind != DLA_PICKLE_DICT) return DLA_PTH_FAIL(r, own, "'" DLA_PTH_OWN "' is no dict");
  for (size_t i = 0; i < count; i += 2)
    TRY(read_own_entry(r, &items[i]));
  return DLA_OK;
}

/* Other programs' names for our numbers. */
static const struct number_key {
  const char *key, *note;
  bool whole;   /* a count */
  double scale; /* from their unit to ours */
} number_keys[] = {
    {"epoch", "epoch", true, 1}, /* the epoch at which the PyTorch program resumes, from 0: so
                                  * many are done */
    {"acc", "best_accuracy", false, 0.01}, /* in percent */
};

static dla_status note_number(dla_pth_reader *r, const dla_pickle_value *root,
                              const struct number_key *k)
{
  enum { MOST = 1 << 30 };
  const dla_pickle_value *value = NULL;
  char title[DLA_PICKLE_TITLE];
  double number;
  TRY(dla_pth_lookup(r, root, k->key, &value));
  if (!value) return DLA_OK;
  bool known = dla_pth_number(r, value, &number);
  if (known && k->whole && !(number >= 0 && number <= MOST && number == floor(number))) {
    dla_tensor_set_warn(r->set, "its '%s' is %g, which is none: it counts as unknown", k->key,
                        number);
    return DLA_OK;
  }
  if (known) return dla_pth_note(r, k->note, number * k->scale);
  dla_tensor_set_warn(r->set, "its '%s' is %s, no number: it counts as unknown", k->key,
                      dla_pickle_title(r->pickle, value, title));
  return DLA_OK;
}

/* The steps that batch norms counted; frozen ones counted none. -1: unknown. */
static double steps_counted(const dla_tensor_set *set)
{
  double most = -1;
  for (size_t i = 0; i < set->tensor_count; i++) {
    const dla_tensor_entry *t = &set->tensor[i];
    if (dla_name_ends(t->name, ".num_batches_tracked") && t->dtype == DLA_I64 && t->size == 8)
      most = fmax(most, dla_dtype_number(t->dtype, t->bytes, 0));
  }
  return most;
}

/* Without batch norms, the program itself may store the step. */
static dla_status note_step(dla_pth_reader *r, const dla_pickle_value *root)
{
  const double counted = steps_counted(r->set);
  static const struct number_key steps[] = {{"step", "step", true, 1},
                                            {"global_step", "step", true, 1}};
  if (counted >= 0) return dla_pth_note(r, "step", counted);
  for (size_t i = 0; i < 2; i++)
    if (!dla_tensor_set_get(r->set, "step")) TRY(note_number(r, root, &steps[i]));
  return DLA_OK;
}

static dla_status note_state(dla_pth_reader *r, const dla_pickle_value *root)
{
  TRY(dla_tensor_set_note(r->set, "format", DLA_PYTORCH_FORMAT, r->err));
  TRY(note_step(r, root));
  for (size_t i = 0; i < sizeof number_keys / sizeof *number_keys; i++)
    TRY(note_number(r, root, &number_keys[i]));
  return DLA_OK;
}

/* torch.optim's state_dict: under the program's name, that of PyTorch's tutorials, or in
 * Lightning's list; NULL: none. */
static dla_status find_optimizer(dla_pth_reader *r, const dla_pickle_value *root,
                                 const dla_pickle_value **entry)
{
  static const char *const names[] = {"optimizer", "optimizer_state_dict", "optim", "opt",
                                      "optimizer_states"};
  *entry = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !*entry; i++)
    TRY(dla_pth_lookup(r, root, names[i], entry));
  return DLA_OK;
}

static dla_status read_optimizer(dla_pth_reader *r, const dla_pickle_value *entry, bool note)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_items(r->pickle, entry, &count);
  if (entry->kind == DLA_PICKLE_LIST && count == 1) entry = items;
  return dla_pth_read_optimizer(r, entry, note);
}

/* Leaves out everything that is not used here. */
static dla_status leave_out_rest(dla_pth_reader *r, const dla_pickle_value *root,
                                 const dla_pickle_value *weights, const dla_pickle_value *optimizer)
{
  static const char *const taken[] = {"epoch", "acc", "step", "global_step", DLA_PTH_OWN};
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, root, &count);
  for (size_t i = 0; i < count; i += 2) {
    bool known = &items[i + 1] == weights || &items[i + 1] == optimizer;
    for (size_t k = 0; k < sizeof taken / sizeof *taken; k++)
      known = known || dla_pickle_is_string(&items[i], taken[k]);
    if (!known) TRY(dla_pth_leave_out(r, &items[i], &items[i + 1]));
  }
  return DLA_OK;
}

static dla_status fail_no_weights(dla_pth_reader *r, const dla_pickle_value *root)
{
  static const char save[] = "save the model's state_dict(): torch.save(model.state_dict(), FILE)";
  char title[DLA_PICKLE_TITLE];
  size_t count = 0;
  dla_pickle_title(r->pickle, root, title);
  const dla_pickle_value *items = dla_pickle_entries(r->pickle, root, &count);
  for (size_t i = 0; i < count; i += 2)
    if (items[i + 1].kind == DLA_PICKLE_CALL && !dla_pth_is_tensor(r, &items[i + 1]) &&
        (dla_pickle_is_string(&items[i], "model") || dla_pickle_is_string(&items[i], "net"))) {
      dla_pickle_title(r->pickle, &items[i + 1], title);
      return dla_fail(r->err, DLA_E_INPUT, r->where, save,
                      "it holds a whole pickled model, %s, instead of a state_dict", title);
    }
  if (root->kind == DLA_PICKLE_CALL)
    return dla_fail(r->err, DLA_E_INPUT, r->where, save,
                    "it holds a whole pickled object, %s, instead of a state_dict", title);
  return dla_fail(r->err, DLA_E_INPUT, r->where, save,
                  count ? "it holds %s without tensors" : "it holds %s, no dict of tensors", title);
}

dla_status dla_pth_read_root(dla_pth_reader *r)
{
  const dla_pickle_value *root = dla_pickle_root(r->pickle), *weights = NULL, *optimizer = NULL,
                         *own = NULL;
  char name[DLA_PICKLE_TITLE];
  TRY(dla_pth_lookup(r, root, DLA_PTH_OWN, &own));
  if (own && !r->key[0])
    TRY(dla_pth_lookup(r, root, "net", &weights));
  else
    TRY(dla_pth_find_weights(r, root, &weights, name));
  if (!weights) return fail_no_weights(r, root);
  TRY(dla_pth_add_weights(r, weights));
  if (weights == root) return dla_tensor_set_note(r->set, "format", DLA_PYTORCH_FORMAT, r->err);
  TRY(find_optimizer(r, root, &optimizer));
  TRY(own ? read_own(r, own) : note_state(r, root));
  if (r->key_is_prefix) { /* the digests are of both models */
    dla_tensor_set_forget(r->set, DLA_DIGEST_KEY);
    dla_tensor_set_forget(r->set, DLA_WEIGHTS_DIGEST_KEY);
  }
  TRY(leave_out_rest(r, root, weights, optimizer));
  return optimizer ? read_optimizer(r, optimizer, !own) : DLA_OK;
}
