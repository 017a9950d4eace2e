/* A reader for Python's pickles, of protocols 0 to 5, that runs nothing.
 *
 * A pickle is a program for a stack machine, and may name any callable for Python to call. Here a
 * name is data, and so is a call: a value that says what would be called with which arguments.
 * Nothing is ever imported or called, so a file may contain whatever its program kept beside the
 * data. The reference for the opcodes is Lib/pickletools.py of CPython. */
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
  DLA_PICKLE_BIG,    /* an integer too large for int64; real: its sign and rough size */
  DLA_PICKLE_STRING, /* str, bytes or bytearray */
  DLA_PICKLE_LIST,
  DLA_PICKLE_TUPLE,
  DLA_PICKLE_SET,
  DLA_PICKLE_DICT,   /* items: key, value, key, value ... */
  DLA_PICKLE_GLOBAL, /* integer: the callable's id, or DLA_PICKLE_UNKNOWN; items: module, name */
  DLA_PICKLE_CALL,   /* items: the callable, its arguments, and if set its state; behind that
                        what was added to it as to a dict (dla_pickle_entries) */
  DLA_PICKLE_PERSISTENT, /* items: the id of something outside the pickle */
  DLA_PICKLE_MARK,       /* only inside the reader */
} dla_pickle_kind;

typedef struct dla_pickle_value {
  dla_pickle_kind kind;
  size_t offset; /* of the opcode that made it; for errors */
  int64_t integer;
  double real;
  const uint8_t *bytes; /* of a string; in the input, or owned by the pickle */
  size_t count;         /* bytes of a string */
  size_t object;        /* number of the object that has the items */
} dla_pickle_value;

enum { DLA_PICKLE_UNKNOWN = -1 };

typedef struct dla_pickle_callable {
  const char *module, *name;
  int id; /* chosen by the user of this module */
  enum {
    DLA_PICKLE_MAKES_CALL,
    DLA_PICKLE_MAKES_BYTES, /* _codecs.encode: how Python 3 writes bytes in protocol 2 */
    DLA_PICKLE_MAKES_DICT,  /* collections.OrderedDict, collections.defaultdict */
  } makes;
} dla_pickle_callable;

/* The callables that a kind of file uses, and the hint for errors about it. */
typedef struct dla_pickle_dialect {
  const dla_pickle_callable *callables; /* ends with a row without a name */
  const char *hint;                     /* what to do about a file that cannot be read */
} dla_pickle_dialect;

typedef struct dla_pickle_input {
  const char *name; /* for errors */
  const uint8_t *bytes;
  size_t size;
  const dla_pickle_dialect *dialect;
  bool more; /* more data may follow the pickle */
} dla_pickle_input;

typedef struct dla_pickle dla_pickle;

/* Reads the input as one pickle. The bytes must outlive the pickle. Time and memory are at most
 * proportional to the size of the input. */
dla_status dla_pickle_parse(const dla_pickle_input *input, dla_pickle **pickle, dla_error *err);
void dla_pickle_free(dla_pickle *pickle);

const dla_pickle_value *dla_pickle_root(const dla_pickle *pickle);
/* All references to things outside the pickle, each as often as it occurs. */
const dla_pickle_value *dla_pickle_persistent(const dla_pickle *pickle, size_t *count);
/* How many bytes of the input the pickle has. */
size_t dla_pickle_size(const dla_pickle *pickle);

/* The items of a value that has items; valid as long as the pickle. For other values: NULL, *count
 * 0. */
const dla_pickle_value *dla_pickle_items(const dla_pickle *pickle, const dla_pickle_value *value,
                                         size_t *count);

/* The keys and values of a dict, or of an object of a dict-like class (a call). For other values:
 * NULL, *count 0. */
const dla_pickle_value *dla_pickle_entries(const dla_pickle *pickle, const dla_pickle_value *value,
                                           size_t *count);

/* The value of a string key among the entries; NULL if there is none. The last one counts, as in
 * Python. */
const dla_pickle_value *dla_pickle_get(const dla_pickle *pickle, const dla_pickle_value *dict,
                                       const char *key);

bool dla_pickle_is_string(const dla_pickle_value *value, const char *text);

/* Whether the value is a global with that module and name. */
bool dla_pickle_is_global(const dla_pickle *pickle, const dla_pickle_value *value,
                          const char *module, const char *name);

/* A value's title for people: "None", "a list of 3", "argparse.Namespace". It has no control
 * characters. */
enum { DLA_PICKLE_TITLE = 128 };
const char *dla_pickle_title(const dla_pickle *pickle, const dla_pickle_value *value,
                             char title[DLA_PICKLE_TITLE]);

/* Whether the value is a call of callable `id`; if so, sets its arguments. */
bool dla_pickle_is_call(const dla_pickle *pickle, const dla_pickle_value *value, int id,
                        const dla_pickle_value **arguments, size_t *count);

#endif
