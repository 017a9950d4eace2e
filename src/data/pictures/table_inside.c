#include "data/pictures/table_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/try.h"

/* The likeliest table after the one at `last`; of equal ones the first. NULL: there is none. */
static const dla_picture_entry *next_table(const dla_picture_list *list, size_t from, size_t count,
                                           const dla_picture_entry *last)
{
  const dla_picture_entry *best = NULL;
  int best_rank = 0;
  const int last_rank = last ? dla_table_rank(dla_picture_name(list, last)) : 0;
  for (size_t i = from; i < count; i++) {
    const dla_picture_entry *e = &list->entries[i];
    const char *name = dla_picture_name(list, e);
    if (list->places[e->place].kind != DLA_PLACE_MEMORY || e->state != DLA_PICTURE_PASSED ||
        !e->size || !dla_is_csv_name(name))
      continue;
    const int rank = dla_table_rank(name);
    if (last && (rank > last_rank || (rank == last_rank && e <= last))) continue;
    if (rank <= best_rank) continue;
    best = e;
    best_rank = rank;
  }
  return best;
}

bool dla_picture_has_table(const dla_picture_list *list, size_t from)
{
  return next_table(list, from, list->count, NULL) != NULL;
}

static dla_status take(dla_picture_list *list, const dla_members *members, size_t entry,
                       const char *archive, dla_picture_list *classes, dla_table_reading *reading,
                       dla_error *err)
{
  const dla_picture_entry e = list->entries[entry];
  dla_strbuf path = {0};
  char *text = malloc(e.size + 1);
  dla_picture_below(list, &e, &path);
  dla_status status = DLA_OK;
  if (!text || path.failed) {
    status = dla_fail_memory(err, archive);
  } else {
    memcpy(text, (const void *)(uintptr_t)e.at, e.size);
    text[e.size] = '\0';
    status = dla_picture_list_label(list, members, archive, path.text, text, e.size, classes,
                                    reading, err);
  }
  free(text);
  dla_strbuf_free(&path);
  return status;
}

/* Forgets what a table said that is not the right one. */
static void forget(dla_picture_list *list, size_t from, size_t count)
{
  list->count = count;
  for (size_t i = from; i < count; i++) {
    list->entries[i].label = -1;
    list->entries[i].listed = false;
  }
}

/* The sides of entries that no table names. */
static void drop_others(dla_picture_list *list, size_t from)
{
  for (size_t i = from; i < list->count; i++)
    if (!list->entries[i].listed) list->entries[i].side = DLA_SIDE_NONE;
}

dla_status dla_picture_table_inside(dla_picture_list *list, size_t from, const char *archive,
                                    dla_picture_list *classes, bool *split, bool *found,
                                    dla_error *err)
{
  const size_t count = list->count;
  dla_members members;
  *found = false;
  const dla_picture_entry *table = next_table(list, from, count, NULL);
  if (!table) return DLA_OK;
  TRY(dla_members_begin(&members, list, from, err));
  dla_status status = DLA_OK;
  while (table && !*found && !status) {
    const size_t entry = (size_t)(table - list->entries);
    dla_table_reading reading = {0};
    dla_error why = {0};
    status = take(list, &members, entry, archive, classes, &reading, &why);
    *found = reading.named > 0;
    *split = reading.split;
    if (status && err) *err = why;
    if (status == DLA_E_INPUT && !*found) status = DLA_OK; /* a table of something else */
    if (*found || status) break;
    forget(list, from, count);
    table = next_table(list, from, count, &list->entries[entry]);
  }
  dla_members_end(&members);
  if (*found) drop_others(list, from);
  return status;
}
