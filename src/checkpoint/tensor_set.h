/* A checkpoint in memory: named tensors, and a map from strings to strings. Both file formats are
 * read into one and written from one, so nothing else knows which format a file has.
 *
 * Names: model.<parameter>, optimizer.momentum.<parameter>; others are carried along. Start from
 * (dla_tensor_set){0}; the fields are for reading. */
#ifndef DLA_CHECKPOINT_TENSOR_SET_H
#define DLA_CHECKPOINT_TENSOR_SET_H

#include "base/strbuf.h"
#include "dla/dtype.h"
#include "dla/parameter_groups.h"
#include "dla/status.h"

typedef struct dla_tensor_entry {
  char *name;
  dla_dtype dtype;
  dla_shape shape;
  const void *bytes; /* little-endian, not aligned */
  size_t size;
} dla_tensor_entry;

typedef struct dla_note {
  char *key, *value;
} dla_note;

/* Something of the file that is not in the set: its name there, and what it is. */
typedef struct dla_left_out {
  char *key, *value;
  bool tensor; /* of a kind that we do not read */
} dla_left_out;

typedef struct dla_block {
  void *memory;
  void (*release)(void *memory);
} dla_block;

typedef struct dla_tensor_set {
  dla_tensor_entry *tensor;
  dla_note *note; /* the metadata */
  dla_block *block;
  size_t tensor_count, note_count, block_count;
  size_t tensor_capacity, note_capacity, block_capacity;
  const char *format; /* of the file that it was read from: "safetensors", "pth" */
  dla_left_out *left_out;
  size_t left_out_count, left_out_capacity;
  size_t tensors_left_out; /* of these, so many are tensors of kinds that we do not read */
  dla_strbuf warnings;     /* what of the file is not as it should be; a line each */
} dla_tensor_set;

void dla_tensor_set_free(dla_tensor_set *set);

/* A tensor whose bytes the caller keeps, or gives to the set with dla_tensor_set_own(). */
dla_status dla_tensor_set_add(dla_tensor_set *set, const char *name, dla_dtype dtype,
                              const dla_shape *shape, const void *bytes, dla_error *err);
/* A tensor with room of its own for the caller to fill. */
dla_status dla_tensor_set_make(dla_tensor_set *set, const char *name, dla_dtype dtype,
                               const dla_shape *shape, void **room, dla_error *err);
/* The same, or the room that such a tensor got before. All tensors of the set were made so. */
dla_status dla_tensor_set_room(dla_tensor_set *set, const char *name, dla_dtype dtype,
                               const dla_shape *shape, void **room, dla_error *err);
/* Memory that lives as long as the set, and is released at once if this fails. */
dla_status dla_tensor_set_own(dla_tensor_set *set, void *memory, void (*release)(void *memory),
                              dla_error *err);

/* Says that something of the file is not in the set; tensor: it is one, of a kind that we do not
 * read. */
dla_status dla_tensor_set_leave_out(dla_tensor_set *set, const char *name, const char *what,
                                    bool tensor, dla_error *err);
void dla_tensor_set_warn(dla_tensor_set *set, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

const dla_tensor_entry *dla_tensor_set_find(const dla_tensor_set *set, const char *name);

/* Appends to the metadata. */
dla_status dla_tensor_set_note(dla_tensor_set *set, const char *key, const char *value,
                               dla_error *err);
void dla_tensor_set_forget(dla_tensor_set *set, const char *key);
void dla_tensor_set_forget_notes(dla_tensor_set *set); /* all of it */
/* The value of a key, or NULL. */
const char *dla_tensor_set_get(const dla_tensor_set *set, const char *key);

/* The optimizer that the metadata names; where it names none, SGD, which once was the only one.
 * NULL: one that this version does not have. */
const dla_optimizer *dla_tensor_set_optimizer(const dla_tensor_set *set);

/* What its groups of parameters were created from, where there are any. */
#define DLA_GROUPS_KEY   "optimizer.groups"
#define DLA_NO_DECAY_KEY "optimizer.no_decay"
dla_status dla_tensor_set_groups(const dla_tensor_set *set, dla_parameter_groups **groups,
                                 dla_error *err);

/* Was it read from a .pth of another program? Its metadata then has this format. */
#define DLA_PYTORCH_FORMAT "pytorch"
bool dla_tensor_set_is_foreign(const dla_tensor_set *set);

/* Puts the tensors into the order of PyTorch's state_dict; see order.c. */
dla_status dla_tensor_set_order(dla_tensor_set *set, dla_error *err);

/* Refuses names that are used twice, too long, or no text. */
dla_status dla_tensor_set_check(const dla_tensor_set *set, const char *where, dla_error *err);

/* The first tensor with a number that nothing can be computed with, and that number: NaN, an
 * infinity, a running variance below zero. NULL: there is none; see numbers.c. */
const dla_tensor_entry *dla_tensor_set_find_bad(const dla_tensor_set *set, double *number);
/* Refuses a set that has one. */
dla_status dla_tensor_set_check_numbers(const dla_tensor_set *set, const char *where,
                                        dla_error *err);
/* The same of one tensor. */
dla_status dla_tensor_check_numbers(const dla_tensor_entry *tensor, const char *where,
                                    dla_error *err);

/* ---- The digest: SHA-256 of all names, types, shapes, numbers and metadata; see digest.c ---- */

#define DLA_DIGEST_KEY         "sha256"
/* The same without the optimizer's state, where there is any: for who does not read that. */
#define DLA_WEIGHTS_DIGEST_KEY "sha256_weights"

/* A tensor that the optimizer keeps? */
bool dla_tensor_is_optimizers(const char *name);
/* Does any? */
bool dla_tensor_set_has_optimizers(const dla_tensor_set *set);
/* States the digests in the metadata. */
dla_status dla_tensor_set_sign(dla_tensor_set *set, dla_error *err);
/* Refuses a set that is not what its digest says; one that states none passes. */
dla_status dla_tensor_set_verify(const dla_tensor_set *set, const char *where, dla_error *err);
/* The same by the digest of the weights; the optimizer's tensors are not looked at. */
dla_status dla_tensor_set_verify_weights(const dla_tensor_set *set, const char *where,
                                         dla_error *err);

/* ---- Files; see file.c ---- */

/* Reads and checks a file of either format, told apart by their content. key: where in a .pth the
 * weights are, as checkpoint.in_key; "": found by looking. On failure *set is empty. Errors:
 * DLA_E_INPUT with the path. */
dla_status dla_tensor_set_read(const char *path, const char *key, dla_tensor_set *set,
                               dla_error *err);
/* The same without what an optimizer keeps, whose bytes are not even read where the file has a
 * digest of the weights alone; where it has none, all of it is read and checked. */
dla_status dla_tensor_set_read_weights(const char *path, const char *key, dla_tensor_set *set,
                                       dla_error *err);
/* The same from bytes in memory, which must outlive the set; `where` names them in errors. */
dla_status dla_tensor_set_parse(const char *where, const void *bytes, size_t count, const char *key,
                                dla_tensor_set *set, dla_error *err);
/* Orders, signs, and writes a file that replaces path as a whole: in PyTorch's format where the
 * name ends in .pth, else safetensors. */
dla_status dla_tensor_set_write(dla_tensor_set *set, const char *path, dla_error *err);

#endif
