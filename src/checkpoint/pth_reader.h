/* A .pth file while it is being read; shared by pth_*.c. */
#ifndef DLA_CHECKPOINT_PTH_READER_H
#define DLA_CHECKPOINT_PTH_READER_H

#include "base/fail_at.h"
#include "checkpoint/tensor_set.h"
#include "checkpoint/zip_read.h"
#include "pickle/pickle.h"

typedef struct dla_pth_reader {
  const char *where;  /* the file */
  char data_pkl[512]; /* of the pickle, for errors: "x.pth: archive/data.pkl" */
  const dla_zip *zip;
  int prefix;             /* length of "archive/" in the members' names */
  const char *first_name; /* a member's name that starts with it */
  dla_pickle *pickle;
  size_t left; /* bytes that tensors may still have */
  dla_tensor_set *set;
  dla_error *err;
} dla_pth_reader;

extern const dla_pickle_dialect dla_pth_dialect;

/* DLA_E_INPUT at a value of the pickle. */
#define DLA_PTH_FAIL(r, value, ...)                                                                \
  dla_fail_at((r)->err, (r)->data_pkl, (value)->offset, dla_pth_dialect.hint, __VA_ARGS__)

/* Is the value a tensor, a Parameter included? */
bool dla_pth_is_tensor(const dla_pth_reader *r, const dla_pickle_value *value);

/* Adds a tensor to the set. Its bytes are the zip member's where they lie there in order, else a
 * copy. */
dla_status dla_pth_add_tensor(dla_pth_reader *r, const char *name, const dla_pickle_value *value);

/* The same under prefix + name; refuses what is no tensor. */
dla_status dla_pth_add_named(dla_pth_reader *r, const char *prefix, const char *name,
                             const dla_pickle_value *value);
/* The number that a tensor without dimensions is. */
dla_status dla_pth_scalar(dla_pth_reader *r, const dla_pickle_value *value, double *number);

/* A key's value, which may be missing (NULL) but not be there twice: Python would take the last. */
dla_status dla_pth_lookup(dla_pth_reader *r, const dla_pickle_value *dict, const char *key,
                          const dla_pickle_value **value);
/* A number: one of Python's, or a tensor without dimensions. The key is for errors. */
dla_status dla_pth_number(dla_pth_reader *r, const char *key, const dla_pickle_value *value,
                          double *number);
/* Notes a number in the set's metadata. */
dla_status dla_pth_note(dla_pth_reader *r, const char *key, double number);

/* Momentum of the tensors that are in the set, and, if asked for, notes of lr and so on. */
dla_status dla_pth_read_optimizer(dla_pth_reader *r, const dla_pickle_value *optimizer, bool note);

#endif
