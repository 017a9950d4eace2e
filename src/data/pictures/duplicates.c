#include "data/pictures/duplicates.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "base/try.h"
#include "data/pictures/crew.h"
#include "data/pictures/load.h"

typedef struct mark {
  uint64_t size;
  uint32_t entry;
  bool known; /* the digest */
  char digest[DLA_SHA256_TEXT];
} mark;

typedef struct search {
  const dla_picture_set *set;
  mark *marks;
} search;

static int by_size(const void *a, const void *b)
{
  const mark *x = a, *y = b;
  if (x->size != y->size) return x->size < y->size ? -1 : 1;
  return (x->entry > y->entry) - (x->entry < y->entry);
}

static int by_digest(const void *a, const void *b)
{
  const mark *x = a, *y = b;
  if (x->known != y->known) return x->known ? -1 : 1;
  const int order = memcmp(x->digest, y->digest, sizeof x->digest);
  return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

/* A file that can no longer be read is not a duplicate. */
static dla_status digest(void *context, dla_crew_hand *hand, size_t i, dla_error *err)
{
  const search *s = context;
  mark *m = &s->marks[i];
  const uint8_t *bytes;
  const char *name;
  const dla_picture_entry *e = &s->set->list.entries[m->entry];
  dla_status status = dla_picture_load(&s->set->list, e, &hand->file, &bytes, &name, err);
  if (status) return status == DLA_E_MEMORY ? status : DLA_OK;
  m->known = true;
  return dla_sha256(bytes, (size_t)e->size, m->digest, err);
}

/* Keeps the marks whose size occurs more than once. */
static size_t keep_alike(mark *marks, size_t count)
{
  size_t kept = 0;
  for (size_t from = 0, end; from < count; from = end) {
    for (end = from + 1; end < count && marks[end].size == marks[from].size;)
      end++;
    for (size_t i = from; i < end && end - from > 1; i++)
      marks[kept++] = marks[i];
  }
  return kept;
}

static void note(const search *s, const mark *first, const mark *again, dla_duplicates *d)
{
  const dla_picture_entry *x = &s->set->list.entries[first->entry];
  const dla_picture_entry *y = &s->set->list.entries[again->entry];
  d->items[d->count++] = (dla_duplicate){first->entry, again->entry};
  d->across += x->side != y->side;
  d->classes += x->label != y->label;
}

static dla_status find(search *s, const dla_pictures_options *options, dla_duplicates *d,
                       dla_error *err)
{
  size_t count = 0;
  for (size_t i = 0; i < s->set->list.count; i++) {
    const dla_picture_entry *e = &s->set->list.entries[i];
    if (e->state == DLA_PICTURE_GOOD && e->side != DLA_SIDE_NONE)
      s->marks[count++] = (mark){.size = e->size, .entry = (uint32_t)i};
  }
  qsort(s->marks, count, sizeof *s->marks, by_size);
  const size_t alike = keep_alike(s->marks, count);
  TRY(dla_crew_run(alike, "search for duplicates", options, digest, s, err));
  qsort(s->marks, alike, sizeof *s->marks, by_digest);
  d->items = malloc((alike + 1) * sizeof *d->items);
  if (!d->items) return dla_fail_memory(err, "the duplicates");
  for (size_t i = 1, first = 0; i < alike; i++) {
    const mark *m = &s->marks[i];
    if (m->known && memcmp(m->digest, s->marks[first].digest, sizeof m->digest) == 0)
      note(s, &s->marks[first], m, d);
    else
      first = i;
  }
  return DLA_OK;
}

dla_status dla_duplicates_find(const dla_picture_set *set, const dla_pictures_options *options,
                               dla_duplicates *duplicates, dla_error *err)
{
  *duplicates = (dla_duplicates){0};
  search s = {set, calloc(set->list.count + 1, sizeof *s.marks)};
  if (!s.marks) return dla_fail_memory(err, "the duplicates");
  dla_status status = find(&s, options, duplicates, err);
  free(s.marks);
  return status;
}
