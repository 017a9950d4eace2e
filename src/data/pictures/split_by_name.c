/* Splits and limits that depend only on the seed and each file's own name. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/path.h"
#include "base/philox.h"
#include "data/pictures/layout.h"

/* Hashes the last folder and the name, so that the data set's place or archive does not matter.
 * If names have the classes, folders do not matter, either. A shard counts as a folder. */
static uint64_t hash_of(const dla_picture_list *list, const dla_picture_entry *entry, uint64_t seed)
{
  const char *folder = list->folders[entry->folder].path, *name = dla_picture_name(list, entry);
  const char *last = strrchr(folder, '/');
  if (list->shards && entry->listed)
    last = dla_path_name(list->places[entry->place].path);
  else
    last = list->file_names ? "" : last ? last + 1 : folder;
  uint64_t hash = dla_hash(DLA_HASH_EMPTY, last, strlen(last) + 1);
  hash = dla_hash(hash, name, strlen(name));
  /* The last bytes hardly affect FNV's high bits, so Philox mixes all bits. */
  const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  const uint32_t counter[4] = {(uint32_t)hash, (uint32_t)(hash >> 32), DLA_RANDOM_SPLIT, 0};
  uint32_t out[4];
  dla_philox(key, counter, out);
  return (uint64_t)out[0] << 32 | out[1];
}

static bool counts(const dla_picture_entry *entry, dla_side side)
{
  return entry->side == side && entry->state == DLA_PICTURE_GOOD && entry->label >= 0;
}

/* One class: the counts on both sides, and the next entry to move. */
typedef struct share {
  size_t train, val;
  uint32_t lowest, highest; /* of the training side, of the test side */
  uint64_t low, high;
} share;

static void note(share *s, uint64_t hash, uint32_t entry, bool val)
{
  if (val) {
    if (s->val++ == 0 || hash > s->high) {
      s->high = hash;
      s->highest = entry;
    }
  } else if (s->train++ == 0 || hash < s->low) {
    s->low = hash;
    s->lowest = entry;
  }
}

dla_status dla_layout_make_split(dla_picture_list *list, int classes, double fraction,
                                 uint64_t seed, dla_error *err)
{
  share *shares = calloc((size_t)classes + 1, sizeof *shares);
  if (!shares) return dla_fail_memory(err, "the split");
  for (size_t i = 0; i < list->count; i++) {
    dla_picture_entry *e = &list->entries[i];
    if (!counts(e, DLA_SIDE_TRAIN)) continue;
    const uint64_t hash = hash_of(list, e, seed);
    const bool val = (double)(hash >> 11) < fraction * 9007199254740992.0; /* of 2^53 */
    note(&shares[e->label], hash, (uint32_t)i, val);
    if (val) e->side = DLA_SIDE_VAL;
  }
  for (int c = 0; c < classes; c++) {
    const share *s = &shares[c];
    if (s->val == 0 && s->train > 1) list->entries[s->lowest].side = DLA_SIDE_VAL;
    if (s->train == 0 && s->val > 0) list->entries[s->highest].side = DLA_SIDE_TRAIN;
  }
  free(shares);
  return DLA_OK;
}

static int by_hash(const void *a, const void *b)
{
  const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

dla_status dla_layout_limit(dla_picture_list *list, dla_side side, size_t limit, uint64_t seed,
                            dla_error *err)
{
  size_t count = 0;
  if (limit == 0) return DLA_OK;
  uint64_t *hashes = malloc((list->count + 1) * sizeof *hashes);
  if (!hashes) return dla_fail_memory(err, "the choice of pictures");
  for (size_t i = 0; i < list->count; i++)
    if (counts(&list->entries[i], side)) hashes[count++] = hash_of(list, &list->entries[i], ~seed);
  qsort(hashes, count, sizeof *hashes, by_hash);
  size_t kept = 0;
  for (size_t i = 0; i < list->count && count > limit; i++) {
    dla_picture_entry *e = &list->entries[i];
    if (!counts(e, side)) continue;
    if (hash_of(list, e, ~seed) > hashes[limit - 1] || kept == limit)
      e->side = DLA_SIDE_NONE;
    else
      kept++;
  }
  free(hashes);
  return DLA_OK;
}
