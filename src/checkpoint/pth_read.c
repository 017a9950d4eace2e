/* The pickle of a .pth: {'net': state_dict, 'acc': percent, 'epoch': n, 'optimizer': SGD's
 * state_dict, 'dla_train': what only this program writes}, or a state_dict alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/try.h"
#include "checkpoint/names.h"
#include "checkpoint/pth.h"
#include "checkpoint/pth_reader.h"

/* Tensors may share storages (tied weights), but not so often that a small file becomes large. */
enum { SHARED_MAX = 4 };

static const char zip_magic[] = "PK\3\4";
/* Before PyTorch 1.6: the pickled number 0x1950a86a20f9469cfc6c (torch/serialization.py). */
static const char legacy_magic[] = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
/* Before PyTorch 0.1.10: a tar archive, which says so at byte 257. */
static const char tar_magic[] = "ustar";
enum { TAR_MAGIC_AT = 257 };

static bool starts(const void *bytes, size_t count, size_t at, const char *magic)
{
  size_t length = strlen(magic);
  return count >= at + length && memcmp((const char *)bytes + at, magic, length) == 0;
}

bool dla_pth_is(const void *bytes, size_t count)
{
  return starts(bytes, count, 0, zip_magic) || starts(bytes, count, 0, legacy_magic) ||
         starts(bytes, count, TAR_MAGIC_AT, tar_magic);
}

/* A string of the pickle as C has them; NULL with *status set where that cannot be. */
static char *new_text(dla_pth_reader *r, const dla_pickle_value *value, dla_status *status)
{
  if (value->kind != DLA_PICKLE_STRING || memchr(value->bytes, 0, value->count)) {
    *status = DLA_PTH_FAIL(r, value, "there should be a text");
    return NULL;
  }
  char *text = malloc(value->count + 1);
  if (!text) {
    *status = dla_fail_memory(r->err, "a checkpoint");
    return NULL;
  }
  memcpy(text, value->bytes, value->count);
  text[value->count] = '\0';
  *status = DLA_OK;
  return text;
}

/* Without what torch.nn.DataParallel and torch.compile put in front. */
static const char *bare(const char *name)
{
  static const char *const prefixes[] = {"module.", "_orig_mod."};
  for (size_t i = 0; i < 2;) {
    const char *rest = dla_name_after(name, prefixes[i]);
    name = rest ? rest : name;
    i = rest ? 0 : i + 1;
  }
  return name;
}

static dla_status read_net(dla_pth_reader *r, const dla_pickle_value *net)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_items(r->pickle, net, &count);
  if (net->kind != DLA_PICKLE_DICT) return DLA_PTH_FAIL(r, net, "'net' is no state_dict");
  for (size_t i = 0; i < count; i += 2) {
    dla_status status;
    char *name = new_text(r, &items[i], &status);
    if (name) status = dla_pth_add_named(r, DLA_NAME_MODEL, bare(name), &items[i + 1]);
    free(name);
    TRY(status);
  }
  return DLA_OK;
}

static dla_status read_own(dla_pth_reader *r, const dla_pickle_value *own)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_items(r->pickle, own, &count);
  if (own->kind != DLA_PICKLE_DICT) return DLA_PTH_FAIL(r, own, "'" DLA_PTH_OWN "' is no dict");
  for (size_t i = 0; i < count; i += 2) {
    dla_status status;
    char *value = NULL, *key = new_text(r, &items[i], &status);
    if (key && dla_pth_is_tensor(r, &items[i + 1]))
      status = dla_pth_add_tensor(r, key, &items[i + 1]);
    else if (key && (value = new_text(r, &items[i + 1], &status)))
      status = dla_tensor_set_note(r->set, key, value, r->err);
    free(key);
    free(value);
    TRY(status);
  }
  return DLA_OK;
}

/* Of a file by another program: the number of steps, which batch norms count. */
static dla_status note_step(dla_pth_reader *r)
{
  for (size_t i = 0; i < r->set->tensor_count; i++) {
    const dla_tensor_entry *t = &r->set->tensor[i];
    if (!dla_name_ends(t->name, ".num_batches_tracked") || t->dtype != DLA_I64 || t->size != 8)
      continue;
    return dla_pth_note(r, "step", dla_dtype_number(t->dtype, t->bytes, 0));
  }
  return DLA_OK;
}

/* 'epoch' is where the PyTorch program goes on, counted from 0: as many are finished. */
static dla_status note_state(dla_pth_reader *r, const dla_pickle_value *root)
{
  static const char *const keys[] = {"epoch", "acc"}, *const notes[] = {"epoch", "best_accuracy"};
  TRY(dla_tensor_set_note(r->set, "format", "pytorch", r->err));
  TRY(note_step(r));
  for (int i = 0; i < 2; i++) {
    const dla_pickle_value *value = NULL;
    double number;
    TRY(dla_pth_lookup(r, root, keys[i], &value));
    if (!value) continue;
    TRY(dla_pth_number(r, keys[i], value, &number));
    TRY(dla_pth_note(r, notes[i], i ? number / 100 : number)); /* 'acc' is in percent */
  }
  return DLA_OK;
}

static dla_status read_root(dla_pth_reader *r)
{
  const dla_pickle_value *root = dla_pickle_root(r->pickle), *net = NULL, *optimizer = NULL,
                         *own = NULL;
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_items(r->pickle, root, &count);
  if (root->kind != DLA_PICKLE_DICT) return DLA_PTH_FAIL(r, root, "it holds no dict");
  TRY(dla_pth_lookup(r, root, "net", &net));
  if (!net && !(count && dla_pth_is_tensor(r, &items[1])))
    return DLA_PTH_FAIL(r, root, "it has neither 'net' nor is it a state_dict itself");
  TRY(read_net(r, net ? net : root));
  if (!net) return dla_tensor_set_note(r->set, "format", "pytorch", r->err);
  TRY(dla_pth_lookup(r, root, "optimizer", &optimizer));
  TRY(dla_pth_lookup(r, root, DLA_PTH_OWN, &own));
  TRY(own ? read_own(r, own) : note_state(r, root));
  return optimizer ? dla_pth_read_optimizer(r, optimizer, !own) : DLA_OK;
}

static dla_status read_zip(dla_pth_reader *r)
{
  static const char pickle_name[] = "data.pkl";
  const dla_zip_member *data = dla_zip_find_end(r->zip, "/data.pkl");
  if (!data)
    return dla_fail(r->err, DLA_E_INPUT, r->where, "give a file that torch.save wrote",
                    "the zip archive has no data.pkl: it is no checkpoint of PyTorch");
  r->first_name = data->name;
  r->prefix = (int)(strlen(data->name) + 1 - sizeof pickle_name);
  snprintf(r->data_pkl, sizeof r->data_pkl, "%s: %s", r->where, data->name);
  char name[512];
  snprintf(name, sizeof name, "%.*sbyteorder", r->prefix, r->first_name);
  const dla_zip_member *order = dla_zip_find(r->zip, name);
  if (order && (order->size != 6 || memcmp(order->bytes, "little", 6) != 0))
    return dla_fail(r->err, DLA_E_INPUT, r->where, NULL,
                    "its numbers are not stored least significant byte first");
  const dla_pickle_input input = {r->data_pkl, data->bytes, data->size, &dla_pth_dialect, false};
  TRY(dla_pickle_parse(&input, &r->pickle, r->err));
  return read_root(r);
}

dla_status dla_pth_parse(const char *where, const void *bytes, size_t count, dla_tensor_set *set,
                         dla_error *err)
{
  if (!starts(bytes, count, 0, zip_magic))
    return dla_fail(
        err, DLA_E_UNSUPPORTED, where, "load it in PyTorch 1.6 or later, and torch.save it again",
        "it has PyTorch's older %s format, which is not supported",
        starts(bytes, count, 0, legacy_magic) ? "pickle (before 1.6)" : "tar (before 0.1.10)");
  dla_zip *zip = NULL;
  TRY(dla_zip_read(where, bytes, count, &zip, err));
  TRY(dla_tensor_set_own(set, zip, dla_zip_free, err));
  dla_pth_reader r = {
      .where = where, .zip = zip, .left = SHARED_MAX * count, .set = set, .err = err};
  dla_status status = read_zip(&r);
  dla_pickle_free(r.pickle);
  return status;
}
