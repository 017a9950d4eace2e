/* A checkpoint in memory: named tensors, and a map from strings to strings. Both file formats are
 * read into one and written from one, so other code need not know a file's format.
 *
 * Names: model.<parameter>, optimizer.momentum.<parameter>; others are carried along. Start from
 * (dla_tensor_set){0}. The fields are read-only for others. */
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
  const void *bytes; /* little-endian, maybe unaligned */
  size_t size;
} dla_tensor_entry;

typedef struct dla_note {
  char *key, *value;
} dla_note;

/* An item of the file that is not in the set: its name there, and why. */
typedef struct dla_left_out {
  char *key, *value;
  bool tensor; /* it is a tensor, of a type that is not read */
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
  const char *format; /* of the source file: "safetensors", "pth" */
  dla_left_out *left_out;
  size_t left_out_count, left_out_capacity;
  size_t tensors_left_out; /* of these, the number of tensors */
  dla_strbuf warnings;     /* about the file; one per line */
} dla_tensor_set;

void dla_tensor_set_free(dla_tensor_set *set);

/* Adds a tensor whose bytes belong to the caller, or to the set after dla_tensor_set_own(). */
dla_status dla_tensor_set_add(dla_tensor_set *set, const char *name, dla_dtype dtype,
                              const dla_shape *shape, const void *bytes, dla_error *err);
/* Adds a tensor with room for the caller to fill. */
dla_status dla_tensor_set_make(dla_tensor_set *set, const char *name, dla_dtype dtype,
                               const dla_shape *shape, void **room, dla_error *err);
/* The same, or returns the room of an existing one. All tensors of the set must be made this
 * way. */
dla_status dla_tensor_set_room(dla_tensor_set *set, const char *name, dla_dtype dtype,
                               const dla_shape *shape, void **room, dla_error *err);
/* Ties memory to the set's lifetime. If this fails, the memory is released at once. */
dla_status dla_tensor_set_own(dla_tensor_set *set, void *memory, void (*release)(void *memory),
                              dla_error *err);

/* Notes that an item of the file is not in the set. tensor: it is a tensor of a type that is not
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
void dla_tensor_set_forget_notes(dla_tensor_set *set); /* all metadata */
/* The value of a key, or NULL. */
const char *dla_tensor_set_get(const dla_tensor_set *set, const char *key);

/* The optimizer that the metadata names. Without a name it is SGD, once the only one. NULL: this
 * version lacks the optimizer. */
const dla_optimizer *dla_tensor_set_optimizer(const dla_tensor_set *set);

/* The text of the optimizer's parameter groups, if there are any. */
#define DLA_GROUPS_KEY   "optimizer.groups"
#define DLA_NO_DECAY_KEY "optimizer.no_decay"
dla_status dla_tensor_set_groups(const dla_tensor_set *set, dla_parameter_groups **groups,
                                 dla_error *err);

/* Was it read from another program's .pth? Then its metadata has this format. */
#define DLA_PYTORCH_FORMAT "pytorch"
bool dla_tensor_set_is_foreign(const dla_tensor_set *set);

/* Sorts the tensors into the order of PyTorch's state_dict; see order.c. */
dla_status dla_tensor_set_order(dla_tensor_set *set, dla_error *err);

/* Refuses names that are duplicate, too long, or not text. */
dla_status dla_tensor_set_check(const dla_tensor_set *set, const char *where, dla_error *err);

/* The first tensor with an unusable number, and that number: NaN, an infinity, a running variance
 * below zero. NULL: none; see numbers.c. */
const dla_tensor_entry *dla_tensor_set_find_bad(const dla_tensor_set *set, double *number);
/* Refuses a set with such a number. */
dla_status dla_tensor_set_check_numbers(const dla_tensor_set *set, const char *where,
                                        dla_error *err);
/* The same for one tensor. */
dla_status dla_tensor_check_numbers(const dla_tensor_entry *tensor, const char *where,
                                    dla_error *err);

/* ---- The digest: SHA-256 of all names, types, shapes, numbers and metadata; see digest.c ---- */

#define DLA_DIGEST_KEY         "sha256"
/* The digest without the optimizer's state, if there is one: for readers that skip it. */
#define DLA_WEIGHTS_DIGEST_KEY "sha256_weights"

/* Is the tensor an optimizer state? */
bool dla_tensor_is_optimizers(const char *name);
/* Is there an optimizer state? */
bool dla_tensor_set_has_optimizers(const dla_tensor_set *set);
/* Writes the digests to the metadata. */
dla_status dla_tensor_set_sign(dla_tensor_set *set, dla_error *err);
/* Refuses a set that does not match its digest. A set without a digest passes. */
dla_status dla_tensor_set_verify(const dla_tensor_set *set, const char *where, dla_error *err);
/* The same with the digest of the weights. The optimizer's tensors are not checked. */
dla_status dla_tensor_set_verify_weights(const dla_tensor_set *set, const char *where,
                                         dla_error *err);

/* ---- Files; see file.c ---- */

/* DLA_E_INPUT: the path is a folder. The hint names the checkpoint in it, if it is a run's. */
dla_status dla_tensor_set_refuse_folder(const char *path, dla_error *err);
/* Reads and checks a file of either format, detected by content. key: the place of the weights in
 * a .pth, as checkpoint.in_key; "": searches for it. On failure *set is empty. Errors:
 * DLA_E_INPUT with the path. */
dla_status dla_tensor_set_read(const char *path, const char *key, dla_tensor_set *set,
                               dla_error *err);
/* The same without the optimizer's states. If the file has a digest of the weights alone, the
 * states' bytes are not read at all; otherwise everything is read and checked. */
dla_status dla_tensor_set_read_weights(const char *path, const char *key, dla_tensor_set *set,
                                       dla_error *err);
/* The same from bytes in memory, which must outlive the set. `where` names them in errors. */
dla_status dla_tensor_set_parse(const char *where, const void *bytes, size_t count, const char *key,
                                dla_tensor_set *set, dla_error *err);
/* Orders, signs, and writes a file that replaces path atomically: PyTorch's format if the name
 * ends in .pth, else safetensors. */
dla_status dla_tensor_set_write(dla_tensor_set *set, const char *path, dla_error *err);

#endif
