/* A .pth file while it is being read; shared by pth_*.c. */
#ifndef DLA_CHECKPOINT_PTH_READER_H
#define DLA_CHECKPOINT_PTH_READER_H

#include "base/fail_at.h"
#include "checkpoint/tensor_set.h"
#include "checkpoint/zip_read.h"
#include "pickle/pickle.h"

/* The bytes that tensors are views of. */
typedef struct dla_pth_storage {
  const uint8_t *key; /* its name in the pickle */
  size_t key_length;
  const uint8_t *bytes;
  size_t size;
} dla_pth_storage;

/* Tensors may share storages (tied weights, expand()), but not so often that a small file becomes
 * large: so many times the file, and so many bytes. */
enum { DLA_PTH_SHARED_MAX = 4, DLA_PTH_SHARED_FREE = 256 << 20 };

typedef struct dla_pth_reader {
  const char *where;  /* the file */
  char data_pkl[512]; /* of the pickle, for errors: "x.pth: archive/data.pkl" */
  const char *key;    /* where the weights are; "": found by looking */
  bool key_is_prefix; /* it is what the names of those that are meant start with */
  /* Storages are members of a zip archive, or, in files from before PyTorch 1.6, a list. */
  const dla_zip *zip;
  int prefix;             /* length of "archive/" in the members' names */
  const char *first_name; /* a member's name that starts with it */
  dla_pth_storage *storage;
  size_t storage_count;
  bool big_endian;
  dla_pickle *pickle;
  size_t left;  /* bytes that tensors may still have */
  size_t looks; /* at entries of dicts, in search of the weights */
  dla_tensor_set *set;
  dla_error *err;
} dla_pth_reader;

extern const dla_pickle_dialect dla_pth_dialect;

/* DLA_E_INPUT at a value of the pickle. */
#define DLA_PTH_FAIL(r, value, ...)                                                                \
  dla_fail_at((r)->err, (r)->data_pkl, (value)->offset, dla_pth_dialect.hint, __VA_ARGS__)

/* ---- pth_root.c: the pickle's dict ---- */

/* Reads r->pickle: weights, numbers, optimizer. */
dla_status dla_pth_read_root(dla_pth_reader *r);

/* ---- pth_legacy.c: the containers of before PyTorch 1.6 ---- */

bool dla_pth_is_legacy(const void *bytes, size_t count);
dla_status dla_pth_read_legacy(dla_pth_reader *r, const void *bytes, size_t count);

/* ---- pth_tensor.c ---- */

/* Is the value a tensor, a Parameter included? It may be one of a kind that is not read. */
bool dla_pth_is_tensor(const dla_pth_reader *r, const dla_pickle_value *value);
/* Adds a tensor to the set under prefix + name; leaves out one of a kind that is not read. Its
 * bytes are the file's where they lie there in order, else a copy. */
dla_status dla_pth_add_tensor(dla_pth_reader *r, const char *prefix, const char *name,
                              const dla_pickle_value *value);
/* The number that a tensor with one element is; false: it has more, or is not read. */
bool dla_pth_scalar(dla_pth_reader *r, const dla_pickle_value *value, double *number);
/* False: it is no tensor, or of a kind that is not read. */
bool dla_pth_shape(dla_pth_reader *r, const dla_pickle_value *value, dla_shape *shape);
/* What a persistent id says of a storage. */
typedef struct dla_pth_storage_id {
  dla_dtype dtype;
  const dla_pickle_value *key;
  int64_t count; /* numbers */
} dla_pth_storage_id;
/* NULL, or the class of a storage that is not read ("torch.ComplexFloatStorage", into title); ""
 * for what is no storage. */
const char *dla_pth_read_storage_id(const dla_pickle *pickle, const dla_pickle_value *value,
                                    dla_pth_storage_id *id, char title[DLA_PICKLE_TITLE]);

/* ---- pth_weights.c: which of the pickle's dicts holds the weights ---- */

/* *name: its key for people, "" for the whole; *weights is NULL where nothing holds any. */
dla_status dla_pth_find_weights(dla_pth_reader *r, const dla_pickle_value *root,
                                const dla_pickle_value **weights, char name[DLA_PICKLE_TITLE]);
dla_status dla_pth_add_weights(dla_pth_reader *r, const dla_pickle_value *weights);
/* Takes from a name what torch.nn.DataParallel and torch.compile put into it. */
void dla_pth_make_bare(char *name);

/* ---- pth_values.c ---- */

/* A string of the pickle as C has them; NULL where it is none (then *status is DLA_OK), or without
 * memory. free() it. */
char *dla_pth_text(dla_pth_reader *r, const dla_pickle_value *value, dla_status *status);
/* A key's value, which may be missing (NULL) but not be there twice: Python would take the last. */
dla_status dla_pth_lookup(dla_pth_reader *r, const dla_pickle_value *dict, const char *key,
                          const dla_pickle_value **value);
/* A number: one of Python's, a numpy scalar, or a tensor with one element. */
bool dla_pth_number(dla_pth_reader *r, const dla_pickle_value *value, double *number);
/* Notes a number in the set's metadata. */
dla_status dla_pth_note(dla_pth_reader *r, const char *key, double number);
/* Notes that an entry of a dict is not taken. */
dla_status dla_pth_leave_out(dla_pth_reader *r, const dla_pickle_value *key,
                             const dla_pickle_value *value);

/* ---- pth_groups.c ---- */

/* What torch.optim's state_dict keeps of each tensor of the set, whose model has been read: *kept
 * by its place in the set, NULL where there is nothing. `list` is its param_groups. */
dla_status dla_pth_match_groups(dla_pth_reader *r, const dla_optimizer *rule,
                                const dla_pickle_value *list, const dla_pickle_value *state,
                                const dla_pickle_value **kept);

/* ---- pth_optimizer.c ---- */

/* The optimizer's state of the tensors that are in the set, and, if asked for, notes of lr and so
 * on. */
dla_status dla_pth_read_optimizer(dla_pth_reader *r, const dla_pickle_value *optimizer, bool note);

#endif
