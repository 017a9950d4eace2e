/* The digest is of what a checkpoint says, not of how a file writes it down, so both formats have
 * the same; docs/checkpoint-format.md is its definition. */
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
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

/* As 8 bytes, the least significant first. */
static void add_number(dla_sha256_stream *sha, uint64_t number)
{
  dla_sha256_add(sha, &number, sizeof number);
}

static void add_text(dla_sha256_stream *sha, const char *text)
{
  add_number(sha, strlen(text));
  dla_sha256_add(sha, text, strlen(text));
}

static void add_notes(dla_sha256_stream *sha, const dla_tensor_set *set, const dla_note **sorted)
{
  size_t count = 0;
  for (size_t i = 0; i < set->note_count; i++)
    if (strcmp(set->note[i].key, DLA_DIGEST_KEY) != 0) sorted[count++] = &set->note[i];
  qsort(sorted, count, sizeof *sorted, by_key);
  add_number(sha, count);
  for (size_t i = 0; i < count; i++) {
    add_text(sha, sorted[i]->key);
    add_text(sha, sorted[i]->value);
  }
}

static void add_tensors(dla_sha256_stream *sha, const dla_tensor_set *set,
                        const dla_tensor_entry **sorted)
{
  for (size_t i = 0; i < set->tensor_count; i++)
    sorted[i] = &set->tensor[i];
  qsort(sorted, set->tensor_count, sizeof *sorted, by_name);
  add_number(sha, set->tensor_count);
  for (size_t i = 0; i < set->tensor_count; i++) {
    const dla_tensor_entry *tensor = sorted[i];
    add_text(sha, tensor->name);
    add_text(sha, dla_dtype_name(tensor->dtype));
    add_number(sha, (uint64_t)tensor->shape.rank);
    for (int k = 0; k < tensor->shape.rank; k++)
      add_number(sha, (uint64_t)tensor->shape.dim[k]);
    dla_sha256_add(sha, tensor->bytes, tensor->size);
  }
}

static dla_status digest(const dla_tensor_set *set, char text[DLA_SHA256_TEXT], dla_error *err)
{
  const dla_note **notes = malloc((set->note_count + 1) * sizeof(*notes));
  const dla_tensor_entry **tensors = malloc((set->tensor_count + 1) * sizeof(*tensors));
  dla_status status;
  if (notes && tensors) {
    dla_sha256_stream *sha = dla_sha256_begin();
    add_notes(sha, set, notes);
    add_tensors(sha, set, tensors);
    status = dla_sha256_end(sha, text, err);
  } else {
    status = dla_fail_memory(err, "a checkpoint's digest");
  }
  free(notes);
  free(tensors);
  return status;
}

dla_status dla_tensor_set_sign(dla_tensor_set *set, dla_error *err)
{
  char text[DLA_SHA256_TEXT];
  dla_status status = digest(set, text, err);
  if (status) return status;
  dla_tensor_set_forget(set, DLA_DIGEST_KEY);
  return dla_tensor_set_note(set, DLA_DIGEST_KEY, text, err);
}

dla_status dla_tensor_set_verify(const dla_tensor_set *set, const char *where, dla_error *err)
{
  char text[DLA_SHA256_TEXT];
  const char *stated = dla_tensor_set_get(set, DLA_DIGEST_KEY);
  dla_status status = stated ? digest(set, text, err) : DLA_OK;
  if (status || !stated || strcmp(text, stated) == 0) return status;
  return dla_fail(err, DLA_E_INPUT, where, "the file is damaged: use another checkpoint",
                  "the SHA-256 of its contents is not the one it states");
}
