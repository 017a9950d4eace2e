/* A .pth file during reading; shared by pth_*.c. */
#ifndef DLA_CHECKPOINT_PTH_READER_H
#define DLA_CHECKPOINT_PTH_READER_H

#include "base/fail_at.h"
#include "checkpoint/tensor_set.h"
#include "checkpoint/zip_read.h"
#include "pickle/pickle.h"

/* The bytes that tensors view. */
typedef struct dla_pth_storage {
  const uint8_t *key; /* its name in the pickle */
  size_t key_length;
  const uint8_t *bytes;
  size_t size;
} dla_pth_storage;

/* Limits on sharing. Tensors may share storages (tied weights, expand()), but a small file must
 * not grow large: so many times the file, and so many bytes. */
enum { DLA_PTH_SHARED_MAX = 4, DLA_PTH_SHARED_FREE = 256 << 20 };

typedef struct dla_pth_reader {
  const char *where;  /* the file */
  char data_pkl[512]; /* name of the pickle, for errors: "x.pth: archive/data.pkl" */
  const char *key;    /* the place of the weights; "": searches for it */
  bool key_is_prefix; /* key is a prefix of the weights' names */
  /* Storages are members of a zip archive or, in files from before PyTorch 1.6, in a list. */
  const dla_zip *zip;
  int prefix;             /* length of "archive/" in the members' names */
  const char *first_name; /* the name of a member with that prefix */
  dla_pth_storage *storage;
  size_t storage_count;
  bool big_endian;
  dla_pickle *pickle;
  size_t left;  /* bytes that tensors may still take */
  size_t looks; /* entries of dicts visited in search of the weights */
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

/* Is the value a tensor or a Parameter? Its type may be one that is not read. */
bool dla_pth_is_tensor(const dla_pth_reader *r, const dla_pickle_value *value);
/* Adds a tensor to the set under prefix + name. Leaves out types that are not read. Uses the
 * file's bytes if they are contiguous, else a copy. */
dla_status dla_pth_add_tensor(dla_pth_reader *r, const char *prefix, const char *name,
                              const dla_pickle_value *value);
/* The number in a one-element tensor. False: it has more elements, or is not read. */
bool dla_pth_scalar(dla_pth_reader *r, const dla_pickle_value *value, double *number);
/* False: not a tensor, or of a type that is not read. */
bool dla_pth_shape(dla_pth_reader *r, const dla_pickle_value *value, dla_shape *shape);
/* The persistent id of a storage. */
typedef struct dla_pth_storage_id {
  dla_dtype dtype;
  const dla_pickle_value *key;
  int64_t count; /* numbers */
} dla_pth_storage_id;
/* NULL: read. Otherwise the class of a storage that is not read ("torch.ComplexFloatStorage", in
 * title), or "" if it is not a storage. */
const char *dla_pth_read_storage_id(const dla_pickle *pickle, const dla_pickle_value *value,
                                    dla_pth_storage_id *id, char title[DLA_PICKLE_TITLE]);

/* ---- pth_weights.c: finds the dict with the weights ---- */

/* *name: its key for people, "" for the whole object. *weights is NULL if there are none. */
dla_status dla_pth_find_weights(dla_pth_reader *r, const dla_pickle_value *root,
                                const dla_pickle_value **weights, char name[DLA_PICKLE_TITLE]);
dla_status dla_pth_add_weights(dla_pth_reader *r, const dla_pickle_value *weights);
/* Removes what torch.nn.DataParallel and torch.compile add to a name. */
void dla_pth_make_bare(char *name);

/* ---- pth_values.c ---- */

/* A string of the pickle as a C string; free() it. NULL: not a string (*status is DLA_OK), or no
 * memory. */
char *dla_pth_text(dla_pth_reader *r, const dla_pickle_value *value, dla_status *status);
/* The value of a key; NULL: missing. A key that is there twice is an error: Python would take the
 * last. */
dla_status dla_pth_lookup(dla_pth_reader *r, const dla_pickle_value *dict, const char *key,
                          const dla_pickle_value **value);
/* A number: Python's, a numpy scalar, or a one-element tensor. */
bool dla_pth_number(dla_pth_reader *r, const dla_pickle_value *value, double *number);
/* Adds a number to the set's metadata. */
dla_status dla_pth_note(dla_pth_reader *r, const char *key, double number);
/* Notes that an entry of a dict is left out. */
dla_status dla_pth_leave_out(dla_pth_reader *r, const dla_pickle_value *key,
                             const dla_pickle_value *value);

/* ---- pth_groups.c ---- */

/* The state that torch.optim keeps of each tensor of the set; the model must have been read.
 * *kept is indexed by the place in the set; NULL: no state. `list` is param_groups. */
dla_status dla_pth_match_groups(dla_pth_reader *r, const dla_optimizer *rule,
                                const dla_pickle_value *list, const dla_pickle_value *state,
                                const dla_pickle_value **kept);

/* ---- pth_optimizer.c ---- */

/* Reads the optimizer's state of the tensors in the set. note: also adds lr and so on to the
 * metadata. */
dla_status dla_pth_read_optimizer(dla_pth_reader *r, const dla_pickle_value *optimizer, bool note);

#endif
