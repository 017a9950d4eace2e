/* A .pth file while it is being read; shared by pth_read.c and pth_tensor.c. */
#ifndef DLA_CHECKPOINT_PTH_READER_H
#define DLA_CHECKPOINT_PTH_READER_H

#include "checkpoint/tensor_set.h"
#include "checkpoint/zip_read.h"
#include "pickle/pickle.h"

typedef struct dla_pth_reader {
  const char *where;  /* the file */
  char data_pkl[200]; /* of the pickle, for errors: "x.pth: archive/data.pkl" */
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

/* The number that a tensor without dimensions is. */
dla_status dla_pth_read_number(dla_pth_reader *r, const dla_pickle_value *value, double *number);

#endif
