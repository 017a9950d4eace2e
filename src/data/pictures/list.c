#define _GNU_SOURCE /* qsort_r() */
#include "data/pictures/list.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/hash.h"

static const char what[] = "the list of the pictures";

dla_status dla_picture_list_place(dla_picture_list *list, const char *path, dla_place_kind kind,
                                  int fd, int *place, dla_error *err)
{
  dla_picture_place made = {.path = strdup(path), .kind = kind, .fd = fd, .source = list->source};
  if (!made.path || list->place_count == DLA_PLACES_MAX) {
    free(made.path);
    if (fd >= 0) close(fd);
    return dla_fail_memory(err, what);
  }
  *place = list->place_count++;
  list->places[*place] = made;
  return DLA_OK;
}

/* ---- Folders ---- */

static uint64_t hash_of(int place, const char *path, size_t length)
{
  return dla_hash(dla_hash(DLA_HASH_EMPTY, path, length), &place, sizeof place);
}

static bool grow_table(dla_picture_list *list)
{
  const size_t size = list->table_size ? 2 * list->table_size : 256;
  uint32_t *table = calloc(size, sizeof *table);
  if (!table) return false;
  for (size_t i = 0; i < list->folder_count; i++) {
    const dla_picture_folder *f = &list->folders[i];
    size_t at = (size_t)hash_of(f->place, f->path, strlen(f->path)) & (size - 1);
    while (table[at])
      at = (at + 1) & (size - 1);
    table[at] = (uint32_t)i + 1;
  }
  free(list->folder_table);
  list->folder_table = table;
  list->table_size = size;
  return true;
}

static bool is_folder(const dla_picture_list *list, uint32_t number, int place, const char *path,
                      size_t length)
{
  const char *other = list->folders[number].path;
  return list->folders[number].place == place && strncmp(other, path, length) == 0 &&
         other[length] == '\0';
}

dla_status dla_picture_list_folder(dla_picture_list *list, int place, const char *path,
                                   size_t length, uint32_t *folder, dla_error *err)
{
  if (2 * list->folder_count >= list->table_size && !grow_table(list))
    return dla_fail_memory(err, what);
  size_t at = (size_t)hash_of(place, path, length) & (list->table_size - 1);
  for (; list->folder_table[at]; at = (at + 1) & (list->table_size - 1)) {
    *folder = list->folder_table[at] - 1;
    if (is_folder(list, *folder, place, path, length)) return DLA_OK;
  }
  dla_picture_folder made = {.path = strndup(path, length), .place = place};
  if (!made.path ||
      !DLA_ARRAY_RESERVE(list->folders, list->folder_capacity, list->folder_count, 1)) {
    free(made.path);
    return dla_fail_memory(err, what);
  }
  *folder = (uint32_t)list->folder_count;
  list->folders[list->folder_count++] = made;
  list->folder_table[at] = *folder + 1;
  return DLA_OK;
}

/* ---- Files ---- */

dla_status dla_picture_list_add(dla_picture_list *list, int place, uint32_t folder,
                                const char *name, dla_picture_entry **entry, dla_error *err)
{
  const size_t length = strlen(name) + 1;
  if (list->count == UINT32_MAX || list->names_size > UINT32_MAX - length)
    return dla_fail(err, DLA_E_INPUT, list->places[place].path, NULL, "there are too many files");
  if (!DLA_ARRAY_RESERVE(list->entries, list->capacity, list->count, 1) ||
      !DLA_ARRAY_RESERVE(list->names, list->names_capacity, list->names_size, length))
    return dla_fail_memory(err, what);
  *entry = &list->entries[list->count++];
  **entry = (dla_picture_entry){
      .name = (uint32_t)list->names_size, .folder = folder, .label = -1, .place = (uint8_t)place};
  memcpy(list->names + list->names_size, name, length);
  list->names_size += length;
  list->folders[folder].files++;
  return DLA_OK;
}

static int by_path(const void *a, const void *b, void *context)
{
  const dla_picture_folder *folders = context;
  return strcmp(folders[*(const uint32_t *)a].path, folders[*(const uint32_t *)b].path);
}

/* The rank of each folder in the order of their paths. */
static uint32_t *rank_folders(const dla_picture_list *list)
{
  const size_t count = list->folder_count;
  uint32_t *order = malloc((2 * count + 1) * sizeof *order), *rank = order + count;
  if (!order) return NULL;
  for (size_t i = 0; i < count; i++)
    order[i] = (uint32_t)i;
  qsort_r(order, count, sizeof *order, by_path, list->folders);
  for (size_t i = 0; i < count; i++) {
    const bool same =
        i > 0 && strcmp(list->folders[order[i]].path, list->folders[order[i - 1]].path) == 0;
    rank[order[i]] = same ? rank[order[i - 1]] : (uint32_t)i;
  }
  memmove(order, rank, count * sizeof *order);
  return order;
}

typedef struct sorting {
  const dla_picture_list *list;
  const uint32_t *rank;
} sorting;

static int by_name(const void *a, const void *b, void *context)
{
  const sorting *s = context;
  const dla_picture_entry *x = &s->list->entries[*(const uint32_t *)a];
  const dla_picture_entry *y = &s->list->entries[*(const uint32_t *)b];
  const int from = s->list->places[x->place].source, to = s->list->places[y->place].source;
  if (from != to) return from < to ? -1 : 1;
  if (s->rank[x->folder] != s->rank[y->folder])
    return s->rank[x->folder] < s->rank[y->folder] ? -1 : 1;
  const int order = strcmp(dla_picture_name(s->list, x), dla_picture_name(s->list, y));
  return order ? order : *(const uint32_t *)a < *(const uint32_t *)b ? -1 : 1;
}

/* Permutes the entries in place, along the cycles: entry order[i] moves to i. */
static void permute(dla_picture_entry *entries, uint32_t *order, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (order[i] == i) continue;
    const dla_picture_entry first = entries[i];
    size_t at = i;
    while (order[at] != i) {
      const uint32_t from = order[at];
      entries[at] = entries[from];
      order[at] = (uint32_t)at;
      at = from;
    }
    entries[at] = first;
    order[at] = (uint32_t)at;
  }
}

/* If an archive has a member twice, the later one counts, as in tar. */
static void drop_earlier(dla_picture_list *list, const uint32_t *rank)
{
  for (size_t i = 1; i < list->count; i++) {
    dla_picture_entry *a = &list->entries[i - 1], *b = &list->entries[i];
    if (list->places[b->place].kind != DLA_PLACE_FOLDER && rank[a->folder] == rank[b->folder] &&
        list->places[a->place].source == list->places[b->place].source &&
        strcmp(list->places[a->place].path, list->places[b->place].path) == 0 &&
        strcmp(dla_picture_name(list, a), dla_picture_name(list, b)) == 0)
      a->side = DLA_SIDE_NONE;
  }
}

dla_status dla_picture_list_sort(dla_picture_list *list, dla_error *err)
{
  uint32_t *rank = rank_folders(list), *order = malloc((list->count + 1) * sizeof *order);
  if (!rank || !order) {
    free(rank);
    free(order);
    return dla_fail_memory(err, what);
  }
  for (size_t i = 0; i < list->count; i++)
    order[i] = (uint32_t)i;
  qsort_r(order, list->count, sizeof *order, by_name, &(sorting){list, rank});
  permute(list->entries, order, list->count);
  drop_earlier(list, rank);
  free(rank);
  free(order);
  return DLA_OK;
}

void dla_picture_list_drop_others(dla_picture_list *list)
{
  size_t kept = 0;
  for (size_t i = 0; i < list->count; i++) {
    dla_picture_entry *e = &list->entries[i];
    if (e->side != DLA_SIDE_NONE)
      list->entries[kept++] = *e;
    else if (list->places[e->place].kind == DLA_PLACE_MEMORY)
      free((void *)(uintptr_t)e->at);
  }
  list->count = kept;
}

void dla_picture_below(const dla_picture_list *list, const dla_picture_entry *entry,
                       dla_strbuf *out)
{
  const char *folder = list->folders[entry->folder].path;
  dla_strbuf_printf(out, "%s%s%s", folder, *folder ? "/" : "", dla_picture_name(list, entry));
}

void dla_picture_path(const dla_picture_list *list, const dla_picture_entry *entry, dla_strbuf *out)
{
  const dla_picture_place *place = &list->places[entry->place];
  const size_t length = strlen(place->path);
  const bool slash = length && place->path[length - 1] == '/';
  dla_strbuf_printf(out, "%s%s", place->path,
                    place->kind != DLA_PLACE_FOLDER ? ": "
                    : slash                         ? ""
                                                    : "/");
  dla_picture_below(list, entry, out);
}

dla_status dla_picture_leave_out(dla_picture_list *list, dla_picture_entry *entry, const char *why,
                                 const char *hint, dla_error *err)
{
  size_t i = 0;
  while (i < list->reason_count && strcmp(list->reasons[i].what, why) != 0)
    i++;
  if (i == DLA_REASONS_MAX) i--; /* too many reasons: reuse the last one */
  if (i == list->reason_count) {
    dla_picture_reason made = {strdup(why), strdup(hint)};
    if (!made.what || !made.hint ||
        !DLA_ARRAY_RESERVE(list->reasons, list->reason_capacity, list->reason_count, 1)) {
      free(made.what);
      free(made.hint);
      return dla_fail_memory(err, what);
    }
    list->reasons[list->reason_count++] = made;
  }
  entry->reason = (uint16_t)i;
  entry->state = DLA_PICTURE_LEFT_OUT;
  return DLA_OK;
}

void dla_picture_list_free(dla_picture_list *list)
{
  for (size_t i = 0; i < list->count; i++)
    if (list->places[list->entries[i].place].kind == DLA_PLACE_MEMORY)
      free((void *)(uintptr_t)list->entries[i].at);
  for (int i = 0; i < list->place_count; i++) {
    free(list->places[i].path);
    if (list->places[i].fd >= 0) close(list->places[i].fd);
  }
  for (size_t i = 0; i < list->folder_count; i++)
    free(list->folders[i].path);
  for (size_t i = 0; i < list->reason_count; i++) {
    free(list->reasons[i].what);
    free(list->reasons[i].hint);
  }
  free(list->entries);
  free(list->names);
  free(list->folders);
  free(list->folder_table);
  free(list->reasons);
  *list = (dla_picture_list){0};
}
