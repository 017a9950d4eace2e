/* The digest covers a checkpoint's content, not its format, so both formats have the same one.
 * docs/checkpoint-format.md defines it. */
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "checkpoint/names.h"
#include "checkpoint/tensor_set.h"

static int by_name(const void *a, const void *b)
{
  return strcmp((*(const dla_tensor_entry *const *)a)->name,
                (*(const dla_tensor_entry *const *)b)->name);
}

static int by_key(const void *a, const void *b)
{
  return strcmp((*(const dla_note *const *)a)->key, (*(const dla_note *const *)b)->key);
}

/* As 8 bytes, little-endian. */
static void add_number(dla_sha256_stream *sha, uint64_t number)
{
  dla_sha256_add(sha, &number, sizeof number);
}

static void add_text(dla_sha256_stream *sha, const char *text)
{
  add_number(sha, strlen(text));
  dla_sha256_add(sha, text, strlen(text));
}

/* Does the digest stored under `key` cover this note, this tensor? */
static bool covers_note(const char *key, const char *note)
{
  if (strcmp(note, DLA_DIGEST_KEY) == 0) return false;
  return strcmp(key, DLA_DIGEST_KEY) == 0 || strcmp(note, key) != 0;
}

static bool covers_tensor(const char *key, const char *name)
{
  return strcmp(key, DLA_DIGEST_KEY) == 0 || !dla_tensor_is_optimizers(name);
}

static void add_notes(dla_sha256_stream *sha, const dla_tensor_set *set, const char *key,
                      const dla_note **sorted)
{
  size_t count = 0;
  for (size_t i = 0; i < set->note_count; i++)
    if (covers_note(key, set->note[i].key)) sorted[count++] = &set->note[i];
  qsort(sorted, count, sizeof *sorted, by_key);
  add_number(sha, count);
  for (size_t i = 0; i < count; i++) {
    add_text(sha, sorted[i]->key);
    add_text(sha, sorted[i]->value);
  }
}

static void add_tensors(dla_sha256_stream *sha, const dla_tensor_set *set, const char *key,
                        const dla_tensor_entry **sorted)
{
  size_t count = 0;
  for (size_t i = 0; i < set->tensor_count; i++)
    if (covers_tensor(key, set->tensor[i].name)) sorted[count++] = &set->tensor[i];
  qsort(sorted, count, sizeof *sorted, by_name);
  add_number(sha, count);
  for (size_t i = 0; i < count; i++) {
    const dla_tensor_entry *tensor = sorted[i];
    add_text(sha, tensor->name);
    add_text(sha, dla_dtype_name(tensor->dtype));
    add_number(sha, (uint64_t)tensor->shape.rank);
    for (int k = 0; k < tensor->shape.rank; k++)
      add_number(sha, (uint64_t)tensor->shape.dim[k]);
    dla_sha256_add(sha, tensor->bytes, tensor->size);
  }
}

static dla_status digest(const dla_tensor_set *set, const char *key, char text[DLA_SHA256_TEXT],
                         dla_error *err)
{
  const dla_note **notes = malloc((set->note_count + 1) * sizeof(*notes));
  const dla_tensor_entry **tensors = malloc((set->tensor_count + 1) * sizeof(*tensors));
  dla_status status;
  if (notes && tensors) {
    dla_sha256_stream *sha = dla_sha256_begin();
    add_notes(sha, set, key, notes);
    add_tensors(sha, set, key, tensors);
    status = dla_sha256_end(sha, text, err);
  } else {
    status = dla_fail_memory(err, "a checkpoint's digest");
  }
  free(notes);
  free(tensors);
  return status;
}

static dla_status sign(dla_tensor_set *set, const char *key, dla_error *err)
{
  char text[DLA_SHA256_TEXT];
  dla_status status = digest(set, key, text, err);
  return status ? status : dla_tensor_set_note(set, key, text, err);
}

bool dla_tensor_is_optimizers(const char *name)
{
  return dla_name_after(name, DLA_NAME_OPTIMIZER) != NULL;
}

bool dla_tensor_set_has_optimizers(const dla_tensor_set *set)
{
  for (size_t i = 0; i < set->tensor_count; i++)
    if (dla_tensor_is_optimizers(set->tensor[i].name)) return true;
  return false;
}

/* Signs the weights first: the other digest covers that one, too. */
dla_status dla_tensor_set_sign(dla_tensor_set *set, dla_error *err)
{
  dla_status status = DLA_OK;
  dla_tensor_set_forget(set, DLA_DIGEST_KEY);
  dla_tensor_set_forget(set, DLA_WEIGHTS_DIGEST_KEY);
  if (dla_tensor_set_has_optimizers(set)) status = sign(set, DLA_WEIGHTS_DIGEST_KEY, err);
  return status ? status : sign(set, DLA_DIGEST_KEY, err);
}

static dla_status verify(const dla_tensor_set *set, const char *key, const char *where,
                         dla_error *err)
{
  char text[DLA_SHA256_TEXT];
  const char *stated = dla_tensor_set_get(set, key);
  dla_status status = stated ? digest(set, key, text, err) : DLA_OK;
  if (status || !stated || strcmp(text, stated) == 0) return status;
  return dla_fail(err, DLA_E_INPUT, where, "the file is damaged: use another checkpoint",
                  "the SHA-256 of its contents is not the one it states");
}

dla_status dla_tensor_set_verify(const dla_tensor_set *set, const char *where, dla_error *err)
{
  return verify(set, DLA_DIGEST_KEY, where, err);
}

dla_status dla_tensor_set_verify_weights(const dla_tensor_set *set, const char *where,
                                         dla_error *err)
{
  return verify(set, DLA_WEIGHTS_DIGEST_KEY, where, err);
}
