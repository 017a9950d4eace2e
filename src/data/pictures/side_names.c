#include "data/pictures/side_names.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const train_names[] = {"train", "training", NULL};
/* The first one that exists is used. */
static const char *const val_names[] = {"val", "valid", "validation", "eval",
                                        "dev", "test",  "testing",    NULL};
static const char *const part_names[] = {
    "image",        "images",       "img",         "imgs",         "jpegimages",
    "pictures",     "photos",       "mask",        "masks",        "label",
    "labels",       "annotation",   "annotations", "segmentation", "segmentationclass",
    "ground_truth", "ground-truth", "groundtruth", "gt",           "segmentationobject",
    "trimaps",      "depth",        "edges",       "saliency",     NULL};

static int find(const char *text, size_t length, const char *const names[])
{
  for (int i = 0; names[i]; i++)
    if (strlen(names[i]) == length && strncasecmp(text, names[i], length) == 0) return i;
  return -1;
}

/* The end of the word that begins at `from`: train_x, train2017, trainA. */
static size_t word_end(const char *text, size_t from, size_t length)
{
  size_t to = from;
  for (; to < length; to++) {
    const unsigned char c = (unsigned char)text[to];
    const bool begins = to > from && isupper(c) && islower((unsigned char)text[to - 1]);
    if (begins || !(isalpha(c) || c >= 0x80)) break;
  }
  return to;
}

/* As trainset and testdata. */
static const char *const endings[] = {"set", "data", "images", "imgs", NULL};

/* The place among the names of the word, or of the word without such an ending. *count: the bytes
 * that the name takes. -1: it is none. */
static int find_word(const char *word, size_t length, const char *const names[], size_t *count)
{
  for (size_t i = 0; i <= sizeof endings / sizeof *endings - 1; i++) {
    const size_t more = endings[i] ? strlen(endings[i]) : 0;
    if (more >= length || (more && strncasecmp(word + length - more, endings[i], more) != 0))
      continue;
    const int at = find(word, length - more, names);
    *count = length - more;
    if (at >= 0) return at;
  }
  return -1;
}

bool dla_side_name_read(const char *text, size_t length, dla_side_name *name)
{
  for (size_t from = 0, to; from<length; from = to> from ? to : from + 1) {
    size_t count = 0;
    to = word_end(text, from, length);
    const bool train = find_word(text + from, to - from, train_names, &count) >= 0;
    const int rank = train ? -1 : find_word(text + from, to - from, val_names, &count);
    *name = (dla_side_name){text, length, from, from + count, rank, train};
    if (train || rank >= 0) return true;
  }
  return false;
}

bool dla_side_name_is_plain(const dla_side_name *name)
{
  return name->from == 0 && name->to == name->length;
}

bool dla_side_names_are_alike(const dla_side_name *a, const dla_side_name *b)
{
  const size_t rest = a->length - a->to;
  return a->from == b->from && rest == b->length - b->to &&
         strncasecmp(a->text, b->text, a->from) == 0 &&
         strncasecmp(a->text + a->to, b->text + b->to, rest) == 0;
}

bool dla_is_part_name(const char *text, size_t length)
{
  return find(text, length, part_names) >= 0;
}
