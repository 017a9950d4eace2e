/* A reader for Python's pickles that understands what CIFAR's files hold and runs nothing.
 *
 * A pickle is a program for a stack machine, and may name any callable for Python to call. Here a
 * name is data: the few that numpy writes for an array are recognised, every other is refused by
 * name. Opcodes: those of protocols 2 to 4 that build None, booleans, integers, strings, lists,
 * tuples and dicts (the reference is Lib/pickletools.py of CPython). */
#ifndef DLA_DATASET_PICKLE_H
#define DLA_DATASET_PICKLE_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/blob.h"

typedef enum dla_pickle_kind {
  DLA_PICKLE_NONE,
  DLA_PICKLE_BOOL,
  DLA_PICKLE_INT,
  DLA_PICKLE_STRING, /* str or bytes */
  DLA_PICKLE_LIST,
  DLA_PICKLE_TUPLE,
  DLA_PICKLE_DICT,   /* items: key, value, key, value ... */
  DLA_PICKLE_GLOBAL, /* integer: a dla_pickle_global */
  DLA_PICKLE_CALL,   /* items: the callable, its arguments, and the state if one was set */
  DLA_PICKLE_MARK,   /* only inside the reader */
} dla_pickle_kind;

typedef enum dla_pickle_global {
  DLA_PICKLE_RECONSTRUCT, /* numpy.core.multiarray._reconstruct */
  DLA_PICKLE_NDARRAY,     /* numpy.ndarray */
  DLA_PICKLE_DTYPE,       /* numpy.dtype */
  DLA_PICKLE_ENCODE,      /* _codecs.encode: how Python 3 writes bytes in protocol 2 */
} dla_pickle_global;

typedef struct dla_pickle_value {
  dla_pickle_kind kind;
  size_t offset; /* of the opcode that made it, for errors */
  int64_t integer;
  const uint8_t *bytes; /* of a string: points into the blob */
  size_t count;         /* bytes of a string */
  size_t object;        /* which list, tuple, dict or call */
} dla_pickle_value;

typedef struct dla_pickle dla_pickle;

/* Reads the whole blob as one pickle. The blob must outlive the pickle; its bytes are decoded in
 * place where Python 3 has written bytes as text. */
dla_status dla_pickle_read(const dla_blob *blob, dla_pickle **pickle, dla_error *err);
void dla_pickle_free(dla_pickle *pickle);

const dla_pickle_value *dla_pickle_root(const dla_pickle *pickle);

/* The items of a list, tuple, dict or call; valid as long as the pickle. */
const dla_pickle_value *dla_pickle_items(const dla_pickle *pickle, const dla_pickle_value *value,
                                         size_t *count);

/* The value of a string key in a dict; NULL if there is none, or if dict is no dict. */
const dla_pickle_value *dla_pickle_get(const dla_pickle *pickle, const dla_pickle_value *dict,
                                       const char *key);

#endif
