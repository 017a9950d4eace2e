/* A reader for Python's pickles that understands what data files hold and runs nothing.
 *
 * A pickle is a program for a stack machine, and may name any callable for Python to call. Here a
 * name is data: those that the reader's user lists are recognised, every other is refused by name.
 * Opcodes: those of protocols 2 to 4 that build None, booleans, numbers, strings, lists, tuples and
 * dicts (the reference is Lib/pickletools.py of CPython). */
#ifndef DLA_PICKLE_H
#define DLA_PICKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dla/status.h"

typedef enum dla_pickle_kind {
  DLA_PICKLE_NONE,
  DLA_PICKLE_BOOL,
  DLA_PICKLE_INT,
  DLA_PICKLE_FLOAT,
  DLA_PICKLE_STRING, /* str or bytes */
  DLA_PICKLE_GLOBAL, /* integer: the callable's id */
  DLA_PICKLE_LIST,
  DLA_PICKLE_TUPLE,
  DLA_PICKLE_DICT,       /* items: key, value, key, value ... */
  DLA_PICKLE_CALL,       /* items: the callable, its arguments, and the state if one was set */
  DLA_PICKLE_PERSISTENT, /* items: the id of something that lies outside the pickle */
  DLA_PICKLE_MARK,       /* only inside the reader */
} dla_pickle_kind;

typedef struct dla_pickle_value {
  dla_pickle_kind kind;
  size_t offset; /* of the opcode that made it, for errors */
  int64_t integer;
  double real;
  const uint8_t *bytes; /* of a string: points into the input */
  size_t count;         /* bytes of a string */
  size_t object;        /* which list, tuple, dict, call or persistent id */
} dla_pickle_value;

typedef struct dla_pickle_callable {
  const char *module, *name;
  int id; /* the user's own */
  enum {
    DLA_PICKLE_MAKES_CALL,
    DLA_PICKLE_MAKES_BYTES, /* _codecs.encode: how Python 3 writes bytes in protocol 2 */
    DLA_PICKLE_MAKES_DICT,  /* collections.OrderedDict */
  } makes;
} dla_pickle_callable;

/* What a kind of file may hold, and how errors about it read. */
typedef struct dla_pickle_dialect {
  const dla_pickle_callable *callables; /* up to a row without a name */
  bool persistent;                      /* are persistent ids expected? */
  const char *of;                       /* "dataset": '..., which no dataset needs' */
  const char *hint;                     /* what to do about a damaged one */
} dla_pickle_dialect;

typedef struct dla_pickle_input {
  const char *name; /* for errors */
  uint8_t *bytes;   /* decoded in place where Python 3 has written bytes as text */
  size_t size;
  const dla_pickle_dialect *dialect;
} dla_pickle_input;

typedef struct dla_pickle dla_pickle;

/* Reads the whole input as one pickle. The bytes must outlive the pickle. */
dla_status dla_pickle_parse(const dla_pickle_input *input, dla_pickle **pickle, dla_error *err);
void dla_pickle_free(dla_pickle *pickle);

const dla_pickle_value *dla_pickle_root(const dla_pickle *pickle);

/* The items of a list, tuple, dict, call or persistent id; valid as long as the pickle. NULL and
 * none of another value. */
const dla_pickle_value *dla_pickle_items(const dla_pickle *pickle, const dla_pickle_value *value,
                                         size_t *count);

/* The value of a string key in a dict; NULL if there is none, or if dict is no dict. */
const dla_pickle_value *dla_pickle_get(const dla_pickle *pickle, const dla_pickle_value *dict,
                                       const char *key);

bool dla_pickle_is_string(const dla_pickle_value *value, const char *text);

/* Is the value a call of callable `id`? If so, its arguments. */
bool dla_pickle_is_call(const dla_pickle *pickle, const dla_pickle_value *value, int id,
                        const dla_pickle_value **arguments, size_t *count);

#endif
