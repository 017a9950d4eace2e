/* What people write from habit who come from PyTorch, torchvision's references, timm or Lightning,
 * and what it is here. The hints of errors use it; nothing is accepted because of it. */
#ifndef DLA_CONFIG_HABITS_H
#define DLA_CONFIG_HABITS_H

#include "config/schema.h"

/* A word of others, in small letters, with _ for -. */
typedef struct dla_habit {
  const char *word; /* "num_workers"; with a section, "log.dir", only there */
  const char
      *key; /* the key that it is, perhaps with a value: "train.precision=bf16"; NULL: none */
  const char *text; /* what to say instead, or beside the key; NULL: nothing */
} dla_habit;

/* A word for one of a key's choices. */
typedef struct dla_choice_habit {
  const char *key, *word, *choice;
} dla_choice_habit;

/* Each ends with a row whose word is NULL. Sections have no text. */
extern const dla_habit dla_habits[];
extern const dla_habit dla_section_habits[];
extern const dla_choice_habit dla_choice_habits[];

/* The row for a key's name, or an option's without dashes; section is NULL for an option. NULL:
 * there is no such habit. */
const dla_habit *dla_habit_find(const char *section, const char *name);
/* The section that is meant; NULL: no such habit. */
const char *dla_habit_section(const char *name);
/* The choice that is meant; NULL: no such habit. */
const char *dla_habit_choice(const dla_key *key, const char *word);

/* Writes the hint: "did you mean train.batch_size?", or the row's text. */
void dla_habit_hint(const dla_habit *habit, char *hint, size_t size);

#endif
