#include "checkpoint/tensor_set.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/one_line.h"
#include "base/utf8.h"

/* The longest parameter name here is a quarter of it. The limit exists because names are split
 * recursively. */
enum { NAME_MAX_LENGTH = 255 };

void dla_tensor_set_free(dla_tensor_set *set)
{
  for (size_t i = 0; i < set->tensor_count; i++)
    free(set->tensor[i].name);
  for (size_t i = 0; i < set->note_count; i++) {
    free(set->note[i].key);
    free(set->note[i].value);
  }
  for (size_t i = 0; i < set->left_out_count; i++) {
    free(set->left_out[i].key);
    free(set->left_out[i].value);
  }
  free(set->left_out);
  dla_strbuf_free(&set->warnings);
  for (size_t i = 0; i < set->block_count; i++)
    set->block[i].release(set->block[i].memory);
  free(set->tensor);
  free(set->note);
  free(set->block);
  *set = (dla_tensor_set){0};
}

dla_status dla_tensor_set_add(dla_tensor_set *set, const char *name, dla_dtype dtype,
                              const dla_shape *shape, const void *bytes, dla_error *err)
{
  if (!DLA_ARRAY_RESERVE(set->tensor, set->tensor_capacity, set->tensor_count, 1))
    return dla_fail_memory(err, "a checkpoint");
  dla_tensor_entry entry = {strdup(name), dtype, *shape, bytes, 0};
  if (!entry.name) return dla_fail_memory(err, "a checkpoint");
  if (!dla_dtype_bytes(dtype, shape, &entry.size)) {
    free(entry.name);
    return dla_fail(err, DLA_E_INPUT, NULL, NULL, "tensor '%s' has an impossible shape", name);
  }
  set->tensor[set->tensor_count++] = entry;
  return DLA_OK;
}

dla_status dla_tensor_set_own(dla_tensor_set *set, void *memory, void (*release)(void *memory),
                              dla_error *err)
{
  if (!DLA_ARRAY_RESERVE(set->block, set->block_capacity, set->block_count, 1)) {
    release(memory);
    return dla_fail_memory(err, "a checkpoint");
  }
  set->block[set->block_count++] = (dla_block){memory, release};
  return DLA_OK;
}

dla_status dla_tensor_set_make(dla_tensor_set *set, const char *name, dla_dtype dtype,
                               const dla_shape *shape, void **room, dla_error *err)
{
  dla_status status = dla_tensor_set_add(set, name, dtype, shape, NULL, err);
  if (status) return status;
  dla_tensor_entry *entry = &set->tensor[set->tensor_count - 1];
  *room = malloc(entry->size ? entry->size : 1);
  if (!*room) return dla_fail_memory(err, "a checkpoint");
  entry->bytes = *room;
  return dla_tensor_set_own(set, *room, free, err);
}

dla_status dla_tensor_set_room(dla_tensor_set *set, const char *name, dla_dtype dtype,
                               const dla_shape *shape, void **room, dla_error *err)
{
  const dla_tensor_entry *known = dla_tensor_set_find(set, name);
  if (!known || known->dtype != dtype || !dla_shape_equal(&known->shape, shape))
    return dla_tensor_set_make(set, name, dtype, shape, room, err);
  *room = (void *)known->bytes; /* the set made it, so it may be written */
  return DLA_OK;
}

const dla_tensor_entry *dla_tensor_set_find(const dla_tensor_set *set, const char *name)
{
  for (size_t i = 0; i < set->tensor_count; i++)
    if (strcmp(set->tensor[i].name, name) == 0) return &set->tensor[i];
  return NULL;
}

dla_status dla_tensor_set_note(dla_tensor_set *set, const char *key, const char *value,
                               dla_error *err)
{
  if (!DLA_ARRAY_RESERVE(set->note, set->note_capacity, set->note_count, 1))
    return dla_fail_memory(err, "a checkpoint");
  dla_note note = {strdup(key), strdup(value)};
  if (note.key && note.value) {
    set->note[set->note_count++] = note;
    return DLA_OK;
  }
  free(note.key);
  free(note.value);
  return dla_fail_memory(err, "a checkpoint");
}

dla_status dla_tensor_set_leave_out(dla_tensor_set *set, const char *name, const char *what,
                                    bool tensor, dla_error *err)
{
  if (!DLA_ARRAY_RESERVE(set->left_out, set->left_out_capacity, set->left_out_count, 1))
    return dla_fail_memory(err, "a checkpoint");
  dla_left_out note = {strdup(name), strdup(what), tensor};
  set->tensors_left_out += tensor;
  set->left_out[set->left_out_count++] = note;
  return note.key && note.value ? DLA_OK : dla_fail_memory(err, "a checkpoint");
}

void dla_tensor_set_warn(dla_tensor_set *set, const char *format, ...)
{
  char line[1024];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  dla_one_line(line);
  dla_strbuf_printf(&set->warnings, "%s\n", line);
}

static dla_note *find_note(const dla_tensor_set *set, const char *key)
{
  for (size_t i = 0; i < set->note_count; i++)
    if (strcmp(set->note[i].key, key) == 0) return &set->note[i];
  return NULL;
}

void dla_tensor_set_forget(dla_tensor_set *set, const char *key)
{
  dla_note *note = find_note(set, key);
  if (!note) return;
  free(note->key);
  free(note->value);
  size_t after = set->note_count - (size_t)(note - set->note) - 1;
  memmove(note, note + 1, after * sizeof *note);
  set->note_count--;
}

void dla_tensor_set_forget_notes(dla_tensor_set *set)
{
  while (set->note_count)
    dla_tensor_set_forget(set, set->note[set->note_count - 1].key);
}

const char *dla_tensor_set_get(const dla_tensor_set *set, const char *key)
{
  const dla_note *note = find_note(set, key);
  return note ? note->value : NULL;
}

const dla_optimizer *dla_tensor_set_optimizer(const dla_tensor_set *set)
{
  const char *name = dla_tensor_set_get(set, "optimizer");
  return name ? dla_optimizer_find(name) : dla_optimizer_at(0);
}

bool dla_tensor_set_is_foreign(const dla_tensor_set *set)
{
  const char *format = dla_tensor_set_get(set, "format");
  return format && strcmp(format, DLA_PYTORCH_FORMAT) == 0;
}

dla_status dla_tensor_set_groups(const dla_tensor_set *set, dla_parameter_groups **groups,
                                 dla_error *err)
{
  const bool no_decay = dla_tensor_set_get(set, DLA_NO_DECAY_KEY) != NULL;
  return dla_parameter_groups_create(dla_tensor_set_get(set, DLA_GROUPS_KEY),
                                     no_decay ? DLA_NO_DECAY_NORM_AND_BIAS : DLA_NO_DECAY_NONE,
                                     groups, err);
}

static int by_text(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names go to terminals and other files, so they must be text without control characters. */
static dla_status check_name(const char *name, const char *where, dla_error *err)
{
  char *plain = strdup(name);
  if (!plain) return dla_fail_memory(err, "a checkpoint");
  dla_one_line(plain);
  const bool text = dla_utf8_valid(name) && strcmp(plain, name) == 0;
  free(plain);
  if (!text || !*name || strlen(name) > NAME_MAX_LENGTH)
    return dla_fail(err, DLA_E_INPUT, where, "a name is text of up to 255 bytes",
                    "it has a name that cannot be: '%.80s'", name);
  return DLA_OK;
}

static dla_status check_names(char **names, size_t count, const char *kind, const char *where,
                              dla_error *err)
{
  dla_status status = DLA_OK;
  qsort(names, count, sizeof *names, by_text);
  for (size_t i = 0; i < count && !status; i++) {
    status = check_name(names[i], where, err);
    if (!status && i && strcmp(names[i - 1], names[i]) == 0)
      status =
          dla_fail(err, DLA_E_INPUT, where, "the program that wrote it mixed two sets of names",
                   "it has the %s '%s' twice", kind, names[i]);
  }
  return status;
}

dla_status dla_tensor_set_check(const dla_tensor_set *set, const char *where, dla_error *err)
{
  size_t larger = set->tensor_count > set->note_count ? set->tensor_count : set->note_count;
  char **names = malloc((larger + 1) * sizeof *names);
  if (!names) return dla_fail_memory(err, "a checkpoint");
  for (size_t i = 0; i < set->tensor_count; i++)
    names[i] = set->tensor[i].name;
  dla_status status = check_names(names, set->tensor_count, "tensor", where, err);
  for (size_t i = 0; i < set->note_count; i++)
    names[i] = set->note[i].key;
  if (!status) status = check_names(names, set->note_count, "metadata", where, err);
  for (size_t i = 0; i < set->note_count && !status; i++)
    if (!dla_utf8_valid(set->note[i].value))
      status = dla_fail(err, DLA_E_INPUT, where, NULL, "the metadata '%s' is no text", names[i]);
  free(names);
  return status;
}
