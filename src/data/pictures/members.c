#include "data/pictures/members.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/path.h"

bool dla_is_shard_label(const char *name)
{
  return dla_path_ends(name, ".cls");
}

static size_t slot_of(const dla_members *m, const char *folder, size_t length, const char *name)
{
  const uint64_t hash = dla_hash(DLA_HASH_EMPTY, folder, length);
  return (size_t)dla_hash(hash, name, strlen(name) + 1) & (m->size - 1);
}

/* The slot of a file, or the free one where it would be. */
static uint32_t *look(const dla_members *m, const char *folder, size_t length, const char *name)
{
  size_t at = slot_of(m, folder, length, name);
  for (; m->table[at]; at = (at + 1) & (m->size - 1)) {
    const dla_picture_entry *e = &m->list->entries[m->table[at] - 1];
    const char *other = m->list->folders[e->folder].path;
    if (strcmp(dla_picture_name(m->list, e), name) == 0 && strncmp(other, folder, length) == 0 &&
        !other[length])
      break;
  }
  return &m->table[at];
}

dla_status dla_members_begin(dla_members *members, const dla_picture_list *list, size_t from,
                             dla_error *err)
{
  *members = (dla_members){.list = list, .size = 64};
  while (members->size < 2 * (list->count - from))
    members->size *= 2;
  members->table = calloc(members->size, sizeof *members->table);
  if (!members->table) return dla_fail_memory(err, "the list of the pictures");
  for (size_t i = from; i < list->count; i++) {
    const dla_picture_entry *e = &list->entries[i];
    const char *folder = list->folders[e->folder].path;
    *look(members, folder, strlen(folder), dla_picture_name(list, e)) = (uint32_t)i + 1;
  }
  return DLA_OK;
}

int64_t dla_members_find(const dla_members *members, const char *path)
{
  const char *name = dla_path_name(path);
  const size_t length = name > path ? (size_t)(name - path) - 1 : 0;
  return (int64_t)*look(members, path, length, name) - 1;
}

bool dla_members_have_folder(const dla_members *members, const char *path)
{
  const size_t length = strlen(path);
  for (size_t i = 0; i < members->list->folder_count; i++) {
    const char *folder = members->list->folders[i].path;
    if (strncmp(folder, path, length) == 0 && (!folder[length] || folder[length] == '/'))
      return true;
  }
  return false;
}

void dla_members_end(dla_members *members)
{
  free(members->table);
  members->table = NULL;
}
