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

static bool is_in_word(char c)
{
  return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

bool dla_side_name_read(const char *text, size_t length, dla_side_name *name)
{
  for (size_t from = 0, to; from < length; from = to + 1) {
    for (to = from; to < length && is_in_word(text[to]);)
      to++;
    const bool train = find(text + from, to - from, train_names) >= 0;
    const int rank = find(text + from, to - from, val_names);
    *name = (dla_side_name){text, length, from, to, rank, train};
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
